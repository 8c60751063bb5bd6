"""Entering a session's room, moderating by password, and a look at the room's numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import Response

from roomserver.auth import password_fits
from roomserver.catalog.access import may_watch
from roomserver.catalog.entrance import find_entrance
from roomserver.catalog.event import read_event
from roomserver.catalog.sessions import make_moderator
from roomserver.directory import rights_in_room
from roomserver.http.answers import json_answer
from roomserver.http.body import Body, Draft
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint
from roomserver.http.identity import client_address, room_address
from roomserver.http.problem import Problem, wait_first
from roomserver.http.sessions import no_such_session, visible_session
from roomserver.http.texts import Moment, Password
from signaling.room.state import RecordingState, Role
from signaling.tickets import TICKET_SECONDS


class JoinAnswer(BaseModel):
    ticket: str = Field(description="For `hello`. Lives 60 seconds.")
    url: str = Field(description="The WebSocket's address.")
    ice_servers: list[dict[str, Any]] = Field(description="STUN and TURN servers, as browsers take them.")
    expires_at: Moment


class PasswordBody(Body):
    password: Password


class RoleAnswer(BaseModel):
    role: Role


class RoomNumbers(BaseModel):
    running: bool = Field(description="Whether anybody is or was just there.")
    seats: int = Field(description="Seats taken, reserved ones included; the room's document calls it seats_taken.")
    seats_taken: int
    max_on_screen: int
    viewers: int
    cap: int = Field(description="Viewers at most just now; the room's document calls it viewer_cap.")
    viewer_cap: int
    waiting: int
    requests: int = Field(description="Attendees who wait for a moderator's answer.")
    recording: RecordingState | None = Field(
        description="As in the room's document; null while the room isn't running."
    )


@endpoint("POST", "/api/sessions/{id}/join", who=Who.SIGNED_IN, answers={200: JoinAnswer}, problems=(403, 404))
async def join(call: Call) -> Response:
    """A ticket for the session's room, for whoever may watch."""
    me = call.me
    services = call.services
    url = room_address(call.request, services)
    session = call.path("id")
    async with services.catalog.reading() as db:
        entrance = await find_entrance(db, session, me)
    if entrance is None or not may_watch(me, entrance.doors, entrance.standing):
        raise no_such_session()
    expires_at = datetime.fromtimestamp(services.clock.now() + TICKET_SECONDS, UTC)
    return json_answer(
        JoinAnswer(
            ticket=services.tickets.issue_ticket(session, me.id, rights_in_room(me, entrance.standing)),
            url=url,
            ice_servers=services.settings.ice_servers,
            expires_at=expires_at,
        )
    )


@endpoint(
    "POST",
    "/api/sessions/{id}/moderate",
    who=Who.SIGNED_IN,
    answers={200: RoleAnswer},
    problems=(400, 403, 404, 409, 413, 415, 422, 429),
)
async def moderate(call: Call, body: Draft[PasswordBody]) -> Response:
    """Become a moderator of this session with its password, or with the event's where it has none of its own.

    Guessing is slowed per person and per address: 429 says how long to wait."""
    me = call.me
    services = call.services
    async with services.catalog.reading() as db:
        session = await visible_session(call, db)
        stored = session.moderator_password_hash or (await read_event(db)).moderator_password_hash
    if me.organizer:
        return json_answer(RoleAnswer(role=Role.ORGANIZER))
    password = body.checked().password
    if stored is None:
        raise Problem(409, "no_password", "Nobody can sign in by password: neither session nor event has one.")
    address = client_address(call.request)
    wait = services.guesses.begin(me.id, address)
    if wait > 0:
        raise wait_first(wait, "Too many wrong passwords. Wait before you try again.")
    if not await password_fits(password, stored):
        raise Problem(403, "wrong_password", "This isn't the password.")
    services.guesses.right(me.id, address)
    async with services.catalog.writing() as db:
        await visible_session(call, db, for_change=True)
        await make_moderator(db, session.id, me.id)
    await services.rooms.rights_changed(session.id, [me.id])
    return json_answer(RoleAnswer(role=Role.MODERATOR))


@endpoint("GET", "/api/sessions/{id}/room", who=Who.ORGANIZER, answers={200: RoomNumbers}, problems=(404,))
async def get_room(call: Call) -> Response:
    """The room's numbers at this moment."""
    async with call.services.catalog.reading() as db:
        session = await visible_session(call, db)
    live = call.services.rooms.live(session.id)
    seats = live.seats_taken if live else 0
    cap = live.viewer_cap if live else call.services.settings.viewer_caps.cap(0)
    return json_answer(
        RoomNumbers(
            running=live is not None,
            seats=seats,
            seats_taken=seats,
            max_on_screen=live.max_on_screen if live else session.max_on_screen,
            viewers=live.viewers if live else 0,
            cap=cap,
            viewer_cap=cap,
            waiting=live.waiting if live else 0,
            requests=live.requests if live else 0,
            recording=live.recording if live else None,
        )
    )


ENDPOINTS: tuple[Endpoint, ...] = (join, moderate, get_room)
