import { LayoutDashboard, Plus } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { EventInfo } from "../../browser/api/event";
import { ApiProblem } from "../../browser/api/http";
import type { Me } from "../../browser/api/me";
import { allNamed } from "../../browser/api/named";
import { type Schedule, readSchedule } from "../../browser/api/schedule";
import { listSessions } from "../../browser/api/sessions";
import { Button, ButtonLink } from "../../components/Button";
import { LoadFailed } from "../../components/Loaded";
import { PageFrame, PageHeading } from "../../components/PageFrame";
import { Skeleton } from "../../components/Progress";
import { useResource } from "../../components/useResource";
import { t } from "../../messages";
import { NewSessionDialog } from "./NewSessionDialog";
import { NowSection } from "./NowSection";
import { ScheduleSection } from "./ScheduleSection";
import { useReloadAt } from "./useReloadAt";
import { useWanted } from "./useWanted";
import styles from "./Reception.module.css";

/** Milliseconds between two looks at the sessions' numbers, and at what organizers changed of the schedule. */
const SESSIONS_EVERY = 15_000;
const SCHEDULE_EVERY = 300_000;

const upcoming = (signal: AbortSignal): Promise<Schedule> => readSchedule(false, signal);
const everything = (signal: AbortSignal): Promise<Schedule> => readSchedule(true, signal);
const presenters = async (signal: AbortSignal): Promise<Map<string, string>> =>
  new Map((await allNamed("presenters", signal)).map(({ id, name }) => [id, name]));

/** What somebody who is signed in finds: what happens now, and the schedule. */
export function Reception({ event, me, onSignedOut }: { event: EventInfo; me: Me; onSignedOut: () => void }) {
  const [wanted, want] = useWanted();
  const sessions = useResource(listSessions, { every: SESSIONS_EVERY });
  const names = useResource(presenters);
  const schedule = useResource(wanted.past ? everything : upcoming, { every: SCHEDULE_EVERY });
  const parts = [sessions, names, schedule] as const;
  const { reload: reloadSessions } = sessions;
  const { reload: reloadSchedule } = schedule;
  useReloadAt(
    schedule.data?.nextChangeAt ?? null,
    useMemo(
      () => () => {
        reloadSessions();
        reloadSchedule();
      },
      [reloadSessions, reloadSchedule],
    ),
  );

  const signedOut = parts.some(({ error }) => error instanceof ApiProblem && error.status === 401);
  useEffect(() => {
    if (signedOut) onSignedOut();
  }, [signedOut, onSignedOut]);

  const failed = parts.find((part) => part.data === undefined && part.error !== undefined);
  return (
    <PageFrame name={event.name} me={me} navigation={me.role === "organizer" ? <ToDashboard /> : undefined}>
      <div className={styles["hero"]}>
        <PageHeading title={event.name} actions={<NewSession event={event} me={me} />} />
      </div>
      {failed !== undefined ? (
        <LoadFailed error={failed.error} onRetry={() => parts.forEach((part) => part.reload())} />
      ) : sessions.data === undefined || schedule.data === undefined || names.data === undefined ? (
        <ListsSkeleton />
      ) : (
        <>
          <NowSection event={event} me={me} sessions={sessions.data} schedule={schedule.data} names={names.data} wanted={wanted} want={want} />
          <ScheduleSection event={event} me={me} sessions={sessions.data} schedule={schedule.data} wanted={wanted} want={want} />
        </>
      )}
    </PageFrame>
  );
}

/** What a new organizer looks for first. */
function ToDashboard() {
  return (
    <ButtonLink look="quiet" href="/dashboard" icon={<LayoutDashboard size={18} aria-hidden />} data-testid="way-to-dashboard">
      {t.general.dashboard}
    </ButtonLink>
  );
}

/** Organizers set sessions up in the dashboard; attendees start one here, where the event allows it. */
function NewSession({ event, me }: { event: EventInfo; me: Me }) {
  const [asking, setAsking] = useState(false);
  if (event.kind === "single_session") return null;
  if (me.role === "organizer") {
    return (
      <ButtonLink href="/dashboard/sessions/new" icon={<Plus size={18} aria-hidden />}>
        {t.newSession.organizer}
      </ButtonLink>
    );
  }
  if (!event.attendee_sessions) return null;
  return (
    <>
      <Button icon={<Plus size={18} aria-hidden />} onClick={() => setAsking(true)} data-testid="new-session">
        {t.newSession.open}
      </Button>
      {asking && <NewSessionDialog onClose={() => setAsking(false)} />}
    </>
  );
}

/** The shape of the page before anything is known. */
export function ReceptionSkeleton() {
  return (
    <>
      <div className={styles["heading"]} aria-hidden />
      <ListsSkeleton />
    </>
  );
}

function ListsSkeleton() {
  return (
    <div className={styles["skeleton"]}>
      <Skeleton rows={4} />
    </div>
  );
}
