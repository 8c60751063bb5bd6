"""Schedule, agenda or one segment as an iCalendar file, and the addresses that calendar programs subscribe to."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from roomserver.catalog.access import Asker
from roomserver.catalog.calendar import MEDIA_TYPE, write_calendar
from roomserver.catalog.event import read_event
from roomserver.catalog.schedule import Segment
from roomserver.catalog.schedule_list import agenda_segments, calendar_segments, places
from roomserver.catalog.tokens import MAX_TOKEN_CHARS, issue_token, revoke_all, who_holds
from roomserver.http.answers import json_answer
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint
from roomserver.http.identity import own_origin
from roomserver.http.lists import Query
from roomserver.http.problem import bad_token, not_allowed, not_signed_in
from roomserver.http.segments import visible_segment

CALENDAR = MEDIA_TYPE.partition(";")[0]


class FeedQuery(Query):
    key: str | None = Field(
        None,
        max_length=MAX_TOKEN_CHARS,
        description="Of your feed addresses, for calendar programs, which can't sign in otherwise.",
    )


class FeedAddresses(BaseModel):
    schedule: str = Field(description="Address of the schedule as you may see it.")
    agenda: str | None = Field(description="Address of your agenda; organizers have none.")


@endpoint("GET", "/api/schedule.ics", who=Who.ANYBODY, answers={200: CALENDAR}, problems=(401, 422))
async def get_schedule_calendar(call: Call, query: FeedQuery) -> Response:
    """The schedule for a calendar program.

    For people who are signed in, or by the `key` of a feed address. At most 1,000 segments: those that are not over,
    and the latest of those that are."""
    async with call.services.catalog.reading() as db:
        asker = await _reader(call, db, query)
        segments = await calendar_segments(db, asker, call.services.now())
        calendar = await _calendar(db, segments)
    return await _answer(call, calendar, "schedule")


@endpoint("GET", "/api/agenda.ics", who=Who.ANYBODY, answers={200: CALENDAR}, problems=(401, 403, 422))
async def get_agenda_calendar(call: Call, query: FeedQuery) -> Response:
    """Your agenda for a calendar program.

    For people who are signed in, or by the `key` of a feed address."""
    async with call.services.catalog.reading() as db:
        asker = await _reader(call, db, query)
        if asker.organizer:
            raise not_allowed("Agendas belong to registrants; an organizer's account has none.")
        calendar = await _calendar(db, await agenda_segments(db, asker))
    return await _answer(call, calendar, "agenda")


@endpoint("GET", "/api/segments/{id}.ics", who=Who.SIGNED_IN, answers={200: CALENDAR}, problems=(404,))
async def get_segment_calendar(call: Call) -> Response:
    """One segment for a calendar program."""
    async with call.services.catalog.reading() as db:
        calendar = await _calendar(db, [await visible_segment(call, db, "id")])
    return await _answer(call, calendar, "segment")


@endpoint("POST", "/api/feeds", who=Who.SIGNED_IN, answers={201: FeedAddresses})
async def create_feeds(call: Call) -> Response:
    """Addresses that your calendar program can subscribe to. They hold a secret: whoever has one sees what you see.

    The secret is shown once. Making new addresses ends those made before."""
    me, services = call.me, call.services
    origin = own_origin(call.request, services)
    organizer, registrant = (me.id, None) if me.organizer else (None, me.id)
    async with services.catalog.writing() as db:
        await revoke_all(db, me.id, services.now(), "calendar")
        key = await issue_token(db, "calendar", services.now(), organizer=organizer, registrant=registrant)
    return json_answer(
        FeedAddresses(
            schedule=f"{origin}/api/schedule.ics?key={key}",
            agenda=None if me.organizer else f"{origin}/api/agenda.ics?key={key}",
        ),
        201,
    )


@endpoint("DELETE", "/api/feeds", who=Who.SIGNED_IN, answers={204: None})
async def remove_feeds(call: Call) -> Response:
    """End your feed addresses: calendar programs that use them get nothing any more."""
    async with call.services.catalog.writing() as db:
        await revoke_all(db, call.me.id, call.services.now(), "calendar")
    return Response(status_code=204)


async def _reader(call: Call, db: AsyncSession, query: FeedQuery) -> Asker:
    if query.key is not None:
        asker = await who_holds(db, query.key, "calendar", call.services.now())
        if asker is None:
            raise bad_token()
        return asker
    if call.asker is None:
        raise not_signed_in()
    return call.asker


@dataclass(frozen=True, slots=True)
class _Calendar:
    name: str
    segments: Collection[Segment]
    places: Mapping[str, str]


async def _calendar(db: AsyncSession, segments: Collection[Segment]) -> _Calendar:
    return _Calendar((await read_event(db)).name, segments, await places(db, segments))


async def _answer(call: Call, calendar: _Calendar, name: str) -> Response:
    origin = own_origin(call.request, call.services)
    content = await asyncio.to_thread(
        write_calendar,
        calendar.segments,
        name=calendar.name,
        host=urlsplit(origin).hostname or "roomserver",
        now=call.services.now(),
        link=lambda segment: f"{origin}/sessions/{segment.sessions[0]}" if segment.sessions else None,
        location=lambda segment: calendar.places[segment.id] or None,
    )
    return Response(
        content,
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )


# The calendar of a segment comes before the segment in the list of routes: `{id}` would take in the ending.
ENDPOINTS: tuple[Endpoint, ...] = (
    get_schedule_calendar,
    get_agenda_calendar,
    get_segment_calendar,
    create_feeds,
    remove_feeds,
)
