"""The list of sessions, as somebody finds it at a given moment: who may find is `access`'s, when is `schedule`'s."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.access import Asker, Doors, Standing, WatchPolicy, may_find
from roomserver.catalog.batches import batches
from roomserver.catalog.event import read_event
from roomserver.catalog.models import Invitation, Moderator, Session, SessionTag, SessionTicketType
from roomserver.catalog.paging import Page, after, cursor_moment, decode_cursor, encode_cursor
from roomserver.catalog.schedule import Margins, shows
from roomserver.catalog.schedule_models import SegmentRow, SegmentSession
from roomserver.catalog.search_keys import like_pattern
from roomserver.catalog.segments import margins_of, segments_of, timed
from roomserver.catalog.sessions import doors


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """What organizers look for; None: no such condition."""

    q: str | None = None
    active_from: datetime | None = None
    active_to: datetime | None = None
    ticket_type: str | None = None
    tag: str | None = None


_ORDER = (Session.rank_order, Session.start_order, Session.sort_key, Session.id)
"""Higher rank first, then earlier start, then title."""


async def list_sessions(
    db: AsyncSession, asker: Asker, wanted: SessionFilter, now: datetime, *, cursor: str | None, limit: int
) -> Page[Session]:
    """What this person may see now: higher rank first, then earlier start, then title. Raises BadCursor."""
    margins = margins_of(await read_event(db))
    findable = await _finder(db, asker)
    query = _query(asker, wanted, margins, now)
    found: list[Session] = []
    position = None if cursor is None else _read_position(cursor)
    while True:
        page = query if position is None else query.where(after(_ORDER, position))
        # First which, from the index as far as it goes, then the rows: a search passes by many that don't fit.
        ids = page.limit(limit + 1).subquery()
        rows = select(Session).join(ids, ids.c.id == Session.id).order_by(*_ORDER)
        batch = (await db.execute(rows)).scalars().all()
        segments = {} if asker.organizer else await segments_of(db, [each.id for each in batch])
        found += [
            each
            for each in batch
            if findable(each.id, doors(each)) and (asker.organizer or shows(timed(each), segments, margins, now))
        ]
        if len(found) > limit:
            return Page(found[:limit], _write_position(_position(found[limit - 1])))
        if len(batch) <= limit:
            return Page(found, None)
        position = _position(batch[-1])


async def findable_sessions(db: AsyncSession, asker: Asker, sessions: Collection[str]) -> set[str]:
    """Those of `sessions` that lists and the schedule may name to this person."""
    if asker.organizer:
        return set(sessions)
    findable = await _finder(db, asker)
    found: set[str] = set()
    for batch in batches(sessions):
        tickets: dict[str, set[str]] = {}
        links = select(SessionTicketType.session, SessionTicketType.ticket_type)
        for session, ticket_type in await db.execute(links.where(SessionTicketType.session.in_(batch))):
            tickets.setdefault(session, set()).add(ticket_type)
        # Not whole sessions: a page of the schedule can name a thousand of them.
        plain = select(Session.id, Session.watch_policy, Session.hidden).where(Session.id.in_(batch))
        for session, policy, hidden in await db.execute(plain):
            its = Doors(cast(WatchPolicy, policy), frozenset(tickets.get(session, ())), hidden)
            if findable(session, its):
                found.add(session)
    return found


async def _finder(db: AsyncSession, asker: Asker) -> Callable[[str, Doors], bool]:
    invited = moderated = frozenset[str]()
    if not asker.organizer:
        invited = frozenset((await db.execute(select(Invitation.session).filter_by(registrant=asker.id))).scalars())
        moderated = frozenset((await db.execute(select(Moderator.session).filter_by(registrant=asker.id))).scalars())
    return lambda session, its: may_find(asker, its, Standing(session in invited, session in moderated))


def _query(asker: Asker, wanted: SessionFilter, margins: Margins, now: datetime) -> Select[str]:
    """Ids in the order of the list."""
    query = select(Session.id).order_by(*_ORDER)
    if not asker.organizer:
        # Only saves reading what nobody but organizers is shown; `may_find` and `shows` decide.
        on_now = _has_segment(SegmentRow.starts_at <= now + margins.before, SegmentRow.ends_at > now - margins.after)
        query = query.where(
            Session.hidden.is_(False),
            _may_watch(asker),
            or_(Session.availability == "always_open", on_now),
        )
    if wanted.q:
        query = query.where(Session.search_key.like(like_pattern(wanted.q), escape="\\"))
    if wanted.active_from is not None or wanted.active_to is not None:
        query = query.where(_active(wanted.active_from, wanted.active_to))
    if wanted.ticket_type is not None:
        query = query.where(Session.ticket_links.any(SessionTicketType.ticket_type == wanted.ticket_type))
    if wanted.tag is not None:
        query = query.where(Session.tag_links.any(SessionTag.tag == wanted.tag))
    return query


def _may_watch(asker: Asker) -> ColumnElement[bool]:
    invited = select(Invitation.session).where(Invitation.registrant == asker.id)
    holders = select(SessionTicketType.session).where(SessionTicketType.ticket_type == asker.ticket_type)
    return or_(
        Session.watch_policy == "anyone",
        and_(Session.watch_policy == "private", Session.id.in_(invited)),
        and_(Session.watch_policy == "tickets", Session.id.in_(holders)),
    )


def _active(start: datetime | None, end: datetime | None) -> ColumnElement[bool]:
    """Sessions that go on at some moment from `start` to `end`.

    A scheduled session goes on during its segments, and without any at its own times; one that is always open
    goes on between its own times, which are as wide as can be where it has none."""
    own: list[ColumnElement[bool]] = []
    segment: list[ColumnElement[bool]] = []
    if start is not None:
        own.append(or_(Session.ends_at.is_(None), Session.ends_at >= start))
        segment.append(SegmentRow.ends_at >= start)
    if end is not None:
        own.append(or_(Session.starts_at.is_(None), Session.starts_at <= end))
        segment.append(SegmentRow.starts_at <= end)
    return or_(
        and_(Session.availability == "always_open", *own),
        and_(
            Session.availability == "scheduled",
            or_(_has_segment(*segment), and_(~_has_segment(), Session.starts_at.is_not(None), *own)),
        ),
    )


def _has_segment(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The session is linked to a segment that fulfils all conditions."""
    linked = select(SegmentSession.session).join(SegmentRow, SegmentRow.id == SegmentSession.segment)
    return Session.id.in_(linked.where(*conditions))


def _position(session: Session) -> list[Any]:
    return [session.rank_order, session.start_order, session.sort_key, session.id]


def _write_position(position: Sequence[Any]) -> str:
    rank, start, title, last = position
    return encode_cursor([rank, start.astimezone(UTC).isoformat(), title, last])


def _read_position(cursor: str) -> Sequence[Any]:
    rank, start, title, last = decode_cursor(cursor, (float, str, str, str))
    return [rank, cursor_moment(start), title, last]
