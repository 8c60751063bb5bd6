import { type ReactNode, useId } from "react";
import styles from "./Card.module.css";

interface CardProps {
  title?: string;
  /** Buttons beside the title. */
  actions?: ReactNode;
  children: ReactNode;
  className?: string | undefined;
  testId?: string;
}

/** A part of a page that belongs together; with a title it is a section of that name. */
export function Card({ title, actions, children, className, testId }: CardProps) {
  const id = useId();
  const classes = [styles["card"], className].filter(Boolean).join(" ");
  if (title === undefined) {
    return (
      <div className={classes} data-testid={testId}>
        {children}
      </div>
    );
  }
  return (
    <section className={classes} aria-labelledby={id} data-testid={testId}>
      <div className={styles["header"]}>
        <h2 id={id}>
          <bdi>{title}</bdi>
        </h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
