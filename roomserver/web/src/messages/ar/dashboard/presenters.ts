import type { presenters as english } from "../../en/dashboard/presenters";

export const presenters: typeof english = {};
