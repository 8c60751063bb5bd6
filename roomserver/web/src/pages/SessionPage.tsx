import { useCallback, useEffect, useRef, useState } from "react";
import { hasEventPassword, readDetails } from "../browser/api/room";
import type { SessionSummary } from "../browser/api/sessions";
import { MessagePage, Spinner } from "../components/Page";
import { useTell } from "../components/Notices";
import { useResource } from "../components/useResource";
import { PRODUCT, t } from "../messages";
import { AudioOutput } from "../session/AudioOutput";
import { ConnectionBanner } from "../session/ConnectionBanner";
import { Controls } from "../session/Controls";
import { EndedPage } from "../session/EndedPage";
import { ModerationPanel } from "../session/ModerationPanel";
import { ModeratorSignIn } from "../session/ModeratorSignIn";
import { RoomHeader } from "../session/RoomHeader";
import { RoomSession } from "../session/RoomSession";
import { ShareDialog, type ShareOccasion } from "../session/ShareDialog";
import { WaitingLine } from "../session/WaitingLine";
import { AboutPanel } from "../session/about/AboutPanel";
import { DetailsContext, SessionContext, useDetails, useSession, useShares, useSnapshot } from "../session/context";
import { sayNotice, sayTrouble } from "../session/say";
import { Stage } from "../session/stage/Stage";
import styles from "./SessionPage.module.css";

export function SessionPage({ id }: { id: SessionSummary["id"] }) {
  const [visit, setVisit] = useState(0);
  return <Visit key={`${id} ${visit}`} id={id} onRejoin={() => setVisit((count) => count + 1)} />;
}

/** One visit: from joining to leaving, with all reconnections between. */
function Visit({ id, onRejoin }: { id: string; onRejoin: () => void }) {
  const [session] = useState(() => new RoomSession(id));
  const [panel, setPanel] = useState<Panel>();
  useEffect(() => {
    session.start();
    return () => session.leave();
  }, [session]);
  return (
    <SessionContext value={session}>
      <News deskInView={panel === "moderation"} />
      <Phase id={id} onRejoin={onRejoin} panel={panel} onPanel={setPanel} />
    </SessionContext>
  );
}

interface PhaseProps extends PanelProps {
  id: string;
  onRejoin: () => void;
}

type Panel = "moderation" | "about";

interface PanelProps {
  panel: Panel | undefined;
  onPanel: (panel: Panel | undefined) => void;
}

function Phase({ id, onRejoin, ...panel }: PhaseProps) {
  const { room } = useSession();
  const { status, room: document_ } = useSnapshot();
  const title = document_?.title;
  useEffect(() => {
    document.title = title === undefined ? PRODUCT : `${title} · ${PRODUCT}`;
  }, [title]);
  switch (status.phase) {
    case "ended":
      return <EndedPage ending={status.ending} onRejoin={onRejoin} />;
    case "waiting":
      return <WaitingLine {...status} onLeave={() => void room.leave()} />;
    case "connecting":
      return (
        <MessagePage title={t.room.connecting} testId="connecting">
          <Spinner label={status.attempt > 0 ? t.room.connectingAgain : t.general.loading} />
        </MessagePage>
      );
    case "in":
    case "reconnecting":
      return <RoomView id={id} {...panel} />;
  }
}

function RoomView({ id, panel, onPanel }: PanelProps & { id: string }) {
  const { room } = useSession();
  const { room: document_, you } = useSnapshot();
  const sharing = useShareDialog();
  const moderates = you?.can_moderate === true && document_?.share_policy === "moderated";
  const shown = panel === "moderation" && !moderates ? undefined : panel;
  const toggle = (which: Panel): void => onPanel(shown === which ? undefined : which);
  const closePanel = (): void => {
    onPanel(undefined);
    document.querySelector<HTMLElement>(`[data-testid=${shown}-button]`)?.focus();
  };
  // Where it can't be had, the room does without.
  const details = useResource(useCallback((signal: AbortSignal) => readDetails(id, signal), [id])).data;
  return (
    <DetailsContext value={details}>
      <div className={styles["room"]} data-testid="room">
        <a href="#stage" className="skip-link">
          {t.general.skipToStage}
        </a>
        <RoomHeader id={id} aboutOpen={shown === "about"} onAbout={() => toggle("about")} />
        <ConnectionBanner />
        <main className={styles["main"]} data-panel={shown !== undefined}>
          <Stage />
          {shown === "moderation" && <ModerationPanel onClose={closePanel} />}
          {shown === "about" && <AboutPanel onClose={closePanel} />}
          <AudioOutput />
        </main>
        <Controls onShare={sharing.open} onLeave={() => void room.leave()} panelOpen={shown === "moderation"} onPanel={() => toggle("moderation")} />
        {document_?.share_policy === "moderated" && you?.can_moderate !== true && <Foot id={id} />}
        {sharing.occasion !== undefined && <ShareDialog key={sharing.key} occasion={sharing.occasion} onClose={sharing.close} />}
      </div>
    </DetailsContext>
  );
}

/** Only where there is a password at all: the session's own, or the event's. */
function Foot({ id }: { id: string }) {
  const own = useDetails()?.has_moderator_password;
  const { data: events } = useResource(hasEventPassword);
  return own === true || (own === false && events === true) ? <ModeratorSignIn session={id} /> : null;
}

interface Sharing {
  occasion: ShareOccasion | undefined;
  key: string;
  open: () => void;
  close: () => void;
}

/** The dialog opens when asked for; and by itself for an approval and for a seat kept over a reload. */
function useShareDialog(): Sharing {
  const { room } = useSession();
  const { you } = useSnapshot();
  const shares = useShares();
  const [wanted, setWanted] = useState<string>();
  const [dismissed, setDismissed] = useState<string>();

  const held = room.heldSeats().find(({ kind }) => kind === "camera")?.seat;
  let occasion: ShareOccasion | undefined;
  let key = "share";
  if (held !== undefined) {
    occasion = { why: "continue", seat: held };
    key = held;
  } else if (you?.grant !== undefined) {
    occasion = { why: "approved", expiresAt: you.grant.expires_at };
    key = you.grant.seat;
  } else if (you?.can_share === true) {
    occasion = { why: "share" };
  }
  const bySelf = key !== "share" && dismissed !== key;
  const open = shares.camera === undefined && (bySelf || wanted === key);
  return {
    occasion: open ? occasion : undefined,
    key,
    open: () => setWanted(key),
    close: () => {
      setWanted(undefined);
      setDismissed(key);
    },
  };
}

/** Notices of the server, troubles of one's own shares, and, to moderators who don't look at them, new requests. */
function News({ deskInView }: { deskInView: boolean }) {
  const { room, shares } = useSession();
  const tell = useTell();
  const asking = useRef<Set<string> | undefined>(undefined);
  useEffect(() => {
    const forget = [
      room.events.on("notice", (notice) => tell(sayNotice(notice, room.snapshot))),
      shares.events.on("trouble", (trouble) => tell(sayTrouble(trouble), "error")),
      room.events.on("change", ({ desk }) => {
        const requests = desk?.requests;
        for (const [participant, { name }] of Object.entries(requests ?? {})) {
          if (!deskInView && asking.current?.has(participant) === false) tell(t.moderation.newRequest(name));
        }
        asking.current = requests && new Set(Object.keys(requests));
      }),
    ];
    return () => {
      for (const each of forget) each();
    };
  }, [room, shares, tell, deskInView]);
  return null;
}
