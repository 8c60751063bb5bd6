import { Volume2 } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { asMediaTrack } from "roomserver-client/browser";
import { Button } from "../components/Button";
import { t } from "../messages";
import styles from "./AudioOutput.module.css";
import { useSession } from "./context";

/** Plays the audio slots. Where the browser wants a click first, it shows a button for that. */
export function AudioOutput() {
  const { room } = useSession();
  const container = useRef<HTMLDivElement>(null);
  const [blocked, setBlocked] = useState(false);
  // Track ids say when there are other tracks to play.
  const ids = useSyncExternalStore(
    (changed) => room.events.on("tracks", changed),
    () => (room.watcher?.audioTracks() ?? []).map((track) => track.id).join(),
  );

  useEffect(() => {
    const holder = container.current;
    if (holder === null || ids === "") return;
    const players = (room.watcher?.audioTracks() ?? []).map((track) => {
      const player = document.createElement("audio");
      player.autoplay = true;
      player.srcObject = new MediaStream([asMediaTrack(track)]);
      holder.append(player);
      player.play().catch((error: unknown) => {
        if (error instanceof DOMException && error.name === "NotAllowedError") setBlocked(true);
      });
      return player;
    });
    return () => {
      for (const player of players) {
        player.srcObject = null;
        player.remove();
      }
    };
  }, [room, ids]);

  const unblock = (): void => {
    const players = [...(container.current?.querySelectorAll("audio") ?? [])];
    void Promise.all(players.map((player) => player.play())).then(
      () => setBlocked(false),
      () => undefined, // still not allowed: the button stays
    );
  };

  return (
    <>
      <div ref={container} hidden />
      {blocked && (
        <div className={styles["blocked"]} role="status">
          <p>{t.room.clickToHearHint}</p>
          <Button look="primary" icon={<Volume2 size={18} aria-hidden />} onClick={unblock} data-testid="click-to-hear">
            {t.room.clickToHear}
          </Button>
        </div>
      )}
    </>
  );
}
