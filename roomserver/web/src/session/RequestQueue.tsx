import { Check, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Avatar } from "../components/Avatar";
import { Button } from "../components/Button";
import { useTell } from "../components/Notices";
import { t } from "../messages";
import { CapLine, CapQuestion } from "./CapLine";
import styles from "./ModerationPanel.module.css";
import { loweredIn } from "./caps";
import { useSession, useSnapshot } from "./context";
import { sayError } from "./say";

type Decision = "approve" | "decline";

interface Request {
  participant: string;
  name: string;
  since: number;
}

interface RequestQueueProps {
  /** The server's time, Unix seconds. */
  now: number;
  /** The focus was on the last request, which is decided now. */
  onEmptied: () => void;
}

/** Who asks, in order of arrival. Each can be decided on in any order, also by keyboard alone. */
export function RequestQueue({ now, onEmptied }: RequestQueueProps) {
  const { room, desk } = useSnapshot();
  const requests = Object.entries(desk?.requests ?? {})
    .map(([participant, request]) => ({ participant, ...request }))
    .sort((one, other) => one.since - other.since || (one.participant < other.participant ? -1 : 1));
  const full = room !== undefined && room.seats_taken >= room.max_on_screen;
  const { list, decide, onKeyDown, question } = useDecisions(requests, full, onEmptied);
  return (
    <section className={styles["section"]}>
      <h3>{t.moderation.requests}</h3>
      {requests.length === 0 && <p className={styles["none"]}>{t.moderation.noRequests}</p>}
      {full && requests.length > 0 && <p className={styles["full"]}>{t.moderation.full}</p>}
      {!full && requests.length > 0 && <CapLine />}
      <ol ref={list} onKeyDown={onKeyDown}>
        {requests.map((request, index) => (
          <RequestRow
            key={request.participant}
            request={request}
            now={now}
            full={full}
            onDecide={(decision) => decide(request.participant, decision, index)}
          />
        ))}
      </ol>
      {requests.length > 0 && <p className={styles["keys"]}>{t.moderation.keys}</p>}
      {question !== undefined && <CapQuestion action={t.caps.approve} {...question} />}
    </section>
  );
}

interface RequestRowProps {
  request: Request;
  now: number;
  full: boolean;
  onDecide: (decision: Decision) => void;
}

function RequestRow({ request: { participant, name, since }, now, full, onDecide }: RequestRowProps) {
  return (
    <li className={styles["row"]} data-testid="request" data-participant={participant}>
      <Avatar id={participant} name={name} />
      <div className={styles["who"]}>
        <span className={styles["name"]}>
          <bdi>{name}</bdi>
        </span>
        <span className={styles["since"]}>{t.moderation.since(now - since)}</span>
      </div>
      <div className={styles["decisions"]}>
        <Button
          icon={<X size={16} aria-hidden />}
          aria-label={t.moderation.declineName(name)}
          data-decision="decline"
          data-testid={`decline-${participant}`}
          onClick={() => onDecide("decline")}
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
          onClick={() => onDecide("approve")}
        >
          {t.moderation.approve}
        </Button>
      </div>
    </li>
  );
}

/** Carries decisions out, moves the focus by keys, and keeps it in the queue when its row goes away. */
function useDecisions(requests: Request[], full: boolean, onEmptied: () => void) {
  const { room } = useSession();
  const tell = useTell();
  const [asked, setAsked] = useState<{ participant: string; index: number }>();
  const list = useRef<HTMLOListElement>(null);
  /** Row whose decision takes the focused button away. */
  const decided = useRef<number | undefined>(undefined);

  const rows = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>("li") ?? [])];
  const focusRow = (index: number, decision: Decision): void => {
    const row = rows()[Math.min(index, rows().length - 1)];
    const button =
      row?.querySelector<HTMLElement>(`[data-decision=${decision}]:not(:disabled)`) ?? row?.querySelector<HTMLElement>("button");
    if (button) button.focus();
    else onEmptied();
  };

  useEffect(() => {
    if (decided.current === undefined || (document.activeElement !== document.body && document.activeElement !== null)) return;
    focusRow(decided.current, "approve");
    decided.current = undefined;
  });

  const carryOut = (participant: string, decision: Decision, index: number): void => {
    decided.current = index;
    (decision === "approve" ? room.approve(participant) : room.decline(participant)).catch((error: unknown) => {
      decided.current = undefined;
      tell(sayError(error), "error");
    });
  };

  /** An approval that those who watch would feel is asked about first. */
  const decide = (participant: string, decision: Decision, index: number): void => {
    if (decision === "approve" && loweredIn(room.snapshot)?.near === true) setAsked({ participant, index });
    else carryOut(participant, decision, index);
  };
  const question = asked && {
    onConfirm: () => carryOut(asked.participant, "approve", asked.index),
    onClose: () => setAsked(undefined),
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = document.activeElement;
    const index = rows().findIndex((row) => row.contains(focused));
    const request = requests[index];
    if (request === undefined || !(focused instanceof HTMLElement)) return;
    const key = event.key.toLowerCase();
    if (key === "a" && !full) decide(request.participant, "approve", index);
    else if (key === "d") decide(request.participant, "decline", index);
    else if (key === "arrowdown") focusRow(index + 1, focused.dataset["decision"] as Decision);
    else if (key === "arrowup") focusRow(Math.max(0, index - 1), focused.dataset["decision"] as Decision);
    else return;
    event.preventDefault();
  };

  return { list, decide, onKeyDown, question };
}
