import { useMemo } from "react";
import { Link } from "wouter";
import { Switch } from "../../../components/Checkbox";
import { Fold } from "../../../components/Fold";
import { RadioCards } from "../../../components/RadioCards";
import { TokenInput } from "../../../components/TokenInput";
import { suggestFrom } from "../../../components/useSuggestions";
import { d } from "../../../messages/dashboard";
import { PeopleInput } from "./PeopleInput";
import { optionOf } from "./lookups";
import { type PartProps, anyWrong, sayWatching } from "./parts";

export function Watching({ editing, lookups }: PartProps) {
  const { values, set, errors } = editing;
  const f = d.sessions.form;
  return (
    <Fold
      title={f.watching}
      summary={sayWatching(values, lookups)}
      wrong={anyWrong(errors, "watch_policy", "ticket_types", "hidden") || (values.watch_policy === "private" && anyWrong(errors, "invitations"))}
      testId="part-watching"
    >
      <RadioCards
        label={f.watching}
        hideLabel
        value={values.watch_policy}
        onChange={(watch_policy) => set({ watch_policy })}
        choices={(["anyone", "tickets", "private", "unlisted"] as const).map((value) => ({
          value,
          label: d.sessions.watch[value],
          hint: f.watchHints[value],
        }))}
        error={errors["watch_policy"]}
        testId="session-watch"
      />
      {values.watch_policy === "tickets" && <TicketTypes editing={editing} lookups={lookups} />}
      {values.watch_policy === "private" && <Invited editing={editing} lookups={lookups} />}
      <Switch label={f.hide} hint={f.hideHint} checked={values.hidden} onChange={(hidden) => set({ hidden })} testId="session-hidden" />
    </Fold>
  );
}

function TicketTypes({ editing: { values, set, errors }, lookups }: PartProps) {
  const options = useMemo(() => lookups.ticketTypes.map(optionOf), [lookups.ticketTypes]);
  const suggest = useMemo(() => suggestFrom(options), [options]);
  return (
    <TokenInput
      label={d.sessions.form.ticketTypes}
      hint={
        options.length > 0 ? (
          d.sessions.form.ticketTypesHint
        ) : (
          <>
            {d.sessions.form.noTicketTypes} <Link href="/dashboard/tickets">{d.registrants.noTicketTypes}</Link>
          </>
        )
      }
      value={values.ticket_types.map((id) => options.find((option) => option.id === id) ?? { id, label: id })}
      onChange={(chosen) => set({ ticket_types: chosen.map(({ id }) => id) })}
      suggest={suggest}
      required
      error={errors["ticket_types"]}
      testId="session-ticket-types"
    />
  );
}

/** One list for watching a private session and for sharing by invitation. */
export function Invited({ editing: { values, set, errors } }: PartProps) {
  const f = d.sessions.form;
  const watch = values.watch_policy === "private";
  const share = values.share_policy === "invite_only";
  return (
    <PeopleInput
      label={f.invited}
      hint={f.invitedHint[watch && share ? "both" : watch ? "watch" : "share"]}
      value={values.invitations}
      onChange={(invitations) => set({ invitations })}
      error={errors["invitations"]}
      testId="session-invited"
    />
  );
}
