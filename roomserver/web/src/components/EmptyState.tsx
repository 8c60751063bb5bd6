import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";

interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  /** What begins the list. */
  actions?: ReactNode;
  testId?: string;
}

/** Where a list has nothing yet: what would be here, and how it comes. */
export function EmptyState({ icon, title, children, actions, testId }: EmptyStateProps) {
  return (
    <div className={styles["empty"]} data-testid={testId}>
      {icon}
      <p className={styles["title"]}>{title}</p>
      {children !== undefined && <div>{children}</div>}
      {actions !== undefined && <div className={styles["actions"]}>{actions}</div>}
    </div>
  );
}
