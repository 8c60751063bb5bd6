import type { Segment, SegmentDraft } from "../../../browser/api/segments";
import type { ListedSession } from "../../../browser/api/sessions";
import { dayKey } from "../../../messages/formats";

export interface Plan {
  /** Also past ones. */
  segments: readonly Segment[];
  sessions: readonly ListedSession[];
}

export function titleOf(session: string, { sessions }: Plan): string {
  return sessions.find(({ id }) => id === session)?.title ?? session;
}

export interface Day {
  key: string;
  segments: Segment[];
}

/** Segments by the day on which they begin in that time zone, in their order. */
export function byDay(segments: readonly Segment[], zone: string): Day[] {
  const days: Day[] = [];
  for (const each of segments) {
    const key = dayKey(each.starts_at, { zone });
    const last = days.at(-1);
    if (last?.key === key) last.segments.push(each);
    else days.push({ key, segments: [each] });
  }
  return days;
}

export type Warning = { kind: "always_open"; session: string } | { kind: "overlap"; session: string; segment: string };

/** What doesn't fit about the sessions of a draft; `id` is its own, undefined for a new one. */
export function warningsOf(draft: SegmentDraft, id: string | undefined, { segments, sessions }: Plan): Warning[] {
  const open = new Set(sessions.filter(({ availability }) => availability === "always_open").map(({ id: session }) => session));
  const [from, to] = [moment(draft.starts_at), moment(draft.ends_at)];
  const meanwhile = segments.filter((other) => other.id !== id && moment(other.starts_at) < to && from < moment(other.ends_at));
  return draft.sessions.flatMap((session): Warning[] => {
    if (open.has(session)) return [{ kind: "always_open", session }];
    const other = meanwhile.find(({ sessions: taken }) => taken.includes(session));
    return other === undefined ? [] : [{ kind: "overlap", session, segment: other.title }];
  });
}

const USUAL_MILLISECONDS = 3_600_000;

/** The end of what begins then: the one that was chosen, or else an hour later. */
export function endFor(starts: string | null, ends: string | null): string | null {
  return starts === null || ends !== null ? ends : new Date(moment(starts) + USUAL_MILLISECONDS).toISOString();
}

/** Nothing is before or after a time that isn't given. */
function moment(time: string | null): number {
  return time === null ? Number.NaN : new Date(time).getTime();
}

/** Sessions of the segment to which no other leads. `segments` are all, also past ones. */
export function onlyIn(segment: Segment, segments: readonly Segment[]): string[] {
  const others = new Set(segments.filter(({ id }) => id !== segment.id).flatMap(({ sessions }) => sessions));
  return segment.sessions.filter((session) => !others.has(session));
}
