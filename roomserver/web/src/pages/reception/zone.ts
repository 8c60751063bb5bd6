import type { EventInfo } from "../../browser/api/event";
import { ownZone } from "../../messages/formats";
import type { Wanted } from "./useWanted";

/** The zone in which times are shown: the visitor's, or on request the event's. */
export function zoneOf(event: EventInfo, wanted: Wanted): string {
  return wanted.eventZone ? event.time_zone : ownZone();
}
