import { afterEach, describe, expect, it, vi } from "vitest";
import { fetchTicket } from "../../src/browser/fetchTicket.js";
import { JoinRefused } from "../../src/index.js";

function answer(status: number, body: BodyInit | null): void {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status })));
}

afterEach(() => vi.unstubAllGlobals());

describe("fetching a ticket", () => {
  it("posts, and returns what is answered", async () => {
    const fetched = vi.fn(() => Promise.resolve(new Response('{"ticket": "t", "url": "wss://rooms/ws"}')));
    vi.stubGlobal("fetch", fetched);
    expect(await fetchTicket("/ticket", { headers: { "X-Mine": "1" } })).toEqual({ ticket: "t", url: "wss://rooms/ws" });
    expect(fetched).toHaveBeenCalledWith("/ticket", { method: "POST", cache: "no-store", headers: { "X-Mine": "1" } });
  });

  it.each([401, 403, 404, 422])("is refused for good by %i, with the answer's words", async (status) => {
    answer(status, '{"detail": "Not for you."}');
    const refused = await fetchTicket("/ticket").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(JoinRefused);
    expect(refused).toMatchObject({ status, message: "Not for you." });
  });

  it.each([408, 429, 500, 502, 503])("may be tried again after %i", async (status) => {
    answer(status, "<html>");
    const failed = await fetchTicket("/ticket").catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(failed).not.toBeInstanceOf(JoinRefused);
    expect(failed).toMatchObject({ message: `/ticket answered ${status}.` });
  });

  it.each(["null", "[]", "7", '{"detail": 7}', ""])("says the status where the answer is %j", async (body) => {
    answer(403, body);
    await expect(fetchTicket("/ticket")).rejects.toMatchObject({ status: 403, message: "/ticket answered 403." });
  });
});
