import type { settings as english } from "../../en/dashboard/settings";

export const settings: typeof english = {};
