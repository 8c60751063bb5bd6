import { decode, encode } from "@msgpack/msgpack";
import { Connection, Room, type RoomDocument, type RoomOptions, type Socket, type YouDocument, type ConnectionOptions } from "../../src/index.js";
import { FakeClock, settle } from "./fakeClock.js";

export type Message = Record<string, unknown> & { type: string };

/** The server's end of one socket: what the client sent, and what the script answers. */
export class FakeSocket implements Socket {
  binaryType = "";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly received: (Message & { id: number })[] = [];
  closedWith: number | undefined;
  isClosed = false;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {}

  send(data: string | Uint8Array): void {
    this.received.push((typeof data === "string" ? JSON.parse(data) : decode(data)) as Message & { id: number });
  }

  close(code?: number): void {
    this.isClosed = true;
    this.closedWith = code;
  }

  /** The server accepts the connection; the client's hello is on its way afterwards. */
  open(): void {
    this.onopen?.();
  }

  push(message: Record<string, unknown>): void {
    const data = this.protocol.endsWith("json") ? JSON.stringify(message) : encode(message);
    this.onmessage?.({ data });
  }

  last(type: string): Message & { id: number } {
    const found = this.received.findLast((message) => message.type === type);
    if (found === undefined) throw new Error(`The client sent no ${type}.`);
    return found;
  }

  count(type: string): number {
    return this.received.filter((message) => message.type === type).length;
  }

  async reply(type: string, result: Record<string, unknown> = {}): Promise<void> {
    this.push({ type: "reply", id: this.last(type).id, ok: true, result });
    await settle();
  }

  async refuse(type: string, error: Record<string, unknown>): Promise<void> {
    this.push({ type: "reply", id: this.last(type).id, ok: false, error: { message: "No.", ...error } });
    await settle();
  }

  async drop(code: number): Promise<void> {
    this.onclose?.({ code, reason: "" });
    await settle();
  }

  /** Answers the hello and lets the client in. */
  async welcome(fields: Record<string, unknown> = {}): Promise<void> {
    this.open();
    await this.reply("hello");
    this.push({ ...welcomeMessage, ...fields });
    await settle();
  }
}

export const room: RoomDocument = {
  session: "ses_1",
  title: "Opening",
  share_policy: "moderated",
  max_on_screen: 50,
  seats_taken: 0,
  viewers: 1,
  viewer_cap: 5000,
  waiting: 0,
  seats: {},
  recording: "off",
};

export const you: YouDocument = {
  participant: "p_1",
  name: "Ada",
  role: "attendee",
  can_share: false,
  must_ask: true,
  can_moderate: false,
  seats: [],
};

export const welcomeMessage = { type: "welcome", resume: "resume-1", epoch: "e1", version: 10, room, you, ice_servers: [] };

export interface Scene {
  clock: FakeClock;
  sockets: FakeSocket[];
  joins: number;
  /** What the next join does; a ticket unless told otherwise. */
  join: () => Promise<{ ticket: string; url: string }>;
  socket: () => FakeSocket;
  options: ConnectionOptions;
}

export function scene(): Scene {
  const clock = new FakeClock();
  const sockets: FakeSocket[] = [];
  const made: Scene = {
    clock,
    sockets,
    joins: 0,
    join: () => Promise.resolve({ ticket: `ticket-${made.joins}`, url: "ws://room/ws" }),
    socket: () => {
      const socket = sockets.at(-1);
      if (socket === undefined) throw new Error("No socket was opened.");
      return socket;
    },
    options: {
      clock,
      join: () => {
        made.joins += 1;
        return made.join();
      },
      openSocket: (url, protocol) => {
        const socket = new FakeSocket(url, protocol);
        sockets.push(socket);
        return socket;
      },
    },
  };
  return made;
}

/** A connection that is in the room. */
export async function connected(at: Scene, welcome: Record<string, unknown> = {}): Promise<Connection> {
  const connection = new Connection(at.options);
  connection.start();
  await settle();
  await at.socket().welcome(welcome);
  return connection;
}

/** A room, with or without media, that one is in. */
export async function entered(at: Scene, options: Partial<RoomOptions> = {}, welcome: Record<string, unknown> = {}): Promise<Room> {
  const inside = new Room({ ...at.options, ...options });
  inside.start();
  await settle();
  await at.socket().welcome(welcome);
  return inside;
}
