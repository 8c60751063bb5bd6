import { CalendarX, Copy, DoorOpen, EyeOff, Link2, Pencil, Radio, Trash2 } from "lucide-react";
import { Link } from "wouter";
import type { LiveRoom } from "../../../browser/api/rooms";
import type { ListedSession } from "../../../browser/api/sessions";
import { Badge } from "../../../components/Badge";
import { Menu, type MenuItem } from "../../../components/Menu";
import { useTell } from "../../../components/Notices";
import { type Column, Table } from "../../../components/Table";
import { useOrganizing } from "../../../dashboard/context";
import { t } from "../../../messages";
import { d } from "../../../messages/dashboard";
import styles from "./SessionList.module.css";
import { linkTo } from "./lookups";
import { sayWhen } from "./parts";

/** Numbers of a room while it runs. */
export type Live = Pick<LiveRoom, "seats_taken" | "viewers">;

interface SessionTableProps {
  sessions: readonly ListedSession[];
  /** By session; newer than what the list came with. */
  live: ReadonlyMap<string, Live> | undefined;
  onDelete: (session: ListedSession) => void;
}

export function SessionTable({ sessions, live, onDelete }: SessionTableProps) {
  const { event } = useOrganizing();
  const l = d.sessions.list;
  const liveOf = (session: ListedSession): Live | null => (live === undefined ? session.live : (live.get(session.id) ?? null));
  const columns: Column<ListedSession>[] = [
    { name: "title", label: l.title, title: true, cell: (session) => <Title session={session} /> },
    { name: "policies", label: l.policies, cell: (session) => <Policies session={session} /> },
    { name: "when", label: l.when, cell: (session) => sayWhen(session, event.time_zone) },
    { name: "tags", label: l.tags, cell: ({ tags }) => <Tags tags={tags} /> },
    { name: "state", label: l.state, cell: (session) => <State live={liveOf(session)} /> },
    { name: "actions", label: l.actions, hideLabel: true, align: "end", cell: (session) => <Actions session={session} onDelete={onDelete} /> },
  ];
  return <Table label={d.frame.pages.sessions} rows={sessions} keyOf={({ id }) => id} columns={columns} testId="sessions" />;
}

function Title({ session }: { session: ListedSession }) {
  return (
    <span className={styles["name"]}>
      <Link href={`/dashboard/sessions/${session.id}`} data-testid="session-link">
        <bdi>{session.title}</bdi>
      </Link>
      <span className={styles["badges"]}>
        {session.warning === "not_on_schedule" && (
          <Badge tone="warning" icon={<CalendarX size={14} aria-hidden />} testId="not-on-schedule">
            {d.sessions.notOnSchedule}
          </Badge>
        )}
        {session.hidden && <Badge icon={<EyeOff size={14} aria-hidden />}>{d.sessions.hidden}</Badge>}
        {session.watch_policy === "unlisted" && <Badge icon={<Link2 size={14} aria-hidden />}>{d.sessions.unlisted}</Badge>}
        {session.kind === "stage" && <Badge>{d.sessions.stage}</Badge>}
        {session.record && <Badge>{d.sessions.recorded}</Badge>}
      </span>
    </span>
  );
}

function Policies({ session }: { session: ListedSession }) {
  return (
    <span className={styles["name"]}>
      <span>{d.sessions.list.watches(d.sessions.watch[session.watch_policy])}</span>
      <span>{d.sessions.list.shares(d.sessions.share[session.share_policy])}</span>
    </span>
  );
}

function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null;
  return (
    <span className={styles["badges"]}>
      {tags.map((tag) => (
        <Badge key={tag}>
          <bdi>{tag}</bdi>
        </Badge>
      ))}
    </span>
  );
}

function State({ live }: { live: Live | null }) {
  if (live === null || live.seats_taken + live.viewers === 0) return null;
  return (
    <span className={styles["name"]} data-testid="live">
      {live.seats_taken > 0 && (
        <Badge tone="live" icon={<Radio size={14} aria-hidden />}>
          {t.home.live}
        </Badge>
      )}
      <span className={styles["soft"]}>{d.sessions.list.live(live.seats_taken, live.viewers)}</span>
    </span>
  );
}

function Actions({ session, onDelete }: { session: ListedSession; onDelete: (session: ListedSession) => void }) {
  const tell = useTell();
  const single = useOrganizing().event.kind === "single_session";
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(linkTo(session.id));
      tell(d.sessions.linkCopied);
    } catch {
      // No permission, or not a secure page.
      tell(t.widgets.copyFailed, "error");
    }
  };
  const items: MenuItem[] = [
    { label: d.sessions.openRoom, icon: <DoorOpen size={18} aria-hidden />, href: `/sessions/${session.id}`, testId: "menu-open" },
    { label: t.general.edit, icon: <Pencil size={18} aria-hidden />, href: `/dashboard/sessions/${session.id}`, testId: "menu-edit" },
    { label: d.sessions.copyLink, icon: <Link2 size={18} aria-hidden />, onSelect: () => void copy(), testId: "menu-copy-link" },
  ];
  if (!single) {
    items.push(
      { label: d.sessions.duplicate, icon: <Copy size={18} aria-hidden />, href: `/dashboard/sessions/new?copy=${session.id}`, testId: "menu-duplicate" },
      { label: t.general.delete, icon: <Trash2 size={18} aria-hidden />, danger: true, onSelect: () => onDelete(session), testId: "menu-delete" },
    );
  }
  return <Menu label={d.sessions.list.actionsFor(session.title)} items={items} testId="session-actions" />;
}
