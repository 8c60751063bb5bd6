import type { sessions as english } from "../../en/dashboard/sessions";

export const sessions: typeof english = {};
