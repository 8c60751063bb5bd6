import { http, segment } from "./http";
import type { Segment as Entry } from "./segments";

/** An entry of the schedule, as this person sees it. */
export interface Segment extends Entry {
  on_agenda: boolean;
}

export interface Schedule {
  /** Earliest first. */
  segments: Segment[];
  happeningNow: Segment[];
  /** When the schedule looks different by itself; null if never again. */
  nextChangeAt: string | null;
}

interface SchedulePage {
  items: { date: string; segments: Segment[] }[];
  next: string | null;
  happening_now: Segment[];
  next_change_at: string | null;
  landing: string | null;
}

/** All of it, page after page; without `past` what is not over. */
export async function readSchedule(past: boolean, signal?: AbortSignal): Promise<Schedule> {
  const pages: SchedulePage[] = [];
  let cursor: string | null = null;
  do {
    const page: SchedulePage = await http.get<SchedulePage>("/api/schedule", { query: { past: past || null, cursor, limit: 500 }, signal });
    pages.push(page);
    cursor = page.next;
  } while (cursor !== null);
  const changes = pages.flatMap(({ next_change_at }) => next_change_at ?? []);
  return {
    segments: pages.flatMap(({ items }) => items.flatMap(({ segments }) => segments)),
    happeningNow: pages.at(-1)?.happening_now ?? [],
    nextChangeAt: changes.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null,
  };
}

/** The session to go straight into, if there is only one to see. */
export async function readLanding(signal?: AbortSignal): Promise<string | null> {
  return (await http.get<SchedulePage>("/api/schedule", { query: { limit: 1 }, signal })).landing;
}

/** Files for calendar programs. */
export const SCHEDULE_CALENDAR = "/api/schedule.ics";
export const AGENDA_CALENDAR = "/api/agenda.ics";

export function segmentCalendar(id: string): string {
  return `/api/segments/${segment(id)}.ics`;
}
