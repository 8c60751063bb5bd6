"""From `hello` to a room: whose token it is, what its holder may do by now, and what the room decides."""

from __future__ import annotations

import math
from collections.abc import Coroutine
from typing import Any

from signaling.asking import Asker
from signaling.clock import Clock
from signaling.close_codes import CloseCode
from signaling.connection import HubProtocol
from signaling.directory import Directory, Rights
from signaling.members import Member
from signaling.room import commands as c
from signaling.room.decide import Outcome, decide
from signaling.room.refusals import Code, Refused
from signaling.room.state import Room
from signaling.room_task import RoomTask
from signaling.rooms import NoSuchSession, Rooms, Unavailable
from signaling.tickets import TICKET_SECONDS, InvalidToken, ResumeToken, Ticket, Tickets
from signaling.wire.inbound import Hello

_USED_TOKEN = Refused(Code.FORBIDDEN, "This resume token was used already.")


class Arrivals:
    """`node` is the hub's own."""

    def __init__(self, node: str, tickets: Tickets, directory: Directory, rooms: Rooms, clock: Clock) -> None:
        self._node = node
        self._tickets = tickets
        self._directory = directory
        self._rooms = rooms
        self._clock = clock
        self._newer_rights: dict[tuple[str, str], tuple[float, Rights | None]] = {}
        """By session and participant, oldest change first: rights that changed while tickets with the old ones may
        still be around, or while the old ones are on their way from the directory."""
        self._outdated: dict[str, float] = {}
        """Sessions and participants, oldest first: when something changed that tickets for them may not know of."""

    def rights_changed(self, session: str, participant: str, rights: Rights | None) -> None:
        """From now on these count for whoever comes, whatever their ticket says; None: may not be there."""
        now = self._clock.now()
        while self._newer_rights:
            oldest = next(iter(self._newer_rights))
            if self._newer_rights[oldest][0] + TICKET_SECONDS >= now:
                break
            del self._newer_rights[oldest]
        self._newer_rights.pop((session, participant), None)
        self._newer_rights[session, participant] = (now, rights)

    def tickets_outdated(self, session_or_participant: str) -> None:
        """From now on the directory is asked whatever tickets issued until now say."""
        now = self._clock.now()
        while self._outdated and self._outdated[oldest := next(iter(self._outdated))] + TICKET_SECONDS < now:
            del self._outdated[oldest]
        self._outdated.pop(session_or_participant, None)
        self._outdated[session_or_participant] = now

    def said_hello(self, connection: HubProtocol, hello: Hello) -> None:
        """Let the connection in, or close it with the reason; both happen later."""
        try:
            if hello.ticket is not None:
                coming = self._come(connection, self._tickets.read_ticket(hello.ticket))
            else:
                coming = self._come_back(connection, self._tickets.read_resume(hello.resume or ""), hello)
        except InvalidToken as reason:
            connection.close(CloseCode.BAD_TOKEN, str(reason))
        else:
            self._rooms.spawn(self._arrive(connection, coming))

    async def _arrive(self, connection: HubProtocol, coming: Coroutine[Any, Any, None]) -> None:
        try:
            await coming
        except NoSuchSession:
            connection.close(CloseCode.CLOSED, "There is no such session, or its doors are closed.")
        except Unavailable:
            connection.close(CloseCode.DEPENDENCY_DOWN, "You can't be let in just now.")
        except Exception:
            # Nobody waits for a hello that was said: without a close the client would hang.
            connection.close(CloseCode.DEPENDENCY_DOWN, "You can't be let in just now.")
            raise

    async def _come(self, connection: HubProtocol, ticket: Ticket) -> None:
        room = await self._rooms.open(ticket.session)
        rights: Rights | None = ticket.rights
        as_of = ticket.issued_at
        while (outdated := self._outdated_at(ticket)) >= as_of:  # again, if more changed while the directory was asked
            as_of = max(self._clock.now(), math.nextafter(outdated, math.inf))
            rights = await self._directory.rights(ticket.session, ticket.participant)
        self._enter(connection, room, Member(connection, ticket.participant), rights, as_of=as_of)

    def _outdated_at(self, ticket: Ticket) -> float:
        return max(self._outdated.get(key, -math.inf) for key in (ticket.session, ticket.participant))

    async def _come_back(self, connection: HubProtocol, token: ResumeToken, hello: Hello) -> None:
        asked_at = self._clock.now()
        rights = await self._directory.rights(token.session, token.participant)
        room = await self._rooms.open(token.session)
        member = Member(connection, token.participant)
        if hello.epoch is not None and hello.version is not None:
            member.resume_from = (hello.epoch, hello.version)
        self._enter(connection, room, member, rights, as_of=asked_at, older=token.connection)

    def _enter(
        self,
        connection: HubProtocol,
        room: RoomTask,
        member: Member,
        rights: Rights | None,
        *,
        as_of: float,
        older: str | None = None,
    ) -> None:
        """Have the room decide. `rights` are those of time `as_of`; `older` is the connection of a resume token."""
        if connection.is_gone:
            return
        changed = self._newer_rights.get((room.session, member.participant))
        if changed is not None and changed[0] >= as_of:
            rights = changed[1]
        if rights is None:
            connection.close(CloseCode.NOT_ALLOWED, "You may not be in this session.")
            return
        enter = c.Enter(member.participant, connection.id, self._node, rights.name, rights.role, rights.invited)

        def decide_it(state: Room, now: float) -> Outcome:
            # A token is good once: for the connection that it was given to, as long as that is the person's latest.
            person = state.people.get(member.participant)
            if older is not None and person is not None and person.connection != older:
                return _USED_TOKEN
            return decide(state, enter, now)

        def answered(outcome: Outcome) -> None:
            if not isinstance(outcome, Refused):
                connection.let_in()
            elif outcome is _USED_TOKEN:
                connection.close(CloseCode.BAD_TOKEN, outcome.message)
            elif outcome.code is Code.UNAVAILABLE:
                connection.close(CloseCode.DEPENDENCY_DOWN, outcome.message)
            else:
                connection.close(CloseCode.CLOSED, outcome.message)

        connection.asker = Asker(connection, room, member)
        room.enter(member, decide_it, answered)
