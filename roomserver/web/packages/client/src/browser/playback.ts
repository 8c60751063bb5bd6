import type { Room, Track } from "../index.js";
import { asMediaTrack } from "./realtime.js";

/**
 * Shows a seat's picture in a video element for as long as it comes, on whichever track: empty while there is none.
 * The element should be `muted` and `playsinline`, as sound comes by `playSound`. The result ends it.
 */
export function showSeat(room: Room, seat: string, video: HTMLVideoElement): () => void {
  let shown: Track | undefined;
  const follow = (): void => {
    const track = room.seatTrack(seat);
    if (track === shown) return;
    shown = track;
    video.srcObject = track === undefined ? null : new MediaStream([asMediaTrack(track)]);
    if (track !== undefined) void video.play().catch(() => undefined); // replaced meanwhile, or waits for its page to be shown
  };
  const forget = [room.events.on("change", follow), room.events.on("tracks", follow)];
  follow();
  return () => {
    for (const each of forget) each();
    video.srcObject = null;
  };
}

/** The sound of a room, while it plays. */
export interface Sound {
  /** Tries again what the browser did not allow; call it on a click. */
  unblock(): void;
  stop(): void;
}

/**
 * Plays whoever is heard in the room. Browsers may want a click first: then `onBlocked` is told true, the page offers a
 * button that calls `unblock`, and `onBlocked` is told false once it plays.
 */
export function playSound(room: Room, onBlocked: (blocked: boolean) => void = () => undefined): Sound {
  let players: { track: Track; element: HTMLAudioElement }[] = [];

  const unblock = (): void => {
    void Promise.all(players.map(({ element }) => element.play())).then(
      () => onBlocked(false),
      (error: unknown) => {
        if (error instanceof DOMException && error.name === "NotAllowedError") onBlocked(true);
      },
    );
  };
  const end = (): void => {
    for (const { element } of players) element.srcObject = null;
    players = [];
  };
  const follow = (): void => {
    const tracks = room.audioTracks();
    if (tracks.length === players.length && tracks.every((track, index) => track === players[index]?.track)) return;
    end();
    players = tracks.map((track) => {
      const element = new Audio();
      element.srcObject = new MediaStream([asMediaTrack(track)]);
      return { track, element };
    });
    if (players.length > 0) unblock();
  };
  const forget = room.events.on("tracks", follow);
  follow();
  return {
    unblock,
    stop: () => {
      forget();
      end();
    },
  };
}
