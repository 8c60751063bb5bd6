"""The Python client against a real server: both subprotocols, refusals, coming back."""

from __future__ import annotations

import asyncio

import pytest
from websockets.exceptions import InvalidURI

from capacity.table import ViewerCapTable
from signaling.client import CommandRefused, Disconnected, RoomClient
from signaling.client_commands import Message
from signaling.journal.memory import MemoryJournal
from signaling.room.state import RoomSettings
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
        cut(ada)
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


async def test_an_address_that_is_none_is_said_so_at_once() -> None:
    with pytest.raises(InvalidURI):
        async with RoomClient("http://127.0.0.1/ws", "a ticket"):
            pass


async def test_a_callback_that_fails_ends_the_client_with_its_reason() -> None:
    async with HubServer() as server, server.client("ada", organizer("ada")) as ada:
        await ada.welcomed()

        def fail(_: Message) -> None:
            raise ZeroDivisionError

        ada.on("update", fail)
        await ada.share_start("camera")
        with pytest.raises(Disconnected, match="ZeroDivisionError"):
            await ada.until(lambda _: False)
        with pytest.raises(Disconnected):
            await ada.sync()


async def test_a_gap_in_the_chain_is_healed_by_sync() -> None:
    async with HubServer() as server, server.client("ada", organizer("ada")) as ada:
        await ada.welcomed()
        seat = await ada.share_start("camera")
        await ada.until(lambda client: seat in client.room["seats"])
        welcomes: list[Message] = []
        ada.on("welcome", welcomes.append)
        ada.replica.version -= 1
        await ada.share_set(seat, audio=False)
        await ada.until(lambda _: welcomes)
        assert ada.room["seats"][seat]["audio"] is False
        await ada.share_set(seat, audio=True)
        await ada.until(lambda client: client.room["seats"][seat]["audio"])
        assert len(welcomes) == 1


async def test_a_resume_token_that_is_no_longer_good_leads_to_joining_again() -> None:
    async with HubServer() as server:

        async def rejoin() -> str:
            return server.ticket("ada")

        async with server.client("ada", rejoin=rejoin) as ada:
            await ada.welcomed()
            welcomes: list[Message] = []
            ada.on("welcome", welcomes.append)
            ada.replica.resume = "used"
            cut(ada)
            await ada.until(lambda _: welcomes)
            assert ada.ended is None


async def test_without_a_way_to_join_again_it_is_over() -> None:
    async with HubServer() as server, server.client("ada") as ada:
        await ada.welcomed()
        ada.replica.resume = "used"
        cut(ada)
        await ada.until(lambda client: client.ended)
        assert ada.ended is not None
        assert ada.ended.code == 4101
        with pytest.raises(Disconnected):
            await ada.request_open()
        with pytest.raises(Disconnected):
            await ada.until(lambda _: False)


async def test_a_server_that_is_started_again_has_its_clients_back() -> None:
    journal = MemoryJournal()
    server = HubServer(journal=journal)
    async with server:
        ada = server.client("ada", organizer("ada"))
        await ada.__aenter__()
        await ada.welcomed()
        seat = await ada.share_start("camera")
        await ada.until(lambda client: seat in client.room["seats"])
        port = server.port
    assert not ada.connected
    ended = ada.ended
    async with HubServer(journal=journal, port=port) as again:
        again.directory.people["ada"] = organizer("ada")
        welcomes: list[Message] = []
        ada.on("welcome", welcomes.append)
        await ada.until(lambda _: welcomes)
        assert ended is None
        assert ada.you["seats"] == [seat]
        await ada.close()


async def test_whoever_is_taken_over_does_not_come_back() -> None:
    async with HubServer() as server, server.client("ada") as older:
        await older.welcomed()
        async with server.client("ada") as newer:
            await newer.welcomed()
            await older.until(lambda client: client.ended)
            assert older.ended is not None
            assert older.ended.code == 4103
            assert not older.ended.may_come_back


async def test_pushes_are_iterated_until_it_is_over() -> None:
    async with HubServer() as server, server.client("ada", organizer("ada")) as ada:
        await ada.welcomed()
        heard: list[str] = []

        async def listen() -> None:
            heard.extend([message["type"] async for message in ada.pushes()])

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        seat = await ada.share_start("camera")
        await ada.until(lambda client: seat in client.room["seats"])
        await ada.leave()
        await asyncio.wait_for(listening, 10)
        assert "update" in heard
        assert "reply" not in heard


async def test_in_the_waiting_line_one_knows_ones_place_and_then_gets_in() -> None:
    caps = ViewerCapTable.parse("1:1,50:1")
    async with (
        HubServer(RoomSettings("Talk"), caps=caps) as server,
        server.client("ada") as ada,
        server.client("bob") as bob,
    ):
        await bob.until(lambda client: client.waiting)
        assert bob.waiting == {"type": "waiting", "position": 1, "viewers": 1, "cap": 1}
        told_again: list[Message] = []
        bob.on("waiting", told_again.append)
        cut(bob)  # there is no resume token in the line; the ticket is still good
        await bob.until(lambda _: told_again)
        with pytest.raises(CommandRefused, match="not_admitted"):
            await bob.request_open()
        await ada.leave()
        await bob.welcomed()
        assert bob.waiting is None


def cut(client: RoomClient) -> None:
    """The network is gone, without a word."""
    assert client._connection is not None
    client._connection.transport.abort()
