import { JoinRefused, type Ticket } from "roomserver-client";
import { readEvent } from "./event";
import { ApiProblem, http, segment } from "./http";
import { whoAmI } from "./me";

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

/** What the room's page tells of a session, besides what happens in it. */
export interface RoomDetails {
  id: string;
  description: string;
  /** Sanitized by the server. */
  additional_info_html: string;
  /** Ids, in order. */
  presenters: string[];
  location: string;
  youtube: boolean;
  has_moderator_password: boolean;
}

export async function readDetails(session: string, signal?: AbortSignal): Promise<RoomDetails> {
  return http.get<RoomDetails>(`/api/sessions/${segment(session)}`, { signal });
}

/** Whether anybody can become a moderator by the event's password. */
export async function hasEventPassword(): Promise<boolean> {
  return (await readEvent()).has_moderator_password;
}

export async function signInToModerate(session: string, password: string): Promise<void> {
  await http.post(`/api/sessions/${segment(session)}/moderate`, { password });
}
