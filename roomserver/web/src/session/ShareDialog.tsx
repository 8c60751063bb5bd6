import { Circle, Mic, Video, VideoOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { LevelMeter } from "../components/LevelMeter";
import { Select } from "../components/Select";
import { useNow } from "../components/useNow";
import { t } from "../messages";
import { CapLine } from "./CapLine";
import styles from "./ShareDialog.module.css";
import { useSession, useSnapshot } from "./context";
import { sayError } from "./say";
import { type Preview, useDevicePreview } from "./useDevicePreview";

export type ShareOccasion =
  | { why: "share" }
  | { why: "approved"; expiresAt: number }
  /** A seat kept from before a reload of the page. */
  | { why: "continue"; seat: string };

function titleFor(why: ShareOccasion["why"]): string {
  return { share: t.share.title, approved: t.share.approvedTitle, continue: t.share.continueTitle }[why];
}

/** Choosing camera and microphone, seeing and hearing oneself, and then going on screen. */
export function ShareDialog({ occasion, onClose }: { occasion: ShareOccasion; onClose: () => void }) {
  const { shares } = useSession();
  const preview = useDevicePreview();
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<string>();
  const { opened, choice } = preview;

  const start = async (): Promise<void> => {
    setStarting(true);
    setError(undefined);
    const takeBack = preview.handOver();
    try {
      await shares.goOnScreen(opened, choice, occasion.why === "continue" ? occasion.seat : undefined);
      onClose();
    } catch (reason) {
      takeBack();
      setStarting(false);
      setError(sayError(reason));
    }
  };

  const problem = error ?? (preview.trouble === undefined ? undefined : t.devices[preview.trouble]);

  return (
    <Dialog title={titleFor(occasion.why)} onClose={onClose} testId="share-dialog">
      {occasion.why === "approved" && <Remaining expiresAt={occasion.expiresAt} />}
      {occasion.why === "continue" && <p className={styles["hint"]}>{t.share.continueHint}</p>}
      <PreviewPicture track={opened.camera} waiting={preview.opening} />
      <DeviceChoices preview={preview} />
      <Level track={opened.microphone} silent={!preview.opening && problem === undefined} />
      {problem !== undefined && (
        <div className={styles["problem"]} role="alert" data-testid="share-problem">
          <p>{problem}</p>
          {error === undefined && <Button onClick={preview.retry}>{t.general.tryAgain}</Button>}
        </div>
      )}
      <Recorded />
      {occasion.why === "share" && <CapLine />}
      <div className={styles["actions"]}>
        {occasion.why === "continue" ? (
          <Button onClick={() => void shares.giveUp(occasion.seat)}>{t.share.giveBack}</Button>
        ) : (
          <Button onClick={onClose}>{t.general.cancel}</Button>
        )}
        <Button
          look="primary"
          disabled={starting || preview.opening || (opened.camera === null && opened.microphone === null)}
          onClick={() => void start()}
          data-testid="start-sharing"
        >
          {starting ? t.share.starting : occasion.why === "continue" ? t.share.continueStart : t.share.start}
        </Button>
      </div>
    </Dialog>
  );
}

/** Said before, not after. */
function Recorded() {
  const { room } = useSnapshot();
  if (room?.recording === undefined || room.recording === "off" || room.recording === "ended") return null;
  return (
    <p className={styles["recorded"]} data-testid="will-be-recorded">
      <Circle size={12} fill="currentColor" aria-hidden />
      {t.recording.beforeSharing}
    </p>
  );
}

function Level({ track, silent }: { track: MediaStreamTrack | null; silent: boolean }) {
  if (track === null) return silent ? <p className={styles["hint"]}>{t.share.microphoneWillBeOff}</p> : null;
  return (
    <div className={styles["level"]}>
      <LevelMeter track={track} label={t.share.level} />
      <p>{t.share.sayWords}</p>
    </div>
  );
}

function DeviceChoices({ preview: { opened, choice, devices, choose } }: { preview: Preview }) {
  const cameras = options(devices.cameras, t.share.unnamedCamera);
  const microphones = options(devices.microphones, t.share.unnamedMicrophone);
  return (
    <div className={styles["devices"]}>
      <Select
        label={t.share.camera}
        icon={<Video size={16} aria-hidden />}
        value={selected(choice.camera, opened.camera, cameras)}
        options={[...cameras, { value: "off", label: t.share.noCamera }]}
        onChange={(id) => choose("camera", id)}
        testId="camera-select"
      />
      <Select
        label={t.share.microphone}
        icon={<Mic size={16} aria-hidden />}
        value={selected(choice.microphone, opened.microphone, microphones)}
        options={[...microphones, { value: "off", label: t.share.noMicrophone }]}
        onChange={(id) => choose("microphone", id)}
        testId="microphone-select"
      />
    </div>
  );
}

function options(devices: MediaDeviceInfo[], unnamed: (index: number) => string): { value: string; label: string }[] {
  return devices.map((device, index) => ({ value: device.deviceId, label: device.label || unnamed(index + 1) }));
}

/** What the list shows as chosen: the device that was really opened, where the choice was "the default one". */
function selected(choice: string, track: MediaStreamTrack | null, options: { value: string }[]): string {
  const actual = track?.getSettings().deviceId;
  if (track === null) return "off";
  return options.find((option) => option.value === actual)?.value ?? options.find((option) => option.value === choice)?.value ?? "off";
}

function Remaining({ expiresAt }: { expiresAt: number }) {
  const now = useNow();
  return (
    <p className={styles["remaining"]} data-testid="grant-countdown">
      {t.share.approvedHint(expiresAt - now)}
    </p>
  );
}

function PreviewPicture({ track, waiting }: { track: MediaStreamTrack | null; waiting: boolean }) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null || track === null) return;
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => undefined);
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  return (
    <div className={styles["preview"]}>
      {track === null ? (
        <div className={styles["none"]} role="status">
          {waiting ? (
            t.share.opening
          ) : (
            <>
              <VideoOff size={32} aria-hidden />
              {t.share.cameraIsOff}
            </>
          )}
        </div>
      ) : (
        <video ref={element} autoPlay playsInline muted aria-label={t.share.preview} data-testid="preview" />
      )}
    </div>
  );
}
