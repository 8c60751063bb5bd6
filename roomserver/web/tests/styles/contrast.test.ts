import { describe, expect, it } from "vitest";
import tokens from "../../src/styles/tokens.css?raw";

type Theme = "light" | "dark";

const CELLS = /--color-([\w-]+): (?:light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)|(#[\da-f]{6}));/g;
const colours = new Map([...tokens.matchAll(CELLS)].map(([, name, light, dark, both]) => [name, { light: light ?? both, dark: dark ?? both }]));

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(theme: Theme, one: string, other: string): number {
  const values = [one, other].map((name) => {
    const colour = colours.get(name)?.[theme];
    if (colour === undefined) throw new Error(`There is no colour named ${name}.`);
    return luminance(colour);
  });
  return (Math.max(...values) + 0.05) / (Math.min(...values) + 0.05);
}

const SURFACES = ["page", "stage", "surface", "raised", "hover", "field"];
const TEXT: [string, string[]][] = [
  ["text", [...SURFACES, "accent-surface", "danger-surface", "warning-surface", "good-surface"]],
  ["text-soft", SURFACES],
  ["link", ["page", "surface", "raised", "hover", "accent-surface"]],
  ["danger-text", ["page", "surface", "raised", "hover", "field", "danger-surface"]],
  ["warning-text", ["page", "surface", "raised", "warning-surface"]],
  ["good-text", ["page", "surface", "raised", "good-surface"]],
  ["text-on-accent", ["accent", "accent-hover", "danger", "danger-hover", ...[1, 2, 3, 4, 5, 6].map((index) => `avatar-${index}`)]],
];
const PARTS: [string, string[]][] = [
  ["line-strong", ["page", "surface", "raised", "field"]],
  ["focus", SURFACES],
  ["good", ["page", "surface", "raised"]],
  ["accent", ["page", "surface", "field"]],
];

function pairs(list: [string, string[]][]): [Theme, string, string][] {
  return list.flatMap(([front, backs]) => backs.flatMap((back) => (["light", "dark"] as const).map((theme): [Theme, string, string] => [theme, front, back])));
}

describe("contrast", () => {
  it.each(pairs(TEXT))("in %s: text %s on %s can be read", (theme, front, back) => {
    expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(pairs(PARTS))("in %s: the part %s on %s can be seen", (theme, front, back) => {
    expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(3);
  });

  it("of the speaker's frame is seen on the stage, which is dark in both themes", () => {
    expect(contrast("dark", "speaking", "stage")).toBeGreaterThanOrEqual(3);
  });
});
