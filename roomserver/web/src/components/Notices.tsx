import { CircleAlert, Info, X } from "lucide-react";
import { type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { t } from "../messages";
import { Button, IconButton } from "./Button";
import styles from "./Notices.module.css";

/** Something that can be done about it, for as long as the notice is there: "Undo". */
interface NoticeAction {
  label: string;
  onSelect: () => void;
}

interface Notice {
  id: number;
  text: string;
  kind: "info" | "error";
  action: NoticeAction | undefined;
}

type Tell = (text: string, kind?: Notice["kind"], action?: NoticeAction) => void;

const SHOWN_FOR = { info: 8_000, error: 12_000 };
const AT_MOST = 4;

const NoticeContext = createContext<Tell>(() => undefined);

/** Tells the person something in passing: seen for some seconds, and read aloud by screen readers. */
export function useTell(): Tell {
  return useContext(NoticeContext);
}

export function NoticeProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<Notice[]>([]);
  const nextId = useRef(1);
  const tell = useCallback<Tell>((text, kind = "info", action) => {
    const id = nextId.current++;
    setNotices((all) => [...all.filter((notice) => notice.text !== text), { id, text, kind, action }].slice(-AT_MOST));
  }, []);
  const dismiss = useCallback((id: number) => setNotices((all) => all.filter((notice) => notice.id !== id)), []);
  const value = useMemo(() => tell, [tell]);
  return (
    <NoticeContext value={value}>
      {children}
      <div className={styles["notices"]} data-testid="notices">
        {/* Regions exist before anything is said in them: only then do screen readers speak. */}
        <div role="status" className={styles["region"]}>
          {notices.filter((notice) => notice.kind === "info").map((notice) => (
            <NoticeCard key={notice.id} notice={notice} onDismiss={dismiss} />
          ))}
        </div>
        <div role="alert" className={styles["region"]}>
          {notices.filter((notice) => notice.kind === "error").map((notice) => (
            <NoticeCard key={notice.id} notice={notice} onDismiss={dismiss} />
          ))}
        </div>
      </div>
    </NoticeContext>
  );
}

function NoticeCard({ notice, onDismiss }: { notice: Notice; onDismiss: (id: number) => void }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => onDismiss(notice.id), SHOWN_FOR[notice.kind]);
    return () => clearTimeout(timer);
  }, [held, notice, onDismiss]);
  const { action } = notice;
  const Icon = notice.kind === "error" ? CircleAlert : Info;
  return (
    <div
      className={[styles["card"], styles[notice.kind]].join(" ")}
      data-testid={`notice-${notice.kind}`}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon size={20} aria-hidden />
      <p>{notice.text}</p>
      {action !== undefined && (
        <Button
          look="quiet"
          data-testid="notice-action"
          onClick={() => {
            onDismiss(notice.id);
            action.onSelect();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label={t.general.dismiss} icon={<X size={16} aria-hidden />} onClick={() => onDismiss(notice.id)} />
    </div>
  );
}
