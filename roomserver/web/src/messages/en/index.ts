import { faults } from "./faults";
import { general } from "./general";
import { reception } from "./reception";
import { session } from "./session";
import { widgets } from "./widgets";

export const texts = { general, faults, widgets, ...reception, ...session };
