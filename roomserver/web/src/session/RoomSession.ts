import { joinSession } from "../browser/api/sessions";
import { expose } from "../browser/diagnostics";
import { clock, openSocket, peers } from "roomserver-client/browser";
import { Room } from "roomserver-client";
import { Shares } from "./shares";

/** One visit of a session: the room, one's own shares, and what the browser tells about the network. */
export class RoomSession {
  readonly room: Room;
  readonly shares: Shares;
  private forget: (() => void)[] = [];

  constructor(session: string) {
    this.room = new Room({ join: () => joinSession(session), openSocket, clock, ...(peers && { peers }) });
    this.shares = new Shares(this.room);
  }

  start(): void {
    const changed = (): void => this.room.networkChanged();
    window.addEventListener("online", changed);
    this.forget = [() => window.removeEventListener("online", changed), expose(this.room)];
    this.room.start();
  }

  /** Leaves the room and lets go of everything. */
  leave(): void {
    for (const forget of this.forget) forget();
    this.forget = [];
    void this.room.leave().finally(() => this.shares.close());
  }
}
