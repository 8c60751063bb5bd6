import type { settings as english } from "../../en/dashboard/settings";
import { plural } from "../plural";

export const settings: typeof english = {
  event: "Veranstaltung",
  name: "Name",
  nameHint: "Steht im Kopf jeder Seite.",
  zone: "Zeitzone",
  zoneHint: "In ihr schreiben Sie Daten und Zeiten. Besucherinnen und Besucher sehen ihre eigene.",
  kind: "Art der Veranstaltung",
  kinds: { multi_session: "Mehrere Sitzungen", single_session: "Eine Sitzung" },
  kindHints: {
    multi_session: "Wer kommt, findet Sitzungen und das Programm.",
    single_session: "Wer kommt, landet direkt in der einzigen Sitzung.",
  },
  attendeeSessions: "Teilnehmende dürfen Sitzungen anlegen",
  attendeeSessionsHint: "Offene oder moderierte, denen alle zuschauen können. Sie können sie bearbeiten und löschen.",
  schedule: "Programm und Umfragen",
  margin_before_minutes: "Gelistet vor dem Beginn (Minuten)",
  margin_after_minutes: "Gelistet nach dem Ende (Minuten)",
  marginHints: {
    margin_before_minutes: "Wie früh eine geplante Sitzung unter den Sitzungen erscheint.",
    margin_after_minutes: "Wie lange sie nach ihrer Zeit dort bleibt. Ihr Raum läuft ohnehin weiter.",
  },
  unlock: "Umfragen öffnen sich von selbst",
  unlockHint: "Dafür braucht die Sitzung Anfang und Ende. Von Hand öffnen sie sich früher.",
  beforeEnd: (minutes) =>
    minutes === 0 ? "Am Ende der Sitzung" : plural(minutes, { one: "# Minute vor dem Ende", other: "# Minuten vor dem Ende" }),
  save: "Einstellungen speichern",
  saved: "Die Einstellungen sind gespeichert.",
  on: "An",
  off: "Aus",
  password: "Moderationspasswort",
  passwordHint: "Wer es kennt, kann jede moderierte Sitzung ohne eigenes Passwort moderieren.",
  passwordSet: "Es gibt ein Passwort. Niemand kann es lesen, auch Sie nicht.",
  passwordNone: "Es gibt keines: Niemand kann sich per Passwort zur Moderation anmelden, außer wo eine Sitzung ein eigenes hat.",
  passwordFirst: "Passwort",
  passwordNew: "Anderes Passwort",
  passwordSave: "Passwort speichern",
  passwordSaved: "Das Moderationspasswort ist gespeichert.",
  passwordRemove: "Passwort entfernen",
  passwordRemoved: "Das Moderationspasswort ist entfernt.",
};
