import { describe, expect, it } from "vitest";
import { BUFFERING, ENDED, PLAYING, type Player, ordersFor, playerAfter, positionAt } from "../../src/session/video/following";

const PAUSED = 2;
const video = { seat: "s1", video: "dQw4w9WgXcQ", playing: true, position: 10, at: 1_000, rate: 1 };
const paused = { ...video, playing: false };
const player: Player = { state: PLAYING, time: 15, told: 1_005, length: 200, live: false };

describe("where everybody is", () => {
  it("moves on while it plays, and stands while it is paused", () => {
    expect(positionAt(video, 1_005)).toBe(15);
    expect(positionAt({ ...video, rate: 2 }, 1_005)).toBe(20);
    expect(positionAt(paused, 1_005)).toBe(10);
  });

  it("is not moved back by a clock that is behind", () => {
    expect(positionAt(video, 990)).toBe(10);
  });
});

describe("the player in this page", () => {
  it("is left alone where it is about right", () => {
    expect(ordersFor(video, player, 1_006)).toEqual([]);
    expect(ordersFor(video, { ...player, time: 13.5 }, 1_006)).toEqual([]);
    expect(ordersFor(video, { ...player, state: BUFFERING }, 1_005)).toEqual([]);
  });

  it("of somebody who comes late goes to the same second and plays", () => {
    const fresh: Player = { state: -1, time: 0, told: 1_060, length: 200, live: false };
    expect(ordersFor(video, fresh, 1_060)).toEqual([
      { func: "seekTo", args: [70, true] },
      { func: "playVideo", args: [] },
    ]);
  });

  it("pauses with everybody, at the same place", () => {
    expect(ordersFor(paused, player, 1_005)).toEqual([
      { func: "seekTo", args: [10, true] },
      { func: "pauseVideo", args: [] },
    ]);
    expect(ordersFor(paused, { ...player, state: PAUSED, time: 10.2 }, 1_005)).toEqual([]);
  });

  it("stays at the end once it is over", () => {
    expect(ordersFor(video, { ...player, state: ENDED, time: 200 }, 1_300)).toEqual([]);
  });

  it("of a live stream only plays or pauses", () => {
    expect(ordersFor(video, { ...player, live: true, time: 7_000 }, 1_005)).toEqual([]);
    expect(ordersFor(paused, { ...player, live: true, time: 7_000 }, 1_005)).toEqual([{ func: "pauseVideo", args: [] }]);
  });
});

describe("what the player says", () => {
  const said = (message: unknown): string => JSON.stringify(message);

  it("is put together from its messages", () => {
    const first = playerAfter(undefined, said({ event: "initialDelivery", info: { duration: 200, playerState: -1, currentTime: 0 } }), 5);
    expect(first).toEqual({ state: -1, time: 0, told: 5, length: 200, live: false });
    const next = playerAfter(first as Player, said({ event: "infoDelivery", info: { currentTime: 3, playerState: 1, videoData: { isLive: true } } }), 9);
    expect(next).toEqual({ state: 1, time: 3, told: 9, length: 200, live: true });
  });

  it("that it can't play counts as failed", () => {
    expect(playerAfter(undefined, said({ event: "onError", info: 150 }), 5)).toBe("failed");
  });

  it.each([undefined, 7, "no JSON", "null", "[]", said({ event: "apiInfoDelivery" }), said("text")])("%s is passed over", (data) => {
    expect(playerAfter(player, data, 5)).toBeUndefined();
  });

  it("is never believed beyond numbers", () => {
    const odd = said({ event: "infoDelivery", info: { currentTime: "3", duration: null, playerState: {} } });
    expect(playerAfter(player, odd, 1_009)).toEqual(player);
  });
});
