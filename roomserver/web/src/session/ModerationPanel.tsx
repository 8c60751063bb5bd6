import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { Avatar } from "../components/Avatar";
import { IconButton } from "../components/Button";
import { useNow } from "../components/useNow";
import { t } from "../messages";
import styles from "./ModerationPanel.module.css";
import { RequestQueue } from "./RequestQueue";
import { useSnapshot } from "./context";

/** The queue of requests, and the grants that were not used yet. */
export function ModerationPanel({ onClose }: { onClose: () => void }) {
  const now = useNow();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <aside
      className={styles["panel"]}
      aria-label={t.moderation.title}
      data-testid="moderation-panel"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <div className={styles["header"]}>
        <h2 ref={heading} tabIndex={-1}>
          {t.moderation.title}
        </h2>
        <IconButton label={t.general.close} icon={<X size={20} aria-hidden />} onClick={onClose} />
      </div>
      <RequestQueue now={now} onEmptied={() => heading.current?.focus()} />
      <Grants now={now} />
    </aside>
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
              <span className={styles["name"]}>{name}</span>
              <span className={styles["since"]}>{t.moderation.grantLeft(expiresAt - now)}</span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
