import styles from "./Avatar.module.css";

const COLOURS = 6;

/** A person without a picture: initials on a colour that stays the same for the same person. */
export function Avatar({ name, id }: { name: string; id: string }) {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return (
    <span className={[styles["avatar"], styles[`colour${(hash % COLOURS) + 1}`]].join(" ")} aria-hidden>
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = firstLetter(words[0]);
  const last = words.length > 1 ? firstLetter(words.at(-1)) : "";
  return (first + last).toLocaleUpperCase();
}

/** The first letter as people see it, marks and joiners included. */
function firstLetter(word: string | undefined): string {
  if (word === undefined) return "";
  const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(word);
  return segments[Symbol.iterator]().next().value?.segment ?? "";
}
