export const presenters = {
  empty: "No presenters yet",
  emptyHint: "They are named with the sessions that they present.",
  list: {
    lead: "People named with sessions. They need not be registrants.",
    newName: "New presenter",
    add: "Add",
    name: "Name",
    rename: (name: string) => `Rename ${name}`,
    renameTitle: "Rename the presenter",
    remove: (name: string) => `Delete ${name}`,
    removeTitle: (name: string) => `Delete the presenter ${name}?`,
    removeHint: "Sessions no longer name this person.",
    removeAction: "Delete presenter",
    added: (name: string) => `${name} is added.`,
    renamed: (name: string) => `The name is ${name} now.`,
    removed: (name: string) => `${name} is deleted.`,
  },
};
