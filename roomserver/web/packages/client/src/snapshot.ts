/** What a connection takes, knows and tells. */
import type { BackoffLimits, Clock } from "./clock.js";
import type { DeskDocument, IceServer, Notice, RoomDocument, ServerMessage, Ticket, ViewerCap, YouDocument } from "./protocol.js";
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
  /**
   * Gets a ticket: what `POST /api/sessions/{id}/join` answers. Called again whenever a new one is needed. Throws
   * `JoinRefused` where asking again is no use, anything else to be asked again.
   */
  join: () => Promise<Ticket>;
  openSocket: (url: string, protocol: string) => Socket;
  clock: Clock;
  /** How messages are written; msgpack unless told otherwise. */
  wire?: Wire;
  /** Pauses between tries to come back. */
  backoff?: BackoffLimits;
}

/** Why a visit is over. */
export type Ending =
  /** `leave` or `close` was called. */
  | { why: "left" }
  /** Joining over HTTP was refused. */
  | { why: "refused"; status: number; message: string }
  /** The server closed the connection for good; `code` of the protocol's table. */
  | { why: "closed"; code: number; message?: string };

/** How tries to connect go. */
export interface Trying {
  /** How many failed in a row. */
  attempt: number;
  /** When the next one begins, on the clock's scale; absent while one is under way. */
  retryAt?: number;
  /** What `join` or `openSocket` threw last: for the console, not for people. */
  error?: unknown;
}

/** Where a visit stands. */
export type Status =
  | ({ phase: "connecting" } & Trying)
  /** In the waiting line, which is `position` places long up to here. */
  | { phase: "waiting"; position: number; viewers: number; cap: number }
  | { phase: "in" }
  /** Was in, and comes back by itself; the documents are those from before. */
  | ({ phase: "reconnecting" } & Trying)
  | { phase: "ended"; ending: Ending };

/** Everything known at one moment. A new object for each change, sharing what did not change. */
export interface Snapshot {
  status: Status;
  /** What everybody sees; from the first welcome on. */
  room?: RoomDocument;
  /** What concerns oneself. */
  you?: YouDocument;
  /** What moderators see; absent for others. */
  desk?: DeskDocument;
  /** The viewer cap by seats taken, in ascending order: what one more on screen would change. */
  viewerCaps?: readonly ViewerCap[];
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
