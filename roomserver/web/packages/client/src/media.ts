/**
 * The part of WebRTC that the library uses, as interfaces: a browser's RTCPeerConnection fits them, and so
 * does a test's. Nothing here or beside it touches the DOM.
 */
import type { IceServer } from "./protocol.js";

export interface Track {
  readonly id: string;
  readonly kind: string;
  enabled: boolean;
  /** The size of a picture, where it is known. */
  getSettings?(): { width?: number; height?: number };
}

export interface Codec {
  mimeType: string;
  clockRate: number;
  channels?: number;
  sdpFmtpLine?: string;
}

export interface Encoding {
  rid?: string;
  active?: boolean;
  maxBitrate?: number;
  maxFramerate?: number;
  scaleResolutionDownBy?: number;
}

export interface Sender {
  readonly track: Track | null;
  replaceTrack(track: Track | null): Promise<void>;
  getParameters(): { encodings: Encoding[] };
  setParameters(parameters: { encodings: Encoding[] }): Promise<void>;
}

export interface Transceiver {
  readonly sender: Sender;
  readonly receiver: { readonly track: Track };
  setCodecPreferences?(codecs: Codec[]): void;
}

export interface PeerConnection {
  readonly connectionState: string;
  readonly localDescription: { readonly sdp: string } | null;
  onconnectionstatechange: ((event: never) => unknown) | null;
  addTransceiver(
    trackOrKind: Track | "audio" | "video",
    init: { direction: "sendonly" | "recvonly"; sendEncodings?: Encoding[] },
  ): Transceiver;
  createOffer(options?: { iceRestart?: boolean }): Promise<{ sdp?: string }>;
  setLocalDescription(description: { type: "offer"; sdp: string }): Promise<void>;
  setRemoteDescription(description: { type: "answer"; sdp: string }): Promise<void>;
  getStats(): Promise<unknown>;
  close(): void;
}

/** Makes connections: the application passes the browser's in. */
export interface Peers {
  create(configuration: { iceServers: IceServer[]; bundlePolicy: "max-bundle" }): PeerConnection;
  /** What this browser can receive or send, most wanted first. */
  codecs(kind: "audio" | "video", direction: "send" | "receive"): Codec[];
}

/** The codecs that the server forwards, with what repairs their losses: keeps descriptions small and slots switchable. */
const wanted: Record<"audio" | "video", RegExp> = {
  audio: /^audio\/opus$/i,
  video: /^video\/(vp8|rtx)$/i,
};

export function preferCodecs(peers: Peers, transceiver: Transceiver, kind: "audio" | "video", direction: "send" | "receive"): void {
  const codecs = peers.codecs(kind, direction).filter((codec) => wanted[kind].test(codec.mimeType));
  if (codecs.length > 0) transceiver.setCodecPreferences?.(codecs);
}
