import { describe, expect, it } from "vitest";
import type { Seat } from "roomserver-client";
import { pageOf } from "../../src/session/stage/pages";

const ids = Array.from({ length: 40 }, (_, index) => `s${index + 1}`);
const seats = Object.fromEntries(
  ids.map((id, index): [string, Seat] => [id, { kind: "camera", participant: `p${id}`, name: id, since: index, audio: true, video: true }]),
);
const [chosen, overflow] = [ids.slice(0, 16), ids.slice(16).reverse()];

describe("leafing through people", () => {
  it("begins with those who were chosen", () => {
    expect(pageOf(chosen, overflow, seats, 0, 16)).toEqual({ cameras: chosen, page: 0, pages: 3 });
  });

  it("goes on with everybody else, in the order of arrival", () => {
    expect(pageOf(chosen, overflow, seats, 1, 16).cameras).toEqual(ids.slice(16, 32));
    expect(pageOf(chosen, overflow, seats, 2, 16).cameras).toEqual(ids.slice(32));
  });

  it("stays within the pages that there are", () => {
    expect(pageOf(chosen, overflow, seats, 9, 16).page).toBe(2);
    expect(pageOf(chosen, [], seats, 2, 16)).toEqual({ cameras: chosen, page: 0, pages: 1 });
  });
});
