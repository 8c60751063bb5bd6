import { general } from "./general";
import { reception } from "./reception";
import { session } from "./session";
import { widgets } from "./widgets";

export const texts = { general, widgets, ...reception, ...session };
