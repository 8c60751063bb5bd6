import { Room, type RoomOptions } from "../index.js";
import { clock, openSocket, peers } from "./realtime.js";

/** All of a room's options may be given; only `join` must be. */
export type BrowserRoomOptions = Pick<RoomOptions, "join"> & Partial<RoomOptions>;

/** A room on the browser's sockets, peer connections and time, not started yet. It looks at once when the browser is back online. */
export function createRoom(options: BrowserRoomOptions): Room {
  const room = new Room({ openSocket, clock, ...(peers && { peers }), ...options });
  const online = (): void => room.networkChanged();
  window.addEventListener("online", online);
  room.events.on("change", ({ status }) => {
    if (status.phase === "ended") window.removeEventListener("online", online);
  });
  return room;
}
