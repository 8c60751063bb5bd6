import { useRef } from "react";
import { Avatar } from "../components/Avatar";
import { useNow } from "../components/useNow";
import { t } from "../messages";
import styles from "./ModerationPanel.module.css";
import { RequestQueue } from "./RequestQueue";
import { SidePanel } from "./SidePanel";
import { useSnapshot } from "./context";

/** The queue of requests, and the grants that were not used yet. */
export function ModerationPanel({ onClose }: { onClose: () => void }) {
  const now = useNow();
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <SidePanel title={t.moderation.title} heading={heading} onClose={onClose} testId="moderation-panel">
      <RequestQueue now={now} onEmptied={() => heading.current?.focus()} />
      <Grants now={now} />
    </SidePanel>
  );
}

function Grants({ now }: { now: number }) {
  const { desk } = useSnapshot();
  const grants = Object.entries(desk?.grants ?? {}).sort(([, one], [, other]) => one.expires_at - other.expires_at);
  if (grants.length === 0) return null;
  return (
    <section className={styles["section"]}>
      <h3>{t.moderation.grants}</h3>
      <ul>
        {grants.map(([participant, { name, expires_at: expiresAt }]) => (
          <li key={participant} className={styles["row"]} data-testid="grant" data-participant={participant}>
            <Avatar id={participant} name={name} />
            <div className={styles["who"]}>
              <span className={styles["name"]}>
                <bdi>{name}</bdi>
              </span>
              <span className={styles["since"]}>{t.moderation.grantLeft(expiresAt - now)}</span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
