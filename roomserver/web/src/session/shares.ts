import { DeviceError, type DeviceChoice, type DeviceTrouble, type Opened, openCamera, openMicrophone, openScreen } from "roomserver-client/browser";
import { ConnectionLost, Emitter, Refused, type Room, type Seat, type ShareKind } from "roomserver-client";

/** What this page sends: tracks and the devices behind them, by kind of seat. */
export interface OwnShare {
  seat: string;
  kind: ShareKind;
  video: MediaStreamTrack | null;
  audio: MediaStreamTrack | null;
  /** State of the sending connection. */
  connection: string;
}

export interface SharesState {
  camera?: OwnShare;
  screen?: OwnShare;
  /** Switching, starting or stopping: the buttons wait. */
  busy: boolean;
}

export type ShareTrouble = { device: DeviceTrouble | "lostCamera" | "lostMicrophone" } | { error: unknown };

interface SharesEvents {
  change: SharesState;
  trouble: ShareTrouble;
}

function stop(...tracks: (MediaStreamTrack | null)[]): void {
  for (const track of tracks) {
    if (track === null) continue;
    track.onended = null;
    track.stop();
  }
}

/** One's own camera, microphone and screen in a room: owns the devices, and lets go of them when a share is over. */
export class Shares {
  readonly events = new Emitter<SharesEvents>();
  private state: SharesState = { busy: false };
  private choice: DeviceChoice = { camera: "", microphone: "" };
  private readonly givingBack = new Set<string>();
  private readonly forget: (() => void)[];

  constructor(private readonly room: Room) {
    this.forget = [
      room.events.on("shareEnded", ({ seat }) => this.ended(seat)),
      room.events.on("shareState", ({ seat, state }) => this.connectionChanged(seat, state)),
      room.events.on("change", () => this.followMute()),
      room.events.on("change", () => this.dropHeldScreens()),
    ];
  }

  get snapshot(): SharesState {
    return this.state;
  }

  /** What is opened when camera or microphone is turned on next. */
  get chosen(): DeviceChoice {
    return this.choice;
  }

  /** Goes on screen with opened devices, on a new seat or on one that is still held. */
  async goOnScreen(opened: Opened, choice: DeviceChoice, heldSeat?: string): Promise<void> {
    this.choice = choice;
    const tracks = { audio: opened.microphone, video: opened.camera };
    const publishing = { kind: "camera" as const, ...tracks, connection: "new" };
    await this.work(async () => {
      if (heldSeat === undefined) {
        const seat = await this.room.startShare("camera", tracks);
        this.update({ camera: { ...publishing, seat } });
      } else {
        await this.room.resumeShare(heldSeat, "camera", tracks);
        this.update({ camera: { ...publishing, seat: heldSeat } });
      }
      this.watchDevices();
    });
  }

  async toggleMicrophone(): Promise<void> {
    const share = this.state.camera;
    const seat = this.seat(share);
    if (share === undefined || seat === undefined) return;
    await this.tryWork(async () => {
      if (seat.audio) {
        if (share.audio !== null) share.audio.enabled = false;
        await this.room.setShare(share.seat, { audio: false });
        return;
      }
      let track = share.audio;
      if (track === null || track.readyState === "ended") {
        track = await openMicrophone(this.choice.microphone === "off" ? "" : this.choice.microphone);
        await this.room.setTracks(share.seat, { audio: track });
        this.update({ camera: { ...share, audio: track } });
        this.watchDevices();
      }
      // Alone in its message: only so does it end a moderator's mute.
      await this.room.setShare(share.seat, { audio: true });
      track.enabled = true;
    });
  }

  /** Off lets go of the camera, so that its light goes out. */
  async toggleCamera(): Promise<void> {
    const share = this.state.camera;
    if (share === undefined) return;
    await this.tryWork(async () => {
      if (share.video !== null) {
        await this.room.setShare(share.seat, { video: false });
        await this.room.setTracks(share.seat, { video: null });
        stop(share.video);
        this.update({ camera: { ...share, video: null } });
        return;
      }
      const track = await openCamera(this.choice.camera === "off" ? "" : this.choice.camera);
      try {
        await this.room.setTracks(share.seat, { video: track });
        await this.room.setShare(share.seat, { video: true });
      } catch (error) {
        stop(track);
        throw error;
      }
      this.update({ camera: { ...share, video: track } });
      this.watchDevices();
    });
  }

  /** Another camera or microphone from now on; one that is off stays off, and is this one when it is turned on. */
  async switchDevice(kind: "camera" | "microphone", id: string): Promise<void> {
    const share = this.state.camera;
    if (share === undefined) return;
    const media = kind === "camera" ? "video" : "audio";
    await this.tryWork(async () => {
      this.choice = { ...this.choice, [kind]: id };
      const old = share[media];
      if (old === null) return;
      // Let go first: some cameras can't be opened twice.
      stop(old);
      try {
        const track = await (kind === "camera" ? openCamera(id) : openMicrophone(id));
        track.enabled = old.enabled;
        await this.replaceTrack(share.seat, media, track);
      } catch (error) {
        await this.room.setShare(share.seat, { [media]: false });
        await this.replaceTrack(share.seat, media, null);
        throw error;
      }
    });
  }

  async startScreen(): Promise<void> {
    await this.tryWork(async () => {
      const opened = await openScreen();
      if (opened === undefined) return;
      try {
        const seat = await this.room.startShare("screen", opened);
        this.update({ screen: { seat, kind: "screen", ...opened, connection: "new" } });
      } catch (error) {
        stop(opened.video, opened.audio);
        throw error;
      }
      // The browser's own "stop sharing" button.
      opened.video.onended = () => void this.stopScreen();
    });
  }

  async stopScreen(): Promise<void> {
    const share = this.state.screen;
    if (share !== undefined) await this.tryWork(() => this.stopSeat(share.seat));
  }

  /** Leaves the screen with everything: the screen share, then camera and microphone. */
  async leaveScreen(): Promise<void> {
    const shares = [this.state.screen, this.state.camera].filter((share) => share !== undefined);
    await this.tryWork(async () => {
      for (const share of shares) await this.stopSeat(share.seat);
    });
  }

  /** Gives up a seat that this page does not send on (held from before a reload). */
  async giveUp(seat: string): Promise<void> {
    await this.tryWork(() => this.stopSeat(seat));
  }

  /** Lets go of all devices and listens no more. */
  close(): void {
    for (const forget of this.forget) forget();
    for (const share of [this.state.camera, this.state.screen]) if (share !== undefined) stop(share.audio, share.video);
  }

  /** Sends another track, or lets go of it where the share ended meanwhile. */
  private async replaceTrack(seat: string, media: "audio" | "video", track: MediaStreamTrack | null): Promise<void> {
    if (this.state.camera?.seat !== seat) {
      stop(track);
      return;
    }
    this.update({ camera: { ...this.state.camera, [media]: track } });
    this.watchDevices();
    await this.room.setTracks(seat, { [media]: track });
  }

  private async stopSeat(seat: string): Promise<void> {
    try {
      await this.room.stopShare(seat);
    } catch (error) {
      // Gone already: what was wanted.
      if (!(error instanceof Refused && error.code === "no_such_seat")) throw error;
    }
  }

  private seat(share: OwnShare | undefined): Seat | undefined {
    return share && this.room.snapshot.room?.seats?.[share.seat];
  }

  private ended(seat: string): void {
    for (const kind of ["camera", "screen"] as const) {
      const share = this.state[kind];
      if (share?.seat !== seat) continue;
      stop(share.audio, share.video);
      const { camera, screen, busy } = this.state;
      this.state = kind === "camera" ? { ...(screen && { screen }), busy } : { ...(camera && { camera }), busy };
      this.events.emit("change", this.state);
    }
  }

  private connectionChanged(seat: string, connection: string): void {
    for (const kind of ["camera", "screen"] as const) {
      const share = this.state[kind];
      if (share?.seat === seat) this.update({ [kind]: { ...share, connection } });
    }
  }

  /** Muted by a moderator: the device falls silent too, not only the server. */
  private followMute(): void {
    const share = this.state.camera;
    if (share?.audio && this.seat(share)?.muted === true) share.audio.enabled = false;
  }

  /** A screen can't be picked up again after a reload without asking: its empty seat is given back. */
  private dropHeldScreens(): void {
    if (this.room.snapshot.status.phase !== "in") return;
    for (const { seat, kind } of this.room.heldSeats()) {
      if (kind !== "screen" || this.givingBack.has(seat)) continue;
      this.givingBack.add(seat);
      this.stopSeat(seat).catch(() => this.givingBack.delete(seat));
    }
  }

  private watchDevices(): void {
    const share = this.state.camera;
    if (share === undefined) return;
    if (share.video !== null) {
      share.video.onended = () => {
        this.events.emit("trouble", { device: "lostCamera" });
        void this.toggleCamera();
      };
    }
    if (share.audio !== null) {
      share.audio.onended = () => {
        this.events.emit("trouble", { device: "lostMicrophone" });
        if (this.seat(this.state.camera)?.audio === true) void this.toggleMicrophone();
      };
    }
  }

  private update(change: Partial<SharesState>): void {
    this.state = { ...this.state, ...change };
    this.events.emit("change", this.state);
  }

  private async work(action: () => Promise<void>): Promise<void> {
    if (this.state.busy) return;
    this.update({ busy: true });
    try {
      await action();
    } finally {
      this.update({ busy: false });
    }
  }

  private async tryWork(action: () => Promise<void>): Promise<void> {
    try {
      await this.work(action);
    } catch (error) {
      if (error instanceof DeviceError) this.events.emit("trouble", { device: error.trouble });
      else if (error instanceof Refused || error instanceof ConnectionLost) this.events.emit("trouble", { error });
      else throw error;
    }
  }
}

/** For tiles: the picture of one's own seat comes from the device, not from the server. */
export function ownPicture(state: SharesState, seat: string): MediaStreamTrack | null | undefined {
  const share = [state.camera, state.screen].find((own) => own?.seat === seat);
  return share?.video;
}

