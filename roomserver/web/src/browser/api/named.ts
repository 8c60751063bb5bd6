import { type Page, type Versioned, http, segment } from "./http";

/** A ticket type or a presenter. */
export interface Named {
  id: string;
  name: string;
}

export type NamedKind = "ticket-types" | "presenters";

export const NAME_MOST = 100;

export async function listNamed(kind: NamedKind, cursor: string | null, signal?: AbortSignal): Promise<Page<Named>> {
  return http.get<Page<Named>>(`/api/${kind}`, { query: { cursor, limit: 100 }, signal });
}

/** All of them: for choosing. */
export async function allNamed(kind: NamedKind, signal?: AbortSignal): Promise<Named[]> {
  return http.all<Named>(`/api/${kind}`, { signal });
}

export async function createNamed(kind: NamedKind, name: string): Promise<Named> {
  return (await http.create<Named>(`/api/${kind}`, { name })).value;
}

export async function renameNamed(kind: NamedKind, id: string, name: string): Promise<Versioned<Named>> {
  const path = `/api/${kind}/${segment(id)}`;
  const { etag } = await http.read<Named>(path);
  return http.patch<Named>(path, { name }, etag);
}

export async function deleteNamed(kind: NamedKind, id: string): Promise<void> {
  await http.delete(`/api/${kind}/${segment(id)}`);
}
