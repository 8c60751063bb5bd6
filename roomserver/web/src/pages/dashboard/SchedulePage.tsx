import { CalendarPlus, Plus, TriangleAlert } from "lucide-react";
import { useCallback, useState } from "react";
import { Link } from "wouter";
import { type Segment, type SegmentDraft, allSegments, sessionsToSchedule } from "../../browser/api/segments";
import type { ListedSession } from "../../browser/api/sessions";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { Switch } from "../../components/Checkbox";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { PageHeading } from "../../components/PageFrame";
import { Toolbar } from "../../components/SearchField";
import { useResource } from "../../components/useResource";
import { BulkMenu } from "../../dashboard/bulk/BulkMenu";
import { useOrganizing } from "../../dashboard/context";
import { d } from "../../messages/dashboard";
import { zoneName } from "../../messages/formats";
import { DayList } from "./schedule/DayList";
import styles from "./schedule/Schedule.module.css";
import { AddSegment, DeleteSegment, EditSegment } from "./schedule/SegmentDialog";
import type { Plan } from "./schedule/plan";

async function loadPlan(signal: AbortSignal): Promise<Plan> {
  const [segments, sessions] = await Promise.all([allSegments(true, signal), sessionsToSchedule(signal)]);
  return { segments, sessions };
}

type Open = { action: "add"; start: SegmentDraft } | { action: "edit" | "delete"; segment: Segment };

const BLANK: SegmentDraft = { title: "", description: "", location: "", starts_at: null, ends_at: null, sessions: [] };

/** The schedule by day, in the event's time zone. */
export function SchedulePage() {
  const plan = useResource(loadPlan);
  const [past, setPast] = useState(false);
  const [open, setOpen] = useState<Open>();
  const { event } = useOrganizing();
  const add = useCallback((start: SegmentDraft) => setOpen({ action: "add", start }), []);
  return (
    <>
      <PageHeading
        title={d.frame.pages.schedule}
        actions={
          <>
            <BulkMenu kind="segments" onChanged={plan.reload} />
            <Button look="primary" icon={<Plus size={18} aria-hidden />} onClick={() => add(BLANK)} data-testid="add-segment">
              {d.schedule.add}
            </Button>
          </>
        }
      >
        <p>{d.schedule.lead(zoneName(event.time_zone))}</p>
      </PageHeading>
      <Loaded resource={plan}>
        {(data) => (
          <>
            <LostSessions sessions={data.sessions} onAdd={add} />
            <Toolbar>
              <Switch label={d.schedule.past} checked={past} onChange={setPast} testId="show-past" />
            </Toolbar>
            <Segments plan={data} past={past} onAct={(action, segment) => setOpen({ action, segment })} />
            <Dialogs open={open} plan={data} onChanged={plan.reload} onClose={() => setOpen(undefined)} />
          </>
        )}
      </Loaded>
    </>
  );
}

interface SegmentsProps {
  plan: Plan;
  past: boolean;
  onAct: (action: "edit" | "delete", segment: Segment) => void;
}

function Segments({ plan, past, onAct }: SegmentsProps) {
  const shown = plan.segments.filter((segment) => past || !segment.past);
  if (shown.length > 0) return <DayList segments={shown} sessions={plan.sessions} onAct={onAct} />;
  return (
    <EmptyState testId="no-segments" icon={<CalendarPlus size={32} aria-hidden />} title={plan.segments.length > 0 ? d.schedule.allPast : d.schedule.empty}>
      <p>{d.schedule.emptyHint}</p>
    </EmptyState>
  );
}

/** Scheduled sessions that nobody finds, each with a way onto the schedule. */
function LostSessions({ sessions, onAdd }: { sessions: readonly ListedSession[]; onAdd: (start: SegmentDraft) => void }) {
  const lost = sessions.filter(({ warning }) => warning === "not_on_schedule");
  if (lost.length === 0) return null;
  return (
    <Card title={d.schedule.lost(lost.length)} actions={<TriangleAlert size={20} aria-hidden className={styles["alert"]} />} testId="lost-sessions">
      <p>{d.schedule.lostHint}</p>
      <ul className={styles["lost"]}>
        {lost.map(({ id, title, starts_at, ends_at }) => (
          <li key={id}>
            <Link href={`/dashboard/sessions/${id}`}>
              <bdi>{title}</bdi>
            </Link>
            <Button
              icon={<CalendarPlus size={18} aria-hidden />}
              aria-label={d.schedule.addFor(title)}
              onClick={() => onAdd({ ...BLANK, title, starts_at, ends_at, sessions: [id] })}
              data-testid="schedule-session"
            >
              {d.schedule.add}
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

interface DialogsProps {
  open: Open | undefined;
  plan: Plan;
  onChanged: () => void;
  onClose: () => void;
}

function Dialogs({ open, ...shared }: DialogsProps) {
  switch (open?.action) {
    case undefined:
      return null;
    case "add":
      return <AddSegment start={open.start} {...shared} />;
    case "edit":
      return <EditSegment id={open.segment.id} {...shared} />;
    case "delete":
      return <DeleteSegment segment={open.segment} {...shared} />;
  }
}
