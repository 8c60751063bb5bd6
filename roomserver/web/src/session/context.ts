import { createContext, useContext, useSyncExternalStore } from "react";
import type { Snapshot } from "roomserver-client";
import type { RoomSession } from "./RoomSession";
import type { SharesState } from "./shares";

export const SessionContext = createContext<RoomSession | undefined>(undefined);

export function useSession(): RoomSession {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("Used outside a session page.");
  return session;
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
