import type { ImportRow } from "../../browser/api/spreadsheets";

/** What a table of an upload shows. */
export type Shown = "errors" | "changes" | "all";

export interface Counts {
  create: number;
  update: number;
  unchanged: number;
  /** Rows with at least one error. */
  wrong: number;
}

export function countRows(rows: readonly ImportRow[]): Counts {
  const counts: Counts = { create: 0, update: 0, unchanged: 0, wrong: 0 };
  for (const row of rows) {
    if (row.errors.length > 0) counts.wrong += 1;
    else counts[row.action] += 1;
  }
  return counts;
}

/** What matters most at first sight. */
export function firstShown({ create, update, wrong }: Counts): Shown {
  return wrong > 0 ? "errors" : create + update > 0 ? "changes" : "all";
}

export function shownRows(rows: readonly ImportRow[], shown: Shown): readonly ImportRow[] {
  if (shown === "all") return rows;
  return rows.filter((row) => row.errors.length > 0 || (shown === "changes" && row.action !== "unchanged"));
}
