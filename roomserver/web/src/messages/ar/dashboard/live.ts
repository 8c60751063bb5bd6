import type { live as english } from "../../en/dashboard/live";

export const live: typeof english = {};
