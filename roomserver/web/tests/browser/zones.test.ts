import { describe, expect, it } from "vitest";
import { fromZone, toZone } from "../../src/browser/zones";

describe("a moment in a time zone", () => {
  it.each([
    ["2026-07-01T08:00:00Z", "Europe/Berlin", "2026-07-01T10:00"],
    ["2026-01-01T03:30:00Z", "America/New_York", "2025-12-31T22:30"],
    ["2026-01-01T00:00:00Z", "Asia/Kathmandu", "2026-01-01T05:45"],
    ["2026-01-01T00:00:00Z", "UTC", "2026-01-01T00:00"],
  ])("%s in %s is %s, and back", (moment, zone, local) => {
    expect(toZone(moment, zone)).toBe(local);
    expect(fromZone(local, zone)).toBe(moment);
  });

  it("that clocks leave out is the one an hour later", () => {
    expect(fromZone("2026-03-29T02:30", "Europe/Berlin")).toBe("2026-03-29T01:30:00Z");
  });

  it("that clocks show twice is the first", () => {
    expect(fromZone("2026-10-25T02:30", "Europe/Berlin")).toBe("2026-10-25T00:30:00Z");
  });
});
