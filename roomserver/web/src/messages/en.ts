/** Every text of the pages, in English. Other languages are files of the same shape beside this one. */

const counted = new Intl.NumberFormat("en");
const rules = new Intl.PluralRules("en");

function number(value: number): string {
  return counted.format(value);
}

function plural(count: number, one: string, other: string): string {
  return `${number(count)} ${rules.select(count) === "one" ? one : other}`;
}

/** 75 -> "1:15" */
function minutes(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export const en = {
  locale: "en",
  direction: "ltr",
  product: "roomserver",
  number,

  general: {
    close: "Close",
    cancel: "Cancel",
    tryAgain: "Try again",
    back: "All sessions",
    loading: "One moment…",
    skipToContent: "Skip to the stage",
    dismiss: "Dismiss",
    you: "you",
    somethingWrong: "Something went wrong. Please try again.",
    offline: "The server can't be reached. Check your connection and try again.",
  },

  home: {
    title: "Sessions",
    signedInAs: (name: string) => `Signed in as ${name}`,
    signOut: "Sign out",
    empty: "No session is open to you right now.",
    emptyHint: "Sessions appear here shortly before they begin.",
    enter: "Enter",
    enterSession: (title: string) => `Enter ${title}`,
    onScreen: (count: number) => `${number(count)} on screen`,
    watching: (count: number) => `${number(count)} watching`,
    live: "Live",
    policies: {
      anyone: "Open: everybody can share",
      invite_only: "Speakers are invited",
      moderated: "Moderated: ask to share",
    },
  },

  signIn: {
    title: "Please sign in",
    explain: "Open the personal link that the organizers sent you. It signs you in on this device.",
    working: "Signing you in…",
    failedTitle: "This link doesn't work",
    failed: "It may be incomplete, expired or replaced by a newer one. Ask the organizers for a new link.",
    toHome: "Go to the sessions",
  },

  room: {
    connecting: "Entering the session…",
    connectingAgain: "The server can't be reached. Trying again…",
    stage: "Stage",
    emptyStage: "Nobody is on screen yet",
    emptyStageShare: "Be the first: share your camera and microphone.",
    emptyStageWatch: "You'll see people here as soon as they go on screen.",
    onScreen: (taken: number, most: number) => `${number(taken)} of ${number(most)} places on screen taken`,
    onScreenShort: (taken: number, most: number) => `${number(taken)}/${number(most)}`,
    viewers: (viewers: number, cap: number) => `${plural(viewers, "person", "people")} watching, ${number(cap)} at most`,
    viewersShort: (viewers: number) => number(viewers),
    viewersCap: (cap: number) => `of ${number(cap)}`,
    waiting: (count: number) => `${plural(count, "person", "people")} waiting to come in`,
    waitingShort: (count: number) => `${number(count)} waiting`,
    clickToHear: "Click to hear",
    clickToHearHint: "Your browser keeps the sound off until you click.",
  },

  tile: {
    self: (name: string) => `${name} (you)`,
    screenOf: (name: string) => `${name}'s screen`,
    yourScreen: "Your screen",
    cameraOff: "Camera is off",
    sharedContent: "Shared content",
    microphoneOff: "Microphone is off",
    mutedByModerator: "Muted by a moderator",
    speaking: "Speaking",
    connecting: "Connecting…",
    away: "Reconnecting…",
    menu: (name: string) => `Actions for ${name}`,
    mute: "Mute for everyone",
    remove: "Remove from the screen",
    removeScreen: "Stop this screen share",
    overflow: (count: number) => `${number(count)} more`,
    overflowLabel: (count: number) => `Show everybody: ${number(count)} more on screen`,
    showFewer: "Show fewer",
  },

  controls: {
    label: "Your controls",
    share: "Share audio and video",
    shareShort: "Share",
    full: "Full",
    fullHint: "Every place on screen is taken.",
    ask: "Ask to share audio and video",
    askShort: "Ask to share",
    asked: (position: number) => (position === 1 ? "You are next" : `You are number ${number(position)} in line`),
    askedHint: "A moderator decides.",
    withdraw: "Withdraw",
    approved: (seconds: number) => `Go on screen (${minutes(seconds)})`,
    continueShare: "Continue on screen",
    mute: "Mute",
    muteHint: "Turn the microphone off",
    unmute: "Unmute",
    unmuteHint: "Turn the microphone on",
    cameraOff: "Stop camera",
    cameraOffHint: "Turn the camera off",
    cameraOn: "Camera",
    cameraOnHint: "Turn the camera on",
    screen: "Screen",
    screenHint: "Share your screen",
    stopScreen: "Stop screen",
    stopScreenHint: "Stop sharing your screen",
    leaveScreen: "Leave the screen",
    leaveScreenShort: "Off screen",
    leaveRoom: "Leave the session",
    leaveRoomShort: "Leave",
    moderation: "Moderation",
    requests: (count: number) => `, ${plural(count, "request", "requests")}`,
  },

  share: {
    title: "Share audio and video",
    approvedTitle: "You were approved",
    approvedHint: (seconds: number) => `Your place on screen is kept for ${minutes(seconds)}.`,
    continueTitle: "You still have your place on screen",
    continueHint: "Choose camera and microphone to go on.",
    camera: "Camera",
    microphone: "Microphone",
    noCamera: "No camera",
    noMicrophone: "No microphone",
    unnamedCamera: (index: number) => `Camera ${number(index)}`,
    unnamedMicrophone: (index: number) => `Microphone ${number(index)}`,
    preview: "Preview of your camera",
    cameraIsOff: "Your camera will be off",
    level: "Microphone level",
    sayWords: "Say a few words: the bar should move.",
    microphoneWillBeOff: "Nobody will hear you until you choose a microphone.",
    start: "Go on screen",
    starting: "Going on screen…",
    continueStart: "Continue",
    opening: "Waiting for camera and microphone… your browser may ask for permission.",
    giveBack: "Leave the screen",
  },

  devices: {
    denied: "The browser has no permission to use your camera or microphone. Allow both for this page (the icon beside the address), then try again.",
    deniedCamera: "The browser has no permission to use your camera. Allow it for this page (the icon beside the address), then try again.",
    deniedMicrophone: "The browser has no permission to use your microphone. Allow it for this page (the icon beside the address), then try again.",
    none: "No camera and no microphone were found. Connect one and try again.",
    noneCamera: "No camera was found. You can take part with your microphone alone.",
    noneMicrophone: "No microphone was found. People will see you but not hear you.",
    inUse: "Camera or microphone can't be opened: another program may be using it. Close that program and try again.",
    insecure: "Browsers allow camera and microphone only on secure pages. Open this page with https:// and try again.",
    unsupported: "This browser can't share its camera or microphone.",
    screenDenied: "The browser or the system does not allow sharing the screen.",
    screenUnsupported: "This browser can't share the screen.",
    lostCamera: "Your camera was disconnected.",
    lostMicrophone: "Your microphone was disconnected.",
  },

  moderation: {
    title: "Moderation",
    requests: "Waiting for your decision",
    noRequests: "Nobody is asking to share right now.",
    approve: "Approve",
    approveName: (name: string) => `Approve ${name}`,
    decline: "Decline",
    declineName: (name: string) => `Decline ${name}`,
    since: (seconds: number) => `waiting ${minutes(seconds)}`,
    grants: "Approved, not on screen yet",
    grantLeft: (seconds: number) => `${minutes(seconds)} left to appear`,
    keys: "With a row in focus: arrow keys move, A approves, D declines.",
    full: "All places on screen are taken. Free one to approve somebody.",
    newRequest: (name: string) => `${name} asks to share audio and video.`,
  },

  moderatorSignIn: {
    open: "Sign in to moderate",
    title: "Sign in to moderate",
    explain: "Enter the moderator password of this session.",
    password: "Moderator password",
    submit: "Sign in",
    wrong: "That password is not right.",
    slow: (seconds: number) => `Too many tries. Please wait ${plural(seconds, "second", "seconds")}.`,
    done: "You are a moderator of this session now.",
    empty: "Please enter the password.",
  },

  waitingLine: {
    title: "The session is full right now",
    explain: (viewers: number, cap: number) => `${number(viewers)} people are watching; ${number(cap)} can at the moment.`,
    position: (position: number) => (position === 1 ? "You are next in line" : `You are number ${number(position)} in line`),
    number: (position: number) => number(position),
    stay: "Keep this page open: you come in by yourself as soon as there is room.",
    leave: "Leave the line",
  },

  connection: {
    lost: "The connection was lost. Reconnecting…",
    retryIn: (seconds: number) => `Trying again in ${plural(seconds, "second", "seconds")}.`,
    mediaFailed: "Your picture and sound aren't reaching the room. Trying again…",
    back: "You're back.",
  },

  ended: {
    left: { title: "You left the session", text: "Thank you for being there." },
    notSignedIn: { title: "Please sign in", text: "Open the personal link that the organizers sent you, then come back to this page." },
    notAllowed: { title: "This session is not open to you", text: "If you think that it should be, ask the organizers." },
    notFound: { title: "There is no such session", text: "It may have been deleted, or the address is not quite right." },
    removedFromSession: { title: "You can't stay in this session", text: "Your access to this session was withdrawn. If that is a surprise, ask the organizers." },
    takenOver: { title: "You opened this session somewhere else", text: "A person can be in a session once at a time. The newer window goes on." },
    closed: { title: "This session is closed", text: "The organizers closed or deleted it." },
    badHello: { title: "The server did not accept this page", text: "Reload the page; it may be an old version." },
    badTicket: { title: "The server did not let you in", text: "Your ticket for the room was refused several times. Sign in again or try later." },
    notUnderstood: { title: "The server did not understand this page", text: "Reload the page; it may be an old version." },
    other: { title: "The session ended", text: "The server ended the connection." },
    rejoin: "Come back in",
    useHere: "Use it here",
    reload: "Reload the page",
    home: "To the sessions",
  },

  refusals: {
    must_ask: "In this session, ask first: a moderator decides who goes on screen.",
    not_invited: "In this session only invited people go on screen.",
    full: (taken: number | undefined) =>
      taken === undefined
        ? "All places on screen are taken."
        : taken === 1
          ? "The only place on screen is taken."
          : `All ${number(taken)} places on screen are taken.`,
    viewer_cap: (viewers: number | undefined, cap: number | undefined) =>
      viewers === undefined || cap === undefined
        ? "With one more on screen, fewer people could watch than are watching now."
        : `With one more on screen only ${number(cap)} people could watch, but ${number(viewers)} are watching now.`,
    already_sharing: "You are sharing this already.",
    no_such_seat: "This share has already ended.",
    muted_by_moderator: "A moderator muted you. Turn your microphone on to speak again.",
    not_needed: "You don't need to ask: you may share.",
    no_such_request: "This request is no longer open.",
    forbidden: "You may not do this here.",
    not_admitted: "You are still waiting to come in.",
    bad_message: "The server did not understand this. Reload the page and try again.",
    rate_limited: "That was a bit fast. Try again in a moment.",
    unavailable: "The server can't do this right now. Try again in a moment.",
    connectionLost: "The connection was lost before this was done. Look whether it worked, or try again.",
  } as const,

  notices: {
    grant_expired: "The approval was not used in time. Ask again when you are ready.",
    grant_expired_moderator: (name: string) => `${name} did not appear in time; the place is free again.`,
    request_declined: "A moderator declined your request. You can ask again later.",
    removed: "A moderator took you off the screen.",
    removedScreen: "A moderator stopped your screen share.",
    muted: "A moderator muted your microphone. Only you can turn it on again.",
    overflow_warning: (viewers: number, cap: number) =>
      `${number(viewers)} people are watching, and the room now admits ${number(cap)}: newcomers wait in line.`,
    may_share_now: "You may share audio and video now, without asking.",
  },
};

export type Messages = typeof en;
