import type { RoomDocument, Snapshot, ViewerCap } from "roomserver-client";

/** How many may watch while so many seats are taken; beyond the table's end nobody gets a seat. */
export function capFor(caps: readonly ViewerCap[], seats: number): number | undefined {
  return caps.find(([most]) => seats <= most)?.[1];
}

/** From this share of the new viewer cap on, a decision is worth a question. */
const NEAR = 0.8;

export interface Lowered {
  cap: number;
  before: number;
  viewers: number;
  /** Viewers come near the new cap, or exceed it. */
  near: boolean;
}

/** What one more seat would do to the viewer cap; undefined if it lowers nothing. */
export function loweredByOneMore(room: RoomDocument, caps: readonly ViewerCap[] | undefined): Lowered | undefined {
  const cap = capFor(caps ?? [], room.seats_taken + 1);
  if (cap === undefined || cap >= room.viewer_cap) return undefined;
  return { cap, before: room.viewer_cap, viewers: room.viewers, near: room.viewers > NEAR * cap };
}

export function loweredIn({ room, viewerCaps }: Snapshot): Lowered | undefined {
  return room && loweredByOneMore(room, viewerCaps);
}
