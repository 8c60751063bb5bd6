export const presenters = {};
