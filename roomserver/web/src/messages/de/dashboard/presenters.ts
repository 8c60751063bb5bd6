import type { presenters as english } from "../../en/dashboard/presenters";

export const presenters: typeof english = {
  empty: "Noch keine Vortragenden",
  emptyHint: "Sie werden bei den Sitzungen genannt, in denen sie vortragen.",
  list: {
    lead: "Personen, die bei Sitzungen genannt werden. Sie müssen nicht registriert sein.",
    newName: "Neue Person",
    add: "Hinzufügen",
    name: "Name",
    rename: (name) => `${name} umbenennen`,
    renameTitle: "Person umbenennen",
    remove: (name) => `${name} löschen`,
    removeTitle: (name) => `${name} als vortragende Person löschen?`,
    removeHint: "Sitzungen nennen diese Person dann nicht mehr.",
    removeAction: "Person löschen",
    added: (name) => `${name} ist hinzugefügt.`,
    renamed: (name) => `Der Name ist jetzt ${name}.`,
    removed: (name) => `${name} ist gelöscht.`,
  },
};
