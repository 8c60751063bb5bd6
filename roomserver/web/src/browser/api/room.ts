import { JoinRefused, type Ticket } from "roomserver-client";
import { readEvent } from "./event";
import { ApiProblem, http, segment } from "./http";
import { whoAmI } from "./me";
import type { SessionSummary } from "./sessions";

/** A ticket for the room. Throws JoinRefused where asking again is no use. */
export async function joinSession(session: string): Promise<Ticket> {
  // Asked first: a refusal of the join itself would be an error in the browser's console.
  if ((await whoAmI()) === undefined) throw new JoinRefused(401, "Nobody is signed in on this device.");
  try {
    return await http.post<Ticket>(`/api/sessions/${segment(session)}/join`);
  } catch (error) {
    if (error instanceof ApiProblem && error.status >= 400 && error.status < 500 && error.status !== 429) {
      throw new JoinRefused(error.status, error.message);
    }
    throw error;
  }
}

/** Whether anybody can become a moderator of the session by password: its own, or the event's. */
export async function mayHaveModeratorPassword(session: string): Promise<boolean> {
  const [own, event] = await Promise.all([http.get<SessionSummary>(`/api/sessions/${segment(session)}`), readEvent()]);
  return own.has_moderator_password || event.has_moderator_password;
}

export async function signInToModerate(session: string, password: string): Promise<void> {
  await http.post(`/api/sessions/${segment(session)}/moderate`, { password });
}
