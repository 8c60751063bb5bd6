"""The reception page's schedule by day, and people's own agendas."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from roomserver.catalog.event import read_event
from roomserver.catalog.models import Event
from roomserver.catalog.paging import BadCursor
from roomserver.catalog.schedule import Entry, days, landing, next_change, time_zone
from roomserver.catalog.schedule_list import (
    add_to_agenda,
    agenda_of,
    list_segments,
    live_segments,
    take_off_agenda,
)
from roomserver.catalog.segments import margins_of
from roomserver.catalog.session_list import SessionFilter, list_sessions
from roomserver.http.answers import json_answer
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint
from roomserver.http.lists import ListQuery, bad_cursor
from roomserver.http.problem import not_allowed
from roomserver.http.segments import SegmentDocument, segment_document, visible_segment
from roomserver.http.texts import LocalMoment, Moment, zone_name

MAX_LIVE = 200
"""Segments told as happening now."""


class ScheduleQuery(ListQuery):
    limit: int = Field(200, ge=1, le=500, description="Segments on a page; a day can go on on the next one.")
    time_zone: Annotated[str, AfterValidator(zone_name)] | None = Field(
        None, max_length=64, description="The visitor's, by its IANA name; without it, the event's."
    )
    past: bool = Field(False, description="Also segments that are over.")
    agenda: bool = Field(False, description="Only those on your agenda.")


class ScheduleEntry(SegmentDocument):
    starts_at: LocalMoment = Field(description="With the offset of the schedule's time zone, as ends_at.")
    ends_at: LocalMoment


class ScheduleDay(BaseModel):
    date: datetime.date = Field(
        description="In the schedule's time zone. A segment stands on the day on which it starts."
    )
    segments: list[ScheduleEntry]


class ScheduleDocument(BaseModel):
    time_zone: str
    now: LocalMoment
    items: list[ScheduleDay]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    happening_now: list[ScheduleEntry] = Field(description="What is live now, on whatever page it stands.")
    next_change_at: Moment | None = Field(
        description="When a live label, or a session's place in the list, changes next by what stands on this page."
    )
    landing: str | None = Field(
        description="The session in which this attendee lands straight away, instead of a schedule of one."
    )


@endpoint("GET", "/api/schedule", who=Who.SIGNED_IN, answers={200: ScheduleDocument}, problems=(422,))
async def get_schedule(call: Call, query: ScheduleQuery) -> Response:
    """The schedule by day, in the visitor's time zone, with what is happening now.

    Attendees see a segment if they may find one of its sessions, or if it has none."""
    me, now = call.me, call.services.now()
    try:
        async with call.services.catalog.reading() as db:
            event = await read_event(db)
            since = None if query.past else now
            page = await list_segments(db, me, since=since, chosen=query.agenda, cursor=query.cursor, limit=query.limit)
            live = await live_segments(db, me, now, MAX_LIVE)
            chosen = await agenda_of(db, me.id)
            lands = await _landing(call, db, event)
    except BadCursor:
        raise bad_cursor() from None
    zone = time_zone(query.time_zone or event.time_zone)
    items = [
        ScheduleDay(date=day.date, segments=[_entry(each) for each in day.entries])
        for day in days(page.items, zone, now, past=True, chosen=chosen)
    ]
    return json_answer(
        ScheduleDocument(
            time_zone=zone.key,
            now=now.astimezone(zone),
            items=items,
            next=page.next,
            happening_now=[_entry(each) for day in days(live, zone, now, chosen=chosen) for each in day.entries],
            next_change_at=next_change([*page.items, *live], margins_of(event), now),
            landing=lands,
        )
    )


async def _landing(call: Call, db: AsyncSession, event: Event) -> str | None:
    """Organizers go where they want."""
    if call.me.organizer:
        return None
    listed = await list_sessions(db, call.me, SessionFilter(), call.services.now(), cursor=None, limit=2)
    return landing(event.kind, [each.id for each in listed.items])


def _entry(entry: Entry) -> ScheduleEntry:
    plain = segment_document(entry.segment, entry.starts_at, ())
    return ScheduleEntry(
        **{
            **dict(plain),
            "starts_at": entry.starts_at,
            "ends_at": entry.ends_at,
            "live": entry.live,
            "past": entry.past,
            "on_agenda": entry.on_agenda,
        }
    )


@endpoint("PUT", "/api/agenda/{segment}", who=Who.SIGNED_IN, answers={204: None}, problems=(404,))
async def put_on_agenda(call: Call) -> Response:
    """Put a segment on your agenda. Doing it again changes nothing."""
    _must_have_agenda(call)
    async with call.services.catalog.writing() as db:
        segment = await visible_segment(call, db, "segment")
        await add_to_agenda(db, call.me.id, segment.id)
    return Response(status_code=204)


@endpoint("DELETE", "/api/agenda/{segment}", who=Who.SIGNED_IN, answers={204: None}, problems=(404,))
async def remove_from_agenda(call: Call) -> Response:
    """Take a segment off your agenda. One that isn't on it stays off."""
    _must_have_agenda(call)
    async with call.services.catalog.writing() as db:
        await take_off_agenda(db, call.me.id, call.path("segment"))
    return Response(status_code=204)


def _must_have_agenda(call: Call) -> None:
    if call.me.organizer:
        raise not_allowed("Agendas belong to registrants; an organizer's account has none.")


ENDPOINTS: tuple[Endpoint, ...] = (get_schedule, put_on_agenda, remove_from_agenda)
