import { CalendarDays, CalendarHeart, CalendarPlus } from "lucide-react";
import { useId, useState } from "react";
import type { EventInfo } from "../../browser/api/event";
import { serverNow } from "../../browser/api/http";
import type { Me } from "../../browser/api/me";
import type { Schedule } from "../../browser/api/schedule";
import type { ListedSession } from "../../browser/api/sessions";
import { Button } from "../../components/Button";
import { Switch } from "../../components/Checkbox";
import { EmptyState } from "../../components/EmptyState";
import { Tabs } from "../../components/Tabs";
import { t } from "../../messages";
import { day as longDay, dayKey, ownZone, shortDay, zoneName } from "../../messages/formats";
import { CalendarDialog } from "./CalendarDialog";
import { byDay, dayToShow } from "./find";
import { SegmentRow } from "./SegmentRow";
import { useAgenda } from "./useAgenda";
import type { Want, Wanted } from "./useWanted";
import { zoneOf } from "./zone";
import reception from "./Reception.module.css";
import styles from "./ScheduleSection.module.css";

interface ScheduleSectionProps {
  event: EventInfo;
  me: Me;
  sessions: readonly ListedSession[];
  schedule: Schedule;
  wanted: Wanted;
  want: Want;
}

/** The schedule by day, in the visitor's time zone or the event's; attendees keep their agenda in it. */
export function ScheduleSection({ event, me, sessions, schedule, wanted, want }: ScheduleSectionProps) {
  const id = useId();
  const agenda = useAgenda();
  const [exporting, setExporting] = useState(false);
  const attendee = me.role === "attendee";
  const onlyAgenda = attendee && wanted.agenda;
  const segments = schedule.segments.filter((each) => (wanted.past || !each.past) && (!onlyAgenda || agenda.has(each)));
  const zone = zoneOf(event, wanted);
  const days = byDay(segments, zone);
  const today = dayKey(new Date(serverNow() * 1000), { zone });
  const shown = dayToShow([...days.keys()], wanted.day, today, wanted.past);
  return (
    <section className={reception["section"]} aria-labelledby={id} data-testid="schedule">
      <header>
        <h2 id={id}>{t.schedule.title}</h2>
        <Button icon={<CalendarPlus size={18} aria-hidden />} onClick={() => setExporting(true)} data-testid="calendar">
          {t.calendar.open}
        </Button>
      </header>
      <Choices event={event} attendee={attendee} wanted={wanted} want={want} />
      {shown === undefined ? (
        <NoSegments onlyAgenda={onlyAgenda} wanted={wanted} want={want} />
      ) : (
        <Tabs
          label={t.schedule.days}
          value={shown}
          onChange={(day) => want({ day })}
          tabs={[...days].map(([key, [first]]) => ({
            name: key,
            label: key === today ? t.schedule.today : shortDay(first?.starts_at ?? "", { zone }),
            testId: `day-${key}`,
          }))}
        >
          <div className={styles["day"]}>
            <h3>{longDay(days.get(shown)?.[0]?.starts_at ?? "", { zone })}</h3>
            <ol className={styles["segments"]} data-testid="segments">
              {days.get(shown)?.map((segment) => (
                <SegmentRow key={segment.id} segment={segment} zone={zone} sessions={sessions} agenda={attendee ? agenda : undefined} />
              ))}
            </ol>
          </div>
        </Tabs>
      )}
      {exporting && <CalendarDialog attendee={attendee} onClose={() => setExporting(false)} />}
    </section>
  );
}

/** In whose time, and what of the schedule. */
function Choices({ event, attendee, wanted, want }: { event: EventInfo; attendee: boolean; wanted: Wanted; want: Want }) {
  const zone = zoneOf(event, wanted);
  const own = ownZone();
  return (
    <div className={styles["choices"]}>
      <div className={styles["zone"]}>
        <p data-testid="zone">{t.schedule.zone(zoneName(zone), zone)}</p>
        {own !== event.time_zone && (
          <Button look="quiet" className={styles["switch"]} onClick={() => want({ eventZone: !wanted.eventZone })} data-testid="zone-switch">
            {wanted.eventZone ? t.schedule.toOwnZone(own) : t.schedule.toEventZone(event.time_zone)}
          </Button>
        )}
      </div>
      {attendee && <Switch label={t.schedule.onlyAgenda} checked={wanted.agenda} onChange={(agenda) => want({ agenda })} testId="only-agenda" />}
      <Switch label={t.schedule.past} checked={wanted.past} onChange={(past) => want({ past })} testId="show-past" />
    </div>
  );
}

function NoSegments({ onlyAgenda, wanted, want }: { onlyAgenda: boolean; wanted: Wanted; want: Want }) {
  if (onlyAgenda) {
    return (
      <EmptyState
        testId="empty-agenda"
        icon={<CalendarHeart size={32} aria-hidden />}
        title={t.schedule.emptyAgenda}
        actions={<Button onClick={() => want({ agenda: false })}>{t.schedule.wholeSchedule}</Button>}
      >
        <p>{t.schedule.emptyAgendaHint}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      testId="empty-schedule"
      icon={<CalendarDays size={32} aria-hidden />}
      title={wanted.past ? t.schedule.emptyEver : t.schedule.empty}
      actions={wanted.past ? undefined : <Button onClick={() => want({ past: true })}>{t.schedule.past}</Button>}
    />
  );
}
