import { number } from "../formats";

/** Where people arrive: the list of sessions, and signing in. */
export const reception = {
  home: {
    title: "Sessions",
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
};
