import { t } from "../messages";
import { Button } from "./Button";
import styles from "./More.module.css";

interface MoreProps {
  shown: number;
  /** Whether there is another page. */
  more: boolean;
  busy: boolean;
  onMore: () => void;
  testId?: string;
}

/** The foot of a list that comes in pages. */
export function More({ shown, more, busy, onMore, testId }: MoreProps) {
  return (
    <div className={styles["more"]}>
      <p role="status">{more ? t.widgets.shown(shown) : t.widgets.allShown(shown)}</p>
      {more && (
        <Button busy={busy} onClick={onMore} data-testid={testId}>
          {t.widgets.more}
        </Button>
      )}
    </div>
  );
}
