"""Pings, closes from either side, and whoever answers neither."""

from __future__ import annotations

from websockets.frames import Frame, Opcode

from tests.support.fake_clock import settle
from tests.support.hall import Hall


async def test_a_connection_that_answers_pings_lives_and_one_that_does_not_is_dropped() -> None:
    async with Hall() as hall:
        alive = await hall.join("ada")
        dead = await hall.join("bob")
        dead._send_pending = lambda: None  # type: ignore[method-assign]
        await hall.clock.advance(41)
        assert dead.transport.closed
        assert not alive.transport.closed
        assert hall.hub.statistics().lost == 1
        assert hall.hub.statistics().connections == 1


async def test_whoever_is_found_dead_and_too_slow_in_one_moment_is_dropped_once() -> None:
    async with Hall() as hall:
        dead = await hall.join("bob")
        dead._send_pending = lambda: None  # type: ignore[method-assign]
        dead.connection.ping()
        dead.connection.ping()
        dead.connection.stale_too_long()
        await settle()
        assert dead.transport.closed
        statistics = hall.hub.statistics()
        assert (statistics.lost, statistics.slow_closes, statistics.connections) == (1, 0, 0)


async def test_the_other_side_may_close() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        ada.send_bytes(Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True))
        await settle()
        assert ada.closed_with == 1000
        assert ada.transport.closed
        assert hall.hub.statistics().connections == 0


async def test_whoever_does_not_answer_a_close_is_cut_off() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        ada._send_pending = lambda: None  # type: ignore[method-assign]
        ada.transport.write_eof = lambda: None  # type: ignore[method-assign]
        ada.say("leave")
        ada.send_bytes(b"".join(ada._client.data_to_send()))
        await hall.clock.advance(1)
        assert ada.closed_with == 1000
        assert not ada.transport.closed
        await hall.clock.advance(6)
        assert ada.transport.closed


async def test_closing_the_hub_sends_everybody_away_to_come_back() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        await hall.hub.close()
        assert ada.closed_with == 1001
