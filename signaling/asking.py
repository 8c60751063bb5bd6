"""Asking the room on behalf of one connection, and replying."""

from __future__ import annotations

from collections.abc import Callable

from signaling.connection import HubProtocol
from signaling.members import Member
from signaling.room import rights
from signaling.room.commands import Command
from signaling.room.decide import Accepted, Outcome, decide
from signaling.room.refusals import Code, Refused
from signaling.room.state import Room
from signaling.room_task import Decide, RoomTask

_TAKEN_OVER = Refused(Code.FORBIDDEN, "A newer connection of yours is in the room.")


class Asker:
    """One connection that is in a room."""

    def __init__(self, connection: HubProtocol, room: RoomTask, member: Member) -> None:
        self.connection = connection
        self.room = room
        self.member = member

    def reply_with(self, message_id: int, decide_it: Decide, then: Callable[[], None] | None = None) -> None:
        """Have the room decide, reply, and after an acceptance do `then`, unless the connection is gone by then."""

        def answered(outcome: Outcome) -> None:
            self.connection.reply(message_id, outcome)
            if then is not None and isinstance(outcome, Accepted) and self.is_here:
                then()

        self.ask(decide_it, answered)

    def ask(self, decide_it: Decide, answer: Callable[[Outcome], None]) -> None:
        """Have the room decide, unless a newer connection has taken over by then."""

        def decide_for_this_connection(room: Room, now: float) -> Outcome:
            person = room.people.get(self.member.participant)
            if person is None or person.connection != self.connection.id:
                return _TAKEN_OVER
            return decide_it(room, now)

        def answered(outcome: Outcome) -> None:
            self.connection.in_flight -= 1
            answer(outcome)

        self.connection.in_flight += 1
        self.room.ask(decide_for_this_connection, answered)

    @property
    def is_here(self) -> bool:
        """Whether this is the participant's present connection, in the room or in its waiting line."""
        return self.room.is_here(self.member)

    def inside(self, then: Callable[[Room], Outcome]) -> Decide:
        """Decide so, but refuse people in the waiting line."""

        def decide_it(room: Room, _: float) -> Outcome:
            person = rights.inside(room, self.member.participant)
            return person if isinstance(person, Refused) else then(room)

        return decide_it


def accept(_: Room, __: float = 0.0) -> Outcome:
    """Accept with nothing to do."""
    return Accepted()


def by_rules(command: Command) -> Decide:
    """Let the room's rules decide a command."""
    return lambda room, now: decide(room, command, now)
