import { http } from "./http";

export interface EventInfo {
  name: string;
  has_moderator_password?: boolean;
}

export async function readEvent(signal?: AbortSignal): Promise<EventInfo> {
  return http.get<EventInfo>("/api/event", { signal });
}
