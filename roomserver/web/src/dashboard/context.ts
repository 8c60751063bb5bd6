import { createContext, useContext } from "react";
import type { EventInfo } from "../browser/api/event";
import type { Me } from "../browser/api/me";

interface Organizing {
  me: Me;
  event: EventInfo;
  /** Its settings were saved: the header and every page's times follow them. */
  onEventChanged: () => void;
}

export const OrganizingContext = createContext<Organizing | undefined>(undefined);

/** Who organizes here, and the event. */
export function useOrganizing(): Organizing {
  const organizing = useContext(OrganizingContext);
  if (organizing === undefined) throw new Error("Used outside the dashboard.");
  return organizing;
}
