import type { RoomDocument, YouDocument } from "roomserver-client";

/** Whether they may share a video and play, pause and move it (product section 6). */
export function mayControlVideo(room: RoomDocument, you: YouDocument): boolean {
  return room.share_policy === "moderated" ? you.can_moderate : (you.seats ?? []).length > 0;
}

/** Ending it is also open to who shared it, to moderators and to organizers. */
export function mayStopVideo(room: RoomDocument, you: YouDocument): boolean {
  return you.role !== "attendee" || mayControlVideo(room, you) || (room.youtube !== undefined && (you.seats ?? []).includes(room.youtube.seat));
}
