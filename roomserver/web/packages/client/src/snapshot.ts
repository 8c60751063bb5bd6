/** What a connection takes, knows and tells. */
import type { BackoffLimits, Clock } from "./clock.js";
import type { DeskDocument, IceServer, Notice, RoomDocument, ServerMessage, Ticket, YouDocument } from "./protocol.js";
import type { Wire } from "./wire.js";

/** The part of a WebSocket that is used here; `openSocket` of the options makes one. */
export interface Socket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

export interface ConnectionOptions {
  /** Asks for a ticket over HTTP. Throws `JoinRefused` where asking again is no use, anything else to be asked again. */
  join: () => Promise<Ticket>;
  openSocket: (url: string, protocol: string) => Socket;
  clock: Clock;
  wire?: Wire;
  backoff?: BackoffLimits;
}

export type Ending =
  | { why: "left" }
  /** Joining over HTTP was refused. */
  | { why: "refused"; status: number; message: string }
  /** The server closed the connection for good; `code` of the protocol's table. */
  | { why: "closed"; code: number; message?: string };

export type Status =
  | { phase: "connecting"; attempt: number; retryAt?: number }
  | { phase: "waiting"; position: number; viewers: number; cap: number }
  | { phase: "in" }
  /** The documents are those from before; `retryAt` is on the clock's scale, absent while a try is under way. */
  | { phase: "reconnecting"; attempt: number; retryAt?: number }
  | { phase: "ended"; ending: Ending };

/** Everything known at one moment. A new object for each change, sharing what did not change. */
export interface Snapshot {
  status: Status;
  room?: RoomDocument;
  you?: YouDocument;
  desk?: DeskDocument;
  /** Seats whose people speak now, loudest first. */
  speaking: readonly string[];
}

export type MediaMessage = Extract<ServerMessage, { type: `media.${string}` }>;

export interface ConnectionEvents {
  change: Snapshot;
  notice: Notice;
  media: MediaMessage;
  /** In the room on a new connection: first time, after a reconnection, from the waiting line. */
  attached: { iceServers: IceServer[] };
}
