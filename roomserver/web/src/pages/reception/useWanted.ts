import { useLocation, useSearch } from "wouter";

/** What of the reception somebody wants to see. It is kept in the address: a link shows the same, and going back too. */
export interface Wanted {
  q: string;
  tags: string[];
  /** "2026-11-21"; empty: the day that fits best. */
  day: string;
  past: boolean;
  agenda: boolean;
  /** Times of the event instead of the visitor's own. */
  eventZone: boolean;
}

function read(search: string): Wanted {
  const params = new URLSearchParams(search);
  return {
    q: params.get("q") ?? "",
    tags: params.getAll("tag"),
    day: params.get("day") ?? "",
    past: params.has("past"),
    agenda: params.has("agenda"),
    eventZone: params.has("event-time"),
  };
}

function write({ q, tags, day, past, agenda, eventZone }: Wanted): string {
  const params = new URLSearchParams();
  if (q !== "") params.set("q", q);
  for (const tag of tags) params.append("tag", tag);
  if (day !== "") params.set("day", day);
  if (past) params.set("past", "1");
  if (agenda) params.set("agenda", "1");
  if (eventZone) params.set("event-time", "1");
  const text = params.toString();
  return text === "" ? "/" : `/?${text}`;
}

export type Want = (changes: Partial<Wanted>) => void;

export function useWanted(): [Wanted, Want] {
  const wanted = read(useSearch());
  const [, navigate] = useLocation();
  return [wanted, (changes) => navigate(write({ ...wanted, ...changes }), { replace: true })];
}
