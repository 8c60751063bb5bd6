import { describe, expect, it } from "vitest";
import type { Room } from "../src/index.js";
import { settle } from "./support/fakeClock.js";
import { FakePeers, FakeTrack } from "./support/fakePeers.js";
import { type Scene, room as document, entered, scene, welcomeMessage, you } from "./support/fakeServer.js";

async function watching(): Promise<{ at: Scene; peers: FakePeers; room: Room }> {
  const at = scene();
  const peers = new FakePeers();
  const room = await entered(at, { peers });
  at.socket().push({ type: "media.slots", audio: 2, video: 4 });
  await settle();
  await at.socket().reply("media.watch", { sdp: "answer 1" });
  peers.last().become("connected");
  return { at, peers, room };
}

async function sharing(): Promise<{ at: Scene; peers: FakePeers; room: Room; ended: string[] }> {
  const at = scene();
  const peers = new FakePeers();
  const room = await entered(at, { peers });
  const ended: string[] = [];
  room.events.on("shareEnded", ({ seat }) => ended.push(seat));
  const started = room.startShare("camera", { audio: new FakeTrack("audio", "mic"), video: new FakeTrack("video", "cam") });
  await at.socket().reply("share.start", { seat: "s1" });
  expect(await started).toBe("s1");
  at.socket().push({ type: "update", doc: "you", patch: { seats: ["s1"] } });
  await at.socket().reply("media.publish", { sdp: "answer" });
  peers.last().become("connected");
  return { at, peers, room, ended };
}

describe("watching", () => {
  it("offers one receiving transceiver for each slot, audio first, with the codecs that the server forwards", async () => {
    const { at, peers } = await watching();
    expect(at.socket().last("media.watch")["sdp"]).toBe("offer 1.1: audio,audio,video,video,video,video");
    expect(peers.last().answer).toBe("answer 1");
    expect(peers.last().transceivers.map((transceiver) => transceiver.direction)).toEqual(Array(6).fill("recvonly"));
    expect(peers.last().transceivers[0]?.codecs?.map((codec) => codec.mimeType)).toEqual(["audio/opus"]);
    expect(peers.last().transceivers[2]?.codecs?.map((codec) => codec.mimeType)).toEqual(["video/VP8", "video/rtx"]);
  });

  it("finds the track of a slot", async () => {
    const { room } = await watching();
    expect(room.watcher?.track("a1")?.id).toBe("1.1");
    expect(room.watcher?.track("v0")?.id).toBe("1.2");
    expect(room.watcher?.track("v9")).toBeUndefined();
    expect(room.watcher?.audioTracks()).toHaveLength(2);
  });

  it("grows on the same connection", async () => {
    const { at, peers, room } = await watching();
    at.socket().push({ type: "media.slots", audio: 2, video: 9 });
    await settle();
    await at.socket().reply("media.watch", { sdp: "answer 2" });
    expect(peers.made).toHaveLength(1);
    expect(peers.last().transceivers).toHaveLength(11);
    expect(room.watcher?.track("v8")?.id).toBe("1.10");
    expect(room.watcher?.track("v3")?.id).toBe("1.5");
  });

  it("grows once more when asked to during an offer", async () => {
    const { at, peers } = await watching();
    at.socket().push({ type: "media.slots", audio: 2, video: 9 });
    at.socket().push({ type: "media.slots", audio: 2, video: 16 });
    await settle();
    await at.socket().reply("media.watch", { sdp: "answer 2" });
    await at.socket().reply("media.watch", { sdp: "answer 3" });
    expect(peers.made).toHaveLength(1);
    expect(peers.last().transceivers).toHaveLength(18);
    expect(peers.last().answer).toBe("answer 3");
  });

  it("tells what is shown, gathered, and afterwards only what changed", async () => {
    const { at, room } = await watching();
    room.watcher?.show({ v0: "high" });
    room.watcher?.show({ v0: "high", v1: "low" });
    expect(at.socket().count("media.view")).toBe(0);
    await at.clock.advance(150);
    expect(at.socket().last("media.view")["slots"]).toEqual({ v0: "high", v1: "low", v2: "off", v3: "off" });
    await at.socket().reply("media.view");
    room.watcher?.show({ v1: "high", v0: "high" });
    await at.clock.advance(150);
    expect(at.socket().last("media.view")["slots"]).toEqual({ v1: "high" });
    await at.socket().reply("media.view");
    room.watcher?.show({ v1: "high", v0: "high" });
    await at.clock.advance(150);
    expect(at.socket().count("media.view")).toBe(2);
  });

  it("leaves the choice to the server as long as nobody says what is shown", async () => {
    const { at } = await watching();
    await at.clock.advance(1_000);
    expect(at.socket().count("media.view")).toBe(0);
  });

  it("tells the view again after the server was too busy for it", async () => {
    const { at, room } = await watching();
    room.watcher?.show({ v0: "low" });
    await at.clock.advance(150);
    await at.socket().refuse("media.view", { code: "rate_limited", details: { retry_after: 2 } });
    await at.clock.advance(2_000);
    expect(at.socket().count("media.view")).toBe(2);
    expect(at.socket().last("media.view")["slots"]).toMatchObject({ v0: "low" });
  });

  it("tells the view also while it changes all the time", async () => {
    const { at, room } = await watching();
    for (let time = 0; time < 300; time += 50) {
      room.watcher?.show({ v0: time % 100 === 0 ? "high" : "low" });
      await at.clock.advance(50);
    }
    expect(at.socket().count("media.view")).toBe(2);
  });

  it("shows seats on whichever slots they come", async () => {
    const { at, room } = await watching();
    const picture = { kind: "camera", video: true, live: true };
    const seats = (patch: unknown, base: number): void => at.socket().push({ type: "update", doc: "room", base, version: base + 1, patch: { seats: patch } });
    room.show({ s1: "high", s2: "low" });
    seats({ s1: { ...picture, slot: "v1" }, s3: { ...picture, slot: "v0" } }, 10);
    await at.clock.advance(150);
    expect(at.socket().last("media.view")["slots"]).toEqual({ v0: "off", v1: "high", v2: "off", v3: "off" });
    await at.socket().reply("media.view");
    seats({ s1: { slot: "v0" }, s2: { ...picture, slot: "v1" }, s3: null }, 11);
    await at.clock.advance(150);
    expect(at.socket().last("media.view")["slots"]).toEqual({ v0: "high", v1: "low" });
  });

  it("finds the track of a seat while its picture comes", async () => {
    const { at, room } = await watching();
    at.socket().push({ type: "update", doc: "room", base: 10, version: 11, patch: { seats: { s1: { kind: "camera", video: true, slot: "v1" } } } });
    expect(room.seatTrack("s1")).toBeUndefined(); // no media yet
    at.socket().push({ type: "update", doc: "room", base: 11, version: 12, patch: { seats: { s1: { live: true } } } });
    expect(room.seatTrack("s1")).toBe(room.watcher?.track("v1"));
    expect(room.seatTrack("s1")).toBeDefined();
    at.socket().push({ type: "update", doc: "room", base: 12, version: 13, patch: { seats: { s1: { video: false } } } });
    expect(room.seatTrack("s1")).toBeUndefined();
    expect(room.seatTrack("toString")).toBeUndefined();
    expect(room.audioTracks()).toHaveLength(2);
  });

  it("takes a fresh connection after a reconnection and shows the old pictures until it delivers", async () => {
    const { at, peers, room } = await watching();
    room.watcher?.show({ v0: "low" });
    await at.clock.advance(150);
    await at.socket().reply("media.view");
    await at.socket().drop(1006);
    await at.clock.advance(1_000);
    at.socket().open();
    await at.socket().reply("hello");
    at.socket().push({ type: "resumed", version: 10, resume: "resume-2", you });
    await settle();
    expect(peers.made).toHaveLength(2);
    await at.socket().reply("media.watch", { sdp: "answer" });
    expect(at.socket().last("media.view")["slots"]).toMatchObject({ v0: "low", v1: "off" });
    expect(room.watcher?.track("v0")?.id).toBe("1.2");
    expect(peers.made[0]?.closed).toBe(false);
    peers.last().become("connected");
    expect(room.watcher?.track("v0")?.id).toBe("2.2");
    expect(peers.made[0]?.closed).toBe(true);
  });

  it("restarts ICE when the connection hangs, and starts afresh when that does not help", async () => {
    const { at, peers } = await watching();
    peers.last().become("disconnected");
    await at.clock.advance(2_000);
    expect(peers.last().iceRestarts).toBe(1);
    await at.socket().reply("media.watch", { sdp: "answer" });
    await at.clock.advance(13_000);
    expect(peers.made).toHaveLength(2);
    expect(peers.made[0]?.closed).toBe(true);
  });

  it("leaves a hiccup alone that passes", async () => {
    const { at, peers } = await watching();
    peers.last().become("disconnected");
    await at.clock.advance(1_500);
    peers.last().become("connected");
    await at.clock.advance(60_000);
    expect(peers.last().iceRestarts).toBe(0);
    expect(peers.made).toHaveLength(1);
  });

  it("starts afresh, with growing pauses, after a failure", async () => {
    const { at, peers } = await watching();
    peers.last().become("failed");
    await at.clock.advance(600);
    expect(peers.made).toHaveLength(2);
    await at.socket().reply("media.watch", { sdp: "answer" });
    peers.last().become("failed");
    await at.clock.advance(600);
    expect(peers.made).toHaveLength(2);
    await at.clock.advance(400);
    expect(peers.made).toHaveLength(3);
  });

  it("starts afresh when the server lost its side", async () => {
    const { at, peers } = await watching();
    at.socket().push({ type: "media.reset" });
    await at.clock.advance(300);
    expect(peers.made).toHaveLength(2);
  });

  it("offers again when no media worker can answer just now", async () => {
    const { at, peers } = await watching();
    at.socket().push({ type: "media.slots", audio: 2, video: 9 });
    await settle();
    await at.socket().refuse("media.watch", { code: "unavailable" });
    await at.clock.advance(700);
    await at.socket().reply("media.watch", { sdp: "answer 2" });
    expect(peers.made).toHaveLength(1);
    expect(peers.last().answer).toBe("answer 2");
  });

  it("restarts ICE when the network changed", async () => {
    const { peers, room } = await watching();
    room.networkChanged();
    await settle();
    expect(peers.last().iceRestarts).toBe(1);
  });
});

describe("sharing", () => {
  it("sends microphone and camera, the camera in two layers", async () => {
    const { at, peers } = await sharing();
    expect(at.socket().last("share.start")).toMatchObject({ kind: "camera", audio: true, video: true });
    expect(at.socket().last("media.publish")).toMatchObject({ seat: "s1", sdp: "offer 1.1: audio,video" });
    const [audio, video] = peers.last().transceivers;
    expect(audio?.track?.id).toBe("mic");
    expect(video?.encodings.map((encoding) => encoding.rid)).toEqual(["l", "h"]);
  });

  it("sends a screen in one layer", async () => {
    const at = scene();
    const peers = new FakePeers();
    const room = await entered(at, { peers });
    void room.startShare("screen", { audio: null, video: new FakeTrack("video", "screen") });
    await at.socket().reply("share.start", { seat: "s2" });
    expect(peers.last().transceivers.map((transceiver) => transceiver.kind)).toEqual(["video"]);
    expect(peers.last().transceivers[0]?.encodings).toHaveLength(1);
    at.socket().push({ type: "media.send", seat: "s2", layers: { h: { active: true, max_bitrate: 900_000 } } });
    await settle();
    expect(peers.last().transceivers[0]?.encodings[0]?.maxBitrate).toBe(900_000);
  });

  it("sends what the server asks for", async () => {
    const { at, peers } = await sharing();
    at.socket().push({
      type: "media.send",
      seat: "s1",
      layers: { l: { active: true, max_bitrate: 100_000, max_framerate: 12, scale_down_by: 4 }, h: { active: false } },
    });
    await settle();
    expect(peers.last().transceivers[1]?.encodings).toMatchObject([
      { rid: "l", active: true, maxBitrate: 100_000, maxFramerate: 12, scaleResolutionDownBy: 4 },
      { rid: "h", active: false, maxBitrate: 1_200_000 },
    ]);
  });

  it.each([
    [1280, 720, 4],
    [640, 480, 2],
    [720, 1280, 4],
    [320, 240, 1],
  ])("scales a camera of %i by %i to what the server means", async (width, height, scale) => {
    const { at, peers, room } = await sharing();
    await room.setTracks("s1", { video: new FakeTrack("video", "other", { width, height }) });
    at.socket().push({ type: "media.send", seat: "s1", layers: { l: { scale_down_by: 9, width: 320, height: 180 } } });
    await settle();
    expect(peers.last().transceivers[1]?.encodings[0]?.scaleResolutionDownBy).toBe(scale);
  });

  it("changes devices without a negotiation", async () => {
    const { at, peers, room } = await sharing();
    await room.setTracks("s1", { video: null });
    expect(peers.last().transceivers[1]?.track).toBeNull();
    await room.setTracks("s1", { video: new FakeTrack("video", "other") });
    expect(peers.last().transceivers[1]?.track?.id).toBe("other");
    expect(at.socket().count("media.publish")).toBe(1);
  });

  it("shows its own picture, which the server sends nobody back", async () => {
    const { at, room } = await sharing();
    const seen: (string | undefined)[] = [];
    const look = (): void => void seen.push(room.seatTrack("s1")?.id);
    look();
    room.events.on("tracks", look);
    await room.setTracks("s1", { video: new FakeTrack("video", "other") });
    await room.setTracks("s1", { video: null });
    await room.setTracks("s1", { video: new FakeTrack("video", "third") });
    at.socket().push({ type: "update", doc: "room", base: 10, version: 11, patch: { seats: { s1: { video: false } } } });
    look();
    at.socket().push({ type: "update", doc: "you", patch: { seats: [] } });
    expect(seen).toEqual(["cam", "other", undefined, "third", undefined, undefined]);
  });

  it("ends when the server takes the seat away", async () => {
    const { at, peers, ended } = await sharing();
    at.socket().push({ type: "update", doc: "you", patch: { seats: [] } });
    expect(ended).toEqual(["s1"]);
    expect(peers.last().closed).toBe(true);
  });

  it("does not end because the documents come after the reply", async () => {
    const at = scene();
    const peers = new FakePeers();
    const room = await entered(at, { peers });
    const ended: string[] = [];
    room.events.on("shareEnded", ({ seat }) => ended.push(seat));
    void room.startShare("camera", { audio: new FakeTrack("audio", "mic"), video: null });
    await at.socket().reply("share.start", { seat: "s1" });
    at.socket().push({ type: "update", doc: "room", base: 10, version: 11, patch: { viewers: 2 } });
    expect(ended).toEqual([]);
  });

  it("goes on over a reconnection while its media flows", async () => {
    const { at, peers, ended } = await sharing();
    await at.socket().drop(1006);
    await at.clock.advance(1_000);
    await at.socket().welcome({ you: { ...you, seats: ["s1"] } });
    expect(ended).toEqual([]);
    expect(peers.made).toHaveLength(1);
  });

  it("is offered afresh after a reconnection when its media had stopped", async () => {
    const { at, peers } = await sharing();
    await at.socket().drop(1006);
    peers.last().become("disconnected");
    await at.clock.advance(1_000);
    await at.socket().welcome({ you: { ...you, seats: ["s1"] } });
    expect(peers.made).toHaveLength(2);
    expect(at.socket().count("media.publish")).toBe(1);
  });

  it("is over when the seat was lost meanwhile", async () => {
    const { at, ended } = await sharing();
    await at.socket().drop(1006);
    await at.clock.advance(1_000);
    await at.socket().welcome(welcomeMessage);
    expect(ended).toEqual(["s1"]);
  });

  it("is offered afresh when the server lost its side", async () => {
    const { at, peers } = await sharing();
    at.socket().push({ type: "media.reset" });
    await at.clock.advance(300);
    expect(peers.made).toHaveLength(2);
    expect(peers.made[0]?.closed).toBe(true);
  });

  it("takes up a seat that one has already", async () => {
    const at = scene();
    const peers = new FakePeers();
    const seats = { s4: { kind: "camera", participant: "p_1", name: "Ada", since: 1, audio: true, video: true } };
    const room = await entered(at, { peers }, { you: { ...you, seats: ["s4"] }, room: { ...document, seats } });
    expect(room.heldSeats()).toEqual([{ seat: "s4", kind: "camera" }]);
    void room.resumeShare("s4", "camera", { audio: new FakeTrack("audio", "mic"), video: null });
    expect(at.socket().last("share.set")).toMatchObject({ seat: "s4", audio: true, video: false });
    await at.socket().reply("share.set");
    expect(at.socket().last("media.publish")).toMatchObject({ seat: "s4" });
    expect(room.heldSeats()).toEqual([]);
  });

  it("stops, and everything ends with the room", async () => {
    const { at, peers, room, ended } = await sharing();
    const stopped = room.stopShare("s1");
    await at.socket().reply("share.stop");
    await stopped;
    expect(room.heldSeats()).toEqual([]);
    expect(ended).toEqual(["s1"]);
    expect(peers.last().closed).toBe(true);
  });
});
