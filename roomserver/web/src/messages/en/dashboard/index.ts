import { bulk } from "./bulk";
import { evaluations } from "./evaluations";
import { frame } from "./frame";
import { live } from "./live";
import { presenters } from "./presenters";
import { recordings } from "./recordings";
import { registrants } from "./registrants";
import { schedule } from "./schedule";
import { sessions } from "./sessions";
import { settings } from "./settings";
import { tickets } from "./tickets";

export const texts = { bulk, frame, live, sessions, schedule, registrants, tickets, presenters, evaluations, recordings, settings };
