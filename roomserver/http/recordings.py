"""Recordings: list, read, render again, delete. What they look like is `recording_documents`' business."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from recording.layout import Layout
from roomserver.catalog.paging import BadCursor
from roomserver.catalog.recording_models import RecordingRow
from roomserver.catalog.recordings import (
    State,
    ask_rendering,
    find_recording,
    forget_recording,
    forget_tracks,
    list_recordings,
)
from roomserver.http.answers import json_answer
from roomserver.http.body import Body, Draft
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint
from roomserver.http.lists import ItemList, ListQuery, bad_cursor
from roomserver.http.problem import Problem, not_found
from roomserver.http.recording_documents import (
    RecordingDocument,
    RecordingWithPeople,
    recording_document,
    recording_with_people,
)
from roomserver.http.texts import Id, Ids
from roomserver.http.trail import note_change
from roomserver.recordings.asking import forget_missing, is_everybody, missing_files, unknown_people
from roomserver.recordings.loose_files import remove_loose

MAX_LEFT_OUT = 1_000


class RecordingsQuery(ListQuery):
    session: Id | None = Field(None, description="Only those of this session.")
    state: State | None = Field(None, description="Only those in this state.")


class RenderBody(Body):
    """What is not sent stays as it is."""

    layout: Layout | None = Field(None, description="gallery: tiles alike; speaker: whoever speaks is large.")
    without: Annotated[Ids, Field(max_length=MAX_LEFT_OUT)] | None = Field(
        None, description="Participants left out of picture and sound."
    )


@endpoint("GET", "/api/recordings", who=Who.ORGANIZER, answers={200: ItemList[RecordingDocument]}, problems=(422,))
async def get_recordings(call: Call, query: RecordingsQuery) -> Response:
    """Recordings of this event, newest first. They stay when their session is deleted."""
    try:
        async with call.services.catalog.reading() as db:
            page = await list_recordings(
                db, session=query.session, state=query.state, cursor=query.cursor, limit=query.limit
            )
    except BadCursor:
        raise bad_cursor() from None
    items = [recording_document(each) for each in page.items]
    return json_answer(ItemList[RecordingDocument](items=items, next=page.next))


@endpoint("GET", "/api/recordings/{id}", who=Who.ORGANIZER, answers={200: RecordingWithPeople})
async def get_recording(call: Call) -> Response:
    """One recording, with the people in it."""
    async with call.services.catalog.reading() as db:
        row = await _recording(call, db)
    return json_answer(recording_with_people(row))


@endpoint(
    "POST",
    "/api/recordings/{id}/render",
    who=Who.ORGANIZER,
    answers={202: RecordingWithPeople},
    problems=(409, 413, 415, 422, 503),
)
async def render_recording(call: Call, body: Draft[RenderBody]) -> Response:
    """Render what has been captured until now: in another layout, without somebody, or again what failed.

    Files that are there already as they are wanted are kept; the others are replaced once the new ones are verified.
    409 `tracks_deleted` when what was captured is gone."""
    async with call.services.catalog.reading() as db:
        row = await _recording(call, db)
    missing = await missing_files(call.services.files, row)
    async with call.services.catalog.writing() as db:
        row = await _recording(call, db, for_change=True)
        if row.tracks_deleted_at is not None:
            raise Problem(409, "tracks_deleted", "What was captured is deleted: nothing can be made from it any more.")
        _check_left_out(body, row)
        sent = body.checked()
        before = _options(row)
        forget_missing(row, missing)
        layout = row.layout if sent.layout is None else sent.layout
        ask_rendering(row, layout, row.without if sent.without is None else sent.without, call.services.now())
        after = {**_options(row), "rendering": "asked for"}
        await note_change(call, db, "recording", row.id, before=before, after=after)
    call.services.recording_changed(row.id)
    return json_answer(recording_with_people(row), 202)


@endpoint("DELETE", "/api/recordings/{id}", who=Who.ORGANIZER, answers={204: None}, problems=(409,))
async def remove_recording(call: Call) -> Response:
    """Delete a recording with all its files and what was captured. 409 `recording_now` while it goes on."""
    services = call.services
    async with services.catalog.writing() as db:
        row = await _recording(call, db, for_change=True)
        if row.stage != "ended":
            raise Problem(
                409, "recording_now", "This is being recorded. Switch the session's recording off first, or wait."
            )
        before = {"title": row.title, "session": row.session, "started_at": row.started_at}
        await note_change(call, db, "recording", row.id, before=before, after=None)
        files = await forget_recording(db, row, services.now())
    await remove_loose(services.catalog, services.files, files)
    services.recording_changed(row.id)
    return Response(status_code=204)


@endpoint("DELETE", "/api/recordings/{id}/tracks", who=Who.ORGANIZER, answers={204: None}, problems=(409,))
async def remove_tracks(call: Call) -> Response:
    """Delete what was captured and keep the files. 409 `not_rendered` before everything is rendered.

    The recording can't be made again afterwards."""
    async with call.services.catalog.writing() as db:
        row = await _recording(call, db, for_change=True)
        if row.tracks_deleted_at is None:
            if row.state != "ready":
                raise Problem(409, "not_rendered", "Not everything that was captured is rendered yet.")
            before = {"captured_bytes": row.captured_bytes}
            forget_tracks(row, call.services.now())
            await note_change(call, db, "recording", row.id, before=before, after={"captured_bytes": 0})
    call.services.recording_changed(row.id)
    return Response(status_code=204)


async def _recording(call: Call, db: AsyncSession, *, for_change: bool = False) -> RecordingRow:
    row = await find_recording(db, call.path("id"), for_change=for_change)
    if row is None:
        raise not_found("There is no such recording.")
    return row


def _options(row: RecordingRow) -> dict[str, Any]:
    return {"layout": row.layout, "without": list(row.without)}


def _check_left_out(body: Draft[RenderBody], row: RecordingRow) -> None:
    left_out = body.fields.get("without") or []
    for each in unknown_people(row, left_out):
        body.refuse(f"without.{left_out.index(each)}", "not_in_recording", name=each)
    if is_everybody(row, left_out):
        body.refuse("without", "nobody_left")


ENDPOINTS: tuple[Endpoint, ...] = (
    get_recordings,
    get_recording,
    render_recording,
    remove_recording,
    remove_tracks,
)
