import { http } from "./http";

/** The numbers of a running room. */
export interface LiveRoom {
  session: string;
  title: string;
  seats_taken: number;
  max_on_screen: number;
  viewers: number;
  viewer_cap: number;
  waiting: number;
  requests: number;
  /** Armed: it begins as soon as somebody is on screen; ended: for good. */
  recording: "off" | "armed" | "recording" | "paused" | "ended";
}

export interface LiveRooms {
  /** Where somebody waits for an answer first, then the busiest. */
  items: LiveRoom[];
  /** Of all rooms, also of those that are not listed. */
  totals: { rooms: number; seats_taken: number; viewers: number; waiting: number; requests: number };
}

export async function listLiveRooms(signal?: AbortSignal): Promise<LiveRooms> {
  return http.get<LiveRooms>("/api/rooms", { signal });
}
