import type { PeerConnection, Peers, Track } from "../../src/index.js";
import type { Codec, Encoding, Transceiver } from "../../src/media.js";

/** A track, and as much of the browser's own as is used of it. */
export class FakeTrack implements Track {
  enabled = true;
  readyState: "live" | "ended" = "live";
  contentHint = "";
  onended: (() => void) | null = null;

  constructor(
    readonly kind: "audio" | "video",
    readonly id: string,
    private readonly size: { width?: number; height?: number } = {},
  ) {}

  getSettings(): { width?: number; height?: number } {
    return this.size;
  }

  stop(): void {
    this.readyState = "ended";
  }
}

export class FakeTransceiver implements Transceiver {
  codecs: Codec[] | undefined;
  encodings: Encoding[];
  track: Track | null;
  readonly receiver: { track: Track };

  constructor(
    readonly kind: string,
    readonly direction: string,
    track: Track | null,
    encodings: Encoding[],
    id: string,
  ) {
    this.track = track;
    this.encodings = encodings;
    this.receiver = { track: new FakeTrack(kind as "audio" | "video", id) };
  }

  get sender() {
    return {
      track: this.track,
      replaceTrack: (track: Track | null) => {
        this.track = track;
        return Promise.resolve();
      },
      getParameters: () => ({ encodings: this.encodings.map((encoding) => ({ ...encoding })) }),
      setParameters: ({ encodings }: { encodings: Encoding[] }) => {
        this.encodings = encodings;
        return Promise.resolve();
      },
    };
  }

  setCodecPreferences(codecs: Codec[]): void {
    this.codecs = codecs;
  }
}

export class FakePeer implements PeerConnection {
  connectionState = "new";
  localDescription: { sdp: string } | null = null;
  answer: string | undefined;
  onconnectionstatechange: ((event: never) => unknown) | null = null;
  readonly transceivers: FakeTransceiver[] = [];
  closed = false;
  offers = 0;
  iceRestarts = 0;

  constructor(readonly number: number) {}

  addTransceiver(trackOrKind: Track | "audio" | "video", init: { direction: string; sendEncodings?: Encoding[] }): FakeTransceiver {
    const track = typeof trackOrKind === "string" ? null : trackOrKind;
    const kind = typeof trackOrKind === "string" ? trackOrKind : trackOrKind.kind;
    const made = new FakeTransceiver(kind, init.direction, track, init.sendEncodings ?? [{}], `${this.number}.${this.transceivers.length}`);
    this.transceivers.push(made);
    return made;
  }

  createOffer(options?: { iceRestart?: boolean }): Promise<{ type: "offer"; sdp: string }> {
    this.offers += 1;
    if (options?.iceRestart === true) this.iceRestarts += 1;
    const lines = this.transceivers.map((transceiver) => transceiver.kind).join(",");
    return Promise.resolve({ type: "offer", sdp: `offer ${this.number}.${this.offers}: ${lines}` });
  }

  setLocalDescription(description: { sdp: string }): Promise<void> {
    this.localDescription = description;
    return Promise.resolve();
  }

  setRemoteDescription(description: { sdp: string }): Promise<void> {
    this.answer = description.sdp;
    return Promise.resolve();
  }

  getStats(): Promise<unknown> {
    return Promise.resolve(new Map());
  }

  close(): void {
    this.closed = true;
  }

  become(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange?.(undefined as never);
  }
}

export class FakePeers implements Peers {
  readonly made: FakePeer[] = [];

  create(): FakePeer {
    const peer = new FakePeer(this.made.length + 1);
    this.made.push(peer);
    return peer;
  }

  codecs(kind: "audio" | "video"): Codec[] {
    const types = kind === "audio" ? ["audio/red", "audio/opus", "audio/PCMU"] : ["video/VP8", "video/rtx", "video/H264", "video/red"];
    return types.map((mimeType) => ({ mimeType, clockRate: 90_000 }));
  }

  last(): FakePeer {
    const peer = this.made.at(-1);
    if (peer === undefined) throw new Error("No peer connection was made.");
    return peer;
  }
}
