export const registrants = {};
