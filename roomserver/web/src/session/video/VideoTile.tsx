import { Pause, Play, Volume2, VolumeX } from "lucide-react";
import { useRef, useState } from "react";
import type { Seat, SharedVideo } from "roomserver-client";
import { IconButton } from "../../components/Button";
import { useNow } from "../../components/useNow";
import { useTell } from "../../components/Notices";
import { t } from "../../messages";
import { useSession, useSnapshot } from "../context";
import { sayError } from "../say";
import type { Size } from "../stage/layout";
import tileStyles from "../stage/Tile.module.css";
import { TileMenu } from "../stage/TileMenu";
import { type Playback, YouTubePlayer } from "./YouTubePlayer";
import { positionAt } from "./following";
import { mayControlVideo, mayStopVideo } from "./rights";
import styles from "./VideoTile.module.css";

interface VideoTileProps {
  id: string;
  seat: Seat;
  video: SharedVideo;
  size: Size;
  pinned: boolean;
  onPin: (seat: string | undefined) => void;
}

/** The shared video, with what everybody can do (its sound) and what some can (where it stands). */
export function VideoTile({ id, seat, video, size, pinned, onPin }: VideoTileProps) {
  const { room, you } = useSnapshot();
  const [{ player, failed }, setPlayback] = useState<Playback>({ player: undefined, failed: false });
  // Browsers play sound by itself only in pages where something was clicked.
  const [sound, setSound] = useState(() => navigator.userActivation.hasBeenActive);
  const element = useRef<HTMLElement>(null);
  const may = room !== undefined && you !== undefined && mayControlVideo(room, you);
  return (
    <article
      ref={element}
      className={[tileStyles["tile"], styles["tile"]].join(" ")}
      style={{ width: size.width, height: size.height }}
      aria-label={t.video.sharedBy(seat.name)}
      data-testid="tile"
      data-seat={id}
      data-participant={seat.participant}
      data-kind={seat.kind}
    >
      <div className={styles["picture"]}>
        {failed ? (
          <div className={styles["failed"]} data-testid="video-failed">
            <p>{t.video.failed}</p>
            <a href={`https://www.youtube.com/watch?v=${encodeURIComponent(video.video)}`} target="_blank" rel="noopener noreferrer">
              {t.video.open}
            </a>
          </div>
        ) : (
          <YouTubePlayer key={video.video} video={video} sound={sound} onPlayback={setPlayback} />
        )}
      </div>
      <div className={styles["bar"]}>
        {may && <PlayButton video={video} />}
        <Where video={video} length={player?.length ?? 0} live={player?.live ?? false} may={may} />
        <IconButton
          small
          label={sound ? t.video.soundOff : t.video.soundOn}
          icon={sound ? <Volume2 size={18} aria-hidden /> : <VolumeX size={18} aria-hidden />}
          onClick={() => setSound(!sound)}
          data-testid="video-sound"
        />
      </div>
      <TileMenu
        id={id}
        seat={seat}
        name={t.video.sharedBy(seat.name)}
        tile={element}
        pinned={pinned}
        onPin={onPin}
        moderating={room !== undefined && you !== undefined && mayStopVideo(room, you)}
      />
    </article>
  );
}

function useAct(): (action: Promise<void>) => void {
  const tell = useTell();
  return (action) => void action.catch((error: unknown) => tell(sayError(error), "error"));
}

function PlayButton({ video }: { video: SharedVideo }) {
  const { room } = useSession();
  const act = useAct();
  return (
    <IconButton
      small
      label={video.playing ? t.video.pause : t.video.play}
      icon={video.playing ? <Pause size={18} aria-hidden /> : <Play size={18} className="points" aria-hidden />}
      onClick={() => act(video.playing ? room.pauseVideo() : room.playVideo())}
      data-testid="video-play"
    />
  );
}

interface WhereProps {
  video: SharedVideo;
  /** Seconds; 0 while unknown. */
  length: number;
  live: boolean;
  may: boolean;
}

/** Where it stands; those who may move it. Arrow keys move by seconds. */
function Where({ video, length, live, may }: WhereProps) {
  const { room } = useSession();
  const act = useAct();
  const now = useNow();
  const [moving, setMoving] = useState<number>();
  const at = Math.min(moving ?? positionAt(video, now), length || Infinity);
  if (live) return <span className={styles["where"]}>{video.playing ? t.video.live : t.video.paused}</span>;
  if (length === 0) return <span className={styles["where"]}>{t.video.loading}</span>;
  const seek = (): void => {
    if (moving === undefined) return;
    act(room.seekVideo(moving));
    setMoving(undefined);
  };
  return (
    <>
      {may && (
        <input
          type="range"
          className={styles["range"]}
          min={0}
          max={Math.floor(length)}
          step={1}
          value={Math.floor(at)}
          aria-label={t.video.seek}
          aria-valuetext={t.video.time(at, length)}
          data-testid="video-seek"
          onChange={(event) => setMoving(Number(event.target.value))}
          onPointerUp={seek}
          onKeyUp={seek}
          onBlur={seek}
        />
      )}
      <span className={styles["where"]} data-testid="video-time">
        {t.video.time(at, length)}
        {!video.playing && ` · ${t.video.paused}`}
      </span>
    </>
  );
}
