import { type ReactNode, useId } from "react";
import styles from "./Checkbox.module.css";

interface CheckboxProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  testId?: string;
}

/** A choice that counts when the form is saved. */
export function Checkbox(props: CheckboxProps) {
  return <Row {...props} />;
}

/** On or off: for settings. */
export function Switch(props: CheckboxProps) {
  return <Row {...props} look="switch" />;
}

function Row({ label, hint, checked, onChange, disabled, testId, look = "box" }: CheckboxProps & { look?: "box" | "switch" }) {
  const id = useId();
  return (
    <div className={styles["row"]}>
      <input
        id={id}
        type="checkbox"
        {...(look === "switch" && { role: "switch" })}
        className={styles[look]}
        checked={checked}
        disabled={disabled}
        data-testid={testId}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles["hint"]}>
          {hint}
        </p>
      )}
    </div>
  );
}
