import type { registrants as english } from "../../en/dashboard/registrants";

export const registrants: typeof english = {};
