import { type Versioned, http, segment as part } from "./http";
import type { ListedSession } from "./sessions";

/** An entry of the schedule. */
export interface Segment {
  id: string;
  title: string;
  description: string;
  /** Empty: that of its session. */
  location: string;
  starts_at: string;
  ends_at: string;
  /** Ids, in order; a break has none. */
  sessions: string[];
  /** It is happening now. */
  live: boolean;
  past: boolean;
}

/** As a form holds it: the times may not be given yet. */
export interface SegmentDraft {
  title: string;
  description: string;
  location: string;
  starts_at: string | null;
  ends_at: string | null;
  sessions: string[];
}

/** Earliest first; without `past` those that are not over. */
export async function allSegments(past: boolean, signal?: AbortSignal): Promise<Segment[]> {
  return http.all<Segment>("/api/segments", { query: { past }, signal });
}

/** Every session of the event, with what is wrong about its place in the schedule. */
export async function sessionsToSchedule(signal?: AbortSignal): Promise<ListedSession[]> {
  return http.all<ListedSession>("/api/sessions", { signal });
}

export async function readSegment(id: string, signal?: AbortSignal): Promise<Versioned<SegmentDraft>> {
  return http.read<Segment>(`/api/segments/${part(id)}`, { signal });
}

/** What is empty is left out, so that the server says what is missing. */
export async function createSegment(draft: SegmentDraft): Promise<Versioned<SegmentDraft>> {
  const given = Object.entries(draft).filter(([, value]) => value !== null && value !== "");
  return http.create<Segment>("/api/segments", Object.fromEntries(given));
}

export async function changeSegment(id: string, changes: Partial<SegmentDraft>, etag: string): Promise<Versioned<SegmentDraft>> {
  return http.patch<Segment>(`/api/segments/${part(id)}`, changes, etag);
}

export async function deleteSegment(id: string): Promise<void> {
  await http.delete(`/api/segments/${part(id)}`);
}
