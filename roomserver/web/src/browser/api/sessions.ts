import { type Page, type Versioned, http, segment } from "./http";

export interface SessionSummary {
  id: string;
  title: string;
  description?: string;
  share_policy: "anyone" | "invite_only" | "moderated";
  picture?: string | null;
  picture_alt?: string;
  location?: string;
  tags?: string[];
  has_moderator_password?: boolean;
  live?: { seats_taken: number; viewers: number } | null;
}

export async function listSessions(signal?: AbortSignal): Promise<ListedSession[]> {
  return http.all<ListedSession>("/api/sessions", { signal });
}

export type WatchPolicy = "anyone" | "private" | "tickets" | "unlisted";
export type SharePolicy = SessionSummary["share_policy"];

/** What organizers set. */
export interface SessionFields {
  title: string;
  description: string;
  /** Markdown. */
  additional_info: string;
  tags: string[];
  display_size: "large" | "medium";
  rank: number;
  picture_alt: string;
  location: string;
  /** Ids, in order. */
  presenters: string[];
  kind: "session" | "stage";
  watch_policy: WatchPolicy;
  ticket_types: string[];
  hidden: boolean;
  share_policy: SharePolicy;
  max_on_screen: number;
  overflow: "keep" | "refuse_seat";
  availability: "always_open" | "scheduled";
  starts_at: string | null;
  ends_at: string | null;
  youtube: boolean;
  record: boolean;
}

/** A session as organizers get it. */
export interface Session extends SessionFields {
  id: string;
  /** Its address. */
  picture: string | null;
  has_moderator_password: boolean;
  live: { seats_taken: number; viewers: number } | null;
}

/** Null takes the password away. */
export type SessionChanges = Partial<SessionFields> & { moderator_password?: string | null };

export interface ListedSession extends Session {
  happening_now: boolean;
  /** It is scheduled but linked to no segment: nobody finds it. */
  warning: "not_on_schedule" | null;
}

/** Moments are RFC 3339; what is null or empty is no condition. */
export interface SessionFilter {
  q: string;
  active_from: string | null;
  active_to: string | null;
  ticket_type: string;
  tag: string;
}

export async function findSessions(filter: SessionFilter, cursor: string | null, signal?: AbortSignal): Promise<Page<ListedSession>> {
  return http.get<Page<ListedSession>>("/api/sessions", { query: { ...filter, cursor, limit: 50 }, signal });
}

export async function readSession(id: string, signal?: AbortSignal): Promise<Versioned<Session>> {
  return http.read<Session>(`/api/sessions/${segment(id)}`, { signal });
}

export async function createSession(fields: SessionChanges): Promise<Versioned<Session>> {
  return http.create<Session>("/api/sessions", fields);
}

/** `unlink` confirms that the session leaves the schedule if it becomes always open. */
export async function changeSession(id: string, changes: SessionChanges, etag: string, unlink: boolean): Promise<Versioned<Session>> {
  return http.patch<Session>(`/api/sessions/${segment(id)}`, changes, etag, { query: { unlink: unlink || null } });
}

export async function deleteSession(id: string): Promise<void> {
  await http.delete(`/api/sessions/${segment(id)}`);
}

export async function putPicture(id: string, picture: Blob): Promise<void> {
  await http.put(`/api/sessions/${segment(id)}/picture`, picture);
}

/** `address` is a session's `picture`. */
export async function readPicture(address: string): Promise<Blob> {
  return (await fetch(address)).blob();
}

export async function removePicture(id: string): Promise<void> {
  await http.delete(`/api/sessions/${segment(id)}/picture`);
}

/** Who is invited, or who moderates: ids of registrants. */
export type PeopleOf = "invitations" | "moderators";

export async function readPeople(id: string, which: PeopleOf, signal?: AbortSignal): Promise<Versioned<string[]>> {
  const { value, etag } = await http.read<{ registrants: string[] }>(`/api/sessions/${segment(id)}/${which}`, { signal });
  return { value: value.registrants, etag };
}

/** Sets the whole list. */
export async function putPeople(id: string, which: PeopleOf, registrants: string[], etag?: string): Promise<void> {
  await http.put(`/api/sessions/${segment(id)}/${which}`, { registrants }, { etag });
}

/** Additional information as the pages will show it: sanitized HTML. */
export async function previewMarkdown(markdown: string, signal?: AbortSignal): Promise<string> {
  return (await http.post<{ html: string }>("/api/preview", { markdown }, { signal })).html;
}

/** An entry of the schedule that a session stands in. */
export interface LinkedSegment {
  id: string;
  title: string;
  starts_at: string;
  ends_at: string;
}

export async function linkedSegments(session: string, signal?: AbortSignal): Promise<LinkedSegment[]> {
  const all = await http.all<LinkedSegment & { sessions: string[] }>("/api/segments", { query: { past: true }, signal });
  return all.filter(({ sessions }) => sessions.includes(session));
}
