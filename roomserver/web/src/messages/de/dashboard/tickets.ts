import type { tickets as english } from "../../en/dashboard/tickets";

export const tickets: typeof english = {
  empty: "Noch keine Ticketarten",
  emptyHint: "Mit ihnen legen Sie fest, wer welche Sitzungen sehen darf.",
  list: {
    lead: "Registrierte haben ein Ticket einer Art; eine Sitzung kann bestimmten Arten vorbehalten sein.",
    newName: "Neue Ticketart",
    add: "Hinzufügen",
    name: "Name",
    rename: (name) => `${name} umbenennen`,
    renameTitle: "Ticketart umbenennen",
    remove: (name) => `${name} löschen`,
    removeTitle: (name) => `Die Ticketart ${name} löschen?`,
    removeHint: "Das geht nur, solange niemand sie hat und keine Sitzung sie verlangt.",
    removeAction: "Ticketart löschen",
    added: (name) => `${name} ist hinzugefügt.`,
    renamed: (name) => `Sie heißt jetzt ${name}.`,
    removed: (name) => `${name} ist gelöscht.`,
  },
};
