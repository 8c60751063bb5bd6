import { MapPin, Pencil, Trash2 } from "lucide-react";
import { Link } from "wouter";
import type { Segment } from "../../../browser/api/segments";
import type { ListedSession } from "../../../browser/api/sessions";
import { Badge } from "../../../components/Badge";
import { IconButton } from "../../../components/Button";
import { useOrganizing } from "../../../dashboard/context";
import { d } from "../../../messages/dashboard";
import { day, timeRange } from "../../../messages/formats";
import styles from "./Schedule.module.css";
import { byDay } from "./plan";

type Act = (action: "edit" | "delete", segment: Segment) => void;

interface DayListProps {
  segments: readonly Segment[];
  sessions: readonly ListedSession[];
  onAct: Act;
}

export function DayList({ segments, sessions, onAct }: DayListProps) {
  const { event } = useOrganizing();
  const zone = event.time_zone;
  const titles = new Map(sessions.map(({ id, title }) => [id, title]));
  return (
    <div className={styles["days"]} data-testid="schedule">
      {byDay(segments, zone).map(({ key, segments: entries }) => (
        <section key={key} className={styles["day"]} aria-labelledby={`day-${key}`}>
          <h2 id={`day-${key}`}>{day(entries[0]?.starts_at ?? key, { zone })}</h2>
          <ul className={styles["entries"]}>
            {entries.map((segment) => (
              <Entry key={segment.id} segment={segment} zone={zone} titles={titles} onAct={onAct} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface EntryProps {
  segment: Segment;
  zone: string;
  /** Of sessions, by id. */
  titles: ReadonlyMap<string, string>;
  onAct: Act;
}

function Entry({ segment, zone, titles, onAct }: EntryProps) {
  return (
    <li className={styles["entry"]} data-testid="segment" data-past={segment.past}>
      <span className={styles["time"]}>{timeRange(segment.starts_at, segment.ends_at, { zone })}</span>
      <div className={styles["what"]}>
        <h3>
          <bdi>{segment.title}</bdi>
          {segment.live && <Badge tone="live">{d.schedule.live}</Badge>}
          {segment.past && <Badge>{d.schedule.isPast}</Badge>}
        </h3>
        {segment.location !== "" && (
          <p className={styles["place"]}>
            <MapPin size={16} aria-hidden />
            <bdi>{segment.location}</bdi>
          </p>
        )}
        {segment.sessions.length > 0 && (
          <ul className={styles["links"]} aria-label={d.schedule.sessions}>
            {segment.sessions.map((id) => (
              <li key={id}>
                <Link href={`/dashboard/sessions/${id}`}>
                  <bdi>{titles.get(id) ?? id}</bdi>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </div>
      <span className={styles["actions"]}>
        <IconButton label={d.schedule.editOf(segment.title)} icon={<Pencil size={18} aria-hidden />} onClick={() => onAct("edit", segment)} data-testid="edit-segment" />
        <IconButton label={d.schedule.removeOf(segment.title)} icon={<Trash2 size={18} aria-hidden />} onClick={() => onAct("delete", segment)} data-testid="delete-segment" />
      </span>
    </li>
  );
}
