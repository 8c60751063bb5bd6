import { t } from "../messages";

/** A sentence for each of these fields that holds nothing. */
export function missing<T extends object>(values: T, ...fields: (keyof T & string)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(fields.filter((field) => isNothing(values[field])).map((field) => [field, t.general.wanted]));
}

function isNothing(value: unknown): boolean {
  return value === null || (typeof value === "string" && value.trim() === "") || (Array.isArray(value) && value.length === 0);
}
