/** The languages of the pages; each has a folder of its own beside this file. */
export const languages = {
  en: { name: "English", direction: "ltr" },
  de: { name: "Deutsch", direction: "ltr" },
  ar: { name: "العربية", direction: "rtl" },
} as const;

export type Language = keyof typeof languages;

export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(languages, tag);
}

/** The first of a person's languages (BCP 47 tags, best first) that the pages speak; English if there is none. */
export function bestLanguage(wanted: readonly string[]): Language {
  const spoken = wanted.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  return spoken.find(isLanguage) ?? "en";
}

/**
 * How numbers and dates are written: as in the person's region where it speaks the language. Digits are the same as in
 * input fields and files, so Arabic uses 0 to 9 as well.
 */
export function localeOf(language: Language, wanted: readonly string[]): string {
  const regional = wanted.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
  return language === "ar" ? `${regional}-u-nu-latn` : regional;
}
