import { CalendarX } from "lucide-react";
import { useState } from "react";
import type { LinkedSegment } from "../../../browser/api/sessions";
import { sayProblem } from "../../../browser/sayProblem";
import { Badge } from "../../../components/Badge";
import { ButtonLink } from "../../../components/Button";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { DateTimeInput } from "../../../components/DateTimeInput";
import { Fold } from "../../../components/Fold";
import { RadioCards } from "../../../components/RadioCards";
import { useOrganizing } from "../../../dashboard/context";
import { d } from "../../../messages/dashboard";
import { dateTimeRange, zoneName } from "../../../messages/formats";
import styles from "./SessionForm.module.css";
import type { Draft } from "./draft";
import { type PartProps, anyWrong, sayWhen } from "./parts";

interface WhenProps extends PartProps {
  /** The answer to whether it may leave the schedule was yes. */
  onUnlink: () => void;
}

export function When({ editing: { values, set, errors }, lookups, onUnlink }: WhenProps) {
  const { time_zone: zone } = useOrganizing().event;
  const [asking, setAsking] = useState(false);
  const f = d.sessions.form;
  const lost = values.availability === "scheduled" && lookups.segments.length === 0;
  const choose = (availability: Draft["availability"]): void => {
    if (availability === "always_open" && lookups.segments.length > 0) setAsking(true);
    else set({ availability });
  };
  return (
    <Fold title={f.when} summary={lost ? `${sayWhen(values, zone)} · ${d.sessions.notOnSchedule}` : sayWhen(values, zone)} wrong={anyWrong(errors, "availability", "starts_at", "ends_at")} testId="part-when">
      <RadioCards
        label={f.availability}
        value={values.availability}
        onChange={choose}
        choices={(["always_open", "scheduled"] as const).map((value) => ({
          value,
          label: d.sessions.availability[value],
          hint: f.availabilityHints[value],
        }))}
        error={errors["availability"]}
        testId="session-availability"
      />
      {values.availability === "scheduled" && <OnSchedule isNew={values.id === ""} segments={lookups.segments} zone={zone} />}
      <div className={styles["pair"]}>
        {(["starts_at", "ends_at"] as const).map((name) => (
          <DateTimeInput
            key={name}
            label={name === "starts_at" ? f.starts : f.ends}
            hint={f.timesHint(zoneName(zone))}
            value={values[name]}
            onChange={(moment) => set({ [name]: moment })}
            zone={zone}
            error={errors[name]}
            testId={`session-${name}`}
          />
        ))}
      </div>
      {asking && (
        <UnlinkDialog
          segments={lookups.segments}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            set({ availability: "always_open" });
            onUnlink();
          }}
        />
      )}
    </Fold>
  );
}

function OnSchedule({ isNew, segments, zone }: { isNew: boolean; segments: readonly LinkedSegment[]; zone: string }) {
  const f = d.sessions.form;
  if (segments.length === 0) {
    return (
      <div className={styles["row"]} data-testid="no-segments">
        <Badge tone="warning" icon={<CalendarX size={14} aria-hidden />}>
          {d.sessions.notOnSchedule}
        </Badge>
        <span className={styles["grow"]}>{isNew ? f.linkLater : f.noSegments}</span>
        {!isNew && <ButtonLink href="/dashboard/schedule">{d.sessions.toSchedule}</ButtonLink>}
      </div>
    );
  }
  return (
    <div className={styles["stack"]}>
      <h3>{f.segments}</h3>
      <Segments of={segments} zone={zone} />
      <div>
        <ButtonLink href="/dashboard/schedule">{d.sessions.toSchedule}</ButtonLink>
      </div>
    </div>
  );
}

function Segments({ of, zone }: { of: readonly LinkedSegment[]; zone: string }) {
  return (
    <ul className={styles["segments"]} data-testid="linked-segments">
      {of.map((segment) => (
        <li key={segment.id}>
          <strong dir="auto">{segment.title}</strong>
          <span>{dateTimeRange(segment.starts_at, segment.ends_at, { zone })}</span>
        </li>
      ))}
    </ul>
  );
}

/** Asked before a session that stands on the schedule becomes always open. */
export function UnlinkDialog({ segments, onConfirm, onClose }: { segments: readonly LinkedSegment[]; onConfirm: () => void; onClose: () => void }) {
  const { time_zone: zone } = useOrganizing().event;
  return (
    <ConfirmDialog
      title={d.sessions.form.unlinkTitle}
      action={d.sessions.form.unlink}
      look="primary"
      onConfirm={onConfirm}
      onClose={onClose}
      sayError={sayProblem}
      testId="unlink-dialog"
    >
      <p>{d.sessions.form.unlinkHint}</p>
      <Segments of={segments} zone={zone} />
    </ConfirmDialog>
  );
}
