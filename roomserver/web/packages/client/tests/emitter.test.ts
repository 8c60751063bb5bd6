import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Emitter } from "../src/index.js";
import { settle } from "./support/fakeClock.js";

/** Node's, where the tests run. */
declare const process: Record<"on" | "off", (event: "unhandledRejection", listener: () => void) => void>;

describe("an emitter", () => {
  it("calls listeners in their order, and not those that were taken away", () => {
    const heard: string[] = [];
    const events = new Emitter<{ word: string }>();
    events.on("word", (word) => heard.push(`first ${word}`));
    const forget = events.on("word", (word) => heard.push(`second ${word}`));
    events.on("word", (word) => heard.push(`third ${word}`));
    events.emit("word", "a");
    forget();
    events.emit("word", "b");
    expect(heard).toEqual(["first a", "second a", "third a", "first b", "third b"]);
  });

  describe("with a listener that fails", () => {
    const rejected = vi.fn();
    beforeEach(() => {
      process.on("unhandledRejection", rejected);
    });
    afterEach(() => {
      process.off("unhandledRejection", rejected);
    });

    it("tells the others, and reports the failure", async () => {
      const heard: string[] = [];
      const failure = new Error("in the page");
      const events = new Emitter<{ word: string }>();
      events.on("word", () => {
        throw failure;
      });
      events.on("word", (word) => heard.push(word));
      events.emit("word", "a");
      expect(heard).toEqual(["a"]);
      await settle();
      await vi.waitFor(() => expect(rejected).toHaveBeenCalledWith(failure, expect.anything()));
    });
  });
});
