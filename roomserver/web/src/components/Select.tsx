import { type ReactNode, useId } from "react";
import styles from "./Select.module.css";

interface Option {
  value: string;
  label: string;
}

interface SelectProps {
  label: string;
  icon: ReactNode;
  value: string;
  options: Option[];
  onChange: (value: string) => void;
  testId?: string;
}

export function Select({ label, icon, value, options, onChange, testId }: SelectProps) {
  const id = useId();
  return (
    <div className={styles["field"]}>
      <label htmlFor={id}>
        {icon}
        {label}
      </label>
      <select id={id} value={value} data-testid={testId} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
