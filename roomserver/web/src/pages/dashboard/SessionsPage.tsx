import { LayoutList, Plus } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useSearchParams } from "wouter";
import { type Named, allNamed } from "../../browser/api/named";
import { listLiveRooms } from "../../browser/api/rooms";
import { type ListedSession, deleteSession, findSessions } from "../../browser/api/sessions";
import { sayProblem } from "../../browser/sayProblem";
import { Button, ButtonLink } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { EmptyState } from "../../components/EmptyState";
import { LoadFailed } from "../../components/Loaded";
import { More } from "../../components/More";
import { useTell } from "../../components/Notices";
import { PageHeading } from "../../components/PageFrame";
import { Skeleton } from "../../components/Progress";
import { type Pages, usePages, useResource } from "../../components/useResource";
import { BulkMenu } from "../../dashboard/bulk/BulkMenu";
import { useOrganizing } from "../../dashboard/context";
import { d } from "../../messages/dashboard";
import { FilterBar } from "./sessions/FilterBar";
import { type Live, SessionTable } from "./sessions/SessionTable";
import { type Filters, NO_FILTERS, conditionsOf, isFiltered, readFilters, writeFilters } from "./sessions/filters";
import { tagsInUse } from "./sessions/lookups";

/** Milliseconds after the last key. */
const WAIT = 200;
/** Milliseconds between two looks at who is where. */
const EVERY = 5000;

async function loadChoices(signal: AbortSignal): Promise<{ ticketTypes: Named[]; tags: string[] }> {
  const [ticketTypes, tags] = await Promise.all([allNamed("ticket-types", signal), tagsInUse(signal)]);
  return { ticketTypes, tags };
}

/** All sessions: to find, to open, to make. */
export function SessionsPage() {
  const { event } = useOrganizing();
  const [filters, setFilters] = useFilters();
  const settled = useSettled(JSON.stringify(conditionsOf(filters, event.time_zone)));
  const load = useCallback(
    (cursor: string | null, signal: AbortSignal) => findSessions(JSON.parse(settled) as ReturnType<typeof conditionsOf>, cursor, signal),
    [settled],
  );
  const sessions = usePages(load);
  const choices = useResource(loadChoices);
  return (
    <>
      <PageHeading title={d.frame.pages.sessions} actions={<Actions onChanged={sessions.reload} />}>
        <p>{d.sessions.list.lead}</p>
      </PageHeading>
      <FilterBar filters={filters} onChange={setFilters} ticketTypes={choices.data?.ticketTypes ?? []} tags={choices.data?.tags ?? []} />
      <List sessions={sessions} filtered={isFiltered(filters)} onClear={() => setFilters(NO_FILTERS)} />
    </>
  );
}

function Actions({ onChanged }: { onChanged: () => void }) {
  const { event } = useOrganizing();
  return (
    <>
      <BulkMenu kind="sessions" onChanged={onChanged} />
      {event.kind === "multi_session" && <NewButton testId="new-session" />}
    </>
  );
}

function NewButton({ testId }: { testId: string }) {
  return (
    <ButtonLink look="primary" href="/dashboard/sessions/new" icon={<Plus size={18} aria-hidden />} data-testid={testId}>
      {d.sessions.newSession}
    </ButtonLink>
  );
}

/** The filters live in the page's address: a reload keeps them, and a link shares them. */
function useFilters(): [Filters, (changes: Partial<Filters>) => void] {
  const [search, setSearch] = useSearchParams();
  const filters = useMemo(() => readFilters(search), [search]);
  return [filters, (changes) => setSearch((known) => writeFilters(known, changes), { replace: true })];
}

/** The text, once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), WAIT);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function List({ sessions, filtered, onClear }: { sessions: Pages<ListedSession>; filtered: boolean; onClear: () => void }) {
  const [deleting, setDeleting] = useState<ListedSession>();
  const rooms = useResource(listLiveRooms, { every: EVERY });
  const live = useMemo(
    () => (rooms.data === undefined ? undefined : new Map(rooms.data.items.map((room): [string, Live] => [room.session, room]))),
    [rooms.data],
  );
  const { items } = sessions;
  if (items === undefined) return sessions.error === undefined ? <Skeleton rows={5} /> : <LoadFailed error={sessions.error} onRetry={sessions.reload} />;
  if (items.length === 0) return <Nothing filtered={filtered} onClear={onClear} />;
  return (
    <>
      <SessionTable sessions={items} live={live} onDelete={setDeleting} />
      <More shown={items.length} more={sessions.more} busy={sessions.busy} onMore={sessions.loadMore} />
      {deleting !== undefined && (
        <DeleteDialog session={deleting} live={live?.get(deleting.id)} onClose={() => setDeleting(undefined)} onDeleted={sessions.reload} />
      )}
    </>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return (
    <EmptyState
      testId={filtered ? "no-match" : "no-sessions"}
      icon={<LayoutList size={32} aria-hidden />}
      title={filtered ? d.sessions.list.noMatch : d.sessions.list.empty}
      actions={filtered ? <Button onClick={onClear}>{d.sessions.list.clearAll}</Button> : <NewButton testId="first-session" />}
    >
      <p>{filtered ? d.sessions.list.noMatchHint : d.sessions.list.emptyHint}</p>
    </EmptyState>
  );
}

interface DeleteDialogProps {
  session: ListedSession;
  live: Live | undefined;
  onClose: () => void;
  onDeleted: () => void;
}

function DeleteDialog({ session, live, onClose, onDeleted }: DeleteDialogProps) {
  const tell = useTell();
  const present = live === undefined ? 0 : live.seats_taken + live.viewers;
  return (
    <ConfirmDialog
      title={d.sessions.list.deleteTitle}
      action={d.sessions.list.delete}
      onConfirm={async () => {
        await deleteSession(session.id);
        tell(d.sessions.list.deleted(session.title));
        onDeleted();
      }}
      onClose={onClose}
      sayError={sayProblem}
      testId="delete-session"
    >
      <p>{d.sessions.list.deleteHint(session.title)}</p>
      {present > 0 && <p>{d.sessions.list.deleteLive(present)}</p>}
    </ConfirmDialog>
  );
}
