"""The schedule, an agenda or one segment as an iCalendar file (RFC 5545), for anybody's calendar program.

Times are written in UTC: every program converts them to its owner's zone, and no table of zone rules can be outdated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from roomserver.catalog.schedule import Segment, in_order

MEDIA_TYPE = "text/calendar; charset=utf-8"

_PRODUCT = "-//roomserver//schedule//EN"
_REFRESH = timedelta(minutes=15)
"""How often programs that subscribe are asked to look again."""
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_BREAK = re.compile(r"\r\n?")


def write_calendar(
    segments: Iterable[Segment],
    *,
    name: str,
    host: str,
    now: datetime,
    link: Callable[[Segment], str | None],
    location: Callable[[Segment], str | None],
) -> bytes:
    """Return an iCalendar file with one entry a segment.

    `host` makes the entries' UIDs unique in the world: keep it the same, so that a program that reads a newer file
    updates its entries instead of doubling them. `link` gives the address at which a segment is
    attended, `location` the place of its session; None leaves them out. A segment takes about a millisecond of a
    core: call it in a thread.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _text(name))
    calendar.add("x-wr-calname", _text(name))  # what Apple's and Google's calendars read instead of NAME (RFC 7986)
    calendar.add("refresh-interval", _REFRESH)
    for segment in in_order(segments):
        calendar.add_component(_entry(segment, host, now, link(segment), location(segment)))
    written: bytes = calendar.to_ical()
    return written


def _entry(segment: Segment, host: str, now: datetime, link: str | None, location: str | None) -> Event:
    entry = Event()
    entry.add("uid", f"{segment.id}@{host}")
    entry.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    # RFC 5545 section 3.8.7.4: the first edition is 0, each later one is higher.
    entry.add("sequence", segment.version - 1)
    entry.add("dtstart", segment.starts_at.replace(microsecond=0))
    entry.add("dtend", segment.ends_at.replace(microsecond=0))
    entry.add("summary", _text(segment.title))
    if segment.description:
        entry.add("description", _text(segment.description))
    if location:
        entry.add("location", _text(location))
    if link:
        entry.add("url", link)
    entry.add("status", "CONFIRMED")
    entry.add("transp", "OPAQUE")
    return entry


def _text(text: str) -> str:
    """Drop the control characters that RFC 5545's TEXT can't hold; line breaks become the one it can."""
    return _NOT_TEXT.sub("", _LINE_BREAK.sub("\n", text))
