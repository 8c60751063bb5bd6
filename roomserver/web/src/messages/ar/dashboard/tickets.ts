import type { tickets as english } from "../../en/dashboard/tickets";

export const tickets: typeof english = {};
