import type { ReactNode } from "react";
import styles from "./Problem.module.css";

/** Why something was not done, where it was asked for; read aloud as it comes. */
export function Problem({ children, testId }: { children: ReactNode; testId?: string }) {
  return (
    <p role="alert" className={styles["problem"]} data-testid={testId}>
      {children}
    </p>
  );
}
