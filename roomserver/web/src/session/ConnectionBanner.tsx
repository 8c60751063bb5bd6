import { WifiOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { clock } from "roomserver-client/browser";
import { useTell } from "../components/Notices";
import { t } from "../messages";
import styles from "./ConnectionBanner.module.css";
import { useShares, useSnapshot } from "./context";

/** A hiccup that is over in no time is not worth a word: pictures go on, and most commands can wait. */
const QUIET = 2_000;
const MEDIA_QUIET = 4_000;

/** Says that the connection is being restored, or that one's own picture does not get through. */
export function ConnectionBanner() {
  const { status } = useSnapshot();
  const { camera, screen } = useShares();
  const reconnecting = useLasting(status.phase === "reconnecting", QUIET);
  const broken = (state: string | undefined): boolean => state === "failed" || state === "disconnected";
  const mediaBroken = useLasting(broken(camera?.connection) || broken(screen?.connection), MEDIA_QUIET);
  useBack(reconnecting, status.phase === "in");
  const retryAt = status.phase === "reconnecting" ? status.retryAt : undefined;
  return (
    <div role="status" className={styles["region"]}>
      {reconnecting ? (
        <p className={styles["banner"]} data-testid="reconnecting">
          <WifiOff size={18} aria-hidden />
          {t.connection.lost} {retryAt !== undefined && <RetryIn at={retryAt} />}
        </p>
      ) : (
        mediaBroken && (
          <p className={styles["banner"]} data-testid="media-trouble">
            <WifiOff size={18} aria-hidden />
            {t.connection.mediaFailed}
          </p>
        )
      )}
    </div>
  );
}

/** Who was told of the loss is told of its end. */
function useBack(reconnecting: boolean, inside: boolean): void {
  const tell = useTell();
  const told = useRef(false);
  useEffect(() => {
    if (reconnecting) told.current = true;
    else if (told.current && inside) {
      told.current = false;
      tell(t.connection.back);
    }
  }, [reconnecting, inside, tell]);
}

/** Whether something has been so for a while. */
function useLasting(now: boolean, after: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!now) return;
    const timer = setTimeout(() => setLasting(true), after);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [now, after]);
  return now && lasting;
}

function RetryIn({ at }: { at: number }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const count = (): void => setSeconds(Math.ceil((at - clock.now()) / 1_000));
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  }, [at]);
  // Short pauses are not worth counting.
  return seconds > 2 ? <span aria-hidden>{t.connection.retryIn(seconds)}</span> : null;
}
