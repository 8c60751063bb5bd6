"""What the application has to say to everybody in a room."""

from __future__ import annotations

from capacity.table import ViewerCapTable
from signaling.wire.outbound import Notice
from tests.support.hall import SESSION, Hall

NOTICE: Notice = {"type": "notice", "code": "evaluation_open", "message": "Say how it was."}


async def test_everybody_in_the_room_is_told_once() -> None:
    async with Hall() as hall:
        people = [await hall.join(name) for name in ("ada", "bob")]
        hall.hub.announce(SESSION, NOTICE)
        await hall.clock.advance(0.05)
        assert [each.of("notice") for each in people] == [[NOTICE], [NOTICE]]


async def test_who_waits_is_not_told() -> None:
    async with Hall(caps=ViewerCapTable.parse("1:1,50:1")) as hall:
        ada, eve = await hall.join("ada"), await hall.join("eve")
        assert eve.of("waiting")
        hall.hub.announce(SESSION, NOTICE)
        await hall.clock.advance(0.05)
        assert (ada.of("notice"), eve.of("notice")) == ([NOTICE], [])


async def test_a_room_that_does_not_run_is_left_alone() -> None:
    async with Hall() as hall:
        hall.hub.announce(SESSION, NOTICE)
        await hall.clock.advance(0.05)
        assert hall.hub.sessions() == []
