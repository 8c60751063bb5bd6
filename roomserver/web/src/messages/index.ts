import { type Messages, en } from "./en";

export type { Messages };

/** The texts of the page's language. */
export const t: Messages = en;
