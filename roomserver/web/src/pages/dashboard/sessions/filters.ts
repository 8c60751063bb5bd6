import type { SessionFilter } from "../../../browser/api/sessions";
import { fromZone } from "../../../browser/zones";

/** What the list shows, as the address of the page keeps it. Days are "2026-11-21" in the event's time zone. */
export interface Filters {
  q: string;
  from: string;
  to: string;
  ticket: string;
  tag: string;
}

export const NO_FILTERS: Filters = { q: "", from: "", to: "", ticket: "", tag: "" };

const DAY = /^\d{4}-\d\d-\d\d$/;

export function readFilters(search: URLSearchParams): Filters {
  const filters = { ...NO_FILTERS };
  for (const name of Object.keys(NO_FILTERS) as (keyof Filters)[]) filters[name] = search.get(name) ?? "";
  for (const name of ["from", "to"] as const) if (!DAY.test(filters[name])) filters[name] = "";
  return filters;
}

/** The same parameters with these changed; empty ones are left out, and others are kept. */
export function writeFilters(search: URLSearchParams, changes: Partial<Filters>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/** As the server is asked: whole days. */
export function conditionsOf({ q, from, to, ticket, tag }: Filters, zone: string): SessionFilter {
  return {
    q: q.trim(),
    active_from: from === "" ? null : fromZone(`${from}T00:00`, zone),
    active_to: to === "" ? null : fromZone(`${to}T23:59`, zone),
    ticket_type: ticket,
    tag,
  };
}

export function isFiltered(filters: Filters): boolean {
  return Object.values(filters).some((value) => value !== "");
}
