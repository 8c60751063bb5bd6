"""Whatever arrives, nothing is raised and the others go on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.media.light_peer import LightPublisher, tone_clip
from signaling.media.port import BadOffer
from signaling.media.rooms import PortSettings, Rooms
from signaling.media.srtp import PacketBuffer
from tests.support.media_room import HeldRoom, RecordedEvents, camera
from tests.support.noted_tap import NotedTap
from tests.support.waiting import until

FIRST_BYTES = st.sampled_from([0, 1, 3, 4, 19, 20, 22, 63, 64, 127, 128, 144, 176, 191, 192, 255])


@st.composite
def datagrams(draw: st.DrawFn) -> bytes:
    """Bytes of each class that a port tells apart by the first."""
    return bytes([draw(FIRST_BYTES)]) + draw(st.binary(max_size=120))


@pytest.fixture
async def rooms() -> AsyncIterator[Rooms]:
    rooms = Rooms(PortSettings(hosts=["127.0.0.1"]), RecordedEvents())
    rooms.open()
    yield rooms
    await rooms.close()


async def test_datagrams_from_anybody_and_from_a_client_harm_nothing(rooms: Rooms) -> None:
    rooms.stage("room", [camera("s1", 0)])

    async def exchange(sdp: str) -> str:
        return rooms.publish("room", "s1", sdp)

    publisher = LightPublisher(None, tone_clip(), source="127.0.0.1")
    await publisher.publish(exchange)
    (bound,) = rooms.ice.sockets
    (client,) = bound.paths
    buffer = PacketBuffer()

    @settings(max_examples=300)
    @given(datagrams(), st.booleans())
    def throw(data: bytes, as_client: bool) -> None:
        buffer.view[: len(data)] = data
        address = client if as_client else ("192.0.2.66", 6666)
        rooms.ice.datagram(bound, buffer, len(data), address, 1.0)

    throw()
    before = rooms.counters.packets_in
    await until(lambda: rooms.counters.packets_in > before + 10, "sound still comes in")
    assert not publisher.connection.dropped
    await publisher.close()


@given(st.lists(st.tuples(st.integers(0, 3), st.binary(max_size=100)), max_size=30))
def test_authentic_packets_of_any_content_harm_nothing(packets: list[tuple[int, bytes]]) -> None:
    room = HeldRoom(NotedTap())
    room.stage(camera("s1", 0), recording="rec_1")
    speaker, viewer = room.speaker("s1", rids=("l", "h")), room.viewer()
    speaker.frame("l", keyframe=True)
    ssrcs = [*speaker.ssrcs.values(), *speaker.repairs.values()]
    for kind, data in packets:
        if kind == 0:
            speaker.peer.handler.rtp(memoryview(bytearray(data + bytes(50))), len(data), room.now)
        elif kind == 1:
            ssrc = ssrcs[len(data) % len(ssrcs)]
            speaker.deliver(
                (96 + len(data) % 2, ssrc, len(data) * 999 & 0xFFFF, 0), data, data[:8] + bytes(-len(data[:8]) % 4)
            )
        elif kind == 2:
            speaker.rtcp(b"\x81" + data)
            viewer.rtcp(b"\x81\xcd\0\4\0\0\0\1" + viewer.ssrcs["v0"].to_bytes(4, "big") + data)
        else:
            viewer.peer.handler.rtp(memoryview(data), len(data), room.now)
            viewer.rtcp(b"\x8f\xce\0\5\0\0\0\1" + bytes(4) + b"REMB" + data)
        room.pass_time(0.1)
    speaker.frame("l", keyframe=True)
    room.pass_time(0.1)
    assert not viewer.peer.is_closed


@settings(max_examples=50)
@given(st.lists(st.tuples(st.booleans(), st.text(max_size=200)), max_size=5))
def test_offers_of_any_content_are_answered_or_refused(offers: list[tuple[bool, str]]) -> None:
    room = HeldRoom()
    room.stage(camera("s1", 0))
    speaker = room.speaker("s1")
    for publishes, text in offers:
        with suppress(BadOffer):
            if publishes:
                room.room.publish("s1", speaker.offerer.write()[: 40 * len(text)] + text)
            else:
                room.room.watch("w1", "bob", text)
    assert len(room.peers.made) <= 1 + len(offers)
