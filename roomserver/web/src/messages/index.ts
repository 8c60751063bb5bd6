import type { texts } from "./en";
import { setLocale } from "./formats";
import { type Language, localeOf } from "./languages";

/** Every text of the pages. The compiler holds the other languages to the shape of the English one. */
export type Texts = typeof texts;

export const PRODUCT = "roomserver";

/** Loads its texts of a language, and gives back what puts them in place. */
type Area = (language: Language) => Promise<() => void>;

const load = {
  en: () => import("./en"),
  de: () => import("./de"),
  ar: () => import("./ar"),
} satisfies Record<Language, () => Promise<{ texts: Texts }>>;

/**
 * The texts of the page's language, there as soon as `speak` is done. It is another object after a change of the
 * language: read it while drawing, never keep a text in a constant of a module.
 */
export let t: Texts;

let spoken: Language = "en";

const areas: Area[] = [
  async (language) => {
    const { texts } = await load[language]();
    return () => {
      t = texts;
    };
  },
];

/** Changes the language of all areas at once; `wanted` are the person's languages, for how dates are written. */
export async function speak(language: Language, wanted: readonly string[] = []): Promise<void> {
  const settle = await Promise.all(areas.map((area) => area(language)));
  spoken = language;
  setLocale(localeOf(language, wanted));
  for (const put of settle) put();
}

/** Texts that are loaded later than the first page; they follow the language from then on. */
export async function addArea(area: Area): Promise<void> {
  const put = await area(spoken);
  areas.push(area);
  put();
}

export function language(): Language {
  return spoken;
}
