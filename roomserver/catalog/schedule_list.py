"""The schedule as one person sees it: segments in pages, their calendar, and what they put on their agenda."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.access import Asker
from roomserver.catalog.batches import batches
from roomserver.catalog.models import Session
from roomserver.catalog.paging import Page, after, cursor_moment, decode_cursor, encode_cursor
from roomserver.catalog.schedule import Segment, agenda, happening_now, visible
from roomserver.catalog.schedule_models import AgendaEntry, SegmentRow
from roomserver.catalog.segments import as_segment
from roomserver.catalog.session_list import findable_sessions

MAX_CALENDAR = 1_000
"""Segments in one calendar file: writing one takes about a millisecond."""


async def list_segments(
    db: AsyncSession,
    asker: Asker,
    *,
    since: datetime | None = None,
    chosen: bool = False,
    cursor: str | None,
    limit: int,
) -> Page[Segment]:
    """The segments that this person may know of, in order of time, each with only the sessions that they may find.

    With `since` only those that end after it, with `chosen` only those on their agenda. Raises BadCursor."""
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(SegmentRow.ends_at > since)
    if chosen:
        conditions.append(SegmentRow.id.in_(select(AgendaEntry.segment).filter_by(registrant=asker.id)))
    position = None if cursor is None else _read_position(cursor)
    found: list[tuple[SegmentRow, Segment]] = []
    while True:
        where = conditions if position is None else [*conditions, _comes_after(position)]
        batch = await _segments(db, where, limit + 1)
        seen = {each.id: each for each in await seen_by(db, asker, batch)}
        found += [(row, seen[row.id]) for row in batch if row.id in seen]
        shown = [segment for _, segment in found[:limit]]
        if len(found) > limit:
            return Page(shown, _write_position(_position(found[limit - 1][0])))
        if len(batch) <= limit:
            return Page(shown, None)
        position = _position(batch[-1])


async def seen_by(db: AsyncSession, asker: Asker, rows: Collection[SegmentRow]) -> list[Segment]:
    """Those of these segments that this person may know of, each with only the sessions that they may find."""
    segments = [as_segment(row) for row in rows]
    findable = await findable_sessions(db, asker, {session for each in segments for session in each.sessions})
    return visible(segments, findable.__contains__)


async def live_segments(db: AsyncSession, asker: Asker, now: datetime, limit: int) -> list[Segment]:
    """What is happening now, for this person."""
    going_on = [SegmentRow.starts_at <= now, SegmentRow.ends_at > now]
    return happening_now(await seen_by(db, asker, await _segments(db, going_on, limit)), now)


async def calendar_segments(db: AsyncSession, asker: Asker, now: datetime) -> list[Segment]:
    """The schedule for a calendar program: what is not over yet, and of what is over the latest."""
    coming = await _segments(db, [SegmentRow.ends_at > now], MAX_CALENDAR)
    query = select(SegmentRow).where(SegmentRow.ends_at <= now).order_by(SegmentRow.ends_at.desc(), SegmentRow.id)
    over = (await db.execute(query.limit(MAX_CALENDAR - len(coming)))).scalars().all()
    return await seen_by(db, asker, [*over, *coming])


async def places(db: AsyncSession, segments: Collection[Segment]) -> dict[str, str]:
    """Where each of these segments takes place: what it says itself, else its first session that says so."""
    location: dict[str, str] = {}
    for batch in batches(session for each in segments for session in each.sessions):
        query = select(Session.id, Session.location).where(Session.id.in_(batch), Session.location != "")
        location.update([(row[0], row[1]) for row in await db.execute(query)])
    return {
        each.id: each.location or next((location[session] for session in each.sessions if session in location), "")
        for each in segments
    }


async def _segments(db: AsyncSession, where: Sequence[ColumnElement[bool]], limit: int) -> Sequence[SegmentRow]:
    query = select(SegmentRow).where(*where)
    ordered = query.order_by(SegmentRow.starts_at, SegmentRow.ends_at, SegmentRow.sort_key, SegmentRow.id)
    return (await db.execute(ordered.limit(limit))).scalars().all()


def _position(row: SegmentRow) -> list[Any]:
    return [row.starts_at, row.ends_at, row.sort_key, row.id]


def _write_position(position: Sequence[Any]) -> str:
    start, end, title, last = position
    return encode_cursor([start.astimezone(UTC).isoformat(), end.astimezone(UTC).isoformat(), title, last])


def _read_position(cursor: str) -> Sequence[Any]:
    start, end, title, last = decode_cursor(cursor, (str, str, str, str))
    return [cursor_moment(start), cursor_moment(end), title, last]


def _comes_after(position: Sequence[Any]) -> ColumnElement[bool]:
    columns = (SegmentRow.starts_at, SegmentRow.ends_at, SegmentRow.sort_key, SegmentRow.id)
    return after(columns, position)


# --- agendas ------------------------------------------------------------------------------------------------


async def agenda_of(db: AsyncSession, registrant: str) -> frozenset[str]:
    """Ids of the segments on somebody's agenda, also of those that they may no longer know of."""
    return frozenset((await db.execute(select(AgendaEntry.segment).filter_by(registrant=registrant))).scalars())


async def agenda_segments(db: AsyncSession, asker: Asker) -> list[Segment]:
    """What somebody put on their agenda and may still know of."""
    chosen = await agenda_of(db, asker.id)
    rows: list[SegmentRow] = []
    for batch in batches(chosen):
        rows += await _segments(db, [SegmentRow.id.in_(batch)], len(batch))
    return agenda(await seen_by(db, asker, rows), chosen)


async def add_to_agenda(db: AsyncSession, registrant: str, segment: str) -> None:
    """Does nothing for one that is on it already."""
    already = exists().where(AgendaEntry.registrant == registrant, AgendaEntry.segment == segment)
    await db.execute(
        insert(AgendaEntry).from_select(
            ["registrant", "segment"], select(literal(registrant), literal(segment)).where(~already)
        )
    )


async def take_off_agenda(db: AsyncSession, registrant: str, segment: str) -> None:
    """Does nothing for one that isn't on it."""
    await db.execute(delete(AgendaEntry).filter_by(registrant=registrant, segment=segment))
