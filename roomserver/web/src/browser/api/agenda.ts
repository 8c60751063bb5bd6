import { http, segment } from "./http";

export async function putOnAgenda(id: string): Promise<void> {
  await http.put(`/api/agenda/${segment(id)}`, undefined);
}

export async function takeOffAgenda(id: string): Promise<void> {
  await http.delete(`/api/agenda/${segment(id)}`);
}

/** Secret addresses for calendar programs: whoever has one sees what this person sees. */
export interface Feeds {
  schedule: string;
  /** Organizers have none. */
  agenda: string | null;
}

/** Makes new addresses, shown this once; those made before end. */
export async function makeFeeds(): Promise<Feeds> {
  return http.post<Feeds>("/api/feeds");
}

export async function endFeeds(): Promise<void> {
  await http.delete("/api/feeds");
}
