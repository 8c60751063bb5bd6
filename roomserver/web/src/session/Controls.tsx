import { Hand, LogOut, Mic, MicOff, MonitorOff, MonitorUp, Settings2, ShieldCheck, UserRoundX, Video, VideoOff } from "lucide-react";
import { useState } from "react";
import { canShareScreen } from "roomserver-client/browser";
import { useNow } from "../components/useNow";
import { useTell } from "../components/Notices";
import { t } from "../messages";
import { CapQuestion } from "./CapLine";
import { Control } from "./Control";
import styles from "./Controls.module.css";
import { DevicesDialog } from "./DevicesDialog";
import { loweredIn } from "./caps";
import { useSession, useShares, useSnapshot } from "./context";
import { sayError } from "./say";
import { VideoControl } from "./video/VideoControl";

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
        <VideoControl connected={connected} />
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
      <DevicesControl />
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

function DevicesControl() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Control
        icon={<Settings2 aria-hidden />}
        text={t.controls.devices}
        hint={t.controls.devicesHint}
        onClick={() => setOpen(true)}
        testId="devices-button"
      />
      {open && <DevicesDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function ScreenControl({ connected }: { connected: boolean }) {
  const { shares } = useSession();
  const snapshot = useSnapshot();
  const { room } = snapshot;
  const { screen, busy } = useShares();
  const [asking, setAsking] = useState(false);
  const lowered = loweredIn(snapshot);
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
  const hint = lowered === undefined ? t.controls.screenHint : `${t.controls.screenHint}. ${t.caps.lowered(lowered.cap, lowered.before)}`;
  return (
    <>
      <Control
        icon={<MonitorUp aria-hidden />}
        text={full ? t.controls.full : t.controls.screen}
        hint={full ? t.controls.fullHint : hint}
        disabled={waits || full}
        onClick={() => (lowered?.near === true ? setAsking(true) : void shares.startScreen())}
        testId="screen-button"
      />
      {asking && <CapQuestion action={t.caps.share} onConfirm={() => void shares.startScreen()} onClose={() => setAsking(false)} />}
    </>
  );
}
