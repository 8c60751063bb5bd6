import { Circle } from "lucide-react";
import { useState } from "react";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { useNow } from "../components/useNow";
import { t } from "../messages";
import { CapLine } from "./CapLine";
import { DeviceChoices, Level, PreviewPicture } from "./DeviceView";
import styles from "./ShareDialog.module.css";
import { useSession, useSnapshot } from "./context";
import { sayError } from "./say";
import { useDevicePreview } from "./useDevicePreview";
import { useDevices } from "./useDevices";

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
  const devices = useDevices(preview.opened);
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
      <PreviewPicture track={opened.camera} none={preview.opening ? t.share.opening : t.share.cameraIsOff} waiting={preview.opening} />
      <DeviceChoices devices={devices} choice={choice} {...opened} choose={preview.choose} off />
      <Level track={opened.microphone} none={preview.opening || problem !== undefined ? undefined : t.share.microphoneWillBeOff} />
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

function Remaining({ expiresAt }: { expiresAt: number }) {
  const now = useNow();
  return (
    <p className={styles["remaining"]} data-testid="grant-countdown">
      {t.share.approvedHint(expiresAt - now)}
    </p>
  );
}
