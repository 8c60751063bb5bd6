import { describe, expect, it } from "vitest";
import { charactersOf } from "../../src/components/Field";
import { fileTrouble } from "../../src/components/acceptedFiles";
import { suggestFrom } from "../../src/components/useSuggestions";

describe("a file", () => {
  const picture = { name: "Me.PNG", type: "image/png", size: 100 };

  it("is taken by its type or by its ending", () => {
    expect(fileTrouble(picture, "image/*", 100)).toBeUndefined();
    expect(fileTrouble({ name: "list.CSV", type: "", size: 1 }, ".csv, .xlsx", 100)).toBeUndefined();
  });

  it("of another kind, or too large, is not", () => {
    expect(fileTrouble(picture, ".csv,image/jpeg", 100)).toBe("kind");
    expect(fileTrouble(picture, "image/png", 99)).toBe("large");
  });
});

describe("suggestions", () => {
  it("match a part of the name or of what tells it apart, in any case", async () => {
    const suggest = suggestFrom([
      { id: "1", label: "Ada Lovelace", detail: "ada@example.org" },
      { id: "2", label: "Grace Hopper" },
    ]);
    const found = await suggest("LOVE", new AbortController().signal);
    expect(found.map(({ id }) => id)).toEqual(["1"]);
    expect(await suggest("", new AbortController().signal)).toHaveLength(2);
    expect(await suggest("example.org", new AbortController().signal)).toHaveLength(1);
  });
});

it("characters are counted as the server counts them", () => {
  expect(charactersOf("añ👋")).toBe(3);
});
