import type { session as english } from "../en/session";
import { clock, number } from "../formats";
import { plural } from "./plural";

function people(count: number): string {
  return plural(count, { one: "# Person", other: "# Personen" });
}

function seconds(count: number): string {
  return plural(count, { one: "# Sekunde", other: "# Sekunden" });
}

export const session: typeof english = {
  room: {
    connecting: "Sie betreten die Sitzung…",
    connectingAgain: "Der Server ist nicht erreichbar. Neuer Versuch läuft…",
    stage: "Bühne",
    emptyStage: "Noch ist niemand im Bild",
    emptyStageShare: "Machen Sie den Anfang: Schalten Sie Kamera und Mikrofon ein.",
    emptyStageWatch: "Sie sehen hier alle, sobald sie ins Bild kommen.",
    onScreen: (taken, most) => `${number(taken)} von ${number(most)} Plätzen im Bild belegt`,
    onScreenShort: (taken, most) => `${number(taken)}/${number(most)}`,
    viewers: (viewers, cap) => `${people(viewers)} im Publikum, höchstens ${number(cap)}`,
    viewersShort: (viewers) => number(viewers),
    viewersCap: (cap) => `von ${number(cap)}`,
    waiting: (count) => `${plural(count, { one: "# Person wartet", other: "# Personen warten" })} auf Einlass`,
    waitingShort: (count) => plural(count, { one: "# wartet", other: "# warten" }),
    clickToHear: "Ton einschalten",
    clickToHearHint: "Ihr Browser lässt den Ton aus, bis Sie klicken.",
  },

  tile: {
    self: (name) => `${name} (Sie)`,
    screenOf: (name) => `Bildschirm von ${name}`,
    yourScreen: "Ihr Bildschirm",
    cameraOff: "Kamera ist aus",
    sharedContent: "Geteilter Inhalt",
    microphoneOff: "Mikrofon ist aus",
    mutedByModerator: "Von der Moderation stummgeschaltet",
    speaking: "Spricht",
    connecting: "Verbindung wird aufgebaut…",
    away: "Verbindung wird wiederhergestellt…",
    menu: (name) => `Aktionen für ${name}`,
    mute: "Für alle stummschalten",
    remove: "Aus dem Bild nehmen",
    removeScreen: "Diese Bildschirmfreigabe beenden",
    overflow: (count) => `${number(count)} weitere`,
    overflowLabel: (count) => `Alle zeigen: ${number(count)} weitere im Bild`,
    showFewer: "Weniger zeigen",
  },

  controls: {
    label: "Ihre Bedienelemente",
    share: "Audio und Video teilen",
    shareShort: "Teilen",
    full: "Voll",
    fullHint: "Alle Plätze im Bild sind belegt.",
    ask: "Um Audio und Video bitten",
    askShort: "Ins Bild bitten",
    asked: (position) => (position === 1 ? "Sie sind als Nächstes dran" : `Sie sind Nummer ${number(position)} in der Reihe`),
    askedHint: "Die Moderation entscheidet.",
    withdraw: "Zurückziehen",
    approved: (left) => `Ins Bild gehen (${clock(left)})`,
    continueShare: "Im Bild weitermachen",
    mute: "Stumm",
    muteHint: "Mikrofon ausschalten",
    unmute: "Ton an",
    unmuteHint: "Mikrofon einschalten",
    cameraOff: "Kamera aus",
    cameraOffHint: "Kamera ausschalten",
    cameraOn: "Kamera",
    cameraOnHint: "Kamera einschalten",
    screen: "Bildschirm",
    screenHint: "Ihren Bildschirm teilen",
    stopScreen: "Freigabe aus",
    stopScreenHint: "Bildschirm nicht mehr teilen",
    leaveScreen: "Das Bild verlassen",
    leaveScreenShort: "Aus dem Bild",
    leaveRoom: "Die Sitzung verlassen",
    leaveRoomShort: "Verlassen",
    moderation: "Moderation",
    requests: (count) => `, ${plural(count, { one: "# Anfrage", other: "# Anfragen" })}`,
  },

  share: {
    title: "Audio und Video teilen",
    approvedTitle: "Ihre Anfrage wurde angenommen",
    approvedHint: (left) => `Ihr Platz im Bild ist noch ${clock(left)} für Sie frei.`,
    continueTitle: "Ihr Platz im Bild ist noch frei",
    continueHint: "Wählen Sie Kamera und Mikrofon, um weiterzumachen.",
    camera: "Kamera",
    microphone: "Mikrofon",
    noCamera: "Keine Kamera",
    noMicrophone: "Kein Mikrofon",
    unnamedCamera: (index) => `Kamera ${number(index)}`,
    unnamedMicrophone: (index) => `Mikrofon ${number(index)}`,
    preview: "Vorschau Ihrer Kamera",
    cameraIsOff: "Ihre Kamera wird aus sein",
    level: "Mikrofonpegel",
    sayWords: "Sagen Sie ein paar Worte: Der Balken sollte sich bewegen.",
    microphoneWillBeOff: "Niemand hört Sie, bis Sie ein Mikrofon wählen.",
    start: "Ins Bild gehen",
    starting: "Sie kommen ins Bild…",
    continueStart: "Weitermachen",
    opening: "Warten auf Kamera und Mikrofon… Ihr Browser fragt vielleicht nach der Erlaubnis.",
    giveBack: "Das Bild verlassen",
  },

  devices: {
    denied:
      "Der Browser darf Kamera und Mikrofon nicht benutzen. Erlauben Sie beides für diese Seite (Symbol neben der Adresse) und versuchen Sie es noch einmal.",
    deniedCamera:
      "Der Browser darf Ihre Kamera nicht benutzen. Erlauben Sie sie für diese Seite (Symbol neben der Adresse) und versuchen Sie es noch einmal.",
    deniedMicrophone:
      "Der Browser darf Ihr Mikrofon nicht benutzen. Erlauben Sie es für diese Seite (Symbol neben der Adresse) und versuchen Sie es noch einmal.",
    none: "Weder Kamera noch Mikrofon gefunden. Schließen Sie ein Gerät an und versuchen Sie es noch einmal.",
    noneCamera: "Keine Kamera gefunden. Sie können allein mit dem Mikrofon teilnehmen.",
    noneMicrophone: "Kein Mikrofon gefunden. Man wird Sie sehen, aber nicht hören.",
    inUse:
      "Kamera oder Mikrofon lässt sich nicht öffnen: Vielleicht benutzt sie gerade ein anderes Programm. Schließen Sie es und versuchen Sie es noch einmal.",
    insecure: "Browser erlauben Kamera und Mikrofon nur auf sicheren Seiten. Öffnen Sie diese Seite mit https:// und versuchen Sie es noch einmal.",
    unsupported: "Dieser Browser kann Kamera und Mikrofon nicht teilen.",
    screenDenied: "Der Browser oder das System erlaubt nicht, den Bildschirm zu teilen.",
    screenUnsupported: "Dieser Browser kann den Bildschirm nicht teilen.",
    lostCamera: "Ihre Kamera wurde getrennt.",
    lostMicrophone: "Ihr Mikrofon wurde getrennt.",
  },

  moderation: {
    title: "Moderation",
    requests: "Warten auf Ihre Entscheidung",
    noRequests: "Im Moment bittet niemand ins Bild.",
    approve: "Annehmen",
    approveName: (name) => `${name} annehmen`,
    decline: "Ablehnen",
    declineName: (name) => `${name} ablehnen`,
    since: (waited) => `wartet ${clock(waited)}`,
    grants: "Angenommen, noch nicht im Bild",
    grantLeft: (left) => `noch ${clock(left)}, um zu erscheinen`,
    keys: "Wenn eine Zeile den Fokus hat: Pfeiltasten bewegen, A nimmt an, D lehnt ab.",
    full: "Alle Plätze im Bild sind belegt. Machen Sie einen frei, um jemanden anzunehmen.",
    newRequest: (name) => `${name} bittet um Audio und Video.`,
  },

  moderatorSignIn: {
    open: "Als Moderation anmelden",
    title: "Als Moderation anmelden",
    explain: "Geben Sie das Moderationspasswort dieser Sitzung ein.",
    password: "Moderationspasswort",
    submit: "Anmelden",
    wrong: "Dieses Passwort stimmt nicht.",
    slow: (wait) => `Zu viele Versuche. Bitte warten Sie ${seconds(wait)}.`,
    done: "Sie moderieren jetzt diese Sitzung.",
    empty: "Bitte geben Sie das Passwort ein.",
  },

  waitingLine: {
    title: "Die Sitzung ist im Moment voll",
    explain: (viewers, cap) => `${plural(viewers, { one: "# Person schaut", other: "# Personen schauen" })} zu; Platz ist derzeit für ${number(cap)}.`,
    position: (position) => (position === 1 ? "Sie sind als Nächstes an der Reihe" : `Sie sind Nummer ${number(position)} in der Warteschlange`),
    number: (position) => number(position),
    stay: "Lassen Sie diese Seite offen: Sie kommen von selbst hinein, sobald Platz ist.",
    leave: "Warteschlange verlassen",
  },

  connection: {
    lost: "Die Verbindung ist abgebrochen. Sie wird wiederhergestellt…",
    retryIn: (wait) => `Nächster Versuch in ${seconds(wait)}.`,
    mediaFailed: "Ihr Bild und Ton kommen nicht in der Sitzung an. Neuer Versuch läuft…",
    back: "Sie sind wieder da.",
  },

  ended: {
    left: { title: "Sie haben die Sitzung verlassen", text: "Schön, dass Sie dabei waren." },
    notSignedIn: {
      title: "Bitte melden Sie sich an",
      text: "Öffnen Sie den persönlichen Link, den Sie von den Veranstaltern erhalten haben, und kommen Sie dann auf diese Seite zurück.",
    },
    notAllowed: { title: "Diese Sitzung steht Ihnen nicht offen", text: "Wenn Sie meinen, dass sie es sollte, fragen Sie die Veranstalter." },
    notFound: { title: "Diese Sitzung gibt es nicht", text: "Sie wurde vielleicht gelöscht, oder die Adresse stimmt nicht ganz." },
    removedFromSession: {
      title: "Sie können nicht in dieser Sitzung bleiben",
      text: "Ihr Zugang zu dieser Sitzung wurde entzogen. Wenn Sie das überrascht, fragen Sie die Veranstalter.",
    },
    takenOver: {
      title: "Sie haben diese Sitzung anderswo geöffnet",
      text: "Man kann nur einmal zugleich in einer Sitzung sein. Im neueren Fenster geht es weiter.",
    },
    closed: { title: "Diese Sitzung ist geschlossen", text: "Die Veranstalter haben sie geschlossen oder gelöscht." },
    badHello: { title: "Der Server hat diese Seite nicht angenommen", text: "Laden Sie die Seite neu; sie ist vielleicht veraltet." },
    badTicket: {
      title: "Der Server hat Sie nicht eingelassen",
      text: "Ihre Eintrittskarte für den Raum wurde mehrmals abgewiesen. Melden Sie sich neu an oder versuchen Sie es später.",
    },
    notUnderstood: { title: "Der Server hat diese Seite nicht verstanden", text: "Laden Sie die Seite neu; sie ist vielleicht veraltet." },
    other: { title: "Die Sitzung ist beendet", text: "Der Server hat die Verbindung beendet." },
    rejoin: "Wieder hineingehen",
    useHere: "Hier verwenden",
    reload: "Seite neu laden",
    home: "Zu den Sitzungen",
  },

  refusals: {
    must_ask: "In dieser Sitzung fragen Sie bitte zuerst: Die Moderation entscheidet, wer ins Bild kommt.",
    not_invited: "In dieser Sitzung kommen nur Eingeladene ins Bild.",
    full: (taken) =>
      taken === undefined
        ? "Alle Plätze im Bild sind belegt."
        : taken === 1
          ? "Der einzige Platz im Bild ist belegt."
          : `Alle ${number(taken)} Plätze im Bild sind belegt.`,
    viewer_cap: (viewers, cap) =>
      viewers === undefined || cap === undefined
        ? "Mit einem weiteren Platz im Bild könnten weniger Menschen zuschauen, als jetzt zuschauen."
        : `Mit einem weiteren Platz im Bild könnten nur ${number(cap)} Menschen zuschauen; jetzt sind es ${number(viewers)}.`,
    already_sharing: "Das teilen Sie bereits.",
    no_such_seat: "Diese Freigabe ist schon beendet.",
    muted_by_moderator: "Die Moderation hat Sie stummgeschaltet. Schalten Sie Ihr Mikrofon ein, um wieder zu sprechen.",
    not_needed: "Sie brauchen nicht zu fragen: Sie dürfen ins Bild.",
    no_such_request: "Diese Anfrage ist nicht mehr offen.",
    forbidden: "Das dürfen Sie hier nicht.",
    not_admitted: "Sie warten noch auf Einlass.",
    bad_message: "Der Server hat das nicht verstanden. Laden Sie die Seite neu und versuchen Sie es noch einmal.",
    rate_limited: "Das war etwas schnell. Versuchen Sie es gleich noch einmal.",
    unavailable: "Der Server kann das gerade nicht. Versuchen Sie es gleich noch einmal.",
    connectionLost: "Die Verbindung brach ab, bevor das erledigt war. Sehen Sie nach, ob es geklappt hat, oder versuchen Sie es noch einmal.",
  },

  notices: {
    grant_expired: "Die Zusage wurde nicht rechtzeitig genutzt. Fragen Sie noch einmal, wenn Sie bereit sind.",
    grant_expired_moderator: (name) => `${name} ist nicht rechtzeitig erschienen; der Platz ist wieder frei.`,
    request_declined: "Die Moderation hat Ihre Anfrage abgelehnt. Sie können später noch einmal fragen.",
    removed: "Die Moderation hat Sie aus dem Bild genommen.",
    removedScreen: "Die Moderation hat Ihre Bildschirmfreigabe beendet.",
    muted: "Die Moderation hat Ihr Mikrofon stummgeschaltet. Nur Sie können es wieder einschalten.",
    overflow_warning: (viewers, cap) =>
      `${plural(viewers, { one: "# Person schaut", other: "# Personen schauen" })} zu, und der Raum lässt jetzt ${number(cap)} zu: Wer neu kommt, wartet.`,
    may_share_now: "Sie dürfen jetzt ohne Anfrage Audio und Video teilen.",
  },
};
