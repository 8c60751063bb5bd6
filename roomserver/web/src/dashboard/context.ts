import { createContext, useContext } from "react";
import type { EventInfo } from "../browser/api/event";
import type { Me } from "../browser/api/me";

interface Organizing {
  me: Me;
  event: EventInfo;
}

export const OrganizingContext = createContext<Organizing | undefined>(undefined);

/** Who organizes here, and the event as it was when the dashboard was opened. */
export function useOrganizing(): Organizing {
  const organizing = useContext(OrganizingContext);
  if (organizing === undefined) throw new Error("Used outside the dashboard.");
  return organizing;
}
