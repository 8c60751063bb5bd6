import { type Fault, address, http } from "./http";

/** What comes and goes by spreadsheet. */
export type BulkKind = "sessions" | "registrants" | "segments";
export type SheetFormat = "csv" | "xlsx";

export const SHEET_FILES = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
export const SHEET_BYTES = 5 * 1024 * 1024;

export interface ImportRow {
  /** As spreadsheet programs count: the header is row 1. */
  row: number;
  action: "create" | "update" | "unchanged";
  id: string | null;
  errors: Fault[];
  changes: { field: string; before: string; after: string }[];
}

export interface ImportAnswer {
  rows: ImportRow[];
  /** All rows or none. */
  applied: boolean;
}

export interface ImportProgress {
  stage: "reading" | "checking" | "writing" | "telling" | "done" | "failed";
  /** Rows within this stage. */
  done: number;
  total: number;
}

/** Everything there is, to be edited and sent again. */
export function exportAddress(kind: BulkKind, format: SheetFormat): string {
  return address(`/api/${kind}/export`, { format });
}

/** An empty sheet that explains its columns. */
export function templateAddress(kind: BulkKind, format: SheetFormat): string {
  return address(`/api/${kind}/template`, { format });
}

/** `dry`: only says what would change and what is wrong. `name` is any, for `readImport`. */
export async function importSheet(kind: BulkKind, sheet: Blob, dry: boolean, name: string, signal?: AbortSignal): Promise<ImportAnswer> {
  return http.post<ImportAnswer>(`/api/${kind}/import`, sheet, { query: { dry_run: dry, import_id: name }, signal });
}

/** How far an import is. */
export async function readImport(name: string, signal?: AbortSignal): Promise<ImportProgress> {
  return http.get<ImportProgress>(`/api/imports/${name}`, { signal });
}
