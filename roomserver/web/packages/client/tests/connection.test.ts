import { describe, expect, it } from "vitest";
import { Connection, ConnectionLost, JoinRefused, Refused, jsonWire } from "../src/index.js";
import { settle } from "./support/fakeClock.js";
import { connected, room, scene, welcomeMessage, you } from "./support/fakeServer.js";

describe("connecting", () => {
  it("joins over HTTP, says hello with the ticket and is in after the welcome", async () => {
    const at = scene();
    const connection = new Connection(at.options);
    expect(connection.snapshot.status).toEqual({ phase: "connecting", attempt: 0 });
    connection.start();
    await settle();
    expect(at.socket().protocol).toBe("roomserver.v1.msgpack");
    await at.socket().welcome();
    expect(at.socket().last("hello")).toMatchObject({ ticket: "ticket-1" });
    expect(connection.snapshot).toMatchObject({ status: { phase: "in" }, room: { title: "Opening" }, you: { name: "Ada" } });
  });

  it("knows how many may watch for each number of seats taken", async () => {
    const at = scene();
    const connection = new Connection(at.options);
    connection.start();
    await settle();
    await at.socket().welcome({ viewer_caps: [[1, 5000], [2, 3000]] });
    expect(connection.snapshot.viewerCaps).toEqual([[1, 5000], [2, 3000]]);
  });

  it("speaks JSON where asked to", async () => {
    const at = scene();
    at.options.wire = jsonWire;
    const connection = await connected(at);
    expect(at.socket().protocol).toBe("roomserver.v1.json");
    expect(connection.snapshot.status.phase).toBe("in");
  });

  it("shows the place in the waiting line until it is let in", async () => {
    const at = scene();
    const connection = new Connection(at.options);
    connection.start();
    await settle();
    at.socket().open();
    await at.socket().reply("hello");
    at.socket().push({ type: "waiting", position: 4, viewers: 1500, cap: 1500 });
    expect(connection.snapshot.status).toEqual({ phase: "waiting", position: 4, viewers: 1500, cap: 1500 });
    at.socket().push({ type: "waiting", position: 3, viewers: 1499, cap: 1500 });
    expect(connection.snapshot.status).toMatchObject({ position: 3 });
    at.socket().push(welcomeMessage);
    expect(connection.snapshot.status.phase).toBe("in");
  });

  it("stops where joining is refused, and says why", async () => {
    const at = scene();
    at.join = () => Promise.reject(new JoinRefused(403, "Not for you."));
    const connection = new Connection(at.options);
    connection.start();
    await at.clock.advance(60_000);
    expect(connection.snapshot.status).toEqual({ phase: "ended", ending: { why: "refused", status: 403, message: "Not for you." } });
    expect(at.joins).toBe(1);
  });

  it("keeps asking, with growing pauses, while the server can't be reached", async () => {
    const at = scene();
    at.join = () => Promise.reject(new Error("offline"));
    const connection = new Connection(at.options);
    connection.start();
    await at.clock.advance(10_000);
    expect(at.joins).toBe(5); // at 0, 0.6, 1.8, 4.2 and 9.0 s
    expect(connection.snapshot.status).toMatchObject({ phase: "connecting", attempt: 5 });
  });

  it("says what joining failed with, until it is in", async () => {
    const at = scene();
    const offline = new Error("offline");
    const joinable = at.join;
    at.join = () => Promise.reject(offline);
    const connection = new Connection(at.options);
    connection.start();
    await settle();
    expect(connection.snapshot.status).toMatchObject({ phase: "connecting", error: offline });
    at.join = joinable;
    await at.clock.advance(1_000);
    await at.socket().welcome();
    await at.socket().drop(1006);
    expect(connection.snapshot.status).toMatchObject({ phase: "reconnecting" });
    expect(connection.snapshot.status).not.toHaveProperty("error");
  });

  it.each([undefined, null, "ticket", {}, { ticket: "t" }, { url: "ws://room/ws" }])("asks again where %j is all it gets for a ticket", async (answer) => {
    const at = scene();
    at.join = () => Promise.resolve(answer as { ticket: string; url: string });
    const connection = new Connection(at.options);
    connection.start();
    await settle();
    expect(connection.snapshot.status).toMatchObject({ phase: "connecting", attempt: 1, error: expect.any(TypeError) as TypeError });
  });

  it("asks for another ticket where the browser refuses the address", async () => {
    const at = scene();
    const { openSocket } = at.options;
    at.options.openSocket = (url, protocol) => {
      if (url === "nowhere") throw new SyntaxError("no address");
      return openSocket(url, protocol);
    };
    const joinable = at.join;
    at.join = () => Promise.resolve({ ticket: "t", url: "nowhere" });
    const connection = new Connection(at.options);
    connection.start();
    await settle();
    expect(connection.snapshot.status).toMatchObject({ phase: "connecting", error: expect.any(SyntaxError) as SyntaxError });
    at.join = joinable;
    await at.clock.advance(1_000);
    await at.socket().welcome();
    expect(connection.snapshot.status.phase).toBe("in");
  });

  it("begins once, however often it is started", async () => {
    const at = scene();
    const connection = new Connection(at.options);
    connection.start();
    connection.start();
    await settle();
    expect(at.joins).toBe(1);
    expect(at.sockets).toHaveLength(1);
  });

  it("gives up on a server that does not answer the hello, and tries again", async () => {
    const at = scene();
    const connection = new Connection(at.options);
    connection.start();
    await settle();
    at.socket().open();
    await at.clock.advance(11_500);
    expect(at.sockets).toHaveLength(2);
    expect(at.sockets[0]?.isClosed).toBe(true);
    expect(connection.snapshot.status.phase).toBe("connecting");
  });
});

describe("documents", () => {
  it("follow patches along the chain of versions", async () => {
    const at = scene();
    const connection = await connected(at);
    at.socket().push({ type: "update", doc: "room", base: 10, version: 12, patch: { viewers: 7, seats: { s1: { kind: "camera", name: "Bo" } } } });
    at.socket().push({ type: "update", doc: "room", base: 12, version: 13, patch: { seats: { s1: null } } });
    expect(connection.snapshot.room).toEqual({ ...room, viewers: 7 });
    at.socket().push({ type: "update", doc: "you", patch: { request: { position: 2, since: 5 } } });
    expect(connection.snapshot.you).toEqual({ ...you, request: { position: 2, since: 5 } });
    expect(at.socket().count("sync")).toBe(0);
  });

  it("are asked for anew, once, when an update is missing", async () => {
    const at = scene();
    const connection = await connected(at);
    at.socket().push({ type: "update", doc: "room", base: 11, version: 12, patch: { viewers: 7 } });
    at.socket().push({ type: "update", doc: "room", base: 12, version: 13, patch: { viewers: 8 } });
    expect(connection.snapshot.room?.viewers).toBe(1);
    expect(at.socket().count("sync")).toBe(1);
    await at.socket().reply("sync");
    at.socket().push({ ...welcomeMessage, version: 13, room: { ...room, viewers: 8 } });
    at.socket().push({ type: "update", doc: "room", base: 13, version: 14, patch: { viewers: 9 } });
    expect(connection.snapshot.room?.viewers).toBe(9);
  });

  it("ignore what they have already", async () => {
    const at = scene();
    const connection = await connected(at);
    at.socket().push({ type: "update", doc: "room", base: 8, version: 10, patch: { viewers: 99 } });
    expect(connection.snapshot.room?.viewers).toBe(1);
    expect(at.socket().count("sync")).toBe(0);
  });

  it("lose the desk with a patch that empties it", async () => {
    const at = scene();
    const connection = await connected(at, { desk: { requests: {}, grants: {} } });
    at.socket().push({ type: "update", doc: "desk", patch: { requests: null, grants: null } });
    expect(connection.snapshot.desk).toBeUndefined();
  });

  it("come with the desk for those who moderate, and without it afterwards", async () => {
    const at = scene();
    const connection = await connected(at, { desk: { requests: { p_5: { name: "Bo", since: 1 } } } });
    expect(connection.snapshot.desk?.requests).toHaveProperty("p_5");
    at.socket().push(welcomeMessage);
    expect(connection.snapshot.desk).toBeUndefined();
  });

  it("tell who speaks and pass notices on", async () => {
    const at = scene();
    const connection = await connected(at);
    const notices: string[] = [];
    connection.events.on("notice", (notice) => notices.push(notice.code));
    at.socket().push({ type: "media.speaking", seats: ["s2", "s1"] });
    at.socket().push({ type: "notice", code: "removed", message: "You were removed." });
    at.socket().push({ type: "something.new", field: 1 });
    expect(connection.snapshot.speaking).toEqual(["s2", "s1"]);
    expect(notices).toEqual(["removed"]);
  });
});

describe("commands", () => {
  it("resolve with the reply of the same id", async () => {
    const at = scene();
    const connection = await connected(at);
    const first = connection.command("share.start", { kind: "camera" });
    const second = connection.command("people.list");
    await at.socket().reply("people.list", { people: [] });
    await at.socket().reply("share.start", { seat: "s3" });
    expect(await first).toMatchObject({ seat: "s3" });
    expect(await second).toMatchObject({ people: [] });
  });

  it("reject with the code of a refusal", async () => {
    const at = scene();
    const connection = await connected(at);
    const command = connection.command("share.start", { kind: "camera" });
    const caught = command.catch((error: unknown) => error);
    await at.socket().refuse("share.start", { code: "full", message: "All 50 places are taken.", details: { seats_taken: 50 } });
    const error = await caught;
    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject({ code: "full", message: "All 50 places are taken.", details: { seats_taken: 50 } });
  });

  it("reject when the connection is lost or there is none", async () => {
    const at = scene();
    const connection = await connected(at);
    const caught = connection.command("request.open").catch((error: unknown) => error);
    await at.socket().drop(1006);
    expect(await caught).toBeInstanceOf(ConnectionLost);
    await expect(connection.command("request.open")).rejects.toBeInstanceOf(ConnectionLost);
  });

  it("without any answer mean that the connection is dead", async () => {
    const at = scene();
    const connection = await connected(at);
    const caught = connection.command("request.open").catch((error: unknown) => error);
    await at.clock.advance(15_000);
    expect(await caught).toBeInstanceOf(ConnectionLost);
    expect(connection.snapshot.status.phase).toBe("reconnecting");
  });
});

describe("coming back", () => {
  it("resumes where it was, keeps the documents, and gets what it missed", async () => {
    const at = scene();
    const connection = await connected(at);
    await at.socket().drop(1006);
    expect(connection.snapshot).toMatchObject({ status: { phase: "reconnecting", attempt: 1 }, room: { title: "Opening" } });
    await at.clock.advance(1_000);
    at.socket().open();
    expect(at.socket().last("hello")).toMatchObject({ resume: "resume-1", epoch: "e1", version: 10 });
    await at.socket().reply("hello");
    at.socket().push({ type: "resumed", version: 11, resume: "resume-2", you });
    at.socket().push({ type: "update", doc: "room", base: 10, version: 11, patch: { viewers: 3 } });
    expect(connection.snapshot).toMatchObject({ status: { phase: "in" }, room: { viewers: 3 } });
    expect(at.joins).toBe(1);
    await at.socket().drop(4000);
    await at.clock.advance(1_000);
    at.socket().open();
    expect(at.socket().last("hello")).toMatchObject({ resume: "resume-2", version: 11 });
  });

  it("joins again at once where the resume token is no good", async () => {
    const at = scene();
    const connection = await connected(at);
    await at.socket().drop(1001);
    await at.clock.advance(1_000);
    at.socket().open();
    await at.socket().drop(4101);
    expect(at.joins).toBe(2);
    await at.socket().welcome({ version: 40 });
    expect(at.socket().last("hello")).toMatchObject({ ticket: "ticket-2" });
    expect(connection.snapshot.status.phase).toBe("in");
  });

  it("stops after a few tickets in a row were refused", async () => {
    const at = scene();
    const connection = new Connection(at.options);
    connection.start();
    for (let round = 0; round < 4; round++) {
      await at.clock.advance(9_000);
      at.socket().open();
      await at.socket().drop(4101);
    }
    await at.clock.advance(60_000);
    expect(connection.snapshot.status).toEqual({ phase: "ended", ending: { why: "closed", code: 4101 } });
    expect(at.sockets).toHaveLength(4);
  });

  it.each([4100, 4102, 4103, 4104, 4105, 1000])("stops for good after close %i", async (code) => {
    const at = scene();
    const connection = await connected(at);
    await at.socket().drop(code);
    await at.clock.advance(120_000);
    expect(connection.snapshot.status).toEqual({ phase: "ended", ending: { why: "closed", code } });
    expect(at.sockets).toHaveLength(1);
  });

  it.each([1001, 1006, 1011, 1012, 4000, 4001, 4002])("comes back after close %i", async (code) => {
    const at = scene();
    const connection = await connected(at);
    await at.socket().drop(code);
    await at.clock.advance(1_000);
    expect(at.sockets).toHaveLength(2);
    await at.socket().welcome();
    expect(connection.snapshot.status.phase).toBe("in");
  });

  it("spreads clients that were dropped together", async () => {
    const times: (number | undefined)[] = [];
    for (const chance of [0, 0.5, 0.99]) {
      const at = scene();
      at.clock.chance = chance;
      const connection = await connected(at);
      await at.socket().drop(1001);
      const status = connection.snapshot.status;
      times.push(status.phase === "reconnecting" ? status.retryAt : undefined);
    }
    expect(times).toEqual([400, 600, 796]);
  });

  it("comes back at once when the browser says that the network is there again", async () => {
    const at = scene();
    const connection = await connected(at);
    await at.socket().drop(1006);
    connection.networkChanged();
    await settle();
    expect(at.sockets).toHaveLength(2);
    await at.clock.advance(5_000);
    expect(at.sockets).toHaveLength(2);
  });

  it("looks after a change of network whether it is still in the waiting line", async () => {
    const at = scene();
    const connection = new Connection(at.options);
    connection.start();
    await settle();
    at.socket().open();
    await at.socket().reply("hello");
    at.socket().push({ type: "waiting", position: 4, viewers: 1500, cap: 1500 });
    connection.networkChanged();
    await at.clock.advance(6_000);
    expect(at.sockets).toHaveLength(2);
  });

  it("finds out that a silent connection is dead", async () => {
    const at = scene();
    const connection = await connected(at);
    await at.clock.advance(25_000);
    expect(at.socket().count("media.view")).toBe(1);
    await at.clock.advance(4_999);
    expect(connection.snapshot.status.phase).toBe("in");
    await at.clock.advance(1);
    expect(connection.snapshot.status.phase).toBe("reconnecting");
  });

  it("leaves a quiet connection alone that answers", async () => {
    const at = scene();
    const connection = await connected(at);
    await at.clock.advance(25_000);
    await at.socket().reply("media.view");
    await at.clock.advance(20_000);
    expect(connection.snapshot.status.phase).toBe("in");
    expect(at.socket().count("media.view")).toBe(1);
  });
});

describe("leaving", () => {
  it("says so and ends", async () => {
    const at = scene();
    const connection = await connected(at);
    const left = connection.leave();
    await at.socket().reply("leave");
    await left;
    expect(connection.snapshot.status).toEqual({ phase: "ended", ending: { why: "left" } });
    await at.clock.advance(60_000);
    expect(at.sockets).toHaveLength(1);
  });

  it("ends also when nobody answers any more", async () => {
    const at = scene();
    const connection = await connected(at);
    const left = connection.leave();
    await at.clock.advance(2_000);
    await left;
    expect(connection.snapshot.status.phase).toBe("ended");
  });

  it("while a try is planned ends the trying", async () => {
    const at = scene();
    const connection = await connected(at);
    await at.socket().drop(1006);
    connection.close();
    await at.clock.advance(60_000);
    expect(at.sockets).toHaveLength(1);
  });
});
