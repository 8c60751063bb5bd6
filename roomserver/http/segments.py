"""Segments, the entries of the schedule: list, create, read, change, delete."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, cast

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from roomserver.catalog.paging import BadCursor
from roomserver.catalog.schedule import Segment
from roomserver.catalog.schedule_list import agenda_of, list_segments, seen_by
from roomserver.catalog.schedule_models import SegmentRow
from roomserver.catalog.segments import (
    SegmentValues,
    add_segment,
    as_segment,
    availabilities,
    change_segment,
    delete_segment,
    find_segment,
)
from roomserver.http.answers import json_answer
from roomserver.http.body import Body, Draft
from roomserver.http.endpoint import Call, Endpoint, IfMatch, Who, endpoint
from roomserver.http.lists import ItemList, ListQuery, bad_cursor
from roomserver.http.problem import not_found
from roomserver.http.texts import Ids, Line, Moment, Text
from roomserver.http.trail import note_change
from roomserver.http.versions import check_version, version_tag

MAX_LINKS = 100

Title = Annotated[Line, Field(min_length=1, max_length=100)]
Links = Annotated[Ids, Field(max_length=MAX_LINKS)]


class SegmentChanges(Body):
    """What is not sent stays as it is."""

    title: Title = ""
    description: Annotated[Text, Field(max_length=2_000)] = ""
    location: Annotated[Line, Field(max_length=200)] = Field("", description="Empty: that of its session.")
    starts_at: Moment | None = None
    ends_at: Moment | None = Field(None, description="After starts_at.")
    sessions: Links = Field(default_factory=list, description="Ids of scheduled sessions, in order; a break has none.")


class NewSegment(SegmentChanges):
    parts: ClassVar[type[Body] | None] = SegmentChanges

    title: Title
    starts_at: Moment
    ends_at: Moment = Field(description="After starts_at.")


class SegmentDocument(BaseModel):
    id: str
    title: str
    description: str
    location: str
    starts_at: Moment
    ends_at: Moment
    sessions: list[str] = Field(description="Those that you may find, in order.")
    live: bool = Field(description="It is happening now.")
    past: bool
    on_agenda: bool = Field(description="You put it on your agenda.")


class SegmentQuery(ListQuery):
    past: bool = Field(False, description="Also those that are over.")


@endpoint("GET", "/api/segments", who=Who.SIGNED_IN, answers={200: ItemList[SegmentDocument]}, problems=(422,))
async def get_segments(call: Call, query: SegmentQuery) -> Response:
    """The schedule's segments, earliest first.

    Attendees see a segment if they may find one of its sessions, or if it has none. `/api/schedule` has them by day."""
    me, now = call.me, call.services.now()
    try:
        async with call.services.catalog.reading() as db:
            since = None if query.past else now
            page = await list_segments(db, me, since=since, cursor=query.cursor, limit=query.limit)
            chosen = await agenda_of(db, me.id)
    except BadCursor:
        raise bad_cursor() from None
    items = [segment_document(each, now, chosen) for each in page.items]
    return json_answer(ItemList[SegmentDocument](items=items, next=page.next))


@endpoint("POST", "/api/segments", who=Who.ORGANIZER, answers={201: SegmentDocument}, problems=(400, 413, 415, 422))
async def create_segment(call: Call, body: Draft[NewSegment]) -> Response:
    """Add a segment to the schedule, with links to any number of scheduled sessions."""
    now = call.services.now()
    async with call.services.catalog.writing() as db:
        check_times(body, {})
        await _check_sessions(db, body)
        row = await add_segment(db, cast(SegmentValues, body.checked().model_dump()), now)
        await note_change(call, db, "segment", row.id, before=None, after=segment_fields(row))
    return _answer(row, now, 201)


@endpoint("GET", "/api/segments/{id}", who=Who.SIGNED_IN, answers={200: SegmentDocument}, problems=(404,))
async def get_segment(call: Call) -> Response:
    """One segment, if you may know of it."""
    async with call.services.catalog.reading() as db:
        segment = await visible_segment(call, db, "id")
        chosen = await agenda_of(db, call.me.id)
    document = segment_document(segment, call.services.now(), chosen)
    return json_answer(document, headers={"ETag": version_tag(segment.version)})


@endpoint(
    "PATCH",
    "/api/segments/{id}",
    who=Who.ORGANIZER,
    answers={200: SegmentDocument},
    problems=(400, 404, 412, 413, 415, 422, 428),
    if_match=IfMatch.REQUIRED,
)
async def patch_segment(call: Call, body: Draft[SegmentChanges]) -> Response:
    """Change some fields."""
    now = call.services.now()
    async with call.services.catalog.writing() as db:
        row = await _found(call, db)
        sent_back = SegmentChanges.model_construct(**body.fields).model_dump(mode="json", include=set(body.fields))
        check_version(call.if_match, version_tag(row.version), _document(row, now), sent_back)
        check_times(body, segment_fields(row))
        await _check_sessions(db, body)
        body.checked()
        before = segment_fields(row)
        await change_segment(db, row, cast(SegmentValues, body.fields), now)
        await note_change(call, db, "segment", row.id, before=before, after=segment_fields(row))
    return _answer(row, now)


@endpoint(
    "DELETE",
    "/api/segments/{id}",
    who=Who.ORGANIZER,
    answers={204: None},
    problems=(404, 412),
    if_match=IfMatch.OPTIONAL,
)
async def remove_segment(call: Call) -> Response:
    """Take a segment off the schedule, and off everybody's agenda. Its sessions stay."""
    async with call.services.catalog.writing() as db:
        row = await _found(call, db)
        check_version(call.if_match, version_tag(row.version), _document(row, call.services.now()), None)
        await note_change(call, db, "segment", row.id, before=segment_fields(row), after=None)
        await delete_segment(db, row)
    return Response(status_code=204)


async def visible_segment(call: Call, db: AsyncSession, name: str) -> Segment:
    """The segment that the path names. Raises Problem 404 for one that doesn't exist or is kept from this person."""
    row = await find_segment(db, call.path(name))
    seen = [] if row is None else await seen_by(db, call.me, [row])
    if not seen:
        raise _no_segment()
    return seen[0]


def segment_document(segment: Segment, now: datetime, chosen: Collection[str]) -> SegmentDocument:
    return SegmentDocument(
        id=segment.id,
        title=segment.title,
        description=segment.description,
        location=segment.location,
        starts_at=segment.starts_at,
        ends_at=segment.ends_at,
        sessions=list(segment.sessions),
        live=segment.is_live(now),
        past=segment.is_past(now),
        on_agenda=segment.id in chosen,
    )


async def _found(call: Call, db: AsyncSession) -> SegmentRow:
    row = await find_segment(db, call.path("id"), for_change=True)
    if row is None:
        raise _no_segment()
    return row


def _no_segment() -> Exception:
    return not_found("There is no such segment, or you may not know of it.")


def _document(row: SegmentRow, now: datetime) -> dict[str, Any]:
    return segment_document(as_segment(row), now, ()).model_dump(mode="json")


def _answer(row: SegmentRow, now: datetime, status: int = 200) -> Response:
    """For an organizer: they see all of it, and have no agenda."""
    headers = {"ETag": version_tag(row.version)}
    if status == 201:
        headers["Location"] = f"/api/segments/{row.id}"
    return json_answer(segment_document(as_segment(row), now, ()), status, headers)


def segment_fields(row: SegmentRow) -> dict[str, Any]:
    """The fields as they are set now, in the form in which they are sent."""
    plain = {name: getattr(row, name) for name in SegmentChanges.model_fields if name != "sessions"}
    return {**plain, "sessions": [link.session for link in row.session_links]}


def check_times(body: Draft[Any], before: Mapping[str, Any]) -> None:
    """Refuse a segment without start or end, or that ends before it starts; `before` is empty for a new one."""
    if {error.field for error in body.errors} & {"starts_at", "ends_at"}:
        return
    times = {}
    for name in ("starts_at", "ends_at"):
        times[name] = body.fields[name] if name in body.fields else before.get(name)
        if times[name] is None:
            body.refuse(name, "segment_without_times")
    start, end = times["starts_at"], times["ends_at"]
    if start is not None and end is not None and end <= start:
        body.refuse("ends_at", "end_before_start")


async def _check_sessions(db: AsyncSession, body: Draft[Any]) -> None:
    wanted = body.fields.get("sessions", ())
    found = await availabilities(db, wanted)
    for at, each in enumerate(wanted):
        if each not in found:
            body.refuse(f"sessions.{at}", "unknown", what="session", name=each)
        elif found[each] != "scheduled":
            body.refuse(f"sessions.{at}", "session_always_open")


ENDPOINTS: tuple[Endpoint, ...] = (get_segments, create_segment, get_segment, patch_segment, remove_segment)
