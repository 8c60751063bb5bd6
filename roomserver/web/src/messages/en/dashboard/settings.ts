import { plural } from "../plural";

/** The event's settings. */
export const settings = {
  event: "Event",
  name: "Name",
  nameHint: "In the header of every page.",
  zone: "Time zone",
  zoneHint: "In which organizers write dates and times. Visitors see their own.",
  kind: "Kind of event",
  kinds: { multi_session: "Several sessions", single_session: "One session" },
  kindHints: {
    multi_session: "Visitors find sessions and the schedule.",
    single_session: "Visitors land straight in the one session there is.",
  },
  attendeeSessions: "Attendees may create sessions",
  attendeeSessionsHint: "Open or moderated ones, which everybody can watch. You can edit and delete them.",
  schedule: "Schedule and evaluations",
  margin_before_minutes: "Listed before it begins (minutes)",
  margin_after_minutes: "Listed after it ends (minutes)",
  marginHints: {
    margin_before_minutes: "How early a scheduled session appears among the sessions.",
    margin_after_minutes: "How long it stays there when its time is up. Its room goes on anyway.",
  },
  unlock: "Evaluations open by themselves",
  unlockHint: "Sessions need a beginning and an end for it. By hand they open earlier.",
  beforeEnd: (minutes: number) =>
    minutes === 0 ? "At the end of the session" : plural(minutes, { one: "# minute before the end", other: "# minutes before the end" }),
  save: "Save settings",
  saved: "The settings are saved.",
  on: "On",
  off: "Off",
  password: "Moderator password",
  passwordHint: "Whoever knows it becomes a moderator of any moderated session without a password of its own.",
  passwordSet: "There is a password. Nobody can read it, also you can't.",
  passwordNone: "There is none: nobody can become a moderator by password, except where a session has its own.",
  passwordFirst: "Password",
  passwordNew: "Another password",
  passwordSave: "Save password",
  passwordSaved: "The moderator password is saved.",
  passwordRemove: "Remove password",
  passwordRemoved: "The moderator password is removed.",
};
