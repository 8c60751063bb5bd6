"""Too much of anything is refused with the time to wait, and far too much ends the connection."""

from __future__ import annotations

from websockets.frames import Frame, Opcode

from signaling.limits import Limits, Rate
from tests.support.fake_clock import settle
from tests.support.hall import Hall


async def test_too_many_commands_are_refused_with_the_time_to_wait() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        for number in range(60):
            ada.send({"type": "media.candidate", "id": 1000 + number, "for": "watch"})
        ada.send({"type": "sync", "id": 2000})
        await settle()
        refused = ada.reply(2000)["error"]
        assert refused["code"] == "rate_limited"
        assert 0 < refused["details"]["retry_after"] <= 0.06
        await hall.clock.advance(refused["details"]["retry_after"])
        assert (await hall.say(ada, "sync"))["ok"]


async def test_asking_for_names_has_a_smaller_limit_of_its_own() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        replies = [ada.say("people.list") for _ in range(11)]
        await settle()
        assert [ada.reply(each)["ok"] for each in replies] == [True] * 10 + [False]
        assert ada.reply(replies[-1])["error"]["code"] == "rate_limited"
        assert (await hall.say(ada, "sync"))["ok"]


async def test_a_flood_ends_the_connection() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        for number in range(601):
            ada.send({"type": "sync", "id": number})
        await settle()
        assert ada.closed_with == 4105


async def test_a_flood_of_pings_ends_the_connection() -> None:
    async with Hall(limits=Limits(flood=Rate(10, 20))) as hall:
        ada = await hall.join("ada")
        for _ in range(21):
            ada.send_bytes(Frame(Opcode.PING, b"").serialize(mask=True))
        await settle()
        assert ada.closed_with == 4105
