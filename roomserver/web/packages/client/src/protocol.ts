/**
 * The words of the room protocol, version 1 (signaling/PROTOCOL.md): documents, messages, refusals.
 * Everything the server sends may grow new fields; a receiver ignores those it doesn't know.
 */

export type Role = "organizer" | "moderator" | "attendee";
export type SharePolicy = "anyone" | "invite_only" | "moderated";
export type ShareKind = "camera" | "screen";
export type Level = "high" | "low" | "off";

export interface Seat {
  kind: ShareKind | "integration";
  participant: string;
  name: string;
  /** Unix seconds. */
  since: number;
  audio: boolean;
  video: boolean;
  /** By a moderator, for everybody. */
  muted?: boolean;
  /** Media arrives at the server. */
  live?: boolean;
  /** The connection was lost; the seat is kept for a few seconds. */
  away?: boolean;
  /** The video slot on which it is seen, "v0" and so on. */
  slot?: string;
  source?: "youtube" | "rtmp" | "whip" | "mirror" | "app";
}

/** A YouTube video that everybody sees at the same second. */
export interface SharedVideo {
  seat: string;
  /** YouTube's id. */
  video: string;
  playing: boolean;
  /** Seconds from its start at the time `at` (Unix seconds); it moves on at `rate` while `playing`. */
  position: number;
  at: number;
  rate: number;
}

/** How many may watch at most while so many seats are taken at most. */
export type ViewerCap = readonly [seats: number, viewers: number];

export interface RoomDocument {
  session: string;
  title: string;
  share_policy: SharePolicy;
  max_on_screen: number;
  seats_taken: number;
  viewers: number;
  viewer_cap: number;
  waiting: number;
  /** An empty map may be left out. */
  seats?: Record<string, Seat>;
  youtube?: SharedVideo;
  recording?: "off" | "armed" | "recording" | "paused" | "ended";
}

export interface YouDocument {
  participant: string;
  name: string;
  role: Role;
  can_share: boolean;
  must_ask: boolean;
  can_moderate: boolean;
  request?: { position: number; since: number };
  grant?: { seat: string; expires_at: number };
  seats?: string[];
}

export interface DeskDocument {
  requests?: Record<string, { name: string; since: number }>;
  grants?: Record<string, { name: string; seat: string; expires_at: number }>;
}

export interface IceServer {
  urls: string | string[];
  username?: string;
  credential?: string;
}

/** What `POST /api/sessions/{id}/join` answers. */
export interface Ticket {
  ticket: string;
  url: string;
  ice_servers?: IceServer[];
}

/** What a publisher should send on one layer (rid) now. */
export interface LayerAdvice {
  active?: boolean;
  /** bits/s */
  max_bitrate?: number;
  /** frames/s */
  max_framerate?: number;
  /** For a camera of 1280x720; of another one, `width` and `height` say what is meant. */
  scale_down_by?: number;
  width?: number;
  height?: number;
}

export interface ErrorBody {
  code: string;
  message: string;
  /** Numbers and names; `retry_after` seconds where the code is `rate_limited`. */
  details?: Record<string, unknown>;
}

export interface Notice {
  code: string;
  message: string;
  details?: Record<string, unknown>;
}

export type ServerMessage =
  | ({ type: "reply"; id: number } & ({ ok: true; result?: Record<string, unknown> } | { ok: false; error: ErrorBody }))
  | { type: "waiting"; position: number; viewers: number; cap: number }
  | {
      type: "welcome";
      resume: string;
      epoch: string;
      version: number;
      room: RoomDocument;
      you: YouDocument;
      desk?: DeskDocument;
      ice_servers?: IceServer[];
      viewer_caps?: ViewerCap[];
    }
  | { type: "resumed"; resume: string; version: number; you: YouDocument; desk?: DeskDocument }
  | { type: "update"; doc: "room"; base: number; version: number; patch: unknown }
  | { type: "update"; doc: "you" | "desk"; patch: unknown }
  | ({ type: "notice" } & Notice)
  | { type: "media.slots"; audio: number; video: number }
  | { type: "media.send"; seat: string; layers: Record<string, LayerAdvice> }
  | { type: "media.speaking"; seats: string[] }
  | { type: "media.reset" };
