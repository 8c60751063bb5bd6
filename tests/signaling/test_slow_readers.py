"""A reader that stalls costs the others nothing and the server little, and gets one fresh state when it reads again."""

from __future__ import annotations

import asyncio
import socket

from websockets.frames import Frame, Opcode

from capacity.table import ViewerCapTable
from signaling.limits import Limits
from signaling.room.state import RoomSettings
from signaling.wire.codec import Subprotocol, encode
from tests.support.hall import Hall
from tests.support.hub_server import HubServer
from tests.support.sessions import organizer
from tests.support.waiting import until

LONG_NAME = "x" * 500


async def busy_stage(hall: Hall) -> list[str]:
    """Ten speakers with long names, so that updates and welcomes are large."""
    speakers = [await hall.join(f"speaker{number}", organizer(LONG_NAME)) for number in range(10)]
    for speaker in speakers:
        await hall.say(speaker, "share.start", kind="camera")
    return [speaker.documents["you"]["seats"][0] for speaker in speakers]


async def test_a_stalled_reader_is_skipped_and_then_gets_one_fresh_welcome() -> None:
    async with Hall(RoomSettings("Talk"), limits=Limits(write_buffer_bytes=1000, stale_seconds=100)) as hall:
        zoe, ada = await hall.join("zoe"), await hall.join("ada")
        await hall.say(zoe, "share.start", kind="camera")
        ada.transport.stalled = True
        seen = len(ada.messages)
        for number in range(200):
            zoe.say("share.set", seat="s1", audio=bool(number % 2))
            await hall.clock.advance(0.06)
        assert not ada.transport.reading
        assert ada.transport.most_buffered < 1500
        ada.transport.flow()
        assert ada.transport.reading
        await hall.clock.advance(1)
        kinds = [message["type"] for message in ada.messages[seen:]]
        assert kinds.count("welcome") == 1
        assert kinds[-1] == "welcome"
        assert len(kinds) < 30
        assert ada.documents["room"] == zoe.documents["room"]
        await hall.say(zoe, "share.set", seat="s1", audio=True)
        assert not ada.broken_chain
        assert ada.documents["room"] == zoe.documents["room"]


async def test_stalled_for_more_than_ten_seconds_the_reader_is_told_to_come_back_later() -> None:
    async with Hall(RoomSettings("Talk"), limits=Limits(write_buffer_bytes=1000)) as hall:
        zoe, ada, bob = [await hall.join(name) for name in ("zoe", "ada", "bob")]
        await hall.say(zoe, "share.start", kind="camera")
        for stalled in (ada, bob):
            stalled.transport.stalled = True
        for number in range(20):
            zoe.say("share.set", seat="s1", audio=bool(number % 2))
            await hall.clock.advance(0.1)
        await hall.clock.advance(11)
        ada.transport.flow()
        await hall.clock.advance(1)
        assert ada.closed_with == 4000
        assert ada.transport.closed
        await hall.clock.advance(6)
        assert bob.transport.closed
        assert hall.hub.statistics().slow_closes == 2
        back = await hall.resume(ada)
        assert back.documents["room"] == zoe.documents["room"]


async def test_a_stalled_reader_in_the_waiting_line_is_told_its_place_when_it_reads_again() -> None:
    async with Hall(caps=ViewerCapTable.parse("1:1,50:1"), limits=Limits(write_buffer_bytes=10)) as hall:
        ada = await hall.join("ada")
        waiting = [await hall.join(f"w{number}") for number in range(4)]
        waiting[3].transport.stalled = True
        await hall.say(waiting[0], "leave")
        await hall.say(waiting[1], "leave")
        assert len(waiting[3].of("waiting")) == 1
        waiting[3].transport.flow()
        await hall.clock.advance(1.5)
        assert waiting[3].of("waiting")[-1]["position"] == 2
        await hall.say(ada, "leave")
        await hall.say(waiting[2], "leave")
        assert waiting[3].of("welcome")


async def test_what_a_hundred_stalled_readers_hold_in_memory_is_bounded() -> None:
    limits = Limits(stale_seconds=1000, ping_seconds=10_000)
    async with Hall(RoomSettings("Talk", max_on_screen=50), limits=limits) as hall:
        seats = await busy_stage(hall)
        zoe = await hall.join("speaker0", organizer(LONG_NAME))
        readers = [await hall.join(f"reader{number}", subprotocol=Subprotocol.MSGPACK) for number in range(100)]
        for reader in readers:
            reader.transport.stalled = True
        for number in range(800):
            # A share that starts and ends carries its speaker's long name each time.
            message_id = zoe.say(
                *(("share.stop",) if number % 2 == 0 else ("share.start",)),
                **({"seat": zoe.documents["you"]["seats"][0]} if number % 2 == 0 else {"kind": "camera"}),
            )
            await hall.clock.advance(0.1)
            assert zoe.reply(message_id)["ok"]
        assert seats
        held = [len(reader.transport.buffered) for reader in readers]
        assert max(held) < 80_000
        assert min(held) > 60_000  # they were all written to until they were full
        for reader in readers:
            reader.transport.flow()
        await hall.clock.advance(1)
        assert all(reader.documents["room"] == zoe.documents["room"] for reader in readers)


async def test_a_stalled_reader_that_keeps_asking_gets_no_more_than_fits() -> None:
    limits = Limits(stale_seconds=1000, ping_seconds=10_000, write_buffer_bytes=2000)
    async with Hall(limits=limits) as hall:
        ada = await hall.join("ada")
        for number in range(30):
            await hall.join(f"viewer{number}")
        ada.transport.stalled = True
        for _ in range(60):
            if ada.transport.reading:
                ada.say("people.list")
            await hall.clock.advance(0.5)
        assert ada.transport.most_buffered < 10_000


async def test_over_a_real_socket_a_stalled_reader_is_skipped_and_the_others_are_not() -> None:
    # A small receive window and a name of 500 characters in each update fill the kernel's buffers soon.
    limits = Limits(write_buffer_bytes=4096)
    async with (
        HubServer(RoomSettings("Talk"), limits=limits) as server,
        server.client("zoe", organizer(LONG_NAME)) as zoe,
    ):
        await zoe.welcomed()
        stalled, hear = await _stall(server)
        async with server.client("ada") as ada:
            await ada.welcomed()
            seat = await zoe.share_start("camera")
            connection = next(
                each for each in server.hub._connections if each.asker and each.asker.member.participant == "bob"
            )
            turns = 0
            while not connection.paused:
                turns += 1
                assert turns < 4000, "the server never noticed"
                await zoe.share_stop(seat)
                seat = await zoe.share_start("camera")
                await asyncio.sleep(0.04)
            await ada.until(lambda client: seat in client.room["seats"])
            assert connection.version == -1
            hear.set()
            await until(lambda: not connection.paused, "the reader caught up")
            await until(lambda: connection.version == ada.replica.version, "the reader got a fresh welcome")
        stalled.cancel()
        await asyncio.gather(stalled, return_exceptions=True)


async def _stall(server: HubServer) -> tuple[asyncio.Task[None], asyncio.Event]:
    """Join as bob over a socket with a tiny buffer, and read nothing until told."""
    hear = asyncio.Event()
    welcomed = asyncio.Event()

    async def read_slowly() -> None:
        loop = asyncio.get_running_loop()
        with socket.socket() as raw:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            raw.setblocking(False)
            await loop.sock_connect(raw, ("127.0.0.1", server.port))
            request = (
                f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Protocol: roomserver.v1.json\r\n\r\n"
            )
            await loop.sock_sendall(raw, request.encode())
            await loop.sock_recv(raw, 4096)
            hello = {"type": "hello", "id": 1, "ticket": server.ticket("bob")}
            await loop.sock_sendall(raw, _masked(encode(Subprotocol.JSON, hello)))
            await loop.sock_recv(raw, 64)
            welcomed.set()
            await hear.wait()
            while await loop.sock_recv(raw, 65536):
                pass

    task = asyncio.create_task(read_slowly())
    await welcomed.wait()
    return task, hear


def _masked(payload: bytes) -> bytes:
    return Frame(Opcode.TEXT, payload).serialize(mask=True)
