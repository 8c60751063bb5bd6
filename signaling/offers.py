"""SDP offers: checked against the room, answered by the media plane, and checked again before the answer is given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import structlog

from signaling.asking import Asker, accept
from signaling.limits import Limits
from signaling.media.port import BadOffer, MediaPlane, MediaUnavailable
from signaling.room.decide import Accepted, Outcome
from signaling.room.refusals import Code, Refused
from signaling.room.sharing import no_such_seat
from signaling.room.state import Room
from signaling.wire.inbound import MediaPublish, MediaWatch

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Offer:
    asker: Asker
    message_id: int
    check: Callable[[Room], Outcome]
    """Decided before the media plane answers, and again before the client hears of it."""
    answer: Callable[[], Awaitable[str]]
    undo: Callable[[], None]
    """For when nobody is left to whom the answer matters."""


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
            _Offer(
                asker,
                message.id,
                own_seat,
                answer=lambda: self._media.publish(session, message.seat, message.sdp),
                # The seat ended while its offer was being answered: what the answer brought to life has to end too.
                undo=lambda: self._restate(session),
            )
        )

    def watch(self, asker: Asker, message: MediaWatch) -> None:
        session, watcher = asker.room.session, asker.connection.id
        self._begin(
            _Offer(
                asker,
                message.id,
                accept,
                answer=lambda: self._media.watch(session, watcher, asker.member.participant, message.sdp),
                undo=lambda: self._media.unwatch(session, watcher),
            )
        )

    def _begin(self, offer: _Offer) -> None:
        connection = offer.asker.connection
        if connection.offers >= self._limits.offers_in_flight:
            text = "Wait for the answers to your offers."
            connection.refuse(offer.message_id, Code.RATE_LIMITED, text, {"retry_after": 1})
            return
        connection.offers += 1

        def checked(outcome: Outcome) -> None:
            if isinstance(outcome, Refused):
                connection.offers -= 1
                connection.reply(offer.message_id, outcome)
            else:
                self._spawn(self._answer(offer))

        offer.asker.ask(offer.asker.inside(offer.check), checked)

    async def _answer(self, offer: _Offer) -> None:
        asker, connection = offer.asker, offer.asker.connection
        refused: Refused | None = None
        try:
            # Offers of one client are answered in their order: the later one counts.
            async with connection.offering:
                sdp = await asyncio.wait_for(offer.answer(), ANSWER_SECONDS)
        except BadOffer as reason:
            refused = Refused(Code.BAD_MESSAGE, f"sdp: {str(reason)[:300]}", {"field": "sdp"})
        except Exception as reason:
            if not isinstance(reason, MediaUnavailable | TimeoutError):
                log.exception("an offer could not be answered", session=asker.room.session)
            refused = Refused(Code.UNAVAILABLE, "The media server can't answer just now; try again.")
        finally:
            connection.offers -= 1
        if refused is not None:
            connection.reply(offer.message_id, refused)
            if not asker.is_here:
                offer.undo()  # what was told when the connection went came before the media plane took the offer up
            return

        def checked_again(outcome: Outcome) -> None:
            if isinstance(outcome, Refused):
                offer.undo()
            connection.reply(offer.message_id, outcome)

        def still(room: Room) -> Outcome:
            outcome = offer.check(room)
            return outcome if isinstance(outcome, Refused) else Accepted(result={"sdp": sdp})

        asker.ask(asker.inside(still), checked_again)
