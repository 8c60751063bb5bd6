import { plurals } from "../formats";

/** Arabic tells six cases apart: none, one, two, 3 to 10, 11 to 99, and hundreds. */
export const plural = plurals<"zero" | "one" | "two" | "few" | "many" | "other">("ar");
