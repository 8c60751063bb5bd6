import { Check, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { Avatar } from "../components/Avatar";
import { Button, IconButton } from "../components/Button";
import { useTell } from "../components/Notices";
import { useNow } from "../components/useNow";
import { t } from "../messages";
import styles from "./ModerationPanel.module.css";
import { useSession, useSnapshot } from "./context";
import { sayError } from "./say";

type Decision = "approve" | "decline";

/** The queue of requests, in order of arrival, and the grants that were not used yet. */
export function ModerationPanel({ onClose }: { onClose: () => void }) {
  const { room: live } = useSession();
  const { room, desk } = useSnapshot();
  const tell = useTell();
  const now = useNow();
  const list = useRef<HTMLOListElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  /** Row whose decision takes the focused button away. */
  const decided = useRef<number | undefined>(undefined);

  const requests = Object.entries(desk?.requests ?? {}).sort(([a, one], [b, other]) => one.since - other.since || (a < b ? -1 : 1));
  const grants = Object.entries(desk?.grants ?? {}).sort(([, one], [, other]) => one.expires_at - other.expires_at);
  const full = room !== undefined && room.seats_taken >= room.max_on_screen;

  const rows = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>("li") ?? [])];
  const focusRow = (index: number, decision: Decision): void => {
    const all = rows();
    const row = all[Math.min(index, all.length - 1)];
    (row?.querySelector<HTMLElement>(`[data-decision=${decision}]:not(:disabled)`) ?? row?.querySelector<HTMLElement>("button") ?? heading.current)?.focus();
  };

  useEffect(() => {
    heading.current?.focus();
  }, []);

  useEffect(() => {
    if (decided.current === undefined || (document.activeElement !== document.body && document.activeElement !== null)) return;
    focusRow(decided.current, "approve");
    decided.current = undefined;
  });

  const decide = (participant: string, decision: Decision, index: number): void => {
    decided.current = index;
    (decision === "approve" ? live.approve(participant) : live.decline(participant)).catch((error: unknown) => {
      decided.current = undefined;
      tell(sayError(error), "error");
    });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = document.activeElement;
    const index = rows().findIndex((row) => row.contains(focused));
    const request = requests[index];
    if (request === undefined || !(focused instanceof HTMLElement)) return;
    const key = event.key.toLowerCase();
    if (key === "a" && !full) decide(request[0], "approve", index);
    else if (key === "d") decide(request[0], "decline", index);
    else if (key === "arrowdown") focusRow(index + 1, focused.dataset["decision"] as Decision);
    else if (key === "arrowup") focusRow(Math.max(0, index - 1), focused.dataset["decision"] as Decision);
    else return;
    event.preventDefault();
  };

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
      <section className={styles["section"]}>
        <h3>{t.moderation.requests}</h3>
        {requests.length === 0 && <p className={styles["none"]}>{t.moderation.noRequests}</p>}
        {full && requests.length > 0 && <p className={styles["full"]}>{t.moderation.full}</p>}
        <ol ref={list} onKeyDown={onKeyDown}>
          {requests.map(([participant, { name, since }], index) => (
            <li key={participant} className={styles["row"]} data-testid="request" data-participant={participant}>
              <Avatar id={participant} name={name} />
              <div className={styles["who"]}>
                <span className={styles["name"]}>{name}</span>
                <span className={styles["since"]}>{t.moderation.since(now - since)}</span>
              </div>
              <div className={styles["decisions"]}>
                <Button
                  icon={<X size={16} aria-hidden />}
                  aria-label={t.moderation.declineName(name)}
                  data-decision="decline"
                  data-testid={`decline-${participant}`}
                  onClick={() => decide(participant, "decline", index)}
                >
                  {t.moderation.decline}
                </Button>
                <Button
                  look="primary"
                  icon={<Check size={16} aria-hidden />}
                  aria-label={t.moderation.approveName(name)}
                  disabled={full}
                  data-decision="approve"
                  data-testid={`approve-${participant}`}
                  onClick={() => decide(participant, "approve", index)}
                >
                  {t.moderation.approve}
                </Button>
              </div>
            </li>
          ))}
        </ol>
        {requests.length > 0 && <p className={styles["keys"]}>{t.moderation.keys}</p>}
      </section>
      {grants.length > 0 && (
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
      )}
    </aside>
  );
}
