import type { Clock } from "./clock.js";
import { Refused } from "./errors.js";
import { type PeerConnection, type Peers, type Track, type Transceiver, preferCodecs } from "./media.js";
import { PeerLink, type PeerLinkOptions } from "./peerLink.js";
import type { IceServer, Level } from "./protocol.js";

/** Changes of what is shown are gathered for so long before the server is told. */
const VIEW_GATHERING = 150;
/** An old connection stays, with its last pictures, until the new one delivers; but not longer than this. */
const HAND_OVER = 6_000;

export interface WatcherOptions {
  peers: Peers;
  clock: Clock;
  /** `media.watch` */
  watch: (sdp: string) => Promise<string>;
  /** `media.view` */
  view: (slots: Record<string, Level>) => Promise<unknown>;
  /** Slots have other tracks than before, or more. */
  onTracks: () => void;
}

/** One watch connection: transceivers in the order of the server's slots. */
class Side {
  audio: Transceiver[] = [];
  video: Transceiver[] = [];
  readonly link: PeerLink;
  private shaped: PeerConnection | undefined;

  constructor(options: Omit<PeerLinkOptions, "shape">, slots: () => { audio: number; video: number }) {
    this.link = new PeerLink({
      ...options,
      shape: (peer) => {
        if (peer !== this.shaped) {
          this.shaped = peer;
          this.audio = [];
          this.video = [];
        }
        // All audio before all video on a fresh connection; later additions follow.
        const wanted = slots();
        for (const kind of ["audio", "video"] as const) {
          while (this[kind].length < wanted[kind]) {
            const transceiver = peer.addTransceiver(kind, { direction: "recvonly" });
            preferCodecs(options.peers, transceiver, kind, "receive");
            this[kind].push(transceiver);
          }
        }
      },
    });
  }
}

/** Receives everybody's media on one connection: slot "v0" is the first video track, "a0" the first audio track. */
export class Watcher {
  private slots = { audio: 0, video: 0 };
  private current: Side | undefined;
  private next: Side | undefined;
  private cancelHandOver: (() => void) | undefined;
  private iceServers: IceServer[] = [];
  /** Undefined as long as nobody says what is shown: then the server chooses. */
  private wanted: Record<string, Level> | undefined;
  private told: Record<string, Level> = {};
  private cancelView: (() => void) | undefined;
  private readyFor: PeerConnection | undefined;

  constructor(private readonly options: WatcherOptions) {}

  /** The connection whose pictures are shown now. */
  get connection(): PeerConnection | undefined {
    return this.current?.link.connection;
  }

  get connected(): boolean {
    return this.current?.link.connected ?? false;
  }

  /** How many slots the server has (`media.slots`): more of them lead to a new offer on the same connection. */
  setSlots(slots: { audio: number; video: number }): void {
    this.slots = slots;
    const side = this.next ?? this.current;
    if (side === undefined) this.begin();
    else if (side.audio.length < slots.audio || side.video.length < slots.video) side.link.offer();
  }

  /** The room's connection is new, and the server knows nothing of the old watch connection: a fresh one takes over. */
  attach(iceServers: IceServer[]): void {
    this.iceServers = iceServers;
    if (this.slots.audio + this.slots.video > 0) this.begin();
  }

  /** The server lost its side (`media.reset`). */
  reset(): void {
    if (this.slots.audio + this.slots.video > 0) this.begin();
  }

  restartIce(): void {
    (this.next ?? this.current)?.link.restartIce();
  }

  /** The track of slot "v3" or "a0". */
  track(slot: string): Track | undefined {
    const index = Number(slot.slice(1));
    const kind = slot.startsWith("a") ? "audio" : "video";
    return this.current?.[kind][index]?.receiver.track;
  }

  /** In the order of the slots: "a0" first. */
  audioTracks(): Track[] {
    return (this.current?.audio ?? []).map((transceiver) => transceiver.receiver.track);
  }

  /** In the order of the slots: "v0" first. */
  videoTracks(): Track[] {
    return (this.current?.video ?? []).map((transceiver) => transceiver.receiver.track);
  }

  /** What is shown now, completely: slots not named are off. The server is told the difference, a moment later. */
  show(slots: Record<string, Level>): void {
    this.wanted = slots;
    this.planView(VIEW_GATHERING);
  }

  close(): void {
    this.cancelView?.();
    this.cancelHandOver?.();
    this.current?.link.close();
    this.next?.link.close();
    this.current = undefined;
    this.next = undefined;
  }

  private begin(): void {
    this.next?.link.close();
    this.cancelHandOver?.();
    this.readyFor = undefined;
    const side: Side = new Side(
      {
        peers: this.options.peers,
        clock: this.options.clock,
        iceServers: this.iceServers,
        exchange: this.options.watch,
        onNegotiated: (peer) => this.negotiated(side, peer),
        onConnected: () => this.handOver(side),
      },
      () => this.slots,
    );
    if (this.current === undefined) {
      this.current = side;
    } else {
      this.current.link.retire();
      this.next = side;
      this.cancelHandOver = this.options.clock.after(HAND_OVER, () => this.handOver(side));
    }
    side.link.offer();
  }

  private negotiated(side: Side, peer: PeerConnection): void {
    if (side !== (this.next ?? this.current)) return;
    if (side === this.current) this.options.onTracks();
    // A connection made anew starts with the server's own choice.
    if (peer !== this.readyFor) this.told = {};
    this.readyFor = peer;
    this.tellView();
  }

  private handOver(side: Side): void {
    if (side !== this.next) return;
    this.cancelHandOver?.();
    const old = this.current;
    this.current = side;
    this.next = undefined;
    this.options.onTracks();
    old?.link.close();
  }

  /** Further changes don't put it off: in a busy room they come all the time. */
  private planView(wait: number): void {
    this.cancelView ??= this.options.clock.after(wait, () => {
      this.cancelView = undefined;
      this.tellView();
    });
  }

  private tellView(): void {
    if (this.readyFor === undefined || this.wanted === undefined) return;
    const changes: Record<string, Level> = {};
    for (let index = 0; index < this.slots.video; index++) {
      const slot = `v${index}`;
      const level = this.wanted[slot] ?? "off";
      if (this.told[slot] !== level) changes[slot] = level;
    }
    if (Object.keys(changes).length === 0) return;
    const before = this.told;
    this.told = { ...this.told, ...changes };
    this.options.view(changes).catch((error: unknown) => {
      this.told = before;
      if (!(error instanceof Refused)) return; // told again on the next connection
      this.cancelView?.();
      this.cancelView = undefined;
      this.planView(Math.max(1_000, (error.retryAfter ?? 0) * 1_000));
    });
  }
}
