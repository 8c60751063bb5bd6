import { Circle, CirclePause } from "lucide-react";
import { t } from "../messages";
import styles from "./RecordingBadge.module.css";
import { useSnapshot } from "./context";

/** People must know that they are recorded: also those who come while it runs, and those who can't see the dot. */
export function RecordingBadge() {
  const { room } = useSnapshot();
  const running = room?.recording === "recording";
  const paused = room?.recording === "paused";
  // The region is there from the start: only so do screen readers say what appears in it.
  return (
    <div role="status" className={styles["region"]}>
      {(running || paused) && (
        <span
          className={styles["badge"]}
          data-running={running}
          title={running ? t.recording.onHint : t.recording.pausedHint}
          data-testid="recording"
          data-state={room.recording}
        >
          {running ? <Circle size={14} fill="currentColor" aria-hidden /> : <CirclePause size={16} aria-hidden />}
          <span className={styles["text"]} aria-hidden>
            {running ? t.recording.on : t.recording.paused}
          </span>
          <span className="visually-hidden">{running ? t.recording.onHint : t.recording.pausedHint}</span>
        </span>
      )}
    </div>
  );
}
