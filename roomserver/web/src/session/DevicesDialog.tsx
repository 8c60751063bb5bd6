import { rememberChoice } from "../browser/rememberedDevices";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { t } from "../messages";
import { DeviceChoices, Level, PreviewPicture } from "./DeviceView";
import { useSession, useShares } from "./context";
import { useDevices } from "./useDevices";

/** Another camera or microphone while on screen: what is chosen is sent at once. */
export function DevicesDialog({ onClose }: { onClose: () => void }) {
  const { shares } = useSession();
  const { camera: share, busy } = useShares();
  const camera = share?.video ?? null;
  const microphone = share?.audio ?? null;
  const devices = useDevices(share);
  const choose = (kind: "camera" | "microphone", id: string): void => {
    rememberChoice({ ...shares.chosen, [kind]: id });
    void shares.switchDevice(kind, id);
  };
  return (
    <Dialog title={t.share.devices} onClose={onClose} testId="devices-dialog" actions={<Button onClick={onClose}>{t.general.close}</Button>}>
      <PreviewPicture track={camera} none={t.tile.cameraOff} />
      <DeviceChoices devices={devices} choice={shares.chosen} camera={camera} microphone={microphone} choose={choose} disabled={busy} />
      <Level track={microphone?.enabled === true ? microphone : null} none={t.tile.microphoneOff} />
    </Dialog>
  );
}
