import type { texts as english } from "../en";
import faults from "./faults.json";
import { general } from "./general";
import { reception } from "./reception";
import { session } from "./session";
import { widgets } from "./widgets";

export const texts: typeof english = { general, faults, widgets, ...reception, ...session };
