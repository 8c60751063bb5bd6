import { joinSession } from "../browser/api/room";
import { expose } from "../browser/diagnostics";
import type { Room } from "roomserver-client";
import { createRoom } from "roomserver-client/browser";
import { Shares } from "./shares";

/** One visit of a session: the room and one's own shares. */
export class RoomSession {
  readonly room: Room;
  readonly shares: Shares;
  private forget: (() => void) | undefined;

  constructor(session: string) {
    this.room = createRoom({ join: () => joinSession(session) });
    this.shares = new Shares(this.room);
  }

  start(): void {
    this.forget = expose(this.room);
    this.room.start();
  }

  /** Leaves the room and lets go of everything. */
  leave(): void {
    this.forget?.();
    void this.room.leave().finally(() => this.shares.close());
  }
}
