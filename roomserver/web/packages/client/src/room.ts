import type { Clock } from "./clock.js";
import { Connection } from "./connection.js";
import { Emitter } from "./emitter.js";
import type { PeerConnection, Peers, Track } from "./media.js";
import type { IceServer, Level, Notice, Role, Seat, ShareKind } from "./protocol.js";
import { Publisher, type ShareTracks } from "./publisher.js";
import type { ConnectionOptions, MediaMessage, Snapshot } from "./snapshot.js";
import { Watcher } from "./watcher.js";

/** What a room takes from its surroundings; `createRoom` of the browser's entry has all but `join`. */
export interface RoomOptions extends ConnectionOptions {
  /** Without it the room is followed without media. */
  peers?: Peers;
}

/** Somebody in the room, on screen or watching. */
export interface Person {
  participant: string;
  name: string;
  role: Role;
  on_screen: boolean;
}

export interface RoomEvents {
  /** Status, documents or speakers changed. */
  change: Snapshot;
  /** Something happened that people should be told. */
  notice: Notice;
  /** Seats or sound have other tracks than before: ask for them again. */
  tracks: undefined;
  /** One's own share is over: stopped, removed, or lost with the connection. Its devices should be released. */
  shareEnded: { seat: string; kind: ShareKind };
  /** The connection that sends a share changed its state ("connecting", "connected", "failed" and so on). */
  shareState: { seat: string; state: string };
}

/**
 * A room as one person sees it: documents, commands, and media that follow them. Commands reject with `Refused` (the
 * server said no, and nothing changed) or `ConnectionLost` (nobody knows).
 */
export class Room {
  readonly events = new Emitter<RoomEvents>();
  readonly connection: Connection;
  readonly watcher: Watcher | undefined;
  private readonly peers: Peers | undefined;
  private readonly clock: Clock;
  private readonly publishers = new Map<string, Publisher>();
  /** Own seats that the server's documents have shown: when one vanishes, its share is over. */
  private readonly confirmed = new Set<string>();
  /** Own seats that were given up here: the documents follow a moment later. */
  private readonly stopped = new Set<string>();
  private iceServers: IceServer[] = [];
  private cancelReset: (() => void) | undefined;
  /** What `show` was told last, and the seats and slots that it was worked out for. */
  private shown: Readonly<Record<string, Level>> | undefined;
  private shownFor: Readonly<Record<string, Seat>> | undefined;

  constructor(options: RoomOptions) {
    this.peers = options.peers;
    this.clock = options.clock;
    this.connection = new Connection(options);
    this.watcher =
      options.peers &&
      new Watcher({
        peers: options.peers,
        clock: options.clock,
        watch: (sdp) => this.exchange("media.watch", { sdp }),
        view: (slots) => this.connection.command("media.view", { slots }),
        onTracks: () => this.events.emit("tracks", undefined),
      });
    this.connection.events.on("change", (snapshot) => this.changed(snapshot));
    this.connection.events.on("notice", (notice) => this.events.emit("notice", notice));
    this.connection.events.on("attached", ({ iceServers }) => this.attached(iceServers));
    this.connection.events.on("media", (message) => this.media(message));
  }

  /** What is known now; the same object until the next `change`. */
  get snapshot(): Snapshot {
    return this.connection.snapshot;
  }

  /** Begins to join. Listen to `events` before. */
  start(): void {
    this.connection.start();
  }

  /** Leaves for good: one's seats, request and place end at once. Resolves when the server knows, or can't be told. */
  async leave(): Promise<void> {
    this.endMedia();
    await this.connection.leave();
  }

  /** Ends everything at once, as a closed page does. */
  close(): void {
    this.endMedia();
    this.connection.close();
  }

  /** The browser came back online or changed its network. */
  networkChanged(): void {
    this.connection.networkChanged();
    this.watcher?.restartIce();
    for (const publisher of this.publishers.values()) publisher.restartIce();
  }

  // --- sharing ---

  /** Takes a seat and sends the tracks on it. Resolves with the seat; the media connects afterwards. */
  async startShare(kind: ShareKind, tracks: ShareTracks): Promise<string> {
    const on = { audio: tracks.audio !== null, video: tracks.video !== null };
    const { seat } = await this.connection.command("share.start", { kind, ...on });
    this.publish(String(seat), kind, tracks);
    return String(seat);
  }

  /** Sends tracks on a seat that one has already (after a reload of the page). */
  async resumeShare(seat: string, kind: ShareKind, tracks: ShareTracks): Promise<void> {
    await this.connection.command("share.set", { seat, audio: tracks.audio !== null, video: tracks.video !== null });
    this.publish(seat, kind, tracks);
  }

  /** Gives one's seat up. `shareEnded` follows. */
  async stopShare(seat: string): Promise<void> {
    await this.connection.command("share.stop", { seat });
    this.stopped.add(seat);
    this.endShare(seat);
  }

  /** Turns microphone or camera on or off; only what is named changes. A muted microphone comes back with `audio` alone. */
  async setShare(seat: string, change: { audio?: boolean; video?: boolean }): Promise<void> {
    await this.connection.command("share.set", { seat, ...change });
  }

  /** Other tracks for a seat that is being sent: another device, or none while off. */
  async setTracks(seat: string, tracks: Partial<ShareTracks>): Promise<void> {
    const sent = this.publishers.get(seat)?.setTracks(tracks);
    this.events.emit("tracks", undefined);
    await sent;
  }

  /** Seats of one's own that this client does not send on: kept from before a reload of the page. */
  heldSeats(): { seat: string; kind: ShareKind }[] {
    const { room, you } = this.snapshot;
    return (you?.seats ?? []).flatMap((seat) => {
      const kind = room?.seats?.[seat]?.kind;
      if (kind === undefined || kind === "integration" || this.publishers.has(seat) || this.stopped.has(seat)) return [];
      return [{ seat, kind }];
    });
  }

  // --- asking and moderating ---

  /** Asks to go on screen, where that has to be asked for (`you.must_ask`). */
  async openRequest(): Promise<void> {
    await this.connection.command("request.open");
  }

  /** Takes one's own request back. */
  async withdrawRequest(): Promise<void> {
    await this.connection.command("request.withdraw");
  }

  /** Lets somebody who asks (`desk.requests`) go on screen. For moderators. */
  async approve(participant: string): Promise<void> {
    await this.connection.command("request.approve", { participant });
  }

  /** Says no to somebody who asks. For moderators. */
  async decline(participant: string): Promise<void> {
    await this.connection.command("request.decline", { participant });
  }

  /** Takes somebody off screen. For moderators. */
  async removeSeat(seat: string): Promise<void> {
    await this.connection.command("seat.remove", { seat });
  }

  /** Turns somebody's microphone off for everybody; only they can turn it on again. For moderators. */
  async muteSeat(seat: string): Promise<void> {
    await this.connection.command("seat.mute", { seat });
  }

  // --- a YouTube video that all see at the same second (`room.youtube`) ---

  /** Shares a video by its address; `Refused` says `playlist`, `not_a_video` or `disabled`. Resolves with its seat. */
  async shareVideo(url: string): Promise<string> {
    const { seat } = await this.connection.command("youtube.share", { url });
    return String(seat);
  }

  /** Plays the shared video for everybody. */
  async playVideo(): Promise<void> {
    await this.connection.command("youtube.play");
  }

  /** Pauses the shared video for everybody. */
  async pauseVideo(): Promise<void> {
    await this.connection.command("youtube.pause");
  }

  /** Moves the shared video for everybody; `position` in seconds from its start. */
  async seekVideo(position: number): Promise<void> {
    await this.connection.command("youtube.seek", { position });
  }

  /** Ends the shared video. */
  async stopVideo(): Promise<void> {
    await this.connection.command("youtube.stop");
  }

  /** Who is in the room, by name; `next` of the answer is the `after` of the next page, absent on the last. */
  async listPeople(query: string, after?: string, limit = 50): Promise<{ people: Person[]; next?: string }> {
    const reply = await this.connection.command("people.list", { query, limit, ...(after !== undefined && { after }) });
    return { people: reply["people"] as Person[], ...(typeof reply["next"] === "string" && { next: reply["next"] }) };
  }

  // --- watching ---

  /**
   * Says which seats are on the page now and how well they are needed; pictures of others are not sent. Holds until
   * the next call. Without any call the server chooses: shared screens, and the most active cameras, small.
   */
  show(seats: Readonly<Record<string, Level>>): void {
    this.shown = seats;
    this.shownFor = undefined;
    this.compareShown();
  }

  /**
   * The track of a seat's picture; undefined while there is none. The server sends nobody their own picture back: of
   * one's own seats it is the track that goes out. Ask again after `change` and `tracks`.
   */
  seatTrack(seat: string): Track | undefined {
    const { slot, video, live } = this.snapshot.room?.seats?.[seat] ?? {};
    const own = this.publishers.get(seat);
    if (own !== undefined) return video === false ? undefined : (own.picture ?? undefined);
    return slot !== undefined && video === true && live === true ? this.watcher?.track(slot) : undefined;
  }

  /** The tracks on which the loudest speakers are heard: all are to be played. Ask again after `tracks`. */
  audioTracks(): Track[] {
    return this.watcher?.audioTracks() ?? [];
  }

  /** Every peer connection of this client, for diagnostics. */
  peerConnections(): { name: string; peer: PeerConnection }[] {
    const all = [{ name: "watch", peer: this.watcher?.connection }];
    for (const publisher of this.publishers.values()) all.push({ name: publisher.seat, peer: publisher.connection });
    return all.flatMap(({ name, peer }) => (peer === undefined ? [] : [{ name, peer }]));
  }

  private async exchange(command: string, fields: Record<string, unknown>): Promise<string> {
    const { sdp } = await this.connection.command(command, fields);
    return String(sdp);
  }

  private publish(seat: string, kind: ShareKind, tracks: ShareTracks): void {
    if (this.peers === undefined) return;
    this.publishers.get(seat)?.close();
    const publisher = new Publisher({
      peers: this.peers,
      clock: this.clock,
      iceServers: this.iceServers,
      seat,
      kind,
      tracks,
      publish: (id, sdp) => this.exchange("media.publish", { seat: id, sdp }),
      onState: (state) => this.events.emit("shareState", { seat, state }),
    });
    this.publishers.set(seat, publisher);
    publisher.start();
    this.events.emit("tracks", undefined);
  }

  private endShare(seat: string): void {
    const publisher = this.publishers.get(seat);
    this.publishers.delete(seat);
    this.confirmed.delete(seat);
    if (publisher === undefined) return;
    publisher.close();
    this.events.emit("tracks", undefined);
    this.events.emit("shareEnded", { seat, kind: publisher.kind });
  }

  private attached(iceServers: IceServer[]): void {
    this.iceServers = iceServers;
    const mine = new Set(this.snapshot.you?.seats);
    for (const publisher of [...this.publishers.values()]) {
      if (mine.has(publisher.seat)) publisher.reattach();
      else this.endShare(publisher.seat);
    }
    this.watcher?.attach(iceServers);
  }

  private changed(snapshot: Snapshot): void {
    if (snapshot.status.phase === "ended") this.endMedia();
    else if (snapshot.status.phase === "in") this.compareSeats(snapshot.you?.seats ?? []);
    this.compareShown();
    this.events.emit("change", snapshot);
  }

  private compareSeats(mine: string[]): void {
    for (const seat of mine) if (this.publishers.has(seat)) this.confirmed.add(seat);
    for (const seat of [...this.confirmed]) if (!mine.includes(seat)) this.endShare(seat);
  }

  /** Slots follow seats: whoever is shown stays shown when they come on another slot. */
  private compareShown(): void {
    const seats = this.snapshot.room?.seats ?? {};
    if (this.shown === undefined || seats === this.shownFor) return;
    this.shownFor = seats;
    const slots: Record<string, Level> = {};
    for (const [id, level] of Object.entries(this.shown)) {
      const slot = seats[id]?.slot;
      if (slot !== undefined) slots[slot] = level;
    }
    this.watcher?.show(slots);
  }

  private media(message: MediaMessage): void {
    switch (message.type) {
      case "media.slots":
        this.watcher?.setSlots({ audio: message.audio, video: message.video });
        break;
      case "media.send":
        this.publishers.get(message.seat)?.follow(message.layers);
        break;
      case "media.reset":
        // Everybody in the room is told at the same moment: spread the offers a little.
        this.cancelReset?.();
        this.cancelReset = this.clock.after(this.clock.random() * 300, () => {
          for (const publisher of this.publishers.values()) publisher.renew();
          this.watcher?.reset();
        });
        break;
    }
  }

  private endMedia(): void {
    this.cancelReset?.();
    this.watcher?.close();
    for (const seat of [...this.publishers.keys()]) this.endShare(seat);
  }
}
