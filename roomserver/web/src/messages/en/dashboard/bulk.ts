import { plural } from "../plural";

function rows(count: number): string {
  return plural(count, { one: "# row", other: "# rows" });
}

/** Many at once, by spreadsheet. */
export const bulk = {
  menu: "Spreadsheet",
  upload: "Upload a spreadsheet…",
  exportAs: (format: string) => `Export as ${format}`,
  templateAs: (format: string) => `Empty template (${format})`,
  title: { sessions: "Upload sessions", registrants: "Upload registrants", segments: "Upload the schedule" },
  hint: "A row with an id changes what has it, one without creates something new. First you see what would happen; nothing is changed before you apply it.",
  choose: "CSV or XLSX file",
  fileHint: (most: string) => `At most ${most} and 10,000 rows. An export has the right columns.`,
  busy: { checking: "The file is being checked…", applying: "The changes are being made…" },
  stages: {
    reading: "The file is being read…",
    checking: "The rows are being checked…",
    writing: "The changes are being made…",
    telling: "Open rooms are being told…",
    done: "Done.",
    failed: "It didn't work.",
  },
  fits: "Nothing is wrong",
  wrong: (count: number) => `${rows(count)} with errors`,
  summary: (create: number, update: number, unchanged: number) => `${rows(create)} to create, ${rows(update)} to change, ${rows(unchanged)} unchanged`,
  mend: "Nothing is applied until every row is right. Correct the file, then choose it again.",
  show: "Show",
  shown: { errors: "Rows with errors", changes: "Rows that do something", all: "All rows" },
  rows: "Rows of the file",
  row: "Row",
  action: "What happens",
  actions: { create: "New", update: "Changes", unchanged: "Unchanged", wrong: "Error" },
  details: "Details",
  emptied: "emptied",
  none: "There are no such rows.",
  apply: (count: number) => `Apply ${rows(count)}`,
  applyNone: "Apply",
  applied: (create: number, update: number) => `${plural(create, { one: "# created", other: "# created" })}, ${plural(update, { one: "# changed", other: "# changed" })}.`,
};
