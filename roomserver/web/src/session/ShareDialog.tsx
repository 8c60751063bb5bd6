import { Mic, Video, VideoOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { LevelMeter } from "../components/LevelMeter";
import { Select } from "../components/Select";
import { useNow } from "../components/useNow";
import { t } from "../messages";
import styles from "./ShareDialog.module.css";
import { useSession } from "./context";
import { sayError } from "./say";
import { useDevicePreview } from "./useDevicePreview";

export type ShareOccasion =
  | { why: "share" }
  | { why: "approved"; expiresAt: number }
  /** A seat kept from before a reload of the page. */
  | { why: "continue"; seat: string };

const titles = { share: t.share.title, approved: t.share.approvedTitle, continue: t.share.continueTitle };

/** Choosing camera and microphone, seeing and hearing oneself, and then going on screen. */
export function ShareDialog({ occasion, onClose }: { occasion: ShareOccasion; onClose: () => void }) {
  const { shares } = useSession();
  const preview = useDevicePreview();
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<string>();
  const { opened, choice, devices } = preview;

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

  const cameras = devices.cameras.map((device, index) => ({
    value: device.deviceId,
    label: device.label || t.share.unnamedCamera(index + 1),
  }));
  const microphones = devices.microphones.map((device, index) => ({
    value: device.deviceId,
    label: device.label || t.share.unnamedMicrophone(index + 1),
  }));
  const problem = error ?? (preview.trouble === undefined ? undefined : t.devices[preview.trouble]);

  return (
    <Dialog title={titles[occasion.why]} onClose={onClose} testId="share-dialog">
      {occasion.why === "approved" && <Remaining expiresAt={occasion.expiresAt} />}
      {occasion.why === "continue" && <p className={styles["hint"]}>{t.share.continueHint}</p>}
      <PreviewPicture track={opened.camera} waiting={preview.opening} />
      <div className={styles["devices"]}>
        <Select
          label={t.share.camera}
          icon={<Video size={16} aria-hidden />}
          value={selected(choice.camera, opened.camera, cameras)}
          options={[...cameras, { value: "off", label: t.share.noCamera }]}
          onChange={(id) => preview.choose("camera", id)}
          testId="camera-select"
        />
        <Select
          label={t.share.microphone}
          icon={<Mic size={16} aria-hidden />}
          value={selected(choice.microphone, opened.microphone, microphones)}
          options={[...microphones, { value: "off", label: t.share.noMicrophone }]}
          onChange={(id) => preview.choose("microphone", id)}
          testId="microphone-select"
        />
      </div>
      {opened.microphone !== null ? (
        <div className={styles["level"]}>
          <LevelMeter track={opened.microphone} label={t.share.level} />
          <p>{t.share.sayWords}</p>
        </div>
      ) : (
        !preview.opening && problem === undefined && <p className={styles["hint"]}>{t.share.microphoneWillBeOff}</p>
      )}
      {problem !== undefined && (
        <div className={styles["problem"]} role="alert" data-testid="share-problem">
          <p>{problem}</p>
          {error === undefined && <Button onClick={preview.retry}>{t.general.tryAgain}</Button>}
        </div>
      )}
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
