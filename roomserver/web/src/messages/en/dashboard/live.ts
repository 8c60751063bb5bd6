import { number } from "../../formats";
import { plural } from "../plural";

/** All running rooms at a glance. */
export const live = {
  lead: "Rooms that are running now. The numbers renew themselves.",
  table: "Running rooms",
  session: "Session",
  seats: "On screen",
  viewers: "Viewers",
  waiting: "Waiting line",
  requests: "Requests",
  recording: "Recording",
  recordings: { off: "Off", armed: "Armed", recording: "Recording", paused: "Paused", ended: "Ended" },
  of: (count: number, most: number) => `${number(count)} of ${number(most)}`,
  enter: "Enter",
  enterRoom: (title: string) => `Enter ${title}`,
  totals: { rooms: "Rooms", seats_taken: "On screen", viewers: "Viewers", waiting: "In waiting lines", requests: "Open requests" },
  more: (count: number) => plural(count, { one: "# more room is running.", other: "# more rooms are running." }),
  empty: "No room is running",
  emptyHint: "A room starts by itself when the first person enters its session.",
  toSessions: "To the sessions",
};
