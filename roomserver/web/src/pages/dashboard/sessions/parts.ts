import type { Editing } from "../../../dashboard/useEditing";
import { d } from "../../../messages/dashboard";
import { dateTime, dateTimeRange, list, number } from "../../../messages/formats";
import { type Draft, nameOfNew } from "./draft";
import type { Lookups } from "./lookups";

/** What each part of the form gets. */
export interface PartProps {
  editing: Editing<Draft>;
  lookups: Lookups;
}

export function anyWrong(errors: Readonly<Record<string, string>>, ...fields: string[]): boolean {
  return fields.some((field) => errors[field] !== undefined);
}

function said(...parts: (string | false)[]): string {
  return parts.filter((part) => part !== false).join(" · ");
}

/** What the folded parts say about themselves. */
export function sayLooks(session: Draft): string {
  const picture = session.new_picture === undefined ? session.picture : session.new_picture;
  return said(picture !== null && d.sessions.form.withPicture, d.sessions.sizes[session.display_size], session.rank !== 0 && `${d.sessions.form.rank} ${number(session.rank)}`);
}

export function sayWhen({ availability, starts_at, ends_at }: Pick<Draft, "availability" | "starts_at" | "ends_at">, zone: string): string {
  const times = starts_at !== null && (ends_at === null ? dateTime(starts_at, { zone }) : dateTimeRange(starts_at, ends_at, { zone }));
  return said(d.sessions.availability[availability], times);
}

export function sayWatching(session: Draft, lookups: Lookups): string {
  const names = lookups.ticketTypes.filter(({ id }) => session.ticket_types.includes(id)).map(({ name }) => name);
  return said(
    d.sessions.watch[session.watch_policy],
    session.watch_policy === "tickets" && names.length > 0 && list(names),
    session.watch_policy === "private" && d.sessions.form.invitedCount(session.invitations.length),
    session.hidden && d.sessions.hidden,
  );
}

export function saySharing(session: Draft): string {
  return said(
    session.kind === "stage" && d.sessions.stage,
    d.sessions.share[session.share_policy],
    session.share_policy === "moderated" && session.moderators.length > 0 && d.sessions.form.moderatorCount(session.moderators.length),
    d.sessions.form.seatCount(session.max_on_screen),
  );
}

export function sayExtras(session: Draft): string {
  return said(
    session.record ? d.sessions.recorded : d.sessions.notRecorded,
    session.youtube && d.sessions.form.youtube,
    session.additional_info !== "" && d.sessions.form.info,
  );
}

/** A field as the form calls it. */
export function labelOf(field: keyof Draft): string {
  const f = d.sessions.form;
  const labels: Partial<Record<keyof Draft, string>> = {
    title: f.title,
    description: f.description,
    additional_info: f.info,
    tags: f.tags,
    display_size: f.size,
    rank: f.rank,
    picture: f.picture,
    new_picture: f.picture,
    picture_alt: f.pictureAlt,
    location: f.location,
    presenters: f.presenters,
    kind: f.stage,
    watch_policy: f.watching,
    ticket_types: f.ticketTypes,
    hidden: f.hide,
    share_policy: f.sharing,
    max_on_screen: f.seats,
    overflow: f.overflow,
    availability: f.availability,
    starts_at: f.starts,
    ends_at: f.ends,
    youtube: f.youtube,
    record: f.record,
    moderator_password: f.password,
    invitations: f.invited,
    moderators: f.moderators,
  };
  return labels[field] ?? field;
}

/** A field's value as people read it. */
export function showField(field: keyof Draft, session: Draft, lookups: Lookups, zone: string): string {
  const names = (ids: readonly string[], of: Lookups["presenters"]): string =>
    ids.length === 0 ? d.sessions.none : list(ids.map((id) => nameOfNew(id) ?? of.find((each) => each.id === id)?.name ?? id));
  switch (field) {
    case "tags":
      return session.tags.length === 0 ? d.sessions.none : list(session.tags);
    case "presenters":
      return names(session.presenters, lookups.presenters);
    case "ticket_types":
      return names(session.ticket_types, lookups.ticketTypes);
    case "invitations":
    case "moderators":
      return d.sessions.form.people(session[field].length);
    case "display_size":
      return d.sessions.sizes[session.display_size];
    case "watch_policy":
      return d.sessions.watch[session.watch_policy];
    case "share_policy":
      return d.sessions.share[session.share_policy];
    case "overflow":
      return d.sessions.overflow[session.overflow];
    case "availability":
      return d.sessions.availability[session.availability];
    case "kind":
      return session.kind === "stage" ? d.sessions.yes : d.sessions.no;
    case "moderator_password":
    case "new_picture":
    case "picture":
      return d.sessions.form.changed;
  }
  const value = session[field];
  if ((field === "starts_at" || field === "ends_at") && typeof value === "string") return dateTime(value, { zone });
  if (typeof value === "boolean") return value ? d.sessions.yes : d.sessions.no;
  if (typeof value === "number") return number(value);
  return typeof value === "string" && value !== "" ? value : d.sessions.none;
}
