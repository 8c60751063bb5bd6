"""On one port with HTTP, as uvicorn hands connections over and ends."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from signaling.room.state import RoomSettings
from tests.support.hub_server import HubServer


@pytest.mark.parametrize("http", ["httptools", "h11"])
async def test_http_and_rooms_share_a_port(http: str) -> None:
    async with HubServer(http=http) as server, httpx.AsyncClient(base_url=server.http_url, trust_env=False) as web:
        assert (await web.post("/echo", content=b"hello")).content == b"hello"
        async with server.client("ada") as ada:
            await ada.welcomed()
            assert (await web.post("/echo", content=b"again")).content == b"again"


async def test_a_refused_handshake_is_an_http_answer() -> None:
    async with HubServer() as server:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://127.0.0.1:{server.port}/elsewhere", proxy=None):
                pass
        assert refused.value.response.status_code == 404
        with pytest.raises(InvalidStatus) as refused:
            async with connect(server.url, proxy=None, subprotocols=None):
                pass
        assert refused.value.response.status_code == 400


async def test_stopping_the_server_tells_everybody_to_come_back_and_does_not_hang() -> None:
    server = HubServer(RoomSettings("Talk"))
    async with server:
        clients = [server.client(f"p{number}", reconnect=False) for number in range(20)]
        for client in clients:
            await client.__aenter__()
            await client.welcomed()
        silent = await connect(server.url, proxy=None, subprotocols=["roomserver.v1.json"])  # type: ignore[list-item]
        async with asyncio.timeout(10):
            await server.stop()
        for client in clients:
            await client.until(lambda each: each.ended)
            assert client.ended is not None
            assert client.ended.code == 1001
            await client.close()
        await silent.wait_closed()
        assert silent.close_code == 1001


async def test_a_hundred_people_arriving_at_once_all_get_in() -> None:
    async with HubServer(RoomSettings("Talk")) as server:
        clients = [server.client(f"p{number}") for number in range(100)]
        try:
            await asyncio.gather(*(client.__aenter__() for client in clients))
            for client in clients:
                await client.welcomed()
            await clients[0].until(lambda client: client.room["viewers"] == 100)
            seat = await clients[0].share_start("camera")
            for client in clients:
                await client.until(lambda each: seat in each.room["seats"])
        finally:
            await asyncio.gather(*(client.close() for client in clients))
