import type { evaluations as english } from "../../en/dashboard/evaluations";

export const evaluations: typeof english = {};
