import { Backoff, type BackoffLimits, type Clock } from "./clock.js";
import { afterClose } from "./closing.js";
import { Emitter } from "./emitter.js";
import { ConnectionLost, JoinRefused, Refused } from "./errors.js";
import { mergePatch } from "./mergePatch.js";
import type { IceServer, ServerMessage, Ticket } from "./protocol.js";
import type { ConnectionEvents, ConnectionOptions, Ending, Snapshot, Socket } from "./snapshot.js";
import { type Wire, msgpackWire } from "./wire.js";

/** The server hears a `hello` within 5 s and answers; longer than that, nobody is there. */
const HELLO_TIMEOUT = 10_000;
const COMMAND_TIMEOUT = 15_000;
/** After so long without a message the client asks whether anybody is there. */
const IDLE_BEFORE_PROBE = 25_000;
const PROBE_TIMEOUT = 5_000;
/** Tickets refused in a row after which joining again is given up. */
const MAX_REFUSED_TICKETS = 4;
const DEFAULT_BACKOFF: BackoffLimits = { first: 800, longest: 5_000 };

interface Pending {
  resolve: (result: Record<string, unknown>) => void;
  reject: (error: Error) => void;
  cancelTimeout: () => void;
}

/**
 * One person's live connection to a room: keeps the documents, carries commands, and comes back by
 * itself as the protocol's closing table says. Start it with `start()`; end it with `leave()` or `close()`.
 */
export class Connection {
  readonly events = new Emitter<ConnectionEvents>();
  private state: Snapshot = { status: { phase: "connecting", attempt: 0 }, speaking: [] };
  private readonly wire: Wire;
  private readonly clock: Clock;
  private readonly backoff: Backoff;
  private socket: Socket | undefined;
  private url: string | undefined;
  private ticket: string | undefined;
  private resume: string | undefined;
  private epoch: string | undefined;
  private version: number | undefined;
  private iceServers: IceServer[] = [];
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();
  private helloError: Refused | undefined;
  private refusedTickets = 0;
  private wasIn = false;
  private attached = false;
  private syncing = false;
  private leaving = false;
  private lastHeard = 0;
  private started = false;
  private trouble: unknown;
  private cancelRetry: (() => void) | undefined;
  private cancelIdle: (() => void) | undefined;

  constructor(private readonly options: ConnectionOptions) {
    this.wire = options.wire ?? msgpackWire;
    this.clock = options.clock;
    this.backoff = new Backoff(options.clock, options.backoff ?? DEFAULT_BACKOFF);
  }

  get snapshot(): Snapshot {
    return this.state;
  }

  /** Begins to connect. Later calls do nothing: who has left makes another connection. */
  start(): void {
    if (this.started) return;
    this.started = true;
    void this.connect();
  }

  /**
   * Sends a command; resolves with the reply's result.
   * Rejects with `Refused` (the server said no) or `ConnectionLost` (nobody knows).
   */
  command(type: string, fields: Record<string, unknown> = {}, timeout = COMMAND_TIMEOUT): Promise<Record<string, unknown>> {
    const socket = this.socket;
    if (socket === undefined || !["waiting", "in"].includes(this.state.status.phase)) {
      return Promise.reject(new ConnectionLost("Not connected."));
    }
    return this.send(socket, type, fields, timeout);
  }

  /** Leaves the room for good: seats, request and place end at once. */
  async leave(): Promise<void> {
    this.leaving = true;
    await this.command("leave", {}, 2_000).catch(() => undefined);
    this.end({ why: "left" });
  }

  /** Ends the connection without a word, as a lost network would: the server keeps seats for a few seconds. */
  close(): void {
    this.end({ why: "left" });
  }

  /** Tell it that the network may have changed (back online, another one): it looks at once instead of waiting. */
  networkChanged(): void {
    if (this.cancelRetry !== undefined) {
      this.cancelRetry();
      this.backoff.reset();
      void this.connect();
    } else {
      this.probe();
    }
  }

  private update(change: Partial<Snapshot>): void {
    this.state = { ...this.state, ...change };
    this.events.emit("change", this.state);
  }

  private async connect(): Promise<void> {
    this.cancelRetry = undefined;
    this.showTrying();
    if (this.resume === undefined && this.ticket === undefined && !(await this.askForTicket())) return;
    if (this.state.status.phase === "ended" || this.url === undefined) return;
    this.open(this.url);
  }

  /** Whether there is a ticket now; otherwise a retry is planned or everything has ended. */
  private async askForTicket(): Promise<boolean> {
    try {
      const answer: unknown = await this.options.join();
      if (!isTicket(answer)) throw new TypeError("`join` must resolve with a ticket: what POST /api/sessions/{id}/join answers.");
      this.ticket = answer.ticket;
      this.url = answer.url;
      this.iceServers = answer.ice_servers ?? [];
      return true;
    } catch (error) {
      if (this.state.status.phase === "ended") return false;
      if (error instanceof JoinRefused) this.end({ why: "refused", status: error.status, message: error.message });
      else this.retryLater(error);
      return false;
    }
  }

  private open(url: string): void {
    const socket = this.tryToOpen(url);
    if (socket === undefined) return;
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.helloError = undefined;
    const cancelHello = this.clock.after(HELLO_TIMEOUT, () => this.lost(socket));
    socket.onopen = () => {
      this.lastHeard = this.clock.now();
      const hello = this.resume === undefined ? { ticket: this.ticket } : { resume: this.resume, epoch: this.epoch, version: this.version };
      this.ticket = undefined; // a ticket serves once
      this.send(socket, "hello", hello, HELLO_TIMEOUT).then(cancelHello, (error: unknown) => {
        cancelHello();
        if (error instanceof Refused) this.helloError = error;
      });
    };
    socket.onmessage = (event) => {
      if (socket !== this.socket) return;
      this.lastHeard = this.clock.now();
      let message: ServerMessage;
      try {
        message = this.wire.decode(event.data);
      } catch {
        this.lost(socket);
        return;
      }
      this.receive(message);
    };
    socket.onclose = (event) => {
      cancelHello();
      if (socket === this.socket) this.closed(event.code);
    };
  }

  /** Browsers refuse some addresses at once: ones that are none, and plain ws: on pages that came by HTTPS. */
  private tryToOpen(url: string): Socket | undefined {
    try {
      return this.options.openSocket(url, this.wire.protocol);
    } catch (error) {
      this.ticket = undefined; // the next one may come with another address
      this.retryLater(error);
      return undefined;
    }
  }

  private send(socket: Socket, type: string, fields: Record<string, unknown>, timeout: number): Promise<Record<string, unknown>> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.clock.after(timeout, () => this.lost(socket));
      this.pending.set(id, { resolve, reject, cancelTimeout });
      socket.send(this.wire.encode({ type, id, ...fields }));
    });
  }

  private receive(message: ServerMessage): void {
    switch (message.type) {
      case "reply":
        this.receiveReply(message);
        break;
      case "waiting":
        this.update({ status: { phase: "waiting", position: message.position, viewers: message.viewers, cap: message.cap } });
        this.watchIdle();
        break;
      case "welcome":
        this.receiveWelcome(message);
        break;
      case "resumed":
        this.resume = message.resume;
        this.forgetDesk();
        this.attach({ you: message.you, ...(message.desk && { desk: message.desk }) });
        break;
      case "update":
        this.receiveUpdate(message);
        break;
      case "notice":
        this.events.emit("notice", message);
        break;
      case "media.speaking":
        this.update({ speaking: message.seats });
        break;
      case "media.slots":
      case "media.send":
      case "media.reset":
        this.events.emit("media", message);
        break;
    }
  }

  private receiveReply(message: Extract<ServerMessage, { type: "reply" }>): void {
    const pending = this.pending.get(message.id);
    if (pending === undefined) return;
    this.pending.delete(message.id);
    pending.cancelTimeout();
    if (message.ok) pending.resolve(message.result ?? {});
    else pending.reject(new Refused(message.error));
  }

  private receiveWelcome(message: Extract<ServerMessage, { type: "welcome" }>): void {
    this.resume = message.resume;
    this.epoch = message.epoch;
    this.version = message.version;
    this.syncing = false;
    if (message.ice_servers !== undefined) this.iceServers = message.ice_servers;
    this.forgetDesk(); // without `desk` this person can't moderate (any more)
    const documents = {
      room: message.room,
      you: message.you,
      ...(message.desk && { desk: message.desk }),
      ...(message.viewer_caps && { viewerCaps: message.viewer_caps }),
    };
    if (this.attached) this.update(documents);
    else this.attach(documents);
  }

  private attach(documents: Partial<Snapshot>): void {
    this.attached = true;
    this.wasIn = true;
    this.refusedTickets = 0;
    this.trouble = undefined;
    this.backoff.reset();
    this.update({ ...documents, status: { phase: "in" } });
    this.watchIdle();
    this.events.emit("attached", { iceServers: this.iceServers });
  }

  private receiveUpdate(message: Extract<ServerMessage, { type: "update" }>): void {
    if (message.doc !== "room") {
      this.receivePatch(message.doc, message.patch);
      return;
    }
    if (this.syncing || this.version === undefined || message.version <= this.version) return;
    if (message.base !== this.version) {
      this.syncing = true;
      this.command("sync").catch(() => {
        this.syncing = false; // the next update shows the gap again
      });
      return;
    }
    this.version = message.version;
    this.receivePatch("room", message.patch);
  }

  private receivePatch(doc: "room" | "you" | "desk", patch: unknown): void {
    const next = mergePatch(this.state[doc] ?? {}, patch) as Record<string, unknown>;
    // Who ceases to moderate gets a patch that empties the desk.
    if (doc === "desk" && Object.keys(next).length === 0) {
      this.forgetDesk();
      this.update({});
    } else {
      this.update({ [doc]: next });
    }
  }

  private forgetDesk(): void {
    this.state = { ...this.state };
    delete this.state.desk;
  }

  private watchIdle(): void {
    this.cancelIdle?.();
    const idle = this.clock.now() - this.lastHeard;
    this.cancelIdle = this.clock.after(Math.max(IDLE_BEFORE_PROBE - idle, 1_000), () => {
      if (this.clock.now() - this.lastHeard >= IDLE_BEFORE_PROBE) this.probe();
      this.watchIdle();
    });
  }

  /** A command that changes nothing; without an answer in time the connection counts as lost. */
  private probe(): void {
    this.command("media.view", { slots: {} }, PROBE_TIMEOUT).catch(() => undefined);
  }

  /** Nothing comes through this socket any more, and no close will tell. */
  private lost(socket: Socket): void {
    if (socket !== this.socket) return;
    socket.onclose = null;
    socket.close();
    this.closed(1006);
  }

  private closed(code: number): void {
    this.detach();
    if (this.state.status.phase === "ended") return;
    if (this.leaving) {
      this.end({ why: "left" });
      return;
    }
    const next = afterClose(code);
    if (next === "join") {
      this.resume = undefined;
      this.refusedTickets += 1;
    }
    if (next === "stop" || this.refusedTickets >= MAX_REFUSED_TICKETS) {
      this.end({ why: "closed", code, ...(this.helloError && { message: this.helloError.message }) });
    } else if (next === "join" && this.refusedTickets === 1) {
      void this.connect();
    } else {
      this.retryLater();
    }
  }

  private detach(): void {
    this.socket = undefined;
    this.attached = false;
    this.syncing = false;
    this.cancelIdle?.();
    const pending = [...this.pending.values()];
    this.pending.clear();
    for (const { reject, cancelTimeout } of pending) {
      cancelTimeout();
      reject(new ConnectionLost("The connection was lost."));
    }
  }

  private retryLater(trouble?: unknown): void {
    this.trouble = trouble;
    const wait = this.backoff.next();
    this.cancelRetry = this.clock.after(wait, () => void this.connect());
    this.showTrying(this.clock.now() + wait);
  }

  private showTrying(retryAt?: number): void {
    const phase = this.wasIn ? "reconnecting" : "connecting";
    this.update({
      status: {
        phase,
        attempt: this.backoff.attempt,
        ...(retryAt !== undefined && { retryAt }),
        ...(this.trouble !== undefined && { error: this.trouble }),
      },
      speaking: [],
    });
  }

  private end(ending: Ending): void {
    if (this.state.status.phase === "ended") return;
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    const socket = this.socket;
    this.update({ status: { phase: "ended", ending }, speaking: [] });
    this.detach();
    if (socket !== undefined) {
      socket.onclose = null;
      socket.onmessage = null;
      socket.close(1000);
    }
  }
}

function isTicket(answer: unknown): answer is Ticket {
  const { ticket, url } = (answer ?? {}) as Partial<Record<keyof Ticket, unknown>>;
  return typeof ticket === "string" && typeof url === "string";
}
