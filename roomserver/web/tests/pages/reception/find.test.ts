import { describe, expect, it } from "vitest";
import type { Segment } from "../../../src/browser/api/schedule";
import type { ListedSession } from "../../../src/browser/api/sessions";
import { byDay, dayToShow, fits, isOpen, tagsOf } from "../../../src/pages/reception/find";

function session(fields: Partial<ListedSession>): ListedSession {
  return {
    id: "ses_1",
    title: "Round table",
    description: "",
    additional_info: "",
    tags: [],
    display_size: "large",
    rank: 0,
    picture_alt: "",
    location: "",
    presenters: [],
    kind: "session",
    watch_policy: "anyone",
    ticket_types: [],
    hidden: false,
    share_policy: "anyone",
    max_on_screen: 50,
    overflow: "keep",
    availability: "always_open",
    starts_at: null,
    ends_at: null,
    youtube: false,
    record: false,
    picture: null,
    has_moderator_password: false,
    live: null,
    happening_now: false,
    warning: null,
    ...fields,
  };
}

function segment(starts_at: string, ends_at: string, fields: Partial<Segment> = {}): Segment {
  return { id: starts_at, title: "", description: "", location: "", starts_at, ends_at, sessions: [], live: false, past: false, on_agenda: false, ...fields };
}

describe("a filter", () => {
  const names = new Map([["pre_1", "Zoë Núñez"]]);
  const talk = session({ title: "Café talk", location: "Hall 2", tags: ["design", "welcome"], presenters: ["pre_1", "pre_gone"] });

  it("finds every word anywhere, without case and marks", () => {
    expect(["cafe", "HALL talk", "zoe", "núñez café", "welc", "  "].map((text) => fits(talk, text, [], names))).toEqual([true, true, true, true, true, true]);
    expect(["tea", "café tea"].map((text) => fits(talk, text, [], names))).toEqual([false, false]);
  });

  it("takes sessions with any of the tags", () => {
    expect(fits(talk, "", ["design", "keynote"], names)).toBe(true);
    expect(fits(talk, "", ["keynote"], names)).toBe(false);
    expect(fits(talk, "tea", ["design"], names)).toBe(false);
  });

  it("offers each tag once, in the order of the alphabet", () => {
    expect(tagsOf([talk, session({ tags: ["arts", "design"] })])).toEqual(["arts", "design", "welcome"]);
  });
});

describe("a session is open", () => {
  const nine = Date.parse("2026-06-01T09:00:00Z");
  const slot = segment("2026-06-01T09:05:00Z", "2026-06-01T10:00:00Z", { sessions: ["ses_1"] });
  const scheduled = session({ availability: "scheduled" });

  it("always, or from some minutes before its segment until the end", () => {
    expect(isOpen(session({}), [], 0, nine)).toBe(true);
    expect(isOpen(scheduled, [slot], 5, nine)).toBe(true);
    expect(isOpen(scheduled, [slot], 4, nine)).toBe(false);
    expect(isOpen(scheduled, [slot], 5, nine + 3_600_000)).toBe(false);
    expect(isOpen(scheduled, [{ ...slot, sessions: [] }], 5, nine)).toBe(false);
    expect(isOpen(session({ availability: "scheduled", happening_now: true }), [], 0, nine)).toBe(true);
  });
});

describe("days", () => {
  const late = segment("2026-06-01T15:30:00Z", "2026-06-01T16:00:00Z");
  const later = segment("2026-06-01T23:30:00Z", "2026-06-02T00:30:00Z");

  it("are those of the zone in which somebody looks", () => {
    expect([...byDay([late, later], "Europe/London").keys()]).toEqual(["2026-06-01", "2026-06-02"]);
    expect([...byDay([late, later], "Asia/Tokyo").keys()]).toEqual(["2026-06-02"]);
    expect(byDay([late, later], "America/New_York").get("2026-06-01")).toEqual([late, later]);
  });

  it("begin with the one asked for, else today, else the first that isn't over", () => {
    const days = ["2026-06-01", "2026-06-03"];
    expect(dayToShow(days, "2026-06-03", "2026-06-01", false)).toBe("2026-06-03");
    expect(dayToShow(days, "2026-06-09", "2026-06-03", false)).toBe("2026-06-03");
    expect(dayToShow(days, "", "2026-06-02", false)).toBe("2026-06-01");
    expect(dayToShow([], "", "2026-06-08", false)).toBeUndefined();
  });

  it("begin with the next one, or the last, where the past is shown too", () => {
    const days = ["2026-06-01", "2026-06-03"];
    expect(dayToShow(days, "", "2026-06-02", true)).toBe("2026-06-03");
    expect(dayToShow(days, "", "2026-06-08", true)).toBe("2026-06-03");
  });
});
