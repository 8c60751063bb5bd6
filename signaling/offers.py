"""SDP offers: checked against the room, answered by the media plane, and checked again before the answer is given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from signaling.asking import Asker
from signaling.limits import Limits
from signaling.media.port import BadOffer, MediaPlane, MediaUnavailable
from signaling.room.decide import Accepted, Outcome
from signaling.room.refusals import Code, Refused
from signaling.room.sharing import no_such_seat
from signaling.room.state import Room
from signaling.wire.inbound import MediaPublish, MediaWatch

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 10.0


class Offers:
    """`spawn` runs a coroutine as a task of the hub; `restate` tells the media plane anew who is on screen."""

    def __init__(
        self,
        media: MediaPlane,
        limits: Limits,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        restate: Callable[[str], None],
    ) -> None:
        self._media = media
        self._limits = limits
        self._spawn = spawn
        self._restate = restate

    def publish(self, asker: Asker, message: MediaPublish) -> None:
        session = asker.room.session

        def own_seat(room: Room) -> Outcome:
            seat = room.seats.get(message.seat)
            if seat is None:
                return no_such_seat(message.seat)
            if seat.participant != asker.member.participant or seat.source is not None:
                return Refused(Code.FORBIDDEN, "That place on screen isn't one of yours to send for.")
            return Accepted()

        self._begin(
            asker,
            message.id,
            own_seat,
            lambda: self._media.publish(session, message.seat, message.sdp),
            # The seat ended while its offer was being answered: what the answer brought to life has to end too.
            undo=lambda: self._restate(session),
        )

    def watch(self, asker: Asker, message: MediaWatch) -> None:
        session, watcher = asker.room.session, asker.connection.id
        self._begin(
            asker,
            message.id,
            lambda _: Accepted(),
            lambda: self._media.watch(session, watcher, asker.member.participant, message.sdp),
            undo=lambda: self._media.unwatch(session, watcher),
        )

    def _begin(
        self,
        asker: Asker,
        message_id: int,
        check: Callable[[Room], Outcome],
        answer: Callable[[], Awaitable[str]],
        *,
        undo: Callable[[], None],
    ) -> None:
        connection = asker.connection
        if connection.offers >= self._limits.offers_in_flight:
            connection.refuse(message_id, Code.RATE_LIMITED, "Wait for the answers to your offers.", {"retry_after": 1})
            return
        connection.offers += 1

        def checked(outcome: Outcome) -> None:
            if isinstance(outcome, Refused):
                connection.offers -= 1
                connection.reply(message_id, outcome)
            else:
                self._spawn(self._answer(asker, message_id, check, answer, undo))

        asker.ask(asker.inside(check), checked)

    async def _answer(
        self,
        asker: Asker,
        message_id: int,
        check: Callable[[Room], Outcome],
        answer: Callable[[], Awaitable[str]],
        undo: Callable[[], None],
    ) -> None:
        connection = asker.connection
        refused: Refused | None = None
        try:
            # Offers of one client are answered in their order: the later one counts.
            async with connection.offering:
                sdp = await asyncio.wait_for(answer(), ANSWER_SECONDS)
        except BadOffer as reason:
            refused = Refused(Code.BAD_MESSAGE, f"sdp: {str(reason)[:300]}", {"field": "sdp"})
        except Exception as reason:
            if not isinstance(reason, MediaUnavailable | TimeoutError):
                log.exception("an offer could not be answered", session=asker.room.session)
            refused = Refused(Code.UNAVAILABLE, "The media server can't answer just now; try again.")
        finally:
            connection.offers -= 1
        if refused is not None:
            connection.reply(message_id, refused)
            if not asker.is_here:
                undo()  # what was told when the connection went came before the media plane took the offer up
            return

        def checked_again(outcome: Outcome) -> None:
            if isinstance(outcome, Refused):
                undo()
            connection.reply(message_id, outcome)

        def still(room: Room) -> Outcome:
            outcome = check(room)
            return outcome if isinstance(outcome, Refused) else Accepted(result={"sdp": sdp})

        asker.ask(asker.inside(still), checked_again)
