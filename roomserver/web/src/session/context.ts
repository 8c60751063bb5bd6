import { createContext, useContext, useSyncExternalStore } from "react";
import type { RoomDetails } from "../browser/api/room";
import type { Snapshot } from "roomserver-client";
import type { RoomSession } from "./RoomSession";
import type { SharesState } from "./shares";

export const SessionContext = createContext<RoomSession | undefined>(undefined);

export function useSession(): RoomSession {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("Used outside a session page.");
  return session;
}

/** What the HTTP API tells of the session; undefined until it is loaded. */
export const DetailsContext = createContext<RoomDetails | undefined>(undefined);

export function useDetails(): RoomDetails | undefined {
  return useContext(DetailsContext);
}

export function useSnapshot(): Snapshot {
  const { room } = useSession();
  return useSyncExternalStore(
    (changed) => room.events.on("change", changed),
    () => room.snapshot,
  );
}

export function useShares(): SharesState {
  const { shares } = useSession();
  return useSyncExternalStore(
    (changed) => shares.events.on("change", changed),
    () => shares.snapshot,
  );
}
