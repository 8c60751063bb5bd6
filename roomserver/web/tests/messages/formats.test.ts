import { afterEach, describe, expect, it } from "vitest";
import { bytes, clock, dateTime, dayKey, duration, list, number, percent, plurals, relative, setLocale, time, timeRange, zoneName } from "../../src/messages/formats";

/** Spaces that languages put between number and unit are of many kinds. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f\u2009]/g, " ");
}

afterEach(() => setLocale("en"));

describe("times", () => {
  const moment = "2026-11-21T23:30:00Z";

  it("are shown in the zone that is asked for", () => {
    expect(plain(time(moment, { zone: "Europe/Berlin" }))).toBe("12:30 AM");
    expect(dayKey(moment, { zone: "Europe/Berlin" })).toBe("2026-11-22");
    expect(dayKey(moment, { zone: "America/New_York" })).toBe("2026-11-21");
    expect(zoneName("Europe/Berlin")).toBe("Central European Time");
  });

  it("follow the language", () => {
    setLocale("de");
    expect(plain(dateTime(moment, { zone: "UTC" }))).toBe("21.11.2026, 23:30");
    expect(plain(timeRange(moment, "2026-11-21T23:45:00Z", { zone: "UTC" }))).toContain("23:30");
  });

  it("are told from now", () => {
    const now = new Date("2026-11-21T12:00:00Z");
    expect(relative("2026-11-21T12:05:00Z", now)).toBe("in 5 minutes");
    expect(relative("2026-11-20T11:00:00Z", now)).toBe("yesterday");
    expect(relative(now, now)).toBe("now");
  });
});

describe("lengths of time", () => {
  it("count as clocks do", () => {
    expect([0, 75, 3725, -3].map(clock)).toEqual(["0:00", "1:15", "1:02:05", "0:00"]);
  });

  it("are words in sentences", () => {
    expect(plain(duration(42))).toBe("42 sec");
    expect(plain(duration(5400))).toBe("1 hr 30 min");
    expect(plain(duration(7200))).toBe("2 hr");
  });
});

describe("numbers", () => {
  it("follow the language", () => {
    expect(number(5000)).toBe("5,000");
    setLocale("de");
    expect(number(5000)).toBe("5.000");
    expect(plain(percent(0.42))).toBe("42 %");
  });

  it("of bytes have the unit that suits them", () => {
    expect([0, 999, 1500, 2_000_000, 1_500_000_000].map((count) => plain(bytes(count)))).toEqual([
      "0 bytes",
      "999 bytes",
      "2 kB",
      "2 MB",
      "1.5 GB",
    ]);
  });

  it("choose the form of their word", () => {
    const plural = plurals<"one" | "other">("en");
    expect(plural(1, { one: "# person", other: "# people" })).toBe("1 person");
    expect(plural(1200, { one: "# person", other: "# people" })).toBe("1,200 people");
  });
});

it("lists are joined as the language joins them", () => {
  expect(list(["Ada", "Bo", "Cem"])).toBe("Ada, Bo, and Cem");
});
