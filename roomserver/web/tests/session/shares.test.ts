import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Room } from "roomserver-client";
import { Shares, type ShareTrouble } from "../../src/session/shares";
import { settle } from "../../packages/client/tests/support/fakeClock";
import { FakePeers, FakeTrack } from "../../packages/client/tests/support/fakePeers";
import { type Scene, entered, room as document, scene, you } from "../../packages/client/tests/support/fakeServer";

const opened: FakeTrack[] = [];

/** The browser's devices: each call opens fresh tracks. */
const mediaDevices = {
  getUserMedia: vi.fn((wish: { audio?: unknown; video?: unknown }) => {
    const tracks: FakeTrack[] = [];
    if (wish.video !== undefined) tracks.push(new FakeTrack("video", `camera ${opened.length}`));
    if (wish.audio !== undefined) tracks.push(new FakeTrack("audio", `microphone ${opened.length}`));
    opened.push(...tracks);
    return Promise.resolve({ getTracks: () => tracks });
  }),
  getDisplayMedia: vi.fn(() => {
    const screen = new FakeTrack("video", "screen");
    opened.push(screen);
    return Promise.resolve({ getVideoTracks: () => [screen], getAudioTracks: () => [] });
  }),
};

beforeEach(() => {
  opened.length = 0;
  vi.stubGlobal("navigator", { mediaDevices });
  vi.stubGlobal("window", { isSecureContext: true });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

interface OnScreen {
  at: Scene;
  room: Room;
  shares: Shares;
  peers: FakePeers;
  camera: FakeTrack;
  microphone: FakeTrack;
  troubles: ShareTrouble[];
}

async function onScreen(): Promise<OnScreen> {
  const at = scene();
  const peers = new FakePeers();
  const room = await entered(at, { peers });
  const shares = new Shares(room);
  const troubles: ShareTrouble[] = [];
  shares.events.on("trouble", (trouble) => troubles.push(trouble));
  const camera = new FakeTrack("video", "camera");
  const microphone = new FakeTrack("audio", "microphone");
  const went = shares.goOnScreen(
    { camera: camera as unknown as MediaStreamTrack, microphone: microphone as unknown as MediaStreamTrack },
    { camera: "", microphone: "" },
  );
  await at.socket().reply("share.start", { seat: "s1" });
  await went;
  tell(at, { audio: true, video: true });
  return { at, room, shares, peers, camera, microphone, troubles };
}

const versions = new WeakMap<Scene, number>();

/** The documents as the server has them now. */
function tell(at: Scene, seat: Record<string, unknown> | null): void {
  const base = versions.get(at) ?? 10;
  versions.set(at, base + 1);
  const whole = seat && { kind: "camera", participant: "p_1", name: "Ada", since: 1, ...seat };
  at.socket().push({ type: "update", doc: "room", base, version: base + 1, patch: { seats: { s1: whole } } });
  at.socket().push({ type: "update", doc: "you", patch: { seats: seat === null ? [] : ["s1"] } });
}

describe("one's own share", () => {
  it("lets go of the camera when it is turned off, and opens it again", async () => {
    const { at, shares, peers, camera } = await onScreen();
    const off = shares.toggleCamera();
    expect(at.socket().last("share.set")).toMatchObject({ seat: "s1", video: false });
    expect(at.socket().last("share.set")).not.toHaveProperty("audio");
    await at.socket().reply("share.set");
    await off;
    expect(camera.readyState).toBe("ended");
    expect(peers.last().transceivers[1]?.track).toBeNull();
    tell(at, { audio: true, video: false });
    const on = shares.toggleCamera();
    await settle();
    await at.socket().reply("share.set");
    await on;
    expect(at.socket().last("share.set")).toMatchObject({ video: true });
    expect(peers.last().transceivers[1]?.track?.id).toBe("camera 0");
  });

  it("falls silent at once when the microphone is turned off", async () => {
    const { at, shares, microphone } = await onScreen();
    const off = shares.toggleMicrophone();
    expect(microphone.enabled).toBe(false);
    await at.socket().reply("share.set");
    await off;
    expect(microphone.readyState).toBe("live");
  });

  it("falls silent when a moderator mutes it, and unmutes with a message of its own", async () => {
    const { at, shares, microphone } = await onScreen();
    tell(at, { audio: false, video: true, muted: true });
    expect(microphone.enabled).toBe(false);
    const on = shares.toggleMicrophone();
    await settle();
    expect(at.socket().last("share.set")).toMatchObject({ audio: true });
    expect(at.socket().last("share.set")).not.toHaveProperty("video");
    await at.socket().reply("share.set");
    await on;
    expect(microphone.enabled).toBe(true);
  });

  it("lets go of all devices when a moderator removes it", async () => {
    const { at, shares, camera, microphone } = await onScreen();
    tell(at, null);
    expect([camera.readyState, microphone.readyState]).toEqual(["ended", "ended"]);
    expect(shares.snapshot.camera).toBeUndefined();
  });

  it("says that the camera was lost and turns it off", async () => {
    const { at, camera, troubles } = await onScreen();
    camera.onended?.();
    expect(troubles).toEqual([{ device: "lostCamera" }]);
    expect(at.socket().last("share.set")).toMatchObject({ video: false });
  });

  it("sends another camera as soon as it is chosen, and lets go of the first before", async () => {
    const { shares, peers, camera } = await onScreen();
    const switched = shares.switchDevice("camera", "the other");
    expect(camera.readyState).toBe("ended");
    await switched;
    expect(mediaDevices.getUserMedia.mock.lastCall?.[0]).toMatchObject({ video: { deviceId: { exact: "the other" } } });
    expect(peers.last().transceivers[1]?.track?.id).toBe("camera 0");
    expect(shares.snapshot.camera?.video?.id).toBe("camera 0");
  });

  it("stays muted with another microphone", async () => {
    const { at, shares, microphone } = await onScreen();
    const off = shares.toggleMicrophone();
    await at.socket().reply("share.set");
    await off;
    await shares.switchDevice("microphone", "headset");
    expect(microphone.readyState).toBe("ended");
    expect(shares.snapshot.camera?.audio).toMatchObject({ id: "microphone 0", enabled: false });
  });

  it("turns the camera off, and says why, where the other can't be opened", async () => {
    const { at, shares, troubles } = await onScreen();
    mediaDevices.getUserMedia.mockRejectedValueOnce(new DOMException("in use", "NotReadableError"));
    const switched = shares.switchDevice("camera", "broken");
    await settle();
    expect(at.socket().last("share.set")).toMatchObject({ seat: "s1", video: false });
    await at.socket().reply("share.set");
    await switched;
    expect(troubles).toEqual([{ device: "inUse" }]);
    expect(shares.snapshot.camera?.video).toBeNull();
  });

  it("opens no other camera while it is off, but later that one", async () => {
    const { at, shares } = await onScreen();
    const off = shares.toggleCamera();
    await at.socket().reply("share.set");
    await off;
    await shares.switchDevice("camera", "the other");
    expect(opened).toEqual([]);
    const on = shares.toggleCamera();
    await settle();
    await at.socket().reply("share.set");
    await on;
    expect(mediaDevices.getUserMedia.mock.lastCall?.[0]).toMatchObject({ video: { deviceId: { exact: "the other" } } });
  });

  it("lets go of another camera that comes when it was removed meanwhile", async () => {
    const { at, shares } = await onScreen();
    const switched = shares.switchDevice("camera", "the other");
    tell(at, null);
    await switched;
    expect(opened[0]?.readyState).toBe("ended");
    expect(shares.snapshot.camera).toBeUndefined();
  });

  it("leaves the screen with everything, the screen share first", async () => {
    const { at, shares, camera } = await onScreen();
    const started = shares.startScreen();
    await settle();
    await at.socket().reply("share.start", { seat: "s2" });
    await started;
    const left = shares.leaveScreen();
    expect(at.socket().last("share.stop")).toMatchObject({ seat: "s2" });
    await at.socket().reply("share.stop");
    expect(at.socket().last("share.stop")).toMatchObject({ seat: "s1" });
    await at.socket().reply("share.stop");
    await left;
    expect(shares.snapshot).toEqual({ busy: false });
    expect([camera.readyState, opened.at(-1)?.readyState]).toEqual(["ended", "ended"]);
  });
});

describe("one's own screen", () => {
  it("stops with the browser's own button", async () => {
    const { at, shares } = await onScreen();
    const started = shares.startScreen();
    await settle();
    await at.socket().reply("share.start", { seat: "s2" });
    await started;
    opened.at(-1)?.onended?.();
    expect(at.socket().last("share.stop")).toMatchObject({ seat: "s2" });
  });

  it("is let go of when there is no place for it, with the reason", async () => {
    const { at, shares, troubles } = await onScreen();
    const started = shares.startScreen();
    await settle();
    await at.socket().refuse("share.start", { code: "full" });
    await started;
    expect(opened.at(-1)?.readyState).toBe("ended");
    expect(troubles).toMatchObject([{ error: { code: "full" } }]);
    expect(shares.snapshot).toMatchObject({ busy: false });
  });

  it("is no trouble when the person thinks better of it", async () => {
    const { at, shares, troubles } = await onScreen();
    mediaDevices.getDisplayMedia.mockRejectedValueOnce(new DOMException("Permission denied", "NotAllowedError"));
    await shares.startScreen();
    expect(troubles).toEqual([]);
    expect(at.socket().count("share.start")).toBe(1);
  });

  it("that is still held after a reload is given back", async () => {
    const at = scene();
    const room = await entered(at, { peers: new FakePeers() });
    const shares = new Shares(room);
    const seats = { s9: { kind: "screen", participant: "p_1", name: "Ada", since: 1, audio: false, video: true } };
    at.socket().push({ type: "welcome", resume: "r", epoch: "e", version: 20, room: { ...document, seats }, you: { ...you, seats: ["s9"] } });
    expect(at.socket().last("share.stop")).toMatchObject({ seat: "s9" });
    at.socket().push({ type: "update", doc: "room", base: 20, version: 21, patch: { viewers: 2 } });
    expect(at.socket().count("share.stop")).toBe(1);
    shares.close();
  });
});
