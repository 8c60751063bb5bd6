import { describe, expect, it } from "vitest";
import { type Counted, count, judge } from "../../src/session/quality";

const nothing: Counted = { received: 0, lost: 0, frozen: 0, missed: 0, roundTrip: undefined };
const fine: Counted = { received: 1_000, lost: 2, frozen: 0, missed: 0, roundTrip: 0.04 };

describe("the quality of one's connection", () => {
  it("is good while next to nothing is lost", () => {
    expect(judge(nothing, fine)).toEqual({ level: "good", loss: 2 / 1_002, roundTrip: 40, frozen: false });
  });

  it("is what happened since the last look, not since the beginning", () => {
    const bad = { ...fine, lost: 500 };
    expect(judge(bad, { ...bad, received: 2_000 })?.level).toBe("good");
  });

  it.each([
    [{ lost: 52 }, "fair"],
    [{ lost: 200 }, "weak"],
    [{ roundTrip: 0.3 }, "fair"],
    [{ roundTrip: 0.7 }, "weak"],
    [{ frozen: 0.8 }, "fair"],
    [{ frozen: 3 }, "weak"],
    [{ missed: 0.2 }, "weak"],
  ] as const)("with %o it is %s", (change, level) => {
    expect(judge(nothing, { ...fine, ...change })?.level).toBe(level);
  });

  it("is not known right after a new connection", () => {
    expect(judge(fine, { ...fine, received: 10 })).toBeUndefined();
  });

  it("adds up all streams, in the words of the browser's statistics", () => {
    const counted = count([
      { type: "inbound-rtp", packetsReceived: 10, packetsLost: 1, totalFreezesDuration: 0.5 },
      { type: "inbound-rtp", packetsReceived: 20, packetsLost: -1 },
      { type: "remote-inbound-rtp", fractionLost: 0.1 },
      { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.05 },
      { type: "candidate-pair", nominated: false, currentRoundTripTime: 5 },
      { type: "codec" },
    ]);
    expect(counted).toEqual({ received: 30, lost: 1, frozen: 0.5, missed: 0.1, roundTrip: 0.05 });
  });
});
