import { type Page, type Versioned, http, segment } from "./http";

export interface Registrant {
  id: string;
  name: string;
  email: string | null;
  ticket_type: string | null;
  tags: string[];
}

/** By name; `q` is a part of the name or the e-mail address. */
export async function findRegistrants(q: string, cursor: string | null, limit: number, signal?: AbortSignal): Promise<Page<Registrant>> {
  return http.get<Page<Registrant>>("/api/registrants", { query: { q, cursor, limit }, signal });
}

export async function readRegistrant(id: string, signal?: AbortSignal): Promise<Registrant> {
  return http.get<Registrant>(`/api/registrants/${segment(id)}`, { signal });
}

/** Also by ticket type; an empty one is no condition. */
export async function listRegistrants(q: string, ticketType: string, cursor: string | null, signal?: AbortSignal): Promise<Page<Registrant>> {
  return http.get<Page<Registrant>>("/api/registrants", { query: { q, ticket_type: ticketType, cursor, limit: 50 }, signal });
}

export async function readRegistrantVersion(id: string, signal?: AbortSignal): Promise<Versioned<Registrant>> {
  return http.read<Registrant>(`/api/registrants/${segment(id)}`, { signal });
}

export async function createRegistrant(fields: Partial<Registrant>): Promise<Versioned<Registrant>> {
  return http.create<Registrant>("/api/registrants", fields);
}

export async function changeRegistrant(id: string, changes: Partial<Registrant>, etag: string): Promise<Versioned<Registrant>> {
  return http.patch<Registrant>(`/api/registrants/${segment(id)}`, changes, etag);
}

export async function deleteRegistrant(id: string): Promise<void> {
  await http.delete(`/api/registrants/${segment(id)}`);
}

/** What signs a person in: the link works until it expires. Neither can be read again. */
export interface SignInMeans {
  token: string;
  sign_in_link: string;
  expires_at: string;
}

/** Those that were made before keep working. */
export async function makeSignIn(id: string): Promise<SignInMeans> {
  return http.post<SignInMeans>(`/api/registrants/${segment(id)}/token`);
}

/** Ends all links, tokens and signed-in browsers of this person. */
export async function endSignIns(id: string): Promise<void> {
  await http.delete(`/api/registrants/${segment(id)}/tokens`);
}
