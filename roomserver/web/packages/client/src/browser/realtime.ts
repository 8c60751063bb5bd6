/** The browser's side of what the room library asks for: time, sockets, peer connections. */
import type { Clock, PeerConnection, Peers, Socket, Track } from "../index.js";

export const clock: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => {
      clearTimeout(timer);
    };
  },
  random: Math.random,
};

export function openSocket(url: string, protocol: string): Socket {
  return new WebSocket(url, protocol) as unknown as Socket;
}

export const peers: Peers | undefined =
  "RTCPeerConnection" in globalThis
    ? {
        create: (configuration) => new RTCPeerConnection(configuration) as unknown as PeerConnection,
        codecs: (kind, direction) =>
          (direction === "send" ? RTCRtpSender : RTCRtpReceiver).getCapabilities(kind)?.codecs ?? [],
      }
    : undefined;

/** The library's tracks are the browser's: it hands back what the browser gave it. */
export function asMediaTrack(track: Track): MediaStreamTrack {
  return track as MediaStreamTrack;
}
