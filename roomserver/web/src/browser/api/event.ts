import { type Versioned, http } from "./http";

export interface EventInfo {
  name: string;
  /** As in "Europe/Berlin"; the pages show visitors their own. */
  time_zone: string;
  kind: "multi_session" | "single_session";
  /** How long before and after its segment a scheduled session is listed. */
  margin_before_minutes: number;
  margin_after_minutes: number;
  /** Attendees may create sessions. */
  attendee_sessions: boolean;
  /** Before a session's end: 0, or 3 to 15. */
  evaluation_unlock_minutes: number;
  has_moderator_password: boolean;
}

/** What is given changes; null takes the password away. */
export type EventChanges = Partial<Omit<EventInfo, "has_moderator_password">> & { moderator_password?: string | null };

export async function readEvent(signal?: AbortSignal): Promise<EventInfo> {
  return http.get<EventInfo>("/api/event", { signal });
}

export async function readEventVersion(signal?: AbortSignal): Promise<Versioned<EventInfo>> {
  return http.read<EventInfo>("/api/event", { signal });
}

export async function changeEvent(changes: EventChanges, etag: string): Promise<Versioned<EventInfo>> {
  return http.patch<EventInfo>("/api/event", changes, etag);
}
