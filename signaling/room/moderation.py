"""Decisions about requests, grants, removing and muting (product section 3)."""

from __future__ import annotations

from math import inf, nextafter

from signaling.room import rights
from signaling.room.commands import (
    ApproveRequest,
    DeclineRequest,
    MuteSeat,
    OpenRequest,
    RemoveSeat,
    WithdrawRequest,
)
from signaling.room.events import (
    Admitted,
    Event,
    GrantGiven,
    RequestClosed,
    RequestOpened,
    SeatEnded,
    SeatMuted,
)
from signaling.room.outcome import Accepted, Outcome
from signaling.room.refusals import Code, Refused
from signaling.room.sharing import new_seat_id, no_such_seat, seat_is_free
from signaling.room.state import GRANT_SECONDS, Person, Room, Seat, SeatKind, SharePolicy


def open_request(room: Room, command: OpenRequest, now: float) -> Outcome:
    person = rights.connected(room, command.participant)
    if isinstance(person, Refused):
        return person
    position = room.request_position(person.participant)
    if position is not None:
        return Accepted(result={"position": position})
    person = rights.inside(room, command.participant)
    if isinstance(person, Refused):
        return person
    why_not = _why_not_ask(room, person)
    if why_not is not None:
        return why_not
    opened = RequestOpened(person.participant, _queue_time(room, now), room.next_order)
    return Accepted((opened,), {"position": len(room.requests) + 1})


def _why_not_ask(room: Room, person: Person) -> Refused | None:
    if rights.may_share_at_will(room.settings, person.role, person.invited):
        return Refused(Code.NOT_NEEDED, "You may share without asking.")
    if room.settings.share_policy is SharePolicy.INVITE_ONLY:
        return Refused(Code.NOT_INVITED, "Only invited people can share in this session.")
    if person.participant in room.grants:
        return Refused(Code.NOT_NEEDED, "Your request has been approved: you may go on screen now.")
    if rights.seat_of_kind(room, person.participant, SeatKind.CAMERA) is not None:
        return Refused(Code.NOT_NEEDED, "You are on screen already.")
    return None


def _queue_time(room: Room, now: float) -> float:
    """`now`, or just after the last request: moderators sort by time, and must see the queue that its askers see."""
    last = next(reversed(room.requests.values()), None)
    return now if last is None else max(now, nextafter(last.since, inf))


def withdraw_request(room: Room, command: WithdrawRequest) -> Outcome:
    person = rights.connected(room, command.participant)
    if isinstance(person, Refused):
        return person
    if person.participant not in room.requests:
        return Accepted()
    return Accepted((RequestClosed(person.participant, "withdrawn"),))


def approve_request(room: Room, command: ApproveRequest, now: float) -> Outcome:
    by = rights.moderator(room, command.moderator)
    if isinstance(by, Refused):
        return by
    if command.participant not in room.requests:
        return _no_such_request(command.participant)
    comes_in = room.waiting_position(command.participant) is not None
    seat = new_seat_id(room)
    warning = seat_is_free(room, viewers_after=room.viewers + comes_in)
    if isinstance(warning, Refused):
        return warning
    events: list[Event] = [
        RequestClosed(command.participant, "approved"),
        GrantGiven(command.participant, seat, now + GRANT_SECONDS, by.participant),
    ]
    if comes_in:
        events.append(Admitted(command.participant))
    return Accepted((*events, *warning), {"seat": seat})


def decline_request(room: Room, command: DeclineRequest) -> Outcome:
    by = rights.moderator(room, command.moderator)
    if isinstance(by, Refused):
        return by
    if command.participant not in room.requests:
        return _no_such_request(command.participant)
    return Accepted((RequestClosed(command.participant, "declined"),))


def _no_such_request(participant: str) -> Refused:
    return Refused(Code.NO_SUCH_REQUEST, "That request is not open any more.", {"participant": participant})


def remove_seat(room: Room, command: RemoveSeat) -> Outcome:
    seat = _moderated_seat(room, command)
    if isinstance(seat, Refused):
        return seat
    ending = [seat.id]
    if seat.kind is SeatKind.CAMERA:
        screen = rights.seat_of_kind(room, seat.participant, SeatKind.SCREEN)
        ending += [] if screen is None else [screen]
    return Accepted(tuple(SeatEnded(each, seat.participant, "removed", command.moderator) for each in ending))


def mute_seat(room: Room, command: MuteSeat) -> Outcome:
    seat = _moderated_seat(room, command)
    if isinstance(seat, Refused):
        return seat
    if seat.source == "youtube":
        return Refused(Code.FORBIDDEN, "A shared video has no microphone: pause it or stop it.", {"seat": seat.id})
    return Accepted() if seat.muted else Accepted((SeatMuted(seat.id, command.moderator),))


def _moderated_seat(room: Room, command: RemoveSeat | MuteSeat) -> Seat | Refused:
    by = rights.moderator(room, command.moderator)
    if isinstance(by, Refused):
        return by
    return room.seats.get(command.seat) or no_such_seat(command.seat)
