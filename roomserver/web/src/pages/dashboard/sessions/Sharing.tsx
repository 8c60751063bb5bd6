import { Trash2, Undo2 } from "lucide-react";
import { Button } from "../../../components/Button";
import { Switch } from "../../../components/Checkbox";
import { Fold } from "../../../components/Fold";
import { NumberInput } from "../../../components/NumberInput";
import { RadioCards } from "../../../components/RadioCards";
import { PasswordInput } from "../../../components/TextInput";
import { useOrganizing } from "../../../dashboard/context";
import { d } from "../../../messages/dashboard";
import { PeopleInput } from "./PeopleInput";
import styles from "./SessionForm.module.css";
import { Invited } from "./Watching";
import { type PartProps, anyWrong, saySharing } from "./parts";

const SEATS_MOST = 50;
const PASSWORD_MOST = 200;
const FIELDS = ["share_policy", "kind", "max_on_screen", "overflow", "moderators", "moderator_password"];

export function Sharing(props: PartProps) {
  const { values, set, errors } = props.editing;
  const f = d.sessions.form;
  const invited = values.share_policy === "invite_only";
  return (
    <Fold title={f.sharing} summary={saySharing(values)} wrong={anyWrong(errors, ...FIELDS) || (invited && anyWrong(errors, "invitations"))} testId="part-sharing">
      <RadioCards
        label={f.sharing}
        hideLabel
        value={values.share_policy}
        // Only by invitation there are stages.
        onChange={(share_policy) => set(share_policy === "invite_only" ? { share_policy } : { share_policy, kind: "session" })}
        choices={(["anyone", "moderated", "invite_only"] as const).map((value) => ({
          value,
          label: d.sessions.share[value],
          hint: f.shareHints[value],
        }))}
        error={errors["share_policy"]}
        testId="session-share"
      />
      {invited && (
        <>
          {values.watch_policy !== "private" && <Invited {...props} />}
          <Switch
            label={f.stage}
            hint={f.stageHint}
            checked={values.kind === "stage"}
            onChange={(stage) => set({ kind: stage ? "stage" : "session" })}
            testId="session-stage"
          />
        </>
      )}
      {values.share_policy === "moderated" && (
        <>
          <PeopleInput
            label={f.moderators}
            hint={f.moderatorsHint}
            value={values.moderators}
            onChange={(moderators) => set({ moderators })}
            error={errors["moderators"]}
            testId="session-moderators"
          />
          <ModeratorPassword {...props} />
        </>
      )}
      <Seats {...props} />
    </Fold>
  );
}

function Seats({ editing: { values, set, errors } }: PartProps) {
  const f = d.sessions.form;
  return (
    <>
      <NumberInput
        label={f.seats}
        hint={f.seatsHint}
        value={values.max_on_screen}
        onChange={(seats) => set({ max_on_screen: seats ?? SEATS_MOST })}
        least={1}
        most={SEATS_MOST}
        error={errors["max_on_screen"]}
        testId="session-seats"
      />
      <RadioCards
        label={f.overflow}
        value={values.overflow}
        onChange={(overflow) => set({ overflow })}
        choices={(["keep", "refuse_seat"] as const).map((value) => ({ value, label: d.sessions.overflow[value], hint: f.overflowHints[value] }))}
        error={errors["overflow"]}
        testId="session-overflow"
      />
    </>
  );
}

/** Written, never read. */
function ModeratorPassword({ editing: { values, set, errors } }: PartProps) {
  const { event } = useOrganizing();
  const f = d.sessions.form;
  const own = values.has_moderator_password;
  if (values.moderator_password === null) {
    return (
      <div className={styles["row"]} role="status">
        <span>{f.passwordRemoved}</span>
        <Button icon={<Undo2 size={18} aria-hidden />} onClick={() => set({ moderator_password: undefined })}>
          {f.passwordKeep}
        </Button>
      </div>
    );
  }
  return (
    <>
      <PasswordInput
        label={own ? f.passwordNew : f.password}
        hint={f.passwordHint[own ? "own" : event.has_moderator_password ? "event" : "none"]}
        value={values.moderator_password ?? ""}
        onChange={(password) => set({ moderator_password: password === "" ? undefined : password })}
        most={PASSWORD_MOST}
        autoComplete="new-password"
        error={errors["moderator_password"]}
        testId="session-password"
      />
      {own && (
        <div>
          <Button icon={<Trash2 size={18} aria-hidden />} onClick={() => set({ moderator_password: null })} data-testid="session-password-remove">
            {f.passwordRemove}
          </Button>
        </div>
      )}
    </>
  );
}
