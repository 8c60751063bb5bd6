import { TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import type { SegmentDraft } from "../../../browser/api/segments";
import { DateTimeInput } from "../../../components/DateTimeInput";
import { TextArea, TextInput } from "../../../components/TextInput";
import { TokenInput } from "../../../components/TokenInput";
import { suggestFrom } from "../../../components/useSuggestions";
import { useOrganizing } from "../../../dashboard/context";
import type { Editing } from "../../../dashboard/useEditing";
import { d } from "../../../messages/dashboard";
import styles from "./Schedule.module.css";
import { type Plan, endFor, titleOf, warningsOf } from "./plan";

const TITLE_MOST = 100;
const DESCRIPTION_MOST = 2000;
const LOCATION_MOST = 200;

interface SegmentFieldsProps {
  editing: Editing<SegmentDraft>;
  /** Of the segment itself; undefined for a new one. */
  id: string | undefined;
  plan: Plan;
}

export function SegmentFields({ editing, id, plan }: SegmentFieldsProps) {
  const { values, set, errors } = editing;
  const options = useMemo(
    () =>
      plan.sessions.map((session) => ({
        id: session.id,
        label: session.title,
        detail: session.availability === "always_open" ? d.schedule.alwaysOpen : undefined,
      })),
    [plan],
  );
  const suggest = useMemo(() => suggestFrom(options), [options]);
  return (
    <>
      <TextInput label={d.schedule.title} value={values.title} onChange={(title) => set({ title })} most={TITLE_MOST} required error={errors["title"]} first testId="segment-title" />
      <Times editing={editing} />
      <TokenInput
        ordered
        label={d.schedule.sessions}
        hint={d.schedule.sessionsHint}
        placeholder={d.schedule.findSession}
        value={values.sessions.map((session) => options.find((option) => option.id === session) ?? { id: session, label: session })}
        onChange={(chosen) => set({ sessions: chosen.map((option) => option.id) })}
        suggest={suggest}
        error={errors["sessions"]}
        testId="segment-sessions"
      />
      <Warnings draft={values} id={id} plan={plan} />
      <TextInput
        label={d.schedule.location}
        hint={d.schedule.locationHint}
        value={values.location}
        onChange={(location) => set({ location })}
        most={LOCATION_MOST}
        error={errors["location"]}
        testId="segment-location"
      />
      <TextArea
        label={d.schedule.description}
        value={values.description}
        onChange={(description) => set({ description })}
        most={DESCRIPTION_MOST}
        error={errors["description"]}
        testId="segment-description"
      />
    </>
  );
}

function Times({ editing: { values, set, errors } }: { editing: Editing<SegmentDraft> }) {
  const { event } = useOrganizing();
  const backwards = values.starts_at !== null && values.ends_at !== null && Date.parse(values.ends_at) <= Date.parse(values.starts_at);
  return (
    <div className={styles["pair"]}>
      <DateTimeInput
        label={d.schedule.starts}
        value={values.starts_at}
        onChange={(starts_at) => set({ starts_at, ends_at: endFor(starts_at, values.ends_at) })}
        zone={event.time_zone}
        required
        error={errors["starts_at"]}
        testId="segment-starts"
      />
      <DateTimeInput
        label={d.schedule.ends}
        value={values.ends_at}
        onChange={(ends_at) => set({ ends_at })}
        zone={event.time_zone}
        required
        error={backwards ? d.schedule.endsFirst : errors["ends_at"]}
        testId="segment-ends"
      />
    </div>
  );
}

/** Read aloud as they come and go. */
function Warnings({ draft, id, plan }: { draft: SegmentDraft; id: string | undefined; plan: Plan }) {
  const warnings = warningsOf(draft, id, plan);
  return (
    <div role="status">
      {warnings.length > 0 && (
        <div className={styles["warnings"]} data-testid="segment-warnings">
          <TriangleAlert size={18} aria-hidden />
          <ul aria-label={d.schedule.warnings}>
            {warnings.map((warning) => (
              <li key={warning.session}>
                {warning.kind === "always_open" ? d.schedule.isAlwaysOpen(titleOf(warning.session, plan)) : d.schedule.overlaps(titleOf(warning.session, plan), warning.segment)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
