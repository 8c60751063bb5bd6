export const tickets = {
  empty: "No ticket types yet",
  emptyHint: "With them you say which registrants may watch which sessions.",
  list: {
    lead: "Registrants hold a ticket of one type; a session can be for certain types only.",
    newName: "New ticket type",
    add: "Add",
    name: "Name",
    rename: (name: string) => `Rename ${name}`,
    renameTitle: "Rename the ticket type",
    remove: (name: string) => `Delete ${name}`,
    removeTitle: (name: string) => `Delete the ticket type ${name}?`,
    removeHint: "It can only be deleted while no registrant holds it and no session asks for it.",
    removeAction: "Delete ticket type",
    added: (name: string) => `${name} is added.`,
    renamed: (name: string) => `It is called ${name} now.`,
    removed: (name: string) => `${name} is deleted.`,
  },
};
