import { type ReactNode, useId } from "react";
import styles from "./RadioCards.module.css";

interface Choice<Value extends string> {
  value: Value;
  label: string;
  hint?: ReactNode;
  icon?: ReactNode;
  disabled?: boolean;
}

interface RadioCardsProps<Value extends string> {
  label: string;
  value: Value;
  choices: readonly Choice<Value>[];
  onChange: (value: Value) => void;
  error?: string | undefined;
  /** The label is there for screen readers only: a heading above says the same. */
  hideLabel?: boolean;
  testId?: string;
}

/** One of a few, each with a word of explanation. */
export function RadioCards<Value extends string>({ label, value, choices, onChange, error, hideLabel = false, testId }: RadioCardsProps<Value>) {
  const id = useId();
  return (
    <fieldset className={styles["group"]} data-testid={testId} aria-describedby={error === undefined ? undefined : `${id}-error`}>
      <legend className={hideLabel ? "visually-hidden" : undefined}>{label}</legend>
      <div className={styles["cards"]}>
        {choices.map((choice) => (
          <label key={choice.value} className={styles["card"]}>
            <input
              type="radio"
              name={id}
              value={choice.value}
              checked={choice.value === value}
              disabled={choice.disabled}
              aria-labelledby={`${id}-${choice.value}`}
              aria-describedby={choice.hint === undefined ? undefined : `${id}-${choice.value}-hint`}
              onChange={() => onChange(choice.value)}
            />
            <span className={styles["text"]}>
              <span id={`${id}-${choice.value}`} className={styles["name"]}>
                {choice.icon}
                {choice.label}
              </span>
              {choice.hint !== undefined && (
                <span id={`${id}-${choice.value}-hint`} className={styles["hint"]}>
                  {choice.hint}
                </span>
              )}
            </span>
          </label>
        ))}
      </div>
      {error !== undefined && (
        <p id={`${id}-error`} className={styles["error"]}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
