import type { ListedSession } from "../../browser/api/sessions";
import type { Segment } from "../../browser/api/schedule";
import { compare, dayKey } from "../../messages/formats";

/** Letters without case and marks, so that "cafe" finds "Café". */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

/** Names of presenters by id. */
export type Names = ReadonlyMap<string, string>;

export function presentersOf(session: ListedSession, names: Names): string[] {
  return session.presenters.flatMap((id) => names.get(id) ?? []);
}

/** Every word of `text` is somewhere in the session, and, if any are asked for, one of the tags is its own. */
export function fits(session: ListedSession, text: string, tags: readonly string[], names: Names): boolean {
  if (tags.length > 0 && !session.tags.some((tag) => tags.includes(tag))) return false;
  const all = plain([session.title, session.description, session.location, ...session.tags, ...presentersOf(session, names)].join("\n"));
  return plain(text).split(/\s+/u).every((word) => all.includes(word));
}

/** Each tag once, in the order of the alphabet. */
export function tagsOf(sessions: readonly ListedSession[]): string[] {
  return [...new Set(sessions.flatMap((session) => session.tags))].sort(compare);
}

/**
 * Whether a session has a place on the page now, `before` minutes before its segment at the earliest. The server decides
 * this for attendees; organizers get every session, and here see what is open.
 */
export function isOpen(session: ListedSession, segments: readonly Segment[], before: number, now: number): boolean {
  if (session.availability === "always_open" || session.happening_now) return true;
  return segments.some(
    ({ sessions, starts_at, ends_at }) =>
      sessions.includes(session.id) && Date.parse(starts_at) - before * 60_000 <= now && now < Date.parse(ends_at),
  );
}

/** Segments by the day on which they start in the zone: "2026-11-21", earliest first. */
export function byDay(segments: readonly Segment[], zone: string): Map<string, Segment[]> {
  const days = new Map<string, Segment[]>();
  for (const segment of segments) {
    const key = dayKey(segment.starts_at, { zone });
    days.set(key, [...(days.get(key) ?? []), segment]);
  }
  return days;
}

/**
 * The day to show: the one that was asked for, else today; on a day without any, the first that isn't over: one that
 * began before midnight goes on.
 */
export function dayToShow(days: readonly string[], asked: string, today: string, past: boolean): string | undefined {
  if (days.includes(asked)) return asked;
  if (days.includes(today)) return today;
  if (!past) return days[0];
  return days.find((day) => day > today) ?? days.at(-1);
}
