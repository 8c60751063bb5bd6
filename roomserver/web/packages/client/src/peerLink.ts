import { Backoff, type Clock } from "./clock.js";
import { ConnectionLost, Refused } from "./errors.js";
import type { PeerConnection, Peers } from "./media.js";
import type { IceServer } from "./protocol.js";

/** Time for a network hiccup to pass by itself before ICE is restarted. */
const DISCONNECTED_GRACE = 2_000;
/** An answer that leads to no connection within this time leads to none. */
const CONNECT_TIMEOUT = 12_000;
const BACKOFF = { first: 600, longest: 10_000 };
/** Refusals after which offering again is no use: what the offer is about is gone or not allowed. */
const FINAL_REFUSALS = new Set(["forbidden", "no_such_seat", "not_admitted", "must_ask"]);

export interface PeerLinkOptions {
  peers: Peers;
  clock: Clock;
  iceServers: IceServer[];
  /** Adds what the connection lacks (transceivers); called before every offer, on a fresh connection as on an old one. */
  shape: (peer: PeerConnection) => void;
  /** Carries an offer to the server and its answer back. */
  exchange: (sdp: string) => Promise<string>;
  /** An answer was accepted. */
  onNegotiated?: (peer: PeerConnection) => void;
  onConnected?: () => void;
  onState?: (state: string) => void;
}

/**
 * One peer connection that wants to stay: offers one at a time, restarts ICE after a hiccup, and is made anew,
 * with growing pauses, when it failed. After `ConnectionLost` it waits: the owner calls `renew` or `offer`
 * once there is a connection to the room again.
 */
export class PeerLink {
  private peer: PeerConnection | undefined;
  private readonly backoff: Backoff;
  private offering = false;
  private offerWanted = false;
  private iceRestart = false;
  private closed = false;
  private cancelTimer: (() => void) | undefined;
  private cancelRetry: (() => void) | undefined;

  constructor(private readonly options: PeerLinkOptions) {
    this.backoff = new Backoff(options.clock, BACKOFF);
  }

  get connection(): PeerConnection | undefined {
    return this.peer;
  }

  get connected(): boolean {
    return this.peer?.connectionState === "connected";
  }

  /** Offers (again) on the same connection: first time, or after `shape` has more to add. */
  offer(): void {
    this.offerWanted = true;
    void this.work();
  }

  /** Offers with fresh ICE on the same connection: the network changed. */
  restartIce(): void {
    if (this.closed || this.peer === undefined) return;
    this.iceRestart = true;
    this.offer();
  }

  /** Drops the connection and makes a fresh one at once. */
  renew(): void {
    this.dropPeer();
    this.offer();
  }

  /** Does nothing more by itself; what arrives still arrives, until `close`. */
  retire(): void {
    this.closed = true;
    this.cancelTimer?.();
    this.cancelRetry?.();
    if (this.peer !== undefined) this.peer.onconnectionstatechange = null;
  }

  close(): void {
    this.closed = true;
    this.dropPeer();
  }

  private dropPeer(): void {
    this.cancelTimer?.();
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    this.iceRestart = false;
    const peer = this.peer;
    this.peer = undefined;
    if (peer !== undefined) {
      peer.onconnectionstatechange = null;
      peer.close();
    }
  }

  private async work(): Promise<void> {
    if (this.offering || this.closed) return;
    this.offering = true;
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    try {
      while (this.offerWanted && !this.stopped()) {
        this.offerWanted = false;
        await this.negotiate();
      }
    } catch (error) {
      if (!this.stopped()) this.failed(error);
    } finally {
      this.offering = false;
      // Renewed while an offer for the dropped connection was under way.
      if (this.offerWanted && !this.retryPlanned() && !this.stopped()) void this.work();
    }
  }

  private stopped(): boolean {
    return this.closed;
  }

  private retryPlanned(): boolean {
    return this.cancelRetry !== undefined;
  }

  private async negotiate(): Promise<void> {
    const peer = this.peer ?? this.create();
    this.options.shape(peer);
    const iceRestart = this.iceRestart;
    this.iceRestart = false;
    const offer = await peer.createOffer(iceRestart ? { iceRestart } : {});
    if (this.replaced(peer)) return;
    // The server is ICE-lite and learns this side's addresses from its checks: the offer goes out without waiting for candidates.
    await peer.setLocalDescription({ type: "offer", sdp: offer.sdp ?? "" });
    const sdp = peer.localDescription?.sdp;
    if (this.replaced(peer) || sdp === undefined) return;
    const answer = await this.options.exchange(sdp);
    if (this.replaced(peer)) return;
    await peer.setRemoteDescription({ type: "answer", sdp: answer });
    if (this.replaced(peer)) return;
    if (peer.connectionState !== "connected") this.renewUnlessConnected(CONNECT_TIMEOUT);
    this.options.onNegotiated?.(peer);
  }

  /** Renewed or closed while something was awaited. */
  private replaced(peer: PeerConnection): boolean {
    return peer !== this.peer;
  }

  private create(): PeerConnection {
    const peer = this.options.peers.create({ iceServers: this.options.iceServers, bundlePolicy: "max-bundle" });
    this.peer = peer;
    peer.onconnectionstatechange = () => {
      if (peer === this.peer) this.stateChanged(peer.connectionState);
    };
    return peer;
  }

  private stateChanged(state: string): void {
    this.options.onState?.(state);
    if (state === "connected") {
      this.cancelTimer?.();
      this.backoff.reset();
      this.options.onConnected?.();
    } else if (state === "disconnected") {
      this.cancelTimer?.();
      this.cancelTimer = this.options.clock.after(DISCONNECTED_GRACE, () => {
        this.restartIce();
        this.renewUnlessConnected(CONNECT_TIMEOUT);
      });
    } else if (state === "failed") {
      this.renewLater();
    }
  }

  private renewUnlessConnected(after: number): void {
    this.cancelTimer?.();
    this.cancelTimer = this.options.clock.after(after, () => {
      if (!this.connected) this.renewLater();
    });
  }

  private renewLater(): void {
    this.dropPeer();
    this.retry(() => this.offer(), this.backoff.next());
  }

  private failed(error: unknown): void {
    if (error instanceof ConnectionLost) return;
    if (error instanceof Refused) {
      if (FINAL_REFUSALS.has(error.code)) return;
      this.retry(() => this.offer(), Math.max(this.backoff.next(), (error.retryAfter ?? 0) * 1_000));
    } else {
      // A description that the browser won't take: only a fresh connection can help.
      this.renewLater();
    }
  }

  private retry(action: () => void, wait: number): void {
    this.cancelRetry?.();
    this.cancelRetry = this.options.clock.after(wait, () => {
      this.cancelRetry = undefined;
      if (!this.closed) action();
    });
  }
}
