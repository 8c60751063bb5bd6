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
  conflict: {
    title: "Jemand anderes hat dies auch geändert",
    hint: "Diese Felder haben Sie beide geändert. Alles Übrige bleibt erhalten. Gespeichert wird erst, wenn Sie noch einmal speichern.",
    field: "Feld",
    theirs: "Anderer Stand",
    mine: "Ihr Stand",
    takeTheirs: "Anderen Stand übernehmen",
    keepMine: "Meinen behalten",
  },
  leaving: {
    title: "Verlassen, ohne zu speichern?",
    hint: "Was Sie hier geändert haben, geht verloren.",
    leave: "Verlassen",
  },
};
