import { http } from "./http";

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

export async function listSessions(signal?: AbortSignal): Promise<SessionSummary[]> {
  return http.all<SessionSummary>("/api/sessions", { signal });
}
