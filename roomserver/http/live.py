"""All running rooms at a glance: the dashboard's live view."""

from __future__ import annotations

from pydantic import BaseModel, Field
from sqlalchemy import select
from starlette.responses import Response

from roomserver.catalog.batches import batches
from roomserver.catalog.models import Session
from roomserver.http.answers import json_answer
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint
from roomserver.http.lists import Query
from signaling.room.state import RecordingState

MOST_ROOMS = 200


class LiveQuery(Query):
    limit: int = Field(100, ge=1, le=MOST_ROOMS, description="Rooms listed at most; the totals count all.")


class LiveItem(BaseModel):
    session: str
    title: str
    seats_taken: int = Field(description="Reserved ones included.")
    max_on_screen: int
    viewers: int
    viewer_cap: int
    waiting: int
    requests: int = Field(description="Attendees who wait for a moderator's answer.")
    recording: RecordingState


class LiveTotals(BaseModel):
    rooms: int
    seats_taken: int
    viewers: int
    waiting: int
    requests: int


class LiveAnswer(BaseModel):
    items: list[LiveItem] = Field(description="Where somebody waits for an answer first, then by seats and viewers.")
    totals: LiveTotals


@endpoint("GET", "/api/rooms", who=Who.ORGANIZER, answers={200: LiveAnswer}, problems=(422,))
async def list_rooms(call: Call, query: LiveQuery) -> Response:
    """The rooms that are running on this server, with their numbers at this moment."""
    live = call.services.rooms.all_live()
    titles: dict[str, str] = {}
    async with call.services.catalog.reading() as db:
        for batch in batches(live):
            rows = await db.execute(select(Session.id, Session.title).where(Session.id.in_(batch)))
            titles.update((session, title) for session, title in rows)
    # A room whose session was just deleted is about to close.
    rooms = {session: room for session, room in live.items() if session in titles}
    busiest = sorted(
        rooms.items(), key=lambda each: (-each[1].requests, -each[1].seats_taken, -each[1].viewers, titles[each[0]])
    )
    return json_answer(
        LiveAnswer(
            items=[
                LiveItem(
                    session=session,
                    title=titles[session],
                    seats_taken=room.seats_taken,
                    max_on_screen=room.max_on_screen,
                    viewers=room.viewers,
                    viewer_cap=room.viewer_cap,
                    waiting=room.waiting,
                    requests=room.requests,
                    recording=room.recording,
                )
                for session, room in busiest[: query.limit]
            ],
            totals=LiveTotals(
                rooms=len(rooms),
                seats_taken=sum(room.seats_taken for room in rooms.values()),
                viewers=sum(room.viewers for room in rooms.values()),
                waiting=sum(room.waiting for room in rooms.values()),
                requests=sum(room.requests for room in rooms.values()),
            ),
        )
    )


ENDPOINTS: tuple[Endpoint, ...] = (list_rooms,)
