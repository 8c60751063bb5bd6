import { plurals } from "../formats";

export const plural = plurals<"one" | "other">("de");
