import type { recordings as english } from "../../en/dashboard/recordings";

export const recordings: typeof english = {};
