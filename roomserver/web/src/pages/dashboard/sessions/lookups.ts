import { type Named, allNamed } from "../../../browser/api/named";
import { findRegistrants } from "../../../browser/api/registrants";
import { type LinkedSegment, findSessions, linkedSegments } from "../../../browser/api/sessions";
import type { Option, Suggest } from "../../../components/useSuggestions";
import { compare } from "../../../messages/formats";

/** What a session's form chooses from, and what depends on the session. */
export interface Lookups {
  presenters: readonly Named[];
  ticketTypes: readonly Named[];
  tags: readonly string[];
  /** Entries of the schedule in which it stands. */
  segments: readonly LinkedSegment[];
}

export async function loadLookups(id: string | undefined, signal: AbortSignal): Promise<Lookups> {
  const [presenters, ticketTypes, tags, segments] = await Promise.all([
    allNamed("presenters", signal),
    allNamed("ticket-types", signal),
    tagsInUse(signal),
    id === undefined ? [] : linkedSegments(id, signal),
  ]);
  return { presenters, ticketTypes, tags, segments };
}

/** Of the first sessions: enough to suggest from. */
export async function tagsInUse(signal?: AbortSignal): Promise<string[]> {
  const { items } = await findSessions({ q: "", active_from: null, active_to: null, ticket_type: "", tag: "" }, null, signal);
  return [...new Set(items.flatMap(({ tags }) => tags))].sort(compare);
}

export function optionOf({ id, name }: Named): Option {
  return { id, label: name };
}

/** Registrants by a part of their name or address. */
export const suggestPeople: Suggest = async (text, signal) => {
  const { items } = await findRegistrants(text, null, 8, signal);
  return items.map(({ id, name, email }) => ({ id, label: name, detail: email ?? undefined }));
};

/** The session's address, for whoever is to come. */
export function linkTo(id: string): string {
  return `${location.origin}/sessions/${id}`;
}
