import type { reception as english } from "../en/reception";
import { number } from "../formats";

export const reception: typeof english = {
  home: {
    title: "Sitzungen",
    empty: "Im Moment steht Ihnen keine Sitzung offen.",
    emptyHint: "Sitzungen erscheinen hier kurz bevor sie beginnen.",
    enter: "Eintreten",
    enterSession: (title) => `${title}: eintreten`,
    onScreen: (count) => `${number(count)} im Bild`,
    watching: (count) => `${number(count)} schauen zu`,
    live: "Live",
    policies: {
      anyone: "Offen: Alle können ins Bild",
      invite_only: "Nur Eingeladene sprechen",
      moderated: "Moderiert: erst fragen, dann ins Bild",
    },
  },

  signIn: {
    title: "Bitte melden Sie sich an",
    explain: "Öffnen Sie den persönlichen Link, den Sie von den Veranstaltern erhalten haben. Er meldet Sie auf diesem Gerät an.",
    working: "Sie werden angemeldet…",
    failedTitle: "Dieser Link funktioniert nicht",
    failed: "Er ist vielleicht unvollständig, abgelaufen oder durch einen neueren ersetzt. Bitten Sie die Veranstalter um einen neuen Link.",
    toHome: "Zu den Sitzungen",
  },
};
