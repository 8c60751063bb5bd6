import { describe, expect, it } from "vitest";
import type { Seat } from "roomserver-client";
import { type Chosen, type Stage, chooseTiles, levelFor, nobody } from "../../src/session/stage/chooseTiles";

function camera(number: number, changes: Partial<Seat> = {}): [string, Seat] {
  return [`s${number}`, { kind: "camera", participant: `p${number}`, name: `Person ${number}`, since: number, audio: true, video: true, ...changes }];
}

function stage(seats: [string, Seat][], changes: Partial<Stage> = {}): Stage {
  return { seats: Object.fromEntries(seats), speaking: [], self: undefined, capacity: 4, ...changes };
}

const six = [1, 2, 3, 4, 5, 6].map((number) => camera(number));

describe("the tiles that are shown", () => {
  it("are everybody while they fit, in the order of coming", () => {
    const chosen = chooseTiles(nobody, stage(six.slice(0, 3)));
    expect(chosen.shown).toEqual(["s1", "s2", "s3"]);
    expect(chosen.overflow).toEqual([]);
  });

  it("leave the rest to the overflow tile", () => {
    const chosen = chooseTiles(nobody, stage(six));
    expect(chosen.shown).toEqual(["s1", "s2", "s3", "s4"]);
    expect(chosen.overflow).toEqual(["s5", "s6"]);
  });

  it("stay where they are when somebody speaks who is shown", () => {
    const before = chooseTiles(nobody, stage(six));
    expect(chooseTiles(before, stage(six, { speaking: ["s4", "s2"] })).shown).toEqual(before.shown);
  });

  it("bring forward a speaker in the place of whoever was silent longest", () => {
    let chosen: Chosen = chooseTiles(nobody, stage(six));
    chosen = chooseTiles(chosen, stage(six, { speaking: ["s4"] }));
    chosen = chooseTiles(chosen, stage(six, { speaking: ["s1"] }));
    chosen = chooseTiles(chosen, stage(six, { speaking: ["s6"] }));
    expect(chosen.shown).toEqual(["s1", "s2", "s6", "s4"]);
    chosen = chooseTiles(chosen, stage(six, { speaking: ["s5"] }));
    expect(chosen.shown).toEqual(["s1", "s5", "s6", "s4"]);
    chosen = chooseTiles(chosen, stage(six, { speaking: ["s3"] }));
    expect(chosen.shown).toEqual(["s1", "s5", "s6", "s3"]);
  });

  it("fill a free place with whoever was heard last", () => {
    let chosen = chooseTiles(nobody, stage(six, { speaking: ["s6"] }));
    chosen = chooseTiles(chosen, stage(six, { speaking: ["s5", "s4", "s3"] }));
    expect(chosen.shown).toContain("s6");
    const left = six.filter(([id]) => id !== "s3" && id !== "s6");
    expect(chooseTiles(chosen, stage(left)).shown).toEqual(expect.arrayContaining(["s1", "s2", "s4", "s5"]));
  });

  it("always hold one's own tile and every shared screen", () => {
    const seats = [...six, camera(7, { participant: "me" }), camera(8, { kind: "screen" })];
    const chosen = chooseTiles(chooseTiles(nobody, stage(six)), stage(seats, { self: "me" }));
    expect(chosen.shown).toHaveLength(4);
    expect(chosen.shown).toEqual(expect.arrayContaining(["s7", "s8"]));
    const talked = chooseTiles(chosen, stage(seats, { self: "me", speaking: ["s3", "s4", "s5", "s6"] }));
    expect(talked.shown).toEqual(expect.arrayContaining(["s7", "s8"]));
  });

  it("make place for a screen even while everybody speaks", () => {
    const speaking = six.map(([id]) => id);
    const before = chooseTiles(nobody, stage(six, { speaking }));
    const chosen = chooseTiles(before, stage([...six, camera(7, { kind: "screen" })], { speaking }));
    expect(chosen.shown).toEqual(["s1", "s2", "s3", "s7"]);
  });

  it("never show somebody twice or somebody who left, in any order of events", () => {
    let chosen = nobody;
    let seed = 7;
    const chance = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let step = 0; step < 500; step++) {
      const seats = Array.from({ length: 30 }, (_, number) => camera(number)).filter(() => chance(3) > 0);
      const speaking = seats.filter(() => chance(8) === 0).map(([id]) => id);
      chosen = chooseTiles(chosen, stage(seats, { speaking, self: "p3", capacity: 9 }));
      expect(new Set([...chosen.shown, ...chosen.overflow])).toEqual(new Set(seats.map(([id]) => id)));
      expect(chosen.shown.length + chosen.overflow.length).toBe(seats.length);
      expect(chosen.shown.length).toBe(Math.min(9, seats.length));
      if (speaking.length <= 8) for (const id of speaking) expect(chosen.shown).toContain(id);
    }
  });
});

describe("the layer of a tile", () => {
  it("is high for screens and large cameras, low for small ones", () => {
    expect(levelFor("screen", 100)).toBe("high");
    expect(levelFor("camera", 800)).toBe("high");
    expect(levelFor("camera", 200)).toBe("low");
  });
});
