import { Hand, LogOut, Mic, MicOff, MonitorOff, MonitorUp, ShieldCheck, UserRoundX, Video, VideoOff } from "lucide-react";
import type { ReactNode } from "react";
import { canShareScreen } from "roomserver-client/browser";
import { useMedia } from "../components/useMedia";
import { useNow } from "../components/useNow";
import { useTell } from "../components/Notices";
import { t } from "../messages";
import { number } from "../messages/formats";
import styles from "./Controls.module.css";
import { useSession, useShares, useSnapshot } from "./context";
import { sayError } from "./say";

interface ControlProps {
  icon: ReactNode;
  /** What is written on it. */
  text: string;
  /** What is written on it where there is little room. */
  short?: string;
  /** What it does, where the text is too short to say. */
  hint?: string;
  onClick?: () => void;
  look?: "primary" | "off" | "danger" | undefined;
  disabled?: boolean;
  expanded?: boolean;
  badge?: number;
  testId: string;
  wide?: boolean;
}

function Control({ icon, text, short, hint, onClick, look, disabled, expanded, badge, testId, wide }: ControlProps) {
  const narrow = useMedia("(max-width: 600px)");
  return (
    <button
      type="button"
      className={[styles["control"], look && styles[look], wide === true && styles["wide"]].filter(Boolean).join(" ")}
      onClick={onClick}
      disabled={disabled}
      aria-expanded={expanded}
      title={hint}
      data-testid={testId}
    >
      <span className={styles["icon"]}>
        {icon}
        {badge !== undefined && badge > 0 && (
          <span className={styles["badge"]} data-testid="request-badge" aria-hidden>
            {number(badge)}
          </span>
        )}
      </span>
      <span className={styles["text"]}>
        <span>{narrow && short !== undefined ? short : text}</span>
        {badge !== undefined && badge > 0 && <span className="visually-hidden">{t.controls.requests(badge)}</span>}
      </span>
    </button>
  );
}

interface ControlsProps {
  onShare: () => void;
  onLeave: () => void;
  panelOpen: boolean;
  onPanel: () => void;
}

/** The bar below the stage: what this person can do now, and nothing else. */
export function Controls({ onShare, onLeave, panelOpen, onPanel }: ControlsProps) {
  const { status, room, you, desk } = useSnapshot();
  const requests = Object.keys(desk?.requests ?? {}).length;
  const connected = status.phase === "in";
  return (
    <nav className={styles["bar"]} aria-label={t.controls.label}>
      <div className={styles["group"]}>
        <ShareControls onShare={onShare} connected={connected} />
      </div>
      <div className={styles["group"]}>
        {you?.can_moderate === true && room?.share_policy === "moderated" && (
          <Control
            icon={<ShieldCheck aria-hidden />}
            text={t.controls.moderation}
            badge={requests}
            expanded={panelOpen}
            onClick={onPanel}
            testId="moderation-button"
          />
        )}
        <Control icon={<LogOut aria-hidden />} text={t.controls.leaveRoomShort} hint={t.controls.leaveRoom} onClick={onLeave} testId="leave" />
      </div>
    </nav>
  );
}

function ShareControls({ onShare, connected }: { onShare: () => void; connected: boolean }) {
  const { room: live } = useSession();
  const { room, you } = useSnapshot();
  const shares = useShares();
  const held = live.heldSeats().some(({ kind }) => kind === "camera");
  if (room === undefined || you === undefined) return null;
  if (shares.camera !== undefined) return <OnScreenControls connected={connected} />;
  if (held) {
    return <Control wide look="primary" icon={<Video aria-hidden />} text={t.controls.continueShare} onClick={onShare} testId="continue-button" />;
  }
  if (you.grant !== undefined) return <GrantControl expiresAt={you.grant.expires_at} onShare={onShare} />;
  if (you.must_ask) return <AskControls connected={connected} />;
  if (!you.can_share && shares.screen === undefined) return null;
  const full = room.seats_taken >= room.max_on_screen;
  return (
    <>
      <Control
        wide
        look="primary"
        icon={<Video aria-hidden />}
        text={full ? t.controls.full : t.controls.share}
        short={full ? t.controls.full : t.controls.shareShort}
        {...(full && { hint: t.controls.fullHint })}
        disabled={full || !connected || shares.busy}
        onClick={onShare}
        testId="share-button"
      />
      <ScreenControl connected={connected} />
    </>
  );
}

function GrantControl({ expiresAt, onShare }: { expiresAt: number; onShare: () => void }) {
  const now = useNow();
  return (
    <Control
      wide
      look="primary"
      icon={<Video aria-hidden />}
      text={t.controls.approved(expiresAt - now)}
      onClick={onShare}
      testId="go-on-screen"
    />
  );
}

function AskControls({ connected }: { connected: boolean }) {
  const { room } = useSession();
  const { you } = useSnapshot();
  const tell = useTell();
  const act = (action: Promise<void>): void => {
    action.catch((error: unknown) => tell(sayError(error), "error"));
  };
  if (you?.request === undefined) {
    return (
      <Control
        wide
        look="primary"
        icon={<Hand aria-hidden />}
        text={t.controls.ask}
        short={t.controls.askShort}
        disabled={!connected}
        onClick={() => act(room.openRequest())}
        testId="ask-button"
      />
    );
  }
  return (
    <>
      <p className={styles["asked"]} role="status">
        <strong data-testid="request-position" data-position={you.request.position}>
          {t.controls.asked(you.request.position)}
        </strong>
        <span>{t.controls.askedHint}</span>
      </p>
      <Control
        icon={<UserRoundX aria-hidden />}
        text={t.controls.withdraw}
        disabled={!connected}
        onClick={() => act(room.withdrawRequest())}
        testId="withdraw-button"
      />
    </>
  );
}

function OnScreenControls({ connected }: { connected: boolean }) {
  const { shares } = useSession();
  const { room } = useSnapshot();
  const { camera, busy } = useShares();
  const seat = camera && room?.seats?.[camera.seat];
  if (seat === undefined) return null;
  const heard = seat.audio && seat.muted !== true;
  const seen = seat.video && camera?.video !== null;
  const waits = busy || !connected;
  return (
    <>
      <Control
        icon={heard ? <Mic aria-hidden /> : <MicOff aria-hidden />}
        text={heard ? t.controls.mute : t.controls.unmute}
        hint={heard ? t.controls.muteHint : t.controls.unmuteHint}
        look={heard ? undefined : "off"}
        disabled={waits}
        onClick={() => void shares.toggleMicrophone()}
        testId="microphone-button"
      />
      <Control
        icon={seen ? <Video aria-hidden /> : <VideoOff aria-hidden />}
        text={seen ? t.controls.cameraOff : t.controls.cameraOn}
        hint={seen ? t.controls.cameraOffHint : t.controls.cameraOnHint}
        look={seen ? undefined : "off"}
        disabled={waits}
        onClick={() => void shares.toggleCamera()}
        testId="camera-button"
      />
      <ScreenControl connected={connected} />
      <Control
        icon={<UserRoundX aria-hidden />}
        text={t.controls.leaveScreenShort}
        hint={t.controls.leaveScreen}
        look="danger"
        disabled={waits}
        onClick={() => void shares.leaveScreen()}
        testId="leave-screen"
      />
    </>
  );
}

function ScreenControl({ connected }: { connected: boolean }) {
  const { shares } = useSession();
  const { room } = useSnapshot();
  const { screen, busy } = useShares();
  const waits = busy || !connected;
  if (screen !== undefined) {
    return (
      <Control
        icon={<MonitorOff aria-hidden />}
        text={t.controls.stopScreen}
        hint={t.controls.stopScreenHint}
        look="off"
        disabled={waits}
        onClick={() => void shares.stopScreen()}
        testId="stop-screen"
      />
    );
  }
  if (!canShareScreen()) return null;
  const full = room !== undefined && room.seats_taken >= room.max_on_screen;
  return (
    <Control
      icon={<MonitorUp aria-hidden />}
      text={full ? t.controls.full : t.controls.screen}
      hint={full ? t.controls.fullHint : t.controls.screenHint}
      disabled={waits || full}
      onClick={() => void shares.startScreen()}
      testId="screen-button"
    />
  );
}
