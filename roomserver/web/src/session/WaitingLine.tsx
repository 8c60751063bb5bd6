import { Button } from "../components/Button";
import { MessagePage } from "../components/Page";
import { t } from "../messages";
import styles from "./WaitingLine.module.css";

interface WaitingLineProps {
  position: number;
  viewers: number;
  cap: number;
  onLeave: () => void;
}

/** Shown until there is room: one's place in the line, moving. */
export function WaitingLine({ position, viewers, cap, onLeave }: WaitingLineProps) {
  return (
    <MessagePage
      testId="waiting-line"
      icon={
        <span className={styles["number"]} data-testid="waiting-position">
          {t.waitingLine.number(position)}
        </span>
      }
      title={t.waitingLine.title}
      actions={<Button onClick={onLeave}>{t.waitingLine.leave}</Button>}
    >
      <p role="status" className={styles["position"]}>
        {t.waitingLine.position(position)}
      </p>
      <p>{t.waitingLine.explain(viewers, cap)}</p>
      <p>{t.waitingLine.stay}</p>
    </MessagePage>
  );
}
