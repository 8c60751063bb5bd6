import { Mic, Video, VideoOff } from "lucide-react";
import { useEffect, useRef } from "react";
import type { DeviceChoice, DeviceList } from "roomserver-client/browser";
import { LevelMeter } from "../components/LevelMeter";
import { Select } from "../components/Select";
import { t } from "../messages";
import styles from "./ShareDialog.module.css";

interface PreviewPictureProps {
  track: MediaStreamTrack | null;
  /** What is said where there is no picture. */
  none: string;
  waiting?: boolean;
}

/** One's own camera, as in a mirror. */
export function PreviewPicture({ track, none, waiting = false }: PreviewPictureProps) {
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
          {!waiting && <VideoOff size={32} aria-hidden />}
          {none}
        </div>
      ) : (
        <video ref={element} autoPlay playsInline muted aria-label={t.share.preview} data-testid="preview" />
      )}
    </div>
  );
}

interface LevelProps {
  track: MediaStreamTrack | null;
  /** What is said where there is no microphone. */
  none: string | undefined;
}

/** How loud one's own microphone is. */
export function Level({ track, none }: LevelProps) {
  if (track === null) return none === undefined ? null : <p className={styles["hint"]}>{none}</p>;
  return (
    <div className={styles["level"]}>
      <LevelMeter track={track} label={t.share.level} />
      <p>{t.share.sayWords}</p>
    </div>
  );
}

interface DeviceChoicesProps {
  devices: DeviceList;
  choice: DeviceChoice;
  /** The tracks that are open now. */
  camera: MediaStreamTrack | null;
  microphone: MediaStreamTrack | null;
  choose: (kind: "camera" | "microphone", id: string) => void;
  /** Whether going without one is offered. */
  off?: boolean;
  disabled?: boolean;
}

export function DeviceChoices({ devices, choice, camera, microphone, choose, off = false, disabled = false }: DeviceChoicesProps) {
  const cameras = options(devices.cameras, t.share.unnamedCamera, off ? t.share.noCamera : undefined);
  const microphones = options(devices.microphones, t.share.unnamedMicrophone, off ? t.share.noMicrophone : undefined);
  return (
    <div className={styles["devices"]}>
      <Select
        label={t.share.camera}
        icon={<Video size={16} aria-hidden />}
        value={selected(choice.camera, camera, cameras)}
        options={cameras}
        onChange={(id) => choose("camera", id)}
        disabled={disabled}
        testId="camera-select"
      />
      <Select
        label={t.share.microphone}
        icon={<Mic size={16} aria-hidden />}
        value={selected(choice.microphone, microphone, microphones)}
        options={microphones}
        onChange={(id) => choose("microphone", id)}
        disabled={disabled}
        testId="microphone-select"
      />
    </div>
  );
}

interface Choice {
  value: string;
  label: string;
}

function options(devices: MediaDeviceInfo[], unnamed: (index: number) => string, none: string | undefined): Choice[] {
  const known = devices.map((device, index) => ({ value: device.deviceId, label: device.label || unnamed(index + 1) }));
  return none === undefined ? known : [...known, { value: "off", label: none }];
}

/** What the list shows as chosen: the device that was really opened, where the choice was "the default one". */
function selected(choice: string, track: MediaStreamTrack | null, choices: Choice[]): string {
  const has = (id: string | undefined): boolean => choices.some(({ value }) => value === id);
  const off = has("off");
  if (track === null && off) return "off";
  const actual = track?.getSettings().deviceId;
  if (actual !== undefined && has(actual)) return actual;
  return has(choice) ? choice : off ? "off" : (choices[0]?.value ?? "");
}
