import { describe, expect, it } from "vitest";
import type { RoomDocument, ViewerCap } from "roomserver-client";
import { capFor, loweredByOneMore } from "../../src/session/caps";

const caps: ViewerCap[] = [
  [1, 5_000],
  [2, 3_000],
  [10, 1_500],
];

function roomWith(change: Partial<RoomDocument>): RoomDocument {
  const { viewers, seats_taken, viewer_cap } = { viewers: 100, seats_taken: 1, viewer_cap: 5_000, ...change };
  return { session: "ses_1", title: "Opening", share_policy: "moderated", max_on_screen: 50, waiting: 0, viewers, seats_taken, viewer_cap };
}

describe("the viewer cap", () => {
  it("is that of the first line with so many seats", () => {
    expect([0, 1, 2, 3, 10, 11].map((seats) => capFor(caps, seats))).toEqual([5_000, 5_000, 3_000, 1_500, 1_500, undefined]);
  });

  it("is told before one more on screen lowers it", () => {
    expect(loweredByOneMore(roomWith({}), caps)).toEqual({ cap: 3_000, before: 5_000, viewers: 100, near: false });
  });

  it("is not told where it stays, or where the event allows fewer anyway", () => {
    expect(loweredByOneMore(roomWith({ seats_taken: 3, viewer_cap: 1_500 }), caps)).toBeUndefined();
    expect(loweredByOneMore(roomWith({ viewer_cap: 1_000 }), caps)).toBeUndefined();
    expect(loweredByOneMore(roomWith({}), undefined)).toBeUndefined();
  });

  it("is near once more than four fifths of the new one watch", () => {
    expect(loweredByOneMore(roomWith({ viewers: 2_400 }), caps)?.near).toBe(false);
    expect(loweredByOneMore(roomWith({ viewers: 2_401 }), caps)?.near).toBe(true);
  });
});
