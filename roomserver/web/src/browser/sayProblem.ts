import { t } from "../messages";
import { isolated, number } from "../messages/formats";
import { ApiProblem, type Fault } from "./api/http";

/** Why the HTTP API did not do something, as a sentence for people. */
export function sayProblem(error: unknown): string {
  if (error instanceof TypeError) return t.general.offline; // how fetch says that there is no network
  if (!(error instanceof ApiProblem)) return t.general.somethingWrong;
  const known: Partial<Record<string, string>> = t.general.problems;
  return known[error.code] ?? (error.message === "" ? t.general.somethingWrong : error.message);
}

/** What is wrong with a field, as a sentence in the page's language. */
export function sayFault({ code, message, values = {}, part = "" }: Fault): string {
  const sentence = t.faults[code];
  if (sentence === undefined) return message;
  const filled = sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? number(value) : isolated(value);
  });
  return part === "" ? filled : `${isolated(part)}: ${filled}`;
}

/** A sentence for each field that is wrong; `list.3` counts as `list`. The first of a field is kept. */
export function sayFaults(error: unknown): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  if (!(error instanceof ApiProblem)) return found;
  for (const fault of error.errors) found[fault.field.split(".")[0] ?? ""] ??= sayFault(fault);
  return found;
}
