import { t } from "../messages";
import { ApiProblem } from "./api/http";

/** Why the HTTP API did not do something, as a sentence for people. */
export function sayProblem(error: unknown): string {
  if (error instanceof TypeError) return t.general.offline; // how fetch says that there is no network
  if (!(error instanceof ApiProblem)) return t.general.somethingWrong;
  const known: Partial<Record<string, string>> = t.general.problems;
  return known[error.code] ?? (error.message === "" ? t.general.somethingWrong : error.message);
}
