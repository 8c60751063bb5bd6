import { useState } from "react";
import { type EventChanges, type EventInfo, changeEvent, readEventVersion } from "../../browser/api/event";
import type { Versioned } from "../../browser/api/http";
import { sayProblem } from "../../browser/sayProblem";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { Switch } from "../../components/Checkbox";
import { Combobox } from "../../components/Combobox";
import { Loaded } from "../../components/Loaded";
import { useTell } from "../../components/Notices";
import { NumberInput } from "../../components/NumberInput";
import { PageHeading } from "../../components/PageFrame";
import { RadioCards } from "../../components/RadioCards";
import { Select } from "../../components/Select";
import { PasswordInput, TextInput } from "../../components/TextInput";
import { useResource } from "../../components/useResource";
import { suggestFrom } from "../../components/useSuggestions";
import { ConflictDialog } from "../../dashboard/ConflictDialog";
import { useOrganizing } from "../../dashboard/context";
import { missing } from "../../dashboard/missing";
import { useAskBeforeLeaving } from "../../dashboard/useAskBeforeLeaving";
import { type Editing, useEditing } from "../../dashboard/useEditing";
import { useFocusWrong } from "../../dashboard/useFocusWrong";
import { d } from "../../messages/dashboard";
import { number, zoneName } from "../../messages/formats";
import styles from "./SettingsPage.module.css";

const NAME_MOST = 100;
const PASSWORD_MOST = 200;
const MARGIN_MOST = 1440;
/** Minutes before the end at which an evaluation opens by itself. */
const UNLOCK_MINUTES = [0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

const suggestZones = suggestFrom(Intl.supportedValuesOf("timeZone").map((zone) => ({ id: zone, label: zone.replaceAll("_", " ") })));

/** The event's own settings. */
export function SettingsPage() {
  const event = useResource(readEventVersion);
  return (
    <>
      <PageHeading title={d.frame.pages.settings} />
      <Loaded resource={event}>{(start) => <Forms start={start} />}</Loaded>
    </>
  );
}

function Forms({ start }: { start: Versioned<EventInfo> }) {
  const editing = useEditing(start, changeEvent, (values) => missing(values, "name", "time_zone"));
  const form = useFocusWrong(editing.refusals);
  const { question } = useAskBeforeLeaving(editing.dirty);
  const { onEventChanged } = useOrganizing();
  const tell = useTell();
  return (
    <>
      <form
        ref={form}
        className={styles["form"]}
        noValidate
        data-testid="event-settings"
        onSubmit={(submit) => {
          submit.preventDefault();
          if (editing.busy) return;
          void editing.save().then((saved) => {
            if (!saved) return;
            tell(d.settings.saved);
            onEventChanged();
          });
        }}
      >
        <EventCard editing={editing} />
        <ScheduleCard editing={editing} />
        <div className={styles["save"]}>
          {editing.problem !== undefined && (
            <p role="alert" className={styles["problem"]}>
              {editing.problem}
            </p>
          )}
          <Button type="submit" look="primary" busy={editing.busy} disabled={!editing.dirty} data-testid="save-settings">
            {d.settings.save}
          </Button>
        </div>
      </form>
      <ModeratorPasswordCard />
      <ConflictDialog editing={editing} labelOf={labelOf} show={show} />
      {question}
    </>
  );
}

function EventCard({ editing: { values, set, errors } }: { editing: Editing<EventInfo> }) {
  return (
    <Card title={d.settings.event}>
      <TextInput
        label={d.settings.name}
        hint={d.settings.nameHint}
        value={values.name}
        onChange={(name) => set({ name })}
        most={NAME_MOST}
        required
        error={errors["name"]}
        testId="event-name"
      />
      <Combobox
        label={d.settings.zone}
        hint={d.settings.zoneHint}
        value={values.time_zone === "" ? null : { id: values.time_zone, label: `${values.time_zone.replaceAll("_", " ")} (${zoneName(values.time_zone)})` }}
        onChange={(zone) => set({ time_zone: zone?.id ?? "" })}
        suggest={suggestZones}
        error={errors["time_zone"]}
        testId="event-zone"
      />
      <RadioCards
        label={d.settings.kind}
        value={values.kind}
        onChange={(kind) => set({ kind })}
        error={errors["kind"]}
        choices={(["multi_session", "single_session"] as const).map((value) => ({
          value,
          label: d.settings.kinds[value],
          hint: d.settings.kindHints[value],
        }))}
        testId="event-kind"
      />
      <Switch
        label={d.settings.attendeeSessions}
        hint={d.settings.attendeeSessionsHint}
        checked={values.attendee_sessions}
        onChange={(attendee_sessions) => set({ attendee_sessions })}
        testId="attendee-sessions"
      />
    </Card>
  );
}

function ScheduleCard({ editing: { values, set, errors } }: { editing: Editing<EventInfo> }) {
  return (
    <Card title={d.settings.schedule}>
      <div className={styles["pair"]}>
        {(["margin_before_minutes", "margin_after_minutes"] as const).map((name) => (
          <NumberInput
            key={name}
            label={d.settings[name]}
            hint={d.settings.marginHints[name]}
            value={values[name]}
            onChange={(minutes) => set({ [name]: minutes ?? 0 })}
            least={0}
            most={MARGIN_MOST}
            error={errors[name]}
            testId={name}
          />
        ))}
      </div>
      <Select
        label={d.settings.unlock}
        hint={d.settings.unlockHint}
        value={String(values.evaluation_unlock_minutes)}
        onChange={(minutes) => set({ evaluation_unlock_minutes: Number(minutes) })}
        options={UNLOCK_MINUTES.map((minutes) => ({ value: String(minutes), label: d.settings.beforeEnd(minutes) }))}
        error={errors["evaluation_unlock_minutes"]}
        testId="evaluation-unlock"
      />
    </Card>
  );
}

/** Saved by itself: a password is written, never read. */
function ModeratorPasswordCard() {
  const event = useResource(readEventVersion);
  const [password, setPassword] = useState("");
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const tell = useTell();
  const has = event.data?.value.has_moderator_password === true;
  const save = async (next: string | null): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const { etag } = await readEventVersion();
      const changes: EventChanges = { moderator_password: next };
      event.put(await changeEvent(changes, etag));
      setPassword("");
      tell(next === null ? d.settings.passwordRemoved : d.settings.passwordSaved);
    } catch (problem) {
      setError(sayProblem(problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title={d.settings.password}>
      <form
        className={styles["form"]}
        onSubmit={(submit) => {
          submit.preventDefault();
          if (password !== "") void save(password);
        }}
      >
        <p data-testid="password-state">{has ? d.settings.passwordSet : d.settings.passwordNone}</p>
        <PasswordInput
          label={has ? d.settings.passwordNew : d.settings.passwordFirst}
          hint={d.settings.passwordHint}
          value={password}
          onChange={setPassword}
          most={PASSWORD_MOST}
          autoComplete="new-password"
          error={error}
          testId="moderator-password"
        />
        <div className={styles["buttons"]}>
          {has && (
            <Button busy={busy} onClick={() => void save(null)} data-testid="remove-password">
              {d.settings.passwordRemove}
            </Button>
          )}
          <Button type="submit" look="primary" busy={busy} disabled={password === ""} data-testid="save-password">
            {d.settings.passwordSave}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function labelOf(field: keyof EventInfo): string {
  const labels: Record<keyof EventInfo, string> = {
    name: d.settings.name,
    time_zone: d.settings.zone,
    kind: d.settings.kind,
    margin_before_minutes: d.settings.margin_before_minutes,
    margin_after_minutes: d.settings.margin_after_minutes,
    attendee_sessions: d.settings.attendeeSessions,
    evaluation_unlock_minutes: d.settings.unlock,
    has_moderator_password: d.settings.password,
  };
  return labels[field];
}

function show(field: keyof EventInfo, event: EventInfo): string {
  const value = event[field];
  if (field === "kind") return d.settings.kinds[event.kind];
  if (typeof value === "boolean") return value ? d.settings.on : d.settings.off;
  return typeof value === "number" ? number(value) : value;
}
