import { t } from "../messages";
import { percent } from "../messages/formats";
import styles from "./Progress.module.css";

interface ProgressProps {
  label: string;
  /** 0 to 1; undefined while nobody knows. */
  value?: number | undefined;
  testId?: string;
}

/** How far something is. */
export function Progress({ label, value, testId }: ProgressProps) {
  return (
    <div className={styles["progress"]} data-testid={testId}>
      <progress aria-label={label} max={1} value={value} aria-valuetext={value === undefined ? undefined : t.widgets.progress(percent(value))} />
      {value !== undefined && <span aria-hidden>{percent(value)}</span>}
    </div>
  );
}

/** Where a list is about to be: so that nothing jumps when it comes. */
export function Skeleton({ rows = 3 }: { rows?: number }) {
  return (
    <div className={styles["skeleton"]} role="status" aria-label={t.general.loading}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} aria-hidden />
      ))}
    </div>
  );
}
