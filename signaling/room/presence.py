"""Decisions about people coming and going: entering, dropping, leaving, the waiting line (product sections 2 and 3)."""

from __future__ import annotations

from typing import Literal

from capacity import admission
from signaling.room import rights
from signaling.room.commands import CloseRoom, Drop, Enter, Expel, Leave, LoseNode
from signaling.room.events import (
    Admitted,
    Dropped,
    Entered,
    Event,
    GrantEnded,
    Left,
    RequestClosed,
    RoomClosed,
    SeatEnded,
)
from signaling.room.outcome import Accepted, Outcome
from signaling.room.recording import ends, recording_deadline, recording_due
from signaling.room.refusals import Code, Refused
from signaling.room.state import RECONNECT_SECONDS, Person, Role, Room, SharePolicy


def enter(room: Room, command: Enter, now: float) -> Outcome:
    if room.closed:
        return Refused(Code.FORBIDDEN, "This session is closed.")
    person = room.people.get(command.participant)
    effects: list[Event] = []
    if person is not None:
        if person.away_since is None and _is_same_entry(person, command):
            return Accepted()
        effects = effects_of_rights(room, person, command.role, command.invited)
    return Accepted((*effects, _entered(room, person, command, now, loses_seats=_ends_seats(effects))))


def _entered(room: Room, person: Person | None, command: Enter, now: float, *, loses_seats: bool) -> Entered:
    order = room.next_order if person is None else person.order
    holds_place = command.participant in room.grants or (command.participant in room.seats_of and not loses_seats)
    # Nobody is put out: who takes over from their own live connection stays as they were.
    stays = person is not None and person.away_since is None and person.admitted
    admitted = stays or admission.viewer_may_enter(
        viewers=room.viewers,
        cap=room.viewer_cap,
        earlier_waiting=bool(room.line) and room.line[0][0] < order,
        exempt=holds_place or rights.never_waits(room.settings, command.role, command.invited),
    )
    return Entered(
        participant=command.participant,
        connection=command.connection,
        node=command.node,
        name=command.name,
        role=command.role,
        invited=command.invited,
        arrived=now if person is None else person.arrived,
        order=order,
        admitted=admitted,
    )


def _is_same_entry(person: Person, command: Enter) -> bool:
    return (person.connection, person.node, person.name, person.role, person.invited) == (
        command.connection,
        command.node,
        command.name,
        command.role,
        command.invited,
    )


def _ends_seats(effects: list[Event]) -> bool:
    return any(isinstance(event, SeatEnded) for event in effects)


def effects_of_rights(room: Room, person: Person, role: Role, invited: bool) -> list[Event]:
    """What somebody loses or no longer needs when their rights become these.

    Where only the invited share, losing that right ends their seats at once. In a moderated session a
    speaker who was a moderator stays on screen, like everybody whom a changed rule finds there.
    """
    may = rights.may_share_at_will(room.settings, role, invited)
    lost = rights.may_share_at_will(room.settings, person.role, person.invited) and not may
    effects: list[Event] = []
    if lost and room.settings.share_policy is SharePolicy.INVITE_ONLY:
        effects += seats_ended(room, person.participant, "removed")
    if may and person.participant in room.requests:
        effects.append(RequestClosed(person.participant, "may_share_now"))
    return effects


def drop(room: Room, command: Drop, now: float) -> Outcome:
    person = room.people.get(command.participant)
    if person is None or person.connection != command.connection or person.away_since is not None:
        return Accepted()
    return Accepted((Dropped(person.participant, person.connection, now),))


def lose_node(room: Room, command: LoseNode, now: float) -> Outcome:
    return Accepted(
        tuple(
            Dropped(person.participant, person.connection, now)
            for person in room.people.values()
            if person.node == command.node and person.away_since is None
        )
    )


def leave(room: Room, command: Leave) -> Outcome:
    person = room.people.get(command.participant)
    if person is None or person.connection != command.connection:
        return Accepted()
    return Accepted(tuple(endings(room, person, "left")))


def expel(room: Room, command: Expel) -> Outcome:
    person = room.people.get(command.participant)
    return Accepted() if person is None else Accepted(tuple(endings(room, person, "expelled")))


def close_room(room: Room, _: CloseRoom, now: float) -> Outcome:
    return Accepted() if room.closed else Accepted((*ends(room, now, "closed"), RoomClosed()))


def settle(room: Room, now: float) -> Outcome:
    """Ends what has become due; only when nothing is due, admits from the line, on settled numbers, and sees to the
    recording."""
    due: list[Event] = [
        GrantEnded(grant.participant, grant.seat, "expired")
        for grant in room.grants.values()
        if grant.expires_at <= now
    ]
    expired = {event.participant for event in due if isinstance(event, GrantEnded)}
    for away_since, participant in room.away:
        if away_since + RECONNECT_SECONDS > now:
            break
        ended = endings(room, room.people[participant], "lost")
        due += [e for e in ended if not (isinstance(e, GrantEnded) and participant in expired)]
    if due:
        return Accepted(tuple(due))
    count = admission.admitted_from_line(viewers=room.viewers, cap=room.viewer_cap, waiting=room.waiting)
    admitted = (Admitted(participant) for _, participant in room.line[:count])
    return Accepted((*recording_due(room, now), *admitted))


def next_deadline(room: Room) -> float | None:
    """The earliest time at which `Settle` would do something because of time; None if nothing will be due."""
    deadlines = [grant.expires_at for grant in room.grants.values()]
    if room.away:
        deadlines.append(room.away[0][0] + RECONNECT_SECONDS)
    if (pause_ends := recording_deadline(room)) is not None:
        deadlines.append(pause_ends)
    return min(deadlines, default=None)


def endings(room: Room, person: Person, reason: Literal["left", "lost", "expelled"]) -> list[Event]:
    """All that ends when a person is gone, the person last."""
    ended = seats_ended(room, person.participant, reason)
    if person.participant in room.requests:
        ended.append(RequestClosed(person.participant, "left"))
    if (grant := room.grants.get(person.participant)) is not None:
        ended.append(GrantEnded(person.participant, grant.seat, "left"))
    ended.append(Left(person.participant, person.connection, reason))
    return ended


def seats_ended(
    room: Room, participant: str, reason: Literal["left", "lost", "expelled", "removed"], by: str | None = None
) -> list[Event]:
    """The end of every seat that somebody holds."""
    return [SeatEnded(seat, participant, reason, by) for seat in room.seats_of.get(participant, ())]
