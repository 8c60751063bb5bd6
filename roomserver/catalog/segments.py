"""Segments in the catalog: reading and changing them, and what they mean for the sessions that they are linked to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict, cast

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.batches import batches
from roomserver.catalog.models import LAST_MOMENT, Event, Session, UtcTime
from roomserver.catalog.schedule import Margins, Segment, Timed, by_session
from roomserver.catalog.schedule_models import SegmentRow, SegmentSession
from roomserver.catalog.search_keys import sort_key
from roomserver.catalog.store import new_id


class SegmentValues(TypedDict, total=False):
    """What can be set on a segment; `sessions` holds ids, in order."""

    title: str
    description: str
    location: str
    starts_at: datetime
    ends_at: datetime
    sessions: list[str]


def as_segment(row: SegmentRow) -> Segment:
    return Segment(
        id=row.id,
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        description=row.description,
        location=row.location,
        sessions=tuple(link.session for link in row.session_links),
        version=row.version,
    )


def timed(session: Session) -> Timed:
    """The session as `schedule` looks at it. Its column holds nothing but the words of `Availability`."""
    return cast(Timed, session)


def margins_of(event: Event) -> Margins:
    return Margins(timedelta(minutes=event.margin_before_minutes), timedelta(minutes=event.margin_after_minutes))


async def find_segment(db: AsyncSession, segment: str, *, for_change: bool = False) -> SegmentRow | None:
    """A segment with its links. `for_change` holds it until the transaction ends."""
    query = select(SegmentRow).where(SegmentRow.id == segment)
    return (await db.execute(query.with_for_update() if for_change else query)).scalar_one_or_none()


async def add_segment(db: AsyncSession, values: SegmentValues, now: datetime) -> SegmentRow:
    """A new segment; `values` must hold every field."""
    row = SegmentRow(id=new_id("seg"), version=1, created_at=now, session_links=[])
    assign_values(row, values, now)
    db.add(row)
    await db.flush()
    await set_start_order(db, [link.session for link in row.session_links])
    return row


async def change_segment(db: AsyncSession, row: SegmentRow, values: SegmentValues, now: datetime) -> None:
    """Set some fields of a segment that was found `for_change`; its version grows by one."""
    before = {link.session for link in row.session_links}
    assign_values(row, values, now)
    row.version += 1
    await db.flush()
    await set_start_order(db, before | {link.session for link in row.session_links})


def assign_values(row: SegmentRow, values: SegmentValues, now: datetime) -> None:
    """Set fields and what follows from them, without a flush."""
    for name, value in cast(dict[str, Any], values).items():
        if name != "sessions":
            setattr(row, name, value)
    if "sessions" in values:
        # A link that stays is the same row: the database wouldn't take a second one of the same name.
        kept = {link.session: link for link in row.session_links}
        row.session_links = [kept.get(each) or SegmentSession(session=each) for each in values["sessions"]]
        for position, link in enumerate(row.session_links):
            link.position = position
    row.sort_key = sort_key(row.title)
    row.updated_at = now


async def delete_segment(db: AsyncSession, row: SegmentRow) -> None:
    """Takes it from everybody's agenda with it."""
    linked = [link.session for link in row.session_links]
    await db.execute(delete(SegmentRow).where(SegmentRow.id == row.id))
    await set_start_order(db, linked)


# --- sessions and their segments ----------------------------------------------------------------------------


async def segments_of(db: AsyncSession, sessions: Collection[str]) -> dict[str, list[Segment]]:
    """The segments of each of these sessions, earliest first; sessions without any are left out.

    The segments name only those of their sessions that were asked for."""
    linked: dict[str, list[str]] = {}
    found: dict[str, tuple[str, datetime, datetime]] = {}
    for batch in batches(sessions):
        query = (
            select(SegmentSession.session, SegmentRow.id, SegmentRow.title, SegmentRow.starts_at, SegmentRow.ends_at)
            .join(SegmentRow, SegmentRow.id == SegmentSession.segment)
            .where(SegmentSession.session.in_(batch))
        )
        for session, segment, title, starts_at, ends_at in await db.execute(query):
            found[segment] = (title, starts_at, ends_at)
            linked.setdefault(segment, []).append(session)
    return by_session(Segment(key, *found[key], sessions=tuple(linked[key])) for key in found)


async def availabilities(db: AsyncSession, sessions: Collection[str]) -> Mapping[str, str]:
    """Whether each of these sessions is `always_open` or `scheduled`; those that don't exist are left out.

    They can't change until the transaction ends, so that only scheduled sessions are ever linked."""
    found: dict[str, str] = {}
    for batch in batches(sessions):
        query = select(Session.id, Session.availability).where(Session.id.in_(batch)).with_for_update(read=True)
        found.update([(row[0], row[1]) for row in await db.execute(query)])
    return found


async def linked_segments(db: AsyncSession, session: str) -> Sequence[SegmentRow]:
    """The segments that a session is linked to, earliest first, held until the transaction ends."""
    query = (
        select(SegmentRow)
        .where(SegmentRow.id.in_(select(SegmentSession.segment).where(SegmentSession.session == session)))
        .order_by(SegmentRow.starts_at, SegmentRow.ends_at, SegmentRow.sort_key, SegmentRow.id)
    )
    return (await db.execute(query.with_for_update())).scalars().all()


async def unlink_session(db: AsyncSession, session: str, now: datetime) -> None:
    """Take a session off the schedule: an edit of every segment that it is linked to."""
    linked = select(SegmentSession.segment).where(SegmentSession.session == session)
    await db.execute(
        update(SegmentRow)
        .where(SegmentRow.id.in_(linked))
        .values(version=SegmentRow.version + 1, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    await db.execute(delete(SegmentSession).where(SegmentSession.session == session))
    await set_start_order(db, [session])


async def set_start_order(db: AsyncSession, sessions: Collection[str]) -> None:
    """Put sessions in their places in lists after something changed that these are ordered by.

    A scheduled session without a start of its own begins with its first segment."""
    first = (
        select(func.min(SegmentRow.starts_at))
        .join(SegmentSession, SegmentSession.segment == SegmentRow.id)
        .where(SegmentSession.session == Session.id)
        .correlate(Session)
        .scalar_subquery()
    )
    begins = func.coalesce(Session.starts_at, first, literal(LAST_MOMENT, UtcTime()))
    for batch in batches(sessions):
        await db.execute(
            update(Session)
            .where(Session.id.in_(batch))
            .values(start_order=begins)
            .execution_options(synchronize_session=False)
        )
