import { CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { t } from "../messages";
import styles from "./Field.module.css";

/** What every field of a form has around its control. */
export interface FieldProps {
  label: string;
  /** Before the label. */
  icon?: ReactNode;
  /** One sentence of help, always shown. */
  hint?: ReactNode;
  /** What is wrong with the value, as the server or the form says. */
  error?: string | undefined;
  required?: boolean;
  /** The label is there for screen readers only. */
  hideLabel?: boolean;
  className?: string | undefined;
  testId?: string | undefined;
}

/** To be spread on the control itself. */
export interface ControlProps {
  id: string;
  className: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  "aria-required"?: true;
  "data-testid"?: string;
}

interface FrameProps extends FieldProps {
  /** Counted while one types: how long the text is, and how long it may be. */
  count?: { used: number; most: number } | undefined;
  children: (control: ControlProps) => ReactNode;
}

/** Characters as the server counts them: code points. */
export function charactersOf(text: string): number {
  return Array.from(text).length;
}

/** Label, control, count, hint and error, tied together for assistive technology. */
export function Field({ label, icon, hint, error, required = false, hideLabel = false, className, testId, count, children }: FrameProps) {
  const id = useId();
  const over = count === undefined ? 0 : count.used - count.most;
  const wrong = over > 0 ? t.widgets.tooLong(over) : error;
  const described = [hint !== undefined && `${id}-hint`, wrong !== undefined && `${id}-error`].filter((part) => part !== false).join(" ");
  return (
    <div className={[styles["field"], className].filter(Boolean).join(" ")}>
      <div className={hideLabel ? "visually-hidden" : styles["top"]}>
        <label htmlFor={id} className={styles["label"]}>
          {icon}
          <span>
            {label} {required && <span className={styles["mark"]}>({t.widgets.required})</span>}
          </span>
        </label>
        {count !== undefined && <Count {...count} />}
      </div>
      {children({
        id,
        className: styles["control"] ?? "",
        ...(described !== "" && { "aria-describedby": described }),
        ...(wrong !== undefined && { "aria-invalid": true }),
        ...(required && { "aria-required": true }),
        ...(testId !== undefined && { "data-testid": testId }),
      })}
      {wrong !== undefined && (
        <p id={`${id}-error`} className={styles["error"]} data-testid={testId === undefined ? undefined : `${testId}-error`}>
          <CircleAlert size={16} aria-hidden />
          {wrong}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles["hint"]}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** Read aloud only where it matters: near the limit. */
function Count({ used, most }: { used: number; most: number }) {
  const near = most - used <= 10;
  return (
    <>
      <span aria-hidden className={[styles["count"], used > most && styles["over"]].filter(Boolean).join(" ")}>
        {t.widgets.used(used, most)}
      </span>
      <span className="visually-hidden" role="status">
        {near && used > 0 ? (used > most ? t.widgets.tooLong(used - most) : t.widgets.left(most - used)) : ""}
      </span>
    </>
  );
}
