"""What stands on the schedule and in the lists at a given moment (product section 5). Pure functions of (catalog, now).

Who may find a session is `access`'s business: it comes in as a predicate, and is never decided here.
Every moment is an aware datetime; zones matter only where people read days and hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

from roomserver.catalog.access import Availability
from roomserver.catalog.search_keys import sort_key

SegmentsBySession = Mapping[str, Sequence["Segment"]]


@dataclass(frozen=True, slots=True)
class Segment:
    """An entry of the schedule."""

    id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    """After `starts_at`; the segment is over at this very moment."""
    description: str = ""
    location: str = ""
    """Where it takes place, if that is not said by its session."""
    sessions: tuple[str, ...] = ()
    """Linked sessions, in the organizer's order. A break has none."""
    version: int = 1

    def __post_init__(self) -> None:
        # Aware datetimes of one zone are subtracted and compared by their wall clocks, which is wrong by an hour around
        # a clock change; in UTC that can't happen.
        object.__setattr__(self, "starts_at", self.starts_at.astimezone(UTC))
        object.__setattr__(self, "ends_at", self.ends_at.astimezone(UTC))

    def is_live(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at

    def is_past(self, now: datetime) -> bool:
        return self.ends_at <= now


@dataclass(frozen=True, slots=True)
class Margins:
    """How long before its segment a scheduled session appears in the list, and how long after it stays."""

    before: timedelta = timedelta(minutes=5)
    after: timedelta = timedelta(0)


class Timed(Protocol):
    """What of a session matters here."""

    @property
    def id(self) -> str: ...
    @property
    def availability(self) -> Availability: ...
    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A segment as one visitor sees it."""

    segment: Segment
    """With only the linked sessions that this visitor may find."""
    starts_at: datetime
    """In the visitor's time zone, as is `ends_at`."""
    ends_at: datetime
    live: bool
    past: bool
    on_agenda: bool


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    entries: tuple[Entry, ...]


def time_zone(name: str) -> ZoneInfo:
    """Return the zone with this IANA name.

    Raises:
        ValueError: there is no such zone. (`ZoneInfo` itself fails in five different ways on odd names.)
    """
    if name not in _zone_names():
        raise ValueError(f"{name[:64]!r} is not an IANA time zone such as Europe/Berlin")
    return ZoneInfo(name)


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def by_session(segments: Iterable[Segment]) -> dict[str, list[Segment]]:
    """Return each linked session's segments, earliest first."""
    found: defaultdict[str, list[Segment]] = defaultdict(list)
    for segment in in_order(segments):
        for session in dict.fromkeys(segment.sessions):
            found[session].append(segment)
    return dict(found)


def in_order(segments: Iterable[Segment]) -> list[Segment]:
    """Earlier start first, then earlier end, then title: as the catalog lists them."""
    return sorted(
        segments, key=lambda segment: (segment.starts_at, segment.ends_at, sort_key(segment.title), segment.id)
    )


def shows(session: Timed, segments: SegmentsBySession, margins: Margins, now: datetime) -> bool:
    """Whether the schedule lets this session stand in lists now; `access` may still hide it from somebody.

    When the time is up only the list changes: rooms go on.
    """
    if session.availability == "always_open":
        return True
    return any(
        segment.starts_at - margins.before <= now < segment.ends_at + margins.after
        for segment in segments.get(session.id, ())
    )


def goes_on(session: Timed, segments: SegmentsBySession, now: datetime) -> bool:
    """Whether this is the session's time: one of its segments is live, or now lies between its own times."""
    if session.starts_at is not None and session.ends_at is not None and session.starts_at <= now < session.ends_at:
        return True
    return any(segment.is_live(now) for segment in segments.get(session.id, ()))


def span(session: Timed, segments: SegmentsBySession) -> tuple[datetime, datetime] | None:
    """Return when the session begins and ends: its own times, else from its first segment's start to its last one's
    end, else None."""
    if session.starts_at is not None and session.ends_at is not None:
        return session.starts_at, session.ends_at
    linked = segments.get(session.id, ()) if session.availability == "scheduled" else ()
    if not linked:
        return None
    return min(segment.starts_at for segment in linked), max(segment.ends_at for segment in linked)


def shown_nowhere(sessions: Iterable[Timed], segments: SegmentsBySession) -> list[str]:
    """Return the scheduled sessions without a segment: nobody can find them, of which organizers are warned."""
    return [each.id for each in sessions if each.availability == "scheduled" and not segments.get(each.id)]


def landing(event_kind: str, listed: Sequence[str]) -> str | None:
    """Return the session in which attendees who open the event land straight away, None if they see the lists.

    `listed` holds the sessions that this person finds now.
    """
    if event_kind == "single_session" or len(listed) == 1:
        return listed[0] if listed else None
    return None


def visible(segments: Iterable[Segment], may_find: Callable[[str], bool]) -> list[Segment]:
    """Return the segments that somebody may know of, each with only the sessions they may find.

    A segment all of whose sessions are kept from them is kept from them too. One without sessions is for everybody.
    """
    seen = []
    for segment in segments:
        found = tuple(session for session in segment.sessions if may_find(session))
        if found or not segment.sessions:
            seen.append(segment if found == segment.sessions else replace(segment, sessions=found))
    return seen


def happening_now(segments: Iterable[Segment], now: datetime) -> list[Segment]:
    return in_order(segment for segment in segments if segment.is_live(now))


def agenda(segments: Iterable[Segment], chosen: Collection[str]) -> list[Segment]:
    """Return what somebody put on their own agenda; chosen segments that are no longer visible are left out."""
    return in_order(segment for segment in segments if segment.id in chosen)


def days(
    segments: Iterable[Segment], zone: ZoneInfo, now: datetime, *, past: bool = False, chosen: Collection[str] = ()
) -> list[Day]:
    """Return the schedule by day as a visitor in `zone` reads it: live, still to come and, on request, past.

    A segment stands on the day on which it starts there.
    """
    found: dict[date, list[Entry]] = {}
    for segment in in_order(segments):
        if segment.is_past(now) and not past:
            continue
        start = segment.starts_at.astimezone(zone)
        entry = Entry(
            segment=segment,
            starts_at=start,
            ends_at=segment.ends_at.astimezone(zone),
            live=segment.is_live(now),
            past=segment.is_past(now),
            on_agenda=segment.id in chosen,
        )
        found.setdefault(start.date(), []).append(entry)
    return [Day(day, tuple(entries)) for day, entries in found.items()]


def next_change(segments: Iterable[Segment], margins: Margins, now: datetime) -> datetime | None:
    """Return the earliest moment after `now` at which any list, live label or past mark changes."""
    moments = (
        moment
        for segment in segments
        for moment in (
            segment.starts_at - margins.before,
            segment.starts_at,
            segment.ends_at,
            segment.ends_at + margins.after,
        )
        if moment > now
    )
    return min(moments, default=None)
