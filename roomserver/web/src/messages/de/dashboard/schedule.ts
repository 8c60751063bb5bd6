import type { schedule as english } from "../../en/dashboard/schedule";

export const schedule: typeof english = {};
