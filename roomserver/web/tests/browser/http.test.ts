import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiProblem, address, http, newerVersion } from "../../src/browser/api/http";
import { sayFault, sayFaults, sayProblem } from "../../src/browser/sayProblem";
import { speak, t } from "../../src/messages";

afterEach(() => vi.unstubAllGlobals());

function answering(...answers: Response[]): ReturnType<typeof vi.fn> {
  const fetch = vi.fn(() => Promise.resolve(answers.shift()));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

async function failing(promise: Promise<unknown>): Promise<ApiProblem> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof ApiProblem)) throw new Error("It did not fail.");
  return error;
}

describe("a request", () => {
  it("leaves out what a query does not say", () => {
    expect(address("/api/sessions", { q: "a b", tag: "", past: false, cursor: null })).toBe("/api/sessions?q=a+b&past=false");
    expect(address("/api/sessions", {})).toBe("/api/sessions");
  });

  it("of a list goes on to its last page", async () => {
    const fetch = answering(Response.json({ items: [1, 2], next: "c" }), Response.json({ items: [3], next: null }));
    expect(await http.all("/api/tags")).toEqual([1, 2, 3]);
    expect(fetch.mock.calls.map(([path]) => path as string)).toEqual(["/api/tags?limit=200", "/api/tags?limit=200&cursor=c"]);
  });

  it("to change something names the version that it is based on", async () => {
    const fetch = answering(Response.json({ title: "B" }, { headers: { ETag: '"2"' } }));
    expect(await http.patch("/api/sessions/ses_1", { title: "B" }, '"1"')).toEqual({ value: { title: "B" }, etag: '"2"' });
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ method: "PATCH", headers: { "If-Match": '"1"' } });
  });
});

describe("a refusal", () => {
  it("tells what is wrong with which field", async () => {
    const errors = [
      { field: "tags.2", message: "too long", code: "too_long", values: { most: 40, given: 1041 } },
      { field: "tags.3", message: "empty", code: "empty" },
      { field: "title", message: "missing", code: "required" },
    ];
    answering(Response.json({ code: "invalid", errors }, { status: 422 }));
    const problem = await failing(http.post("/api/sessions", {}));
    expect(sayFaults(problem)).toEqual({ tags: "too long", title: "missing" });
    expect(sayProblem(problem)).toBe(t.general.problems.invalid);
  });

  it("tells it in the page's language", async () => {
    await speak("de");
    const row = { field: "presenters", message: "“Ada”: …", code: "too_long", values: { most: 1000, given: 1041 }, part: "Ada" };
    expect(sayFault(row)).toBe("\u2068Ada\u2069: Höchstens 1.000 Zeichen sind erlaubt, es sind 1.041.");
    expect(sayFault({ field: "apps", message: "…", code: "unknown", values: { what: "app", name: "app_1" } })).toBe("\u2068app_1\u2069 gibt es nicht.");
    expect(sayFault({ field: "title", message: "Something new", code: "newer_than_this_page" })).toBe("Something new");
    await speak("en");
  });

  it("because somebody else was first brings the newer version", async () => {
    answering(Response.json({ code: "changed_meanwhile", current: { title: "C" }, current_etag: '"3"' }, { status: 412 }));
    const problem = await failing(http.patch("/api/sessions/ses_1", {}, '"1"'));
    expect(newerVersion(problem)).toEqual({ value: { title: "C" }, etag: '"3"' });
    expect(newerVersion(new Error("other"))).toBeUndefined();
  });

  it("that is no problem document is still told", async () => {
    answering(new Response("<h1>Bad gateway</h1>", { status: 502 }));
    expect(sayProblem(await failing(http.get("/api/event")))).toBe(t.general.somethingWrong);
    expect(sayProblem(new ApiProblem(409, "in_use", "Sessions still use it.", undefined))).toBe("Sessions still use it.");
    expect(sayProblem(new TypeError("Failed to fetch"))).toBe(t.general.offline);
  });
});
