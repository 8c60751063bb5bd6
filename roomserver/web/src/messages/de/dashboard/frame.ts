import type { frame as english } from "../../en/dashboard/frame";

export const frame: typeof english = {
  title: "Verwaltung",
  navigation: "Verwaltung",
  menu: "Menü",
  toEvent: "Zu den Seiten der Veranstaltung",
  pages: {
    live: "Live",
    sessions: "Sitzungen",
    schedule: "Programm",
    registrants: "Angemeldete",
    tickets: "Ticketarten",
    presenters: "Vortragende",
    evaluations: "Bewertungen",
    recordings: "Aufzeichnungen",
    settings: "Einstellungen",
  },
};
