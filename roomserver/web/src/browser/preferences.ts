/** The language and the theme that a person chose on this device; without a choice, what the system says. */
import { speak } from "../messages";
import { type Language, bestLanguage, isLanguage, languages } from "../messages/languages";

export type Theme = "system" | "light" | "dark";

const LANGUAGE = "roomserver.language";
const THEME = "roomserver.theme";

/** Storage can be forbidden: then a choice lasts as long as the page. */
function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Forbidden, or full: nothing else depends on it.
  }
}

async function apply(language: Language): Promise<void> {
  await speak(language, navigator.languages);
  document.documentElement.lang = language;
  document.documentElement.dir = languages[language].direction;
}

/** Called once, before anything is drawn. */
export async function startPreferences(): Promise<void> {
  applyTheme(currentTheme());
  const kept = read(LANGUAGE);
  await apply(isLanguage(kept) ? kept : bestLanguage(navigator.languages));
}

const redraws = new Set<() => void>();

/** `redraw` is called whenever the texts are in another language. */
export function onLanguage(redraw: () => void): () => void {
  redraws.add(redraw);
  return () => redraws.delete(redraw);
}

export async function changeLanguage(language: Language): Promise<void> {
  await apply(language);
  keep(LANGUAGE, language);
  for (const redraw of redraws) redraw();
}

export function currentTheme(): Theme {
  const kept = read(THEME);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export function changeTheme(theme: Theme): void {
  applyTheme(theme);
  keep(THEME, theme);
}
