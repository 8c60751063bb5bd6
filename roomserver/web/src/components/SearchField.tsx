import { Search, X } from "lucide-react";
import { type ReactNode, useId, useRef } from "react";
import { t } from "../messages";
import { IconButton } from "./Button";
import styles from "./SearchField.module.css";

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  testId?: string;
}

/** Text to search for, with a button that clears it. */
export function SearchField({ label, value, onChange, placeholder = label, testId }: SearchFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={styles["search"]} role="search">
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <Search size={18} aria-hidden />
      <input
        ref={input}
        id={id}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        dir="auto"
        value={value}
        placeholder={placeholder}
        autoComplete="off"
        data-testid={testId}
        onChange={(event) => onChange(event.target.value)}
      />
      {value !== "" && (
        <IconButton
          small
          label={t.widgets.clearField(label)}
          icon={<X size={16} aria-hidden />}
          data-testid={testId === undefined ? undefined : `${testId}-clear`}
          onClick={() => {
            onChange("");
            input.current?.focus();
          }}
        />
      )}
    </div>
  );
}

/** Search, filters and buttons above a list. */
export function Toolbar({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <div className={styles["toolbar"]} {...(label !== undefined && { role: "group", "aria-label": label })}>
      {children}
    </div>
  );
}
