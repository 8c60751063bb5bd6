import type { ReactNode } from "react";
import { useMedia } from "../components/useMedia";
import { t } from "../messages";
import { number } from "../messages/formats";
import styles from "./Controls.module.css";

interface ControlProps {
  icon: ReactNode;
  /** What is written on it. */
  text: string;
  /** What is written on it where there is little room. */
  short?: string;
  /** What it does, where the text is too short to say. */
  hint?: string;
  onClick?: () => void;
  look?: "primary" | "off" | "danger" | undefined;
  disabled?: boolean;
  expanded?: boolean;
  badge?: number;
  testId: string;
  wide?: boolean;
}

/** A button of the bar: an icon with a word below it, or beside it where it is `wide`. */
export function Control({ icon, text, short, hint, onClick, look, disabled, expanded, badge, testId, wide }: ControlProps) {
  const narrow = useMedia("(max-width: 600px)");
  return (
    <button
      type="button"
      className={[styles["control"], look && styles[look], wide === true && styles["wide"]].filter(Boolean).join(" ")}
      onClick={onClick}
      disabled={disabled}
      aria-expanded={expanded}
      title={hint}
      data-testid={testId}
    >
      <span className={styles["icon"]}>
        {icon}
        {badge !== undefined && badge > 0 && (
          <span className={styles["badge"]} data-testid="request-badge" aria-hidden>
            {number(badge)}
          </span>
        )}
      </span>
      <span className={styles["text"]}>
        <span>{narrow && short !== undefined ? short : text}</span>
        {badge !== undefined && badge > 0 && <span className="visually-hidden">{t.controls.requests(badge)}</span>}
      </span>
    </button>
  );
}
