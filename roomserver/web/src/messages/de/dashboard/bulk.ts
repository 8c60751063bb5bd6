import type { bulk as english } from "../../en/dashboard/bulk";
import { plural } from "../plural";

function rows(count: number): string {
  return plural(count, { one: "# Zeile", other: "# Zeilen" });
}

export const bulk: typeof english = {
  menu: "Tabelle",
  upload: "Tabelle hochladen…",
  exportAs: (format) => `Als ${format} exportieren`,
  templateAs: (format) => `Leere Vorlage (${format})`,
  title: { sessions: "Sitzungen hochladen", registrants: "Angemeldete hochladen", segments: "Programm hochladen" },
  hint: "Eine Zeile mit id ändert, was sie hat, eine ohne legt etwas Neues an. Zuerst sehen Sie, was geschähe; nichts ändert sich, bevor Sie es anwenden.",
  choose: "CSV- oder XLSX-Datei",
  fileHint: (most) => `Höchstens ${most} und 10.000 Zeilen. Ein Export hat die richtigen Spalten.`,
  busy: { checking: "Die Datei wird geprüft…", applying: "Die Änderungen werden ausgeführt…" },
  stages: {
    reading: "Die Datei wird gelesen…",
    checking: "Die Zeilen werden geprüft…",
    writing: "Die Änderungen werden ausgeführt…",
    telling: "Offene Räume erfahren davon…",
    done: "Fertig.",
    failed: "Das hat nicht geklappt.",
  },
  fits: "Alles in Ordnung",
  wrong: (count) => `${rows(count)} mit Fehlern`,
  summary: (create, update, unchanged) => `${rows(create)} neu, ${rows(update)} mit Änderungen, ${rows(unchanged)} unverändert`,
  mend: "Nichts wird angewendet, bis jede Zeile stimmt. Berichtigen Sie die Datei und wählen Sie sie noch einmal.",
  show: "Zeigen",
  shown: { errors: "Zeilen mit Fehlern", changes: "Zeilen, die etwas tun", all: "Alle Zeilen" },
  rows: "Zeilen der Datei",
  row: "Zeile",
  action: "Was geschieht",
  actions: { create: "Neu", update: "Änderung", unchanged: "Unverändert", wrong: "Fehler" },
  details: "Einzelheiten",
  emptied: "geleert",
  none: "Solche Zeilen gibt es nicht.",
  apply: (count) => `${rows(count)} anwenden`,
  applyNone: "Anwenden",
  applied: (create, update) => `${plural(create, { one: "# angelegt", other: "# angelegt" })}, ${plural(update, { one: "# geändert", other: "# geändert" })}.`,
};
