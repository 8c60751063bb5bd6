import { Activity, DoorOpen } from "lucide-react";
import { Link } from "wouter";
import { type LiveRoom, type LiveRooms, listLiveRooms } from "../../browser/api/rooms";
import { Badge } from "../../components/Badge";
import { ButtonLink } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { PageHeading } from "../../components/PageFrame";
import { type Column, Table } from "../../components/Table";
import { useResource } from "../../components/useResource";
import { d } from "../../messages/dashboard";
import { number } from "../../messages/formats";
import styles from "./LivePage.module.css";

/** Milliseconds between two looks, as long as the page is seen. */
const EVERY = 3000;

const RECORDING_TONES = { armed: "accent", recording: "live", paused: "warning", ended: "plain" } as const;

/** All rooms that are running, as they are now. */
export function LivePage() {
  const rooms = useResource(listLiveRooms, { every: EVERY });
  return (
    <>
      <PageHeading title={d.frame.pages.live}>
        <p>{d.live.lead}</p>
      </PageHeading>
      <Loaded resource={rooms}>{(data) => <Rooms {...data} />}</Loaded>
    </>
  );
}

function Rooms({ items, totals }: LiveRooms) {
  return (
    <>
      <dl className={styles["totals"]} data-testid="live-totals">
        {(["rooms", "seats_taken", "viewers", "waiting", "requests"] as const).map((name) => (
          <div key={name} className={styles["total"]} data-wanted={(name === "requests" || name === "waiting") && totals[name] > 0}>
            <dt>{d.live.totals[name]}</dt>
            <dd data-testid={`total-${name}`}>{number(totals[name])}</dd>
          </div>
        ))}
      </dl>
      <Table label={d.live.table} columns={columns()} rows={items} keyOf={({ session }) => session} empty={<NoRooms />} testId="live-rooms" />
      {totals.rooms > items.length && <p>{d.live.more(totals.rooms - items.length)}</p>}
    </>
  );
}

function columns(): Column<LiveRoom>[] {
  return [
    { name: "title", label: d.live.session, title: true, cell: ({ session, title }) => <Link href={`/dashboard/sessions/${session}`} dir="auto">{title}</Link> },
    { name: "seats", label: d.live.seats, align: "end", cell: (room) => d.live.of(room.seats_taken, room.max_on_screen) },
    { name: "viewers", label: d.live.viewers, align: "end", cell: (room) => d.live.of(room.viewers, room.viewer_cap) },
    {
      name: "waiting",
      label: d.live.waiting,
      align: "end",
      cell: ({ waiting }) => (waiting > 0 ? <Badge tone="warning">{number(waiting)}</Badge> : number(0)),
    },
    {
      name: "requests",
      label: d.live.requests,
      align: "end",
      cell: ({ requests }) => (requests > 0 ? <Badge tone="accent">{number(requests)}</Badge> : number(0)),
    },
    {
      name: "recording",
      label: d.live.recording,
      cell: ({ recording }) =>
        recording === "off" ? (
          d.live.recordings.off
        ) : (
          <Badge tone={RECORDING_TONES[recording]} testId="live-recording">
            {d.live.recordings[recording]}
          </Badge>
        ),
    },
    {
      name: "enter",
      label: d.live.enter,
      hideLabel: true,
      align: "end",
      cell: ({ session, title }) => (
        <ButtonLink href={`/sessions/${session}`} icon={<DoorOpen size={18} aria-hidden />} aria-label={d.live.enterRoom(title)}>
          {d.live.enter}
        </ButtonLink>
      ),
    },
  ];
}

function NoRooms() {
  return (
    <EmptyState
      testId="no-rooms"
      icon={<Activity size={32} aria-hidden />}
      title={d.live.empty}
      actions={
        <ButtonLink look="primary" href="/dashboard/sessions">
          {d.live.toSessions}
        </ButtonLink>
      }
    >
      <p>{d.live.emptyHint}</p>
    </EmptyState>
  );
}
