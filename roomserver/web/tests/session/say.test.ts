import { describe, expect, it } from "vitest";
import { ApiProblem } from "../../src/browser/api/http";
import { DeviceError } from "roomserver-client/browser";
import { ConnectionLost, Refused, type Snapshot } from "roomserver-client";
import { t } from "../../src/messages";
import { sayError, sayNotice } from "../../src/session/say";

/** Codes of signaling/room/refusals.py that this client can meet. */
const codes = [
  "must_ask",
  "not_invited",
  "full",
  "viewer_cap",
  "already_sharing",
  "no_such_seat",
  "muted_by_moderator",
  "not_needed",
  "no_such_request",
  "not_a_video",
  "playlist",
  "disabled",
  "forbidden",
  "not_admitted",
  "bad_message",
  "rate_limited",
  "unavailable",
];

describe("a refusal", () => {
  it.each(codes)("%s is said in this page's own words", (code) => {
    const sentence = sayError(new Refused({ code, message: "raw server words" }));
    expect(sentence).not.toBe("raw server words");
    expect(sentence).toMatch(/^[A-Z].{10,}\.$/);
  });

  it("with a code that is new is said in the server's words", () => {
    expect(sayError(new Refused({ code: "something_new", message: "Server words." }))).toBe("Server words.");
  });

  it("names the numbers", () => {
    const details = { viewers: 1800, viewer_cap: 3000, viewer_cap_after: 1500 };
    expect(sayError(new Refused({ code: "viewer_cap", message: "", details }))).toContain("1,500");
    expect(sayError(new Refused({ code: "full", message: "", details: { max_on_screen: 50 } }))).toContain("50");
  });
});

describe("a failure", () => {
  it("is never a program's words", () => {
    expect(sayError(new ConnectionLost("socket"))).toBe(t.refusals.connectionLost);
    expect(sayError(new TypeError("Failed to fetch"))).toBe(t.general.offline);
    expect(sayError(new Error("x is undefined"))).toBe(t.general.somethingWrong);
    expect(sayError(new DeviceError("insecure"))).toBe(t.devices.insecure);
    expect(sayError(new ApiProblem(409, "no_password", "Nobody can sign in by password.", undefined))).toBe("Nobody can sign in by password.");
  });
});

describe("a notice", () => {
  const snapshot = {
    status: { phase: "in" },
    speaking: [],
    room: { seats: { s1: { kind: "camera" }, s2: { kind: "screen" } } },
    desk: { grants: { p_6: { name: "Bo", seat: "s9", expires_at: 1 } } },
  } as unknown as Snapshot;

  it("of a removal tells a screen from a camera", () => {
    expect(sayNotice({ code: "removed", message: "", details: { seat: "s1" } }, snapshot)).toBe(t.notices.removed);
    expect(sayNotice({ code: "removed", message: "", details: { seat: "s2" } }, snapshot)).toBe(t.notices.removedScreen);
  });

  it("of an unused grant differs for the person and for moderators", () => {
    expect(sayNotice({ code: "grant_expired", message: "" }, snapshot)).toBe(t.notices.grant_expired);
    expect(sayNotice({ code: "grant_expired", message: "", details: { participant: "p_6" } }, snapshot)).toContain("Bo");
  });

  it("of a kind that is new is said in the server's words", () => {
    expect(sayNotice({ code: "evaluation_open", message: "Tell us how it was." }, snapshot)).toBe("Tell us how it was.");
  });
});
