/** How many colours there are for people and sessions without a picture: `--color-avatar-1` and on. */
const COLOURS = 6;

/** Stays the same for the same id. */
export function colourOf(id: string): number {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return (hash % COLOURS) + 1;
}

/** Of the first and the last word, as people see letters: marks and joiners included. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = firstLetter(words[0]);
  const last = words.length > 1 ? firstLetter(words.at(-1)) : "";
  return (first + last).toLocaleUpperCase();
}

function firstLetter(word: string | undefined): string {
  if (word === undefined) return "";
  const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(word);
  return segments[Symbol.iterator]().next().value?.segment ?? "";
}
