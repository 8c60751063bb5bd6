import { CalendarCheck, CalendarPlus, Download, MapPin } from "lucide-react";
import { useCallback, useState } from "react";
import { Link } from "wouter";
import { type Segment, segmentCalendar } from "../../browser/api/schedule";
import { type ListedSession, readSession } from "../../browser/api/sessions";
import { Badge } from "../../components/Badge";
import { Button, ButtonLink } from "../../components/Button";
import { useResource } from "../../components/useResource";
import { t } from "../../messages";
import { timeRange } from "../../messages/formats";
import type { Agenda } from "./useAgenda";
import styles from "./ScheduleSection.module.css";

interface SegmentRowProps {
  segment: Segment;
  zone: string;
  /** Those that are open now: their titles are known. */
  sessions: readonly ListedSession[];
  /** Organizers have none. */
  agenda: Agenda | undefined;
}

export function SegmentRow({ segment, zone, sessions, agenda }: SegmentRowProps) {
  return (
    <li className={styles["segment"]} data-testid="segment" data-segment={segment.id} data-live={segment.live} data-past={segment.past}>
      <div className={styles["when"]}>
        <time dateTime={segment.starts_at}>{timeRange(segment.starts_at, segment.ends_at, { zone })}</time>
        {segment.live && (
          <Badge tone="live" testId="live-badge">
            {t.home.live}
          </Badge>
        )}
        {segment.past && <Badge>{t.schedule.over}</Badge>}
      </div>
      <div className={styles["what"]}>
        <h4>
          <bdi>{segment.title}</bdi>
        </h4>
        {segment.description !== "" && <Description text={segment.description} />}
        {segment.location !== "" && (
          <p className={styles["place"]}>
            <MapPin size={16} aria-hidden />
            <bdi>{segment.location}</bdi>
          </p>
        )}
        {segment.sessions.length > 1 && <Sessions ids={segment.sessions} known={sessions} />}
      </div>
      <Actions segment={segment} agenda={agenda} />
    </li>
  );
}

/** Longer ones begin folded. */
const AT_A_GLANCE = 220;

function Description({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  const long = text.length > AT_A_GLANCE;
  return (
    <>
      <p className={styles["description"]} data-folded={long && !open}>
        <bdi>{text}</bdi>
      </p>
      {long && (
        <Button look="quiet" className={styles["switch"]} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t.schedule.less : t.schedule.more}
        </Button>
      )}
    </>
  );
}

/** The way into its session, the agenda, and its calendar file. */
function Actions({ segment, agenda }: { segment: Segment; agenda: Agenda | undefined }) {
  const { id, title, live } = segment;
  const [only] = segment.sessions;
  const on = agenda?.has(segment) ?? false;
  return (
    <div className={styles["actions"]}>
      {only !== undefined && segment.sessions.length === 1 && (
        <ButtonLink
          href={`/sessions/${only}`}
          look={live ? "primary" : "plain"}
          aria-label={live ? t.home.enterSession(title) : t.schedule.toSessionOf(title)}
          data-testid="to-session"
        >
          {live ? t.schedule.enter : t.schedule.toSession}
        </ButtonLink>
      )}
      {agenda !== undefined && (
        <Button
          look="quiet"
          icon={on ? <CalendarCheck size={18} aria-hidden /> : <CalendarPlus size={18} aria-hidden />}
          className={on ? styles["chosen"] : undefined}
          aria-label={on ? t.schedule.onAgendaOf(title) : t.schedule.putOnOf(title)}
          onClick={() => agenda.set(segment, !on)}
          data-testid="agenda"
          data-on={on}
        >
          {on ? t.schedule.onAgenda : t.schedule.putOn}
        </Button>
      )}
      <ButtonLink
        href={segmentCalendar(id)}
        download
        look="quiet"
        className={styles["file"]}
        icon={<Download size={18} aria-hidden />}
        aria-label={t.schedule.fileOf(title)}
        data-testid="segment-file"
      >
        {t.schedule.file}
      </ButtonLink>
    </div>
  );
}

/** Links to several sessions by their titles, which the schedule itself does not tell. */
function Sessions({ ids, known }: { ids: readonly string[]; known: readonly ListedSession[] }) {
  const asked = ids.join(" ");
  const titles = useResource(
    useCallback(
      async (signal: AbortSignal) => {
        const sessions = await Promise.all(asked.split(" ").map((id) => readSession(id, signal)));
        return new Map(sessions.map(({ value }) => [value.id, value.title]));
      },
      [asked],
    ),
  );
  return (
    <ul className={styles["sessions"]}>
      {ids.map((id) => {
        const title = known.find((session) => session.id === id)?.title ?? titles.data?.get(id);
        return (
          <li key={id}>
            <Link href={`/sessions/${id}`} dir="auto" data-testid="to-session">
              {title ?? t.schedule.toSession}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
