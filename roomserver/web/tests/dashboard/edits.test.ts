import { expect, test } from "vitest";
import { changedFields, mergeEdits } from "../../src/dashboard/edits";

const base = { title: "Talk", tags: ["a"], most: 50, hidden: false };

test("only what differs is sent, lists compared by content", () => {
  expect(changedFields(base, { ...base, tags: ["a"], most: 5 })).toEqual({ most: 5 });
  expect(changedFields(base, { ...base, tags: ["a", "b"] })).toEqual({ tags: ["a", "b"] });
  expect(changedFields(base, base)).toEqual({});
});

test.each([
  ["different fields are joined", { title: "Mine" }, { most: 5 }, { title: "Mine", most: 5 }, []],
  ["the same change by both is no dispute", { most: 5 }, { most: 5 }, { most: 5 }, []],
  ["other values of one field are disputed", { title: "Mine", most: 5 }, { title: "Theirs" }, { title: "Mine", most: 5 }, ["title"]],
  ["what only they changed is theirs", {}, { hidden: true }, { hidden: true }, []],
] as const)("%s", (_, mine, theirs, merged, disputed) => {
  expect(mergeEdits(base, { ...base, ...mine }, { ...base, ...theirs })).toEqual({ merged: { ...base, ...merged }, disputed });
});
