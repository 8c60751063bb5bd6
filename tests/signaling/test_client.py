"""The Python client against a real server: both subprotocols, refusals, coming back."""

from __future__ import annotations

import pytest

from signaling.client import CommandRefused, Disconnected, RoomClient
from signaling.wire.codec import Subprotocol
from tests.support.hub_server import HubServer
from tests.support.sessions import organizer


@pytest.mark.parametrize("subprotocol", list(Subprotocol))
async def test_two_people_see_the_same_stage_in_either_encoding(subprotocol: Subprotocol) -> None:
    async with (
        HubServer() as server,
        server.client("ada", organizer("ada"), subprotocol=subprotocol) as ada,
        server.client("bob", subprotocol=subprotocol) as bob,
    ):
        await ada.welcomed()
        await bob.welcomed()
        seat = await ada.share_start("camera")
        await bob.until(lambda client: seat in client.room["seats"])
        assert bob.room["seats"][seat]["name"] == "Ada"
        assert await bob.request_open() == 1
        await ada.until(lambda client: client.desk and "bob" in client.desk["requests"])
        reserved = await ada.request_approve("bob")
        await bob.until(lambda client: "grant" in client.you)
        assert await bob.share_start("camera") == reserved
        await ada.until(lambda client: len(client.room["seats"]) == 2)
        assert [person["name"] async for person in ada.people()] == ["Ada", "Bob"]
        await bob.leave()
        await bob.until(lambda client: client.ended)
        assert bob.ended is not None
        assert bob.ended.code == 1000


async def test_a_refusal_is_an_exception_with_its_code() -> None:
    async with HubServer() as server, server.client("bob") as bob:
        await bob.welcomed()
        with pytest.raises(CommandRefused) as refused:
            await bob.share_start("camera")
        assert refused.value.code == "must_ask"


async def test_a_lost_connection_is_resumed_with_the_seat_kept() -> None:
    async with HubServer() as server, server.client("ada", organizer("ada")) as ada:
        await ada.welcomed()
        seat = await ada.share_start("camera")
        resumed: list[object] = []
        ada.on("resumed", resumed.append)
        assert ada._connection is not None
        ada._connection.transport.abort()
        await ada.until(lambda _: resumed)
        assert ada.you["seats"] == [seat]
        await ada.until(lambda client: "away" not in client.room["seats"][seat])


async def test_a_forged_ticket_ends_in_4101() -> None:
    async with HubServer() as server:
        with pytest.raises(Disconnected) as over:
            async with RoomClient(server.url, "not a ticket"):
                pass
        assert over.value.code == 4101
        assert not over.value.may_come_back
