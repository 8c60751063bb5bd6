import { MicOff, VolumeX } from "lucide-react";
import { memo, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { asMediaTrack } from "roomserver-client/browser";
import type { Seat } from "roomserver-client";
import { Avatar } from "../../components/Avatar";
import { t } from "../../messages";
import { useSession, useShares } from "../context";
import { ownPicture } from "../shares";
import styles from "./Tile.module.css";
import { TileMenu } from "./TileMenu";
import type { Size } from "./layout";

interface TileProps {
  id: string;
  seat: Seat;
  size: Size;
  speaking: boolean;
  mine: boolean;
  pinned: boolean;
  onPin: (seat: string | undefined) => void;
  moderating: boolean;
}

/** Fifty of them, in a room where something changes all the time: drawn anew only when it is about them. */
export const Tile = memo(function Tile({ id, seat, size, speaking, mine, pinned, onPin, moderating }: TileProps) {
  const element = useRef<HTMLElement>(null);
  const track = usePicture(id, seat, mine);
  const [picture, setPicture] = useState(false);
  const screen = seat.kind !== "camera";
  const name = nameOf(seat, mine);
  const state = stateOf(seat, mine);
  const silent = !seat.audio || seat.muted === true;
  return (
    <article
      ref={element}
      className={[styles["tile"], speaking && styles["speaking"], seat.away === true && styles["away"]].filter(Boolean).join(" ")}
      style={{ width: size.width, height: size.height, "--tile": `${Math.min(size.width, size.height)}px` } as React.CSSProperties}
      aria-label={[name, speaking && t.tile.speaking, state].filter(Boolean).join(", ")}
      data-testid="tile"
      data-seat={id}
      data-participant={seat.participant}
      data-kind={seat.kind}
      data-picture={picture && track !== undefined}
      data-speaking={speaking}
      data-muted={silent}
      data-pinned={pinned}
      data-state={seat.away === true ? "away" : seat.live === true ? "live" : "connecting"}
    >
      {!(picture && track !== undefined) && (
        <div className={styles["face"]}>
          <Avatar name={seat.name} id={seat.participant} />
          {state !== undefined && <span className={styles["state"]}>{state}</span>}
        </div>
      )}
      {track !== undefined && <Picture track={track} mirrored={mine && !screen} whole={screen} onPicture={setPicture} />}
      {seat.away === true && picture && <span className={styles["veil"]}>{t.tile.away}</span>}
      <footer className={styles["footer"]}>
        {!screen && silent && (
          <span className={styles["silent"]} title={seat.muted === true ? t.tile.mutedByModerator : t.tile.microphoneOff}>
            {seat.muted === true ? <VolumeX size={16} aria-hidden /> : <MicOff size={16} aria-hidden />}
            <span className="visually-hidden">{seat.muted === true ? t.tile.mutedByModerator : t.tile.microphoneOff}</span>
          </span>
        )}
        <bdi className={styles["name"]}>{name}</bdi>
      </footer>
      <TileMenu id={id} seat={seat} name={nameOf(seat, false)} tile={element} pinned={pinned} onPin={onPin} moderating={moderating && !mine} />
    </article>
  );
});

function nameOf(seat: Seat, mine: boolean): string {
  if (seat.kind === "screen") return mine ? t.tile.yourScreen : t.tile.screenOf(seat.name);
  return mine ? t.tile.self(seat.name) : seat.name;
}

/** What there is to say where no picture is. */
function stateOf(seat: Seat, mine: boolean): string | undefined {
  if (seat.away === true) return t.tile.away;
  if (seat.live !== true && !mine && seat.kind !== "integration" && (seat.audio || seat.video) && seat.muted !== true) return t.tile.connecting;
  if (!seat.video) return seat.kind === "integration" ? t.tile.sharedContent : t.tile.cameraOff;
  return undefined;
}

/** The track that shows this seat: one's own device, or the slot on which the server sends it. */
function usePicture(id: string, seat: Seat, mine: boolean): MediaStreamTrack | undefined {
  const { room } = useSession();
  const shares = useShares();
  const remote = useSyncExternalStore(
    (changed) => room.events.on("tracks", changed),
    () => room.seatTrack(id),
  );
  if (!seat.video) return undefined;
  if (mine) return ownPicture(shares, id) ?? undefined;
  return remote && asMediaTrack(remote);
}

interface PictureProps {
  track: MediaStreamTrack;
  mirrored: boolean;
  whole: boolean;
  onPicture: (there: boolean) => void;
}

function Picture({ track, mirrored, whole, onPicture }: PictureProps) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    video.srcObject = new MediaStream([track]);
    // A muted video may always play; without a frame yet it simply waits.
    void video.play().catch(() => undefined);
    const arrived = (): void => onPicture(true);
    const handle = video.requestVideoFrameCallback(arrived);
    return () => {
      video.cancelVideoFrameCallback(handle);
      video.srcObject = null;
      onPicture(false);
    };
  }, [track, onPicture]);
  return (
    <video
      ref={element}
      className={[styles["video"], mirrored && styles["mirrored"], whole && styles["whole"]].filter(Boolean).join(" ")}
      autoPlay
      playsInline
      muted
      aria-hidden
    />
  );
}
