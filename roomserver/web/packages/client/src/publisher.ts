import type { Clock } from "./clock.js";
import { type Encoding, type PeerConnection, type Peers, type Sender, type Track, preferCodecs } from "./media.js";
import { PeerLink } from "./peerLink.js";
import type { IceServer, LayerAdvice, ShareKind } from "./protocol.js";

export interface ShareTracks {
  audio: Track | null;
  video: Track | null;
}

/**
 * Two layers of a camera: "l" for small tiles, "h" for large ones, which the server asks for when somebody shows it
 * large. A screen goes out as one sharp layer.
 */
const CAMERA_ENCODINGS: Encoding[] = [
  { rid: "l", active: true, scaleResolutionDownBy: 4, maxBitrate: 150_000, maxFramerate: 15 },
  { rid: "h", active: true, scaleResolutionDownBy: 1, maxBitrate: 1_200_000, maxFramerate: 30 },
];
const SCREEN_ENCODINGS: Encoding[] = [{ active: true, maxBitrate: 2_500_000, maxFramerate: 15 }];

export interface PublisherOptions {
  peers: Peers;
  clock: Clock;
  iceServers: IceServer[];
  seat: string;
  kind: ShareKind;
  tracks: ShareTracks;
  /** `media.publish`: carries the offer of this seat to the server and the answer back. */
  publish: (seat: string, sdp: string) => Promise<string>;
  onState?: (state: string) => void;
}

/** Sends the media of one seat on a peer connection of its own, for as long as the seat is held. */
export class Publisher {
  readonly seat: string;
  readonly kind: ShareKind;
  private readonly link: PeerLink;
  private tracks: ShareTracks;
  private advice: Record<string, LayerAdvice> = {};
  private audio: Sender | undefined;
  private video: Sender | undefined;
  private shaped: PeerConnection | undefined;
  private applying: Promise<void> = Promise.resolve();

  constructor(private readonly options: PublisherOptions) {
    this.seat = options.seat;
    this.kind = options.kind;
    this.tracks = options.tracks;
    this.link = new PeerLink({
      peers: options.peers,
      clock: options.clock,
      iceServers: options.iceServers,
      shape: (peer) => this.shape(peer),
      exchange: (sdp) => options.publish(this.seat, sdp),
      onNegotiated: () => this.applyAdvice(),
      ...(options.onState && { onState: options.onState }),
    });
  }

  get connection(): PeerConnection | undefined {
    return this.link.connection;
  }

  /** The picture that goes out now. */
  get picture(): Track | null {
    return this.tracks.video;
  }

  start(): void {
    this.link.offer();
  }

  /** The room's connection is new: media that still flows is left alone. */
  reattach(): void {
    if (!this.link.connected) this.link.renew();
  }

  renew(): void {
    this.link.renew();
  }

  restartIce(): void {
    this.link.restartIce();
  }

  /** Sends other tracks from now on, or none; no new negotiation. */
  async setTracks(tracks: Partial<ShareTracks>): Promise<void> {
    this.tracks = { ...this.tracks, ...tracks };
    const changes: Promise<void>[] = [];
    // Another camera may have another size.
    if (tracks.video) this.applyAdvice();
    if (tracks.audio !== undefined && this.audio !== undefined) changes.push(this.audio.replaceTrack(tracks.audio));
    if (tracks.video !== undefined && this.video !== undefined) changes.push(this.video.replaceTrack(tracks.video));
    await Promise.all(changes);
  }

  /** What the server wants to be sent now (`media.send`). */
  follow(layers: Record<string, LayerAdvice>): void {
    this.advice = layers;
    this.applyAdvice();
  }

  close(): void {
    this.link.close();
  }

  private shape(peer: PeerConnection): void {
    if (peer === this.shaped) return;
    this.shaped = peer;
    // A camera seat offers both kinds even while one is off, so that turning it on needs no negotiation.
    this.audio = undefined;
    if (this.kind === "camera" || this.tracks.audio !== null) {
      const audio = peer.addTransceiver(this.tracks.audio ?? "audio", { direction: "sendonly" });
      preferCodecs(this.options.peers, audio, "audio", "send");
      this.audio = audio.sender;
    }
    const video = peer.addTransceiver(this.tracks.video ?? "video", {
      direction: "sendonly",
      sendEncodings: (this.kind === "camera" ? CAMERA_ENCODINGS : SCREEN_ENCODINGS).map((encoding) => ({ ...encoding })),
    });
    preferCodecs(this.options.peers, video, "video", "send");
    this.video = video.sender;
  }

  private applyAdvice(): void {
    // One after the other: parameters must be the ones last read.
    this.applying = this.applying.then(async () => {
      const sender = this.video;
      if (sender === undefined || Object.keys(this.advice).length === 0) return;
      const parameters = sender.getParameters();
      if (parameters.encodings.length === 0) return;
      for (const encoding of parameters.encodings) {
        const layer = this.layerFor(encoding, parameters.encodings.length);
        if (layer !== undefined) applyLayer(encoding, layer, this.tracks.video);
      }
      await sender.setParameters(parameters).catch(() => undefined); // the connection was closed meanwhile
    });
  }

  private layerFor(encoding: Encoding, count: number): LayerAdvice | undefined {
    if (encoding.rid !== undefined && Object.hasOwn(this.advice, encoding.rid)) return this.advice[encoding.rid];
    if (count > 1) return undefined;
    // One layer without a name: the advice for the best one is meant.
    return this.advice["h"] ?? Object.values(this.advice)[0];
  }
}

function applyLayer(encoding: Encoding, layer: LayerAdvice, track: Track | null): void {
  if (layer.active !== undefined) encoding.active = layer.active;
  if (layer.max_bitrate !== undefined) encoding.maxBitrate = layer.max_bitrate;
  if (layer.max_framerate !== undefined) encoding.maxFramerate = layer.max_framerate;
  const scale = scaleFor(layer, track);
  if (scale !== undefined) encoding.scaleResolutionDownBy = scale;
}

/** By the longer side, so that a phone held upright keeps as many pixels as one held across. */
function scaleFor(layer: LayerAdvice, track: Track | null): number | undefined {
  const { width = 0, height = 0 } = track?.getSettings?.() ?? {};
  const longest = Math.max(layer.width ?? 0, layer.height ?? 0);
  if (longest > 0 && width > 0 && height > 0) return Math.max(1, Math.max(width, height) / longest);
  return layer.scale_down_by;
}
