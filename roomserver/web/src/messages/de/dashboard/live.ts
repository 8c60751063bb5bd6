import type { live as english } from "../../en/dashboard/live";
import { number } from "../../formats";
import { plural } from "../plural";

export const live: typeof english = {
  lead: "Räume, die gerade laufen. Die Zahlen erneuern sich von selbst.",
  table: "Laufende Räume",
  session: "Sitzung",
  seats: "Im Bild",
  viewers: "Publikum",
  waiting: "Warteschlange",
  requests: "Anfragen",
  recording: "Aufzeichnung",
  recordings: { off: "Aus", armed: "Bereit", recording: "Nimmt auf", paused: "Unterbrochen", ended: "Beendet" },
  of: (count, most) => `${number(count)} von ${number(most)}`,
  enter: "Eintreten",
  enterRoom: (title) => `${title}: eintreten`,
  totals: { rooms: "Räume", seats_taken: "Im Bild", viewers: "Publikum", waiting: "In Warteschlangen", requests: "Offene Anfragen" },
  more: (count) => plural(count, { one: "# weiterer Raum läuft.", other: "# weitere Räume laufen." }),
  empty: "Kein Raum läuft",
  emptyHint: "Ein Raum beginnt von selbst, sobald die erste Person seine Sitzung betritt.",
  toSessions: "Zu den Sitzungen",
};
