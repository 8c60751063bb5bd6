import { X } from "lucide-react";
import { type ReactNode, type RefObject, useEffect } from "react";
import { IconButton } from "../components/Button";
import { t } from "../messages";
import styles from "./SidePanel.module.css";

interface SidePanelProps {
  title: string;
  /** Gets the focus as the panel opens; the content may give it back there. */
  heading: RefObject<HTMLHeadingElement | null>;
  onClose: () => void;
  testId: string;
  children: ReactNode;
}

/** Beside the stage, or over its lower part where there is little room. Escape closes. */
export function SidePanel({ title, heading, onClose, testId, children }: SidePanelProps) {
  useEffect(() => {
    heading.current?.focus();
  }, [heading]);
  return (
    <aside
      className={styles["panel"]}
      aria-label={title}
      data-testid={testId}
      onKeyDown={(event) => {
        // A question or a menu in the panel closes first, by itself.
        if (event.key === "Escape" && (event.target as Element).closest("dialog, [popover]") === null) onClose();
      }}
    >
      <div className={styles["header"]}>
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <IconButton label={t.general.close} icon={<X size={20} aria-hidden />} onClick={onClose} />
      </div>
      {children}
    </aside>
  );
}
