import { CalendarClock, SearchX, X } from "lucide-react";
import { useId } from "react";
import { Link } from "wouter";
import type { EventInfo } from "../../browser/api/event";
import { serverNow } from "../../browser/api/http";
import type { Me } from "../../browser/api/me";
import type { Schedule, Segment } from "../../browser/api/schedule";
import type { ListedSession } from "../../browser/api/sessions";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { SearchField, Toolbar } from "../../components/SearchField";
import { t } from "../../messages";
import { time } from "../../messages/formats";
import { type Names, fits, isOpen, presentersOf, tagsOf } from "./find";
import { SessionCard } from "./SessionCard";
import type { Want, Wanted } from "./useWanted";
import { zoneOf } from "./zone";
import styles from "./Reception.module.css";

/** Fewer sessions than this are seen at a glance. */
const WORTH_SEARCHING = 5;

interface NowSectionProps {
  event: EventInfo;
  me: Me;
  sessions: readonly ListedSession[];
  schedule: Schedule;
  names: Names;
  wanted: Wanted;
  want: Want;
}

/** Segments that go on, and the sessions that are open: those of the highest rank first. */
export function NowSection({ event, me, sessions: all, schedule, names, wanted, want }: NowSectionProps) {
  const id = useId();
  const open = me.role === "attendee" ? all : all.filter((each) => isOpen(each, schedule.segments, event.margin_before_minutes, serverNow() * 1000));
  const tags = tagsOf(open);
  const filtered = wanted.q.trim() !== "" || wanted.tags.length > 0;
  const shown = filtered ? open.filter((each) => fits(each, wanted.q, wanted.tags, names)) : open;
  const zone = zoneOf(event, wanted);
  const clear = (): void => want({ q: "", tags: [] });
  return (
    <section className={styles["section"]} aria-labelledby={id} data-testid="now">
      <header>
        <h2 id={id}>{t.home.now}</h2>
      </header>
      {schedule.happeningNow.length > 0 && <LiveSegments segments={schedule.happeningNow} sessions={open} zone={zone} />}
      {(filtered || tags.length > 0 || open.length >= WORTH_SEARCHING) && (
        <Filter tags={tags} wanted={wanted} want={want} found={filtered ? t.filter.found(shown.length, open.length) : ""} onClear={filtered ? clear : undefined} />
      )}
      {shown.length > 0 ? (
        <ul className={styles["cards"]} data-testid="sessions">
          {shown.map((session) => (
            <SessionCard
              key={session.id}
              session={session}
              presenters={presentersOf(session, names)}
              chosenTags={wanted.tags}
              onTag={(tag) => want({ tags: toggled(wanted.tags, tag) })}
            />
          ))}
        </ul>
      ) : filtered ? (
        <EmptyState testId="nothing-found" icon={<SearchX size={32} aria-hidden />} title={t.filter.nothing} actions={<Button onClick={clear}>{t.filter.clear}</Button>} />
      ) : (
        <EmptyState testId="no-sessions" icon={<CalendarClock size={32} aria-hidden />} title={t.home.empty}>
          <p>{t.home.emptyHint}</p>
        </EmptyState>
      )}
    </section>
  );
}

function toggled(tags: readonly string[], tag: string): string[] {
  return tags.includes(tag) ? tags.filter((each) => each !== tag) : [...tags, tag];
}

/** What the schedule says for this moment; a break has no session to enter. */
function LiveSegments({ segments, sessions, zone }: { segments: readonly Segment[]; sessions: readonly ListedSession[]; zone: string }) {
  return (
    <ul className={styles["live"]} data-testid="live-segments">
      {segments.map((segment) => {
        const [only] = segment.sessions;
        const title = <strong dir="auto">{segment.title}</strong>;
        return (
          <li key={segment.id} data-testid="live-segment">
            <Badge tone="live">{t.home.live}</Badge>
            {only !== undefined && segment.sessions.length === 1 ? <Link href={`/sessions/${only}`}>{title}</Link> : title}
            <span className={styles["soft"]}>{t.home.until(time(segment.ends_at, { zone }))}</span>
            {segment.sessions.length > 1 &&
              sessions
                .filter((session) => segment.sessions.includes(session.id))
                .map((session) => (
                  <Link key={session.id} href={`/sessions/${session.id}`} dir="auto">
                    {session.title}
                  </Link>
                ))}
          </li>
        );
      })}
    </ul>
  );
}

interface FilterProps {
  tags: readonly string[];
  wanted: Wanted;
  want: Want;
  /** How many sessions fit; empty without a filter. */
  found: string;
  onClear: (() => void) | undefined;
}

function Filter({ tags, wanted, want, found, onClear }: FilterProps) {
  // A tag that no session has any more can still be taken back.
  const all = [...tags, ...wanted.tags.filter((tag) => !tags.includes(tag))];
  return (
    <>
      <Toolbar label={t.filter.label}>
        <SearchField label={t.filter.search} value={wanted.q} onChange={(q) => want({ q })} testId="search" />
        {onClear !== undefined && (
          <Button icon={<X size={18} aria-hidden />} onClick={onClear} data-testid="clear-filter">
            {t.filter.clear}
          </Button>
        )}
      </Toolbar>
      {all.length > 0 && (
        <div className={styles["chips"]} role="group" aria-label={t.filter.tags} data-testid="tags">
          {all.map((tag) => (
            <button
              key={tag}
              type="button"
              dir="auto"
              className={styles["chip"]}
              aria-pressed={wanted.tags.includes(tag)}
              onClick={() => want({ tags: toggled(wanted.tags, tag) })}
            >
              {tag}
            </button>
          ))}
        </div>
      )}
      <p role="status" className={found === "" ? "visually-hidden" : styles["soft"]} data-testid="found">
        {found}
      </p>
    </>
  );
}
