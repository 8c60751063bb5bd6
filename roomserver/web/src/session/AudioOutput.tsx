import { Volume2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { type Sound, playSound } from "roomserver-client/browser";
import { Button } from "../components/Button";
import { t } from "../messages";
import styles from "./AudioOutput.module.css";
import { useSession } from "./context";

/** Plays the room's sound. Where the browser wants a click first, it shows a button for that. */
export function AudioOutput() {
  const { room } = useSession();
  const sound = useRef<Sound>(undefined);
  const [blocked, setBlocked] = useState(false);

  useEffect(() => {
    const playing = playSound(room, setBlocked);
    sound.current = playing;
    return () => playing.stop();
  }, [room]);

  if (!blocked) return null;
  return (
    <div className={styles["blocked"]} role="status">
      <p>{t.room.clickToHearHint}</p>
      <Button look="primary" icon={<Volume2 size={18} aria-hidden />} onClick={() => sound.current?.unblock()} data-testid="click-to-hear">
        {t.room.clickToHear}
      </Button>
    </div>
  );
}
