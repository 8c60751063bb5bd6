import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import styles from "./Tabs.module.css";

interface Tab<Name extends string> {
  name: Name;
  label: string;
  badge?: ReactNode;
  testId?: string;
}

interface TabsProps<Name extends string> {
  label: string;
  tabs: readonly Tab<Name>[];
  value: Name;
  onChange: (name: Name) => void;
  /** The panel of the chosen tab. */
  children: ReactNode;
}

/** Arrow keys move between the tabs, and choose. */
export function Tabs<Name extends string>({ label, tabs, value, onChange, children }: TabsProps<Name>) {
  const id = useId();
  const row = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ name }) => name === value);
    const forward = row.current !== null && getComputedStyle(row.current).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const steps: Record<string, number> = { ArrowRight: at - 1, ArrowLeft: at - 1, Home: 0, End: -1, [forward]: (at + 1) % tabs.length };
    const step = steps[event.key];
    const next = step === undefined ? undefined : tabs.at(step);
    if (next === undefined) return;
    event.preventDefault();
    onChange(next.name);
    document.getElementById(`${id}-${next.name}`)?.focus();
  };
  return (
    <div className={styles["tabs"]}>
      <div ref={row} role="tablist" aria-label={label} className={styles["row"]} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.name}
            id={`${id}-${tab.name}`}
            type="button"
            role="tab"
            aria-selected={tab.name === value}
            aria-controls={`${id}-panel`}
            tabIndex={tab.name === value ? 0 : -1}
            className={styles["tab"]}
            data-testid={tab.testId}
            onClick={() => onChange(tab.name)}
          >
            {tab.label}
            {tab.badge}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${value}`} className={styles["panel"]}>
        {children}
      </div>
    </div>
  );
}
