import { addArea } from ".";
import type { texts } from "./en/dashboard";
import type { Language } from "./languages";

export type DashboardTexts = typeof texts;

const load = {
  en: () => import("./en/dashboard"),
  de: () => import("./de/dashboard"),
  ar: () => import("./ar/dashboard"),
} satisfies Record<Language, () => Promise<{ texts: DashboardTexts }>>;

/** The dashboard's texts, like `t`: there as soon as `loadDashboardTexts` is done. */
export let d: DashboardTexts;

let loading: Promise<void> | undefined;

export function loadDashboardTexts(): Promise<void> {
  loading ??= addArea(async (language) => {
    const { texts } = await load[language]();
    return () => {
      d = texts;
    };
  });
  return loading;
}
