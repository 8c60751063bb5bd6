import type { SharedVideo } from "roomserver-client";

/** States of YouTube's player, as its messages number them. */
export const ENDED = 0;
export const PLAYING = 1;
export const BUFFERING = 3;

/** What the player in this page said last. */
export interface Player {
  state: number;
  /** Seconds from the video's start at `told`, the server's time in Unix seconds. */
  time: number;
  told: number;
  /** Seconds; 0 while unknown. */
  length: number;
  live: boolean;
}

export type Order = { func: "seekTo"; args: [number, boolean] } | { func: "playVideo" | "pauseVideo"; args: [] };

/** Where everybody is now, in seconds. The server owns this; a clock that is behind moves nothing back. */
export function positionAt({ playing, position, at, rate }: SharedVideo, now: number): number {
  return playing ? position + Math.max(0, now - at) * rate : position;
}

/** How far from everybody else one may be, in seconds: while it plays, less would make the picture jump. */
const NEAR = { playing: 2, paused: 0.5 };

/** What brings the player to where everybody is. A live stream has no position: it plays or it doesn't. */
export function ordersFor(video: SharedVideo, player: Player, now: number): Order[] {
  const wanted = Math.min(positionAt(video, now), player.length || Infinity);
  // At its end it stays; playing once more would begin again.
  if (player.state === ENDED && player.length > 0 && wanted >= player.length - NEAR.playing) return [];
  const moving = player.state === PLAYING || player.state === BUFFERING;
  const actual = player.state === PLAYING ? player.time + (now - player.told) * video.rate : player.time;
  const orders: Order[] = [];
  if (!player.live && Math.abs(wanted - actual) > (video.playing ? NEAR.playing : NEAR.paused)) orders.push({ func: "seekTo", args: [wanted, true] });
  if (video.playing && !moving) orders.push({ func: "playVideo", args: [] });
  if (!video.playing && moving) orders.push({ func: "pauseVideo", args: [] });
  return orders;
}

/** What a message of the player changes; undefined for one that is none, or says that it can't play ("failed"). */
export function playerAfter(before: Player | undefined, data: unknown, now: number): Player | "failed" | undefined {
  if (typeof data !== "string") return undefined;
  let message: { event?: unknown; info?: unknown };
  try {
    message = (JSON.parse(data) ?? {}) as typeof message;
  } catch {
    return undefined;
  }
  if (message.event === "onError") return "failed";
  const info = message.info;
  if (!["initialDelivery", "infoDelivery", "onReady"].includes(String(message.event))) return undefined;
  const told = (typeof info === "object" && info !== null ? info : {}) as Record<string, unknown>;
  const number = (name: string): number | undefined => (typeof told[name] === "number" && Number.isFinite(told[name]) ? told[name] : undefined);
  const known = before ?? { state: -1, time: 0, told: now, length: 0, live: false };
  const time = number("currentTime");
  const details = told["videoData"] as { isLive?: unknown } | undefined;
  return {
    state: number("playerState") ?? known.state,
    time: time ?? known.time,
    told: time === undefined ? known.told : now,
    length: number("duration") ?? known.length,
    live: typeof details?.isLive === "boolean" ? details.isLive : known.live,
  };
}
