import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { SharedVideo } from "roomserver-client";
import { serverNow } from "../../browser/api/http";
import { t } from "../../messages";
import { type Player, ordersFor, playerAfter, positionAt } from "./following";
import styles from "./VideoTile.module.css";

const PLAYER = "https://www.youtube-nocookie.com";
/** So long the player may take to say a first word. */
const PATIENCE = 12_000;
const LOOK_EVERY = 500;
/** Between two corrections: the player needs time to follow one. */
const PAUSE = 3_000;

export interface Playback {
  player: Player | undefined;
  failed: boolean;
}

interface YouTubePlayerProps {
  video: SharedVideo;
  sound: boolean;
  onPlayback: (playback: Playback) => void;
}

/** The address of the player; it speaks by messages, so that no script of another host runs in this page. */
function addressOf(video: SharedVideo, sound: boolean): string {
  const query = new URLSearchParams({
    enablejsapi: "1",
    origin: location.origin,
    autoplay: video.playing ? "1" : "0",
    mute: sound ? "0" : "1",
    start: String(Math.floor(positionAt(video, serverNow()))),
    controls: "0",
    disablekb: "1",
    fs: "0",
    playsinline: "1",
    rel: "0",
  });
  return `${PLAYER}/embed/${encodeURIComponent(video.video)}?${query.toString()}`;
}

/** Plays what everybody sees, and keeps to the second that the server says. */
export function YouTubePlayer({ video, sound, onPlayback }: YouTubePlayerProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const player = useRef<Player>(undefined);
  const corrected = useRef({ at: 0, of: 0 });
  // What it begins with; everything later goes by messages.
  const [address] = useState(() => addressOf(video, sound));

  const post = (message: Record<string, unknown>): void => frame.current?.contentWindow?.postMessage(JSON.stringify(message), PLAYER);
  const order = (func: string, args: unknown[] = []): void => post({ event: "command", func, args });

  const heard = useEffectEvent((event: MessageEvent) => {
    if (event.origin !== PLAYER || event.source !== frame.current?.contentWindow) return;
    const first = player.current === undefined;
    const after = playerAfter(player.current, event.data, serverNow());
    if (after === undefined) return;
    if (after === "failed") {
      onPlayback({ player: player.current, failed: true });
      return;
    }
    player.current = after;
    if (first) order(sound ? "unMute" : "mute");
    onPlayback({ player: after, failed: false });
  });
  const look = useEffectEvent((waited: number) => {
    if (player.current === undefined) {
      if (waited > PATIENCE) onPlayback({ player: undefined, failed: true });
      else post({ event: "listening", id: 1, channel: "widget" });
      return;
    }
    // A move by somebody in the room is followed at once, a drift now and then.
    if (performance.now() - corrected.current.at < PAUSE && corrected.current.of === video.at) return;
    const orders = ordersFor(video, player.current, serverNow());
    for (const { func, args } of orders) order(func, args);
    if (orders.length > 0) corrected.current = { at: performance.now(), of: video.at };
  });

  useEffect(() => {
    const began = performance.now();
    const timer = setInterval(() => look(performance.now() - began), LOOK_EVERY);
    const listen = (event: MessageEvent): void => heard(event);
    window.addEventListener("message", listen);
    return () => {
      clearInterval(timer);
      window.removeEventListener("message", listen);
    };
  }, []);
  const turnSound = useEffectEvent((on: boolean) => {
    if (player.current !== undefined) order(on ? "unMute" : "mute");
  });
  useEffect(() => turnSound(sound), [sound]);

  return (
    <iframe
      ref={frame}
      className={styles["frame"]}
      src={address}
      title={t.video.player}
      sandbox="allow-scripts allow-same-origin allow-popups allow-presentation"
      allow="autoplay; encrypted-media; picture-in-picture"
      referrerPolicy="strict-origin-when-cross-origin"
      data-testid="youtube-player"
    />
  );
}
