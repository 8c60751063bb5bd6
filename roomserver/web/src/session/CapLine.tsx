import { TriangleAlert } from "lucide-react";
import { ConfirmDialog } from "../components/ConfirmDialog";
import { t } from "../messages";
import styles from "./CapLine.module.css";
import { loweredIn } from "./caps";
import { useSnapshot } from "./context";
import { sayError } from "./say";

/** Says what one more on screen would change for those who watch, where it changes something. */
export function CapLine() {
  const lowered = loweredIn(useSnapshot());
  if (lowered === undefined) return null;
  return (
    <p className={styles["line"]} data-near={lowered.near} data-testid="cap-line">
      {lowered.near && <TriangleAlert size={18} aria-hidden />}
      <span>
        {t.caps.lowered(lowered.cap, lowered.before)} {lowered.near && t.caps.watching(lowered.viewers)}
      </span>
    </p>
  );
}

interface CapQuestionProps {
  /** What the button says. */
  action: string;
  onConfirm: () => Promise<void> | void;
  onClose: () => void;
}

/** Asks before something that those who watch would feel. */
export function CapQuestion({ action, onConfirm, onClose }: CapQuestionProps) {
  return (
    <ConfirmDialog title={t.caps.title} action={action} look="primary" onConfirm={onConfirm} onClose={onClose} sayError={sayError} testId="cap-question">
      <CapLine />
    </ConfirmDialog>
  );
}
