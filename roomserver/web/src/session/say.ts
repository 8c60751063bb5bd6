/** Codes and failures as sentences for people. */
import { sayProblem } from "../browser/sayProblem";
import { DeviceError } from "roomserver-client/browser";
import { ConnectionLost, type Notice, Refused, type Snapshot } from "roomserver-client";
import { t } from "../messages";
import type { ShareTrouble } from "./shares";

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Why something that was asked for did not happen. */
export function sayError(error: unknown): string {
  if (error instanceof Refused) return sayRefusal(error);
  if (error instanceof ConnectionLost) return t.refusals.connectionLost;
  if (error instanceof DeviceError) return t.devices[error.trouble];
  return sayProblem(error);
}

function sayRefusal({ code, details, message }: Refused): string {
  switch (code) {
    case "full":
      return t.refusals.full(number(details["max_on_screen"]));
    case "viewer_cap":
      return t.refusals.viewer_cap(number(details["viewers"]), number(details["viewer_cap_after"]));
    case "must_ask":
    case "not_invited":
    case "already_sharing":
    case "no_such_seat":
    case "muted_by_moderator":
    case "not_needed":
    case "no_such_request":
    case "not_a_video":
    case "playlist":
    case "disabled":
    case "forbidden":
    case "not_admitted":
    case "bad_message":
    case "rate_limited":
    case "unavailable":
      return t.refusals[code];
    default:
      return message;
  }
}

export function sayTrouble(trouble: ShareTrouble): string {
  return "device" in trouble ? t.devices[trouble.device] : sayError(trouble.error);
}

/**
 * A notice of the server; its own words where this page knows no better ones. Notices come before the documents
 * change, so `snapshot` still knows the names of those that they are about.
 */
export function sayNotice(notice: Notice, snapshot: Snapshot): string {
  const details = notice.details ?? {};
  switch (notice.code) {
    case "grant_expired": {
      const participant = details["participant"];
      if (typeof participant !== "string") return t.notices.grant_expired;
      const name = snapshot.desk?.grants?.[participant]?.name;
      return name === undefined ? notice.message : t.notices.grant_expired_moderator(name);
    }
    case "removed":
      return snapshot.room?.seats?.[String(details["seat"])]?.kind === "screen" ? t.notices.removedScreen : t.notices.removed;
    case "overflow_warning": {
      const viewers = number(details["viewers"]);
      const cap = number(details["viewer_cap"]);
      return viewers === undefined || cap === undefined ? notice.message : t.notices.overflow_warning(viewers, cap);
    }
    case "request_declined":
    case "muted":
    case "may_share_now":
      return t.notices[notice.code];
    default:
      return notice.message;
  }
}
