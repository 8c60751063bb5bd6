/** The dashboard's navigation. */
export const frame = {
  title: "Dashboard",
  navigation: "Dashboard",
  menu: "Menu",
  toEvent: "To the event's pages",
  pages: {
    live: "Live",
    sessions: "Sessions",
    schedule: "Schedule",
    registrants: "Registrants",
    tickets: "Ticket types",
    presenters: "Presenters",
    evaluations: "Evaluations",
    recordings: "Recordings",
    settings: "Settings",
  },
  conflict: {
    title: "Somebody else changed this too",
    hint: "You both changed these fields. Whatever else they or you changed is kept. Nothing is saved until you save again.",
    field: "Field",
    theirs: "Theirs",
    mine: "Yours",
    takeTheirs: "Take theirs",
    keepMine: "Keep mine",
  },
  leaving: {
    title: "Leave without saving?",
    hint: "What you changed here will be lost.",
    leave: "Leave",
  },
};
