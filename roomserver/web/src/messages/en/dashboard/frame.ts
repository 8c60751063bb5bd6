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
};
