"""Connectivity checks: who is answered, whose address is learnt, when a connection moves and when it ends."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aioice import stun

from signaling.media.forward import Counters
from signaling.media.ice_lite import MOST_BEHIND, READ_BATCH, BoundSocket, IceLite, local_addresses
from signaling.media.peers import CONSENT_SECONDS, HANDSHAKES, KNOWN_ADDRESSES, Peer, Peers
from signaling.media.port import MediaUnavailable
from signaling.media.srtp import PacketBuffer

HOME, ABROAD = ("192.0.2.10", 5000), ("198.51.100.7", 6000)


class Silent:
    """A connection's purpose, without any."""

    def __init__(self) -> None:
        self.ended = 0

    def ready(self, now: float) -> None: ...

    def rtp(self, data: memoryview, size: int, now: float) -> None: ...

    def rtcp(self, data: bytes, now: float) -> None: ...

    def closed(self) -> None:
        self.ended += 1


@dataclass
class HeldSocket:
    """Stands for a bound socket."""

    paths: dict[Any, Peer] = field(default_factory=dict)
    sent: list[tuple[bytes, Any]] = field(default_factory=list)

    def sendto(self, data: bytes, address: Any) -> int:
        self.sent.append((bytes(data), address))
        return len(data)


class Port:
    """A worker's port and one connection that waits for its client."""

    def __init__(self, limit: int = 100) -> None:
        counters = Counters()
        self.peers = Peers(counters, limit=limit)
        self.ice = IceLite(self.peers, counters)
        self.socket = HeldSocket()
        self.silent = Silent()
        self.peer = self.create()

    def create(self) -> Peer:
        return self.peers.create([("sha-256", "00")], self.silent, server=True)

    def receive(self, data: bytes, address: Any = HOME, now: float = 0.0, on: HeldSocket | None = None) -> None:
        buffer = PacketBuffer()
        buffer.view[: len(data)] = data
        self.ice.datagram(cast(BoundSocket, on or self.socket), buffer, len(data), address, now)

    def check(
        self, address: Any = HOME, *, nominate: bool = False, now: float = 0.0, on: HeldSocket | None = None
    ) -> None:
        self.receive(bytes(self.request(nominate=nominate)), address, now, on)

    def request(self, *, nominate: bool = False, ufrag: str = "", password: str = "") -> stun.Message:
        credentials = self.peer.credentials
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{ufrag or credentials.ufrag}:client"
        request.attributes["PRIORITY"] = 1
        request.attributes["ICE-CONTROLLING"] = 1
        if nominate:
            request.attributes["USE-CANDIDATE"] = None
        request.add_message_integrity((password or credentials.password).encode())
        return request


@pytest.fixture
async def port() -> Port:
    return Port()


async def test_a_check_is_answered_with_the_address_it_came_from(port: Port) -> None:
    request = port.request()
    port.receive(bytes(request))
    ((data, address),) = port.socket.sent[:1]
    response = stun.parse_message(data)
    assert address == HOME
    assert (response.message_class, response.transaction_id) == (stun.Class.RESPONSE, request.transaction_id)
    assert response.attributes["XOR-MAPPED-ADDRESS"] == HOME
    assert response.check_message_integrity(port.peer.credentials.password.encode())
    await port.peers.close()


async def test_a_check_over_ipv6_is_answered_too(port: Port) -> None:
    port.check(("2001:db8::1", 5000, 0, 0))
    assert stun.parse_message(port.socket.sent[0][0]).attributes["XOR-MAPPED-ADDRESS"] == ("2001:db8::1", 5000)
    await port.peers.close()


async def test_only_who_knows_the_password_is_answered_and_learnt(port: Port) -> None:
    good = bytes(port.request())
    unsigned = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    unsigned.attributes["USERNAME"] = f"{port.peer.credentials.ufrag}:x"
    indication = port.request()
    indication.message_class = stun.Class.INDICATION
    for data in (
        bytes(port.request(password="wrong")),
        bytes(port.request(ufrag="unknown")),
        bytes(unsigned),
        bytes(indication),
        good[:40],
        good[:-1],
        good[:25] + b"\xff" + good[26:],
        b"\0\1",
        b"",
    ):
        port.receive(data)
    assert port.socket.sent == []
    assert port.socket.paths == {}
    assert port.peer.link.address is None


async def test_a_connection_moves_when_a_new_address_is_nominated(port: Port) -> None:
    port.check(HOME, nominate=True)
    assert port.peer.link.address == HOME
    port.check(ABROAD)
    assert port.peer.link.address == HOME, "a check alone moves nothing"
    port.check(ABROAD, nominate=True)
    assert port.peer.link.address == ABROAD
    other = HeldSocket()
    port.check(ABROAD, nominate=True, on=other)
    assert set(port.socket.paths) == {HOME, ABROAD}
    assert set(other.paths) == {ABROAD}
    await port.peers.close()
    assert port.socket.paths == other.paths == {}
    assert port.silent.ended == 1


async def test_addresses_of_one_client_are_bounded_and_the_present_one_is_kept(port: Port) -> None:
    port.check(HOME, nominate=True)
    for number in range(50):
        port.check((f"198.51.100.{number}", 1))
    assert len(port.socket.paths) == KNOWN_ADDRESSES
    assert HOME in port.socket.paths
    await port.peers.close()


async def test_new_credentials_replace_the_old_when_they_are_used(port: Port) -> None:
    old = bytes(port.request())
    port.peer.restart_ice()
    port.receive(old)
    assert len(port.socket.sent) == 1, "the old ones hold for now"
    port.check(ABROAD)
    port.receive(old)
    assert [address for data, address in port.socket.sent] == [HOME, ABROAD]
    await port.peers.close()
    assert port.peers.find(port.peer.credentials.ufrag) is None


async def test_a_connection_without_checks_ends(port: Port) -> None:
    began = port.peer.seen
    port.check(now=began + 20)
    port.peers.expire(began + 20 + CONSENT_SECONDS)
    assert not port.peer.is_closed
    port.peers.expire(began + 21 + CONSENT_SECONDS)
    assert port.peer.is_closed
    assert len(port.peers) == 0
    await port.peers.close()


async def test_connections_are_bounded() -> None:
    port = Port(limit=3)
    peers = [port.create(), port.create()]
    with pytest.raises(MediaUnavailable, match="as many connections"):
        port.create()
    peers[0].close()
    port.create()
    await port.peers.close()


async def test_handshakes_in_progress_are_bounded() -> None:
    port = Port(limit=HANDSHAKES + 1)
    for number in range(HANDSHAKES):
        assert not port.peers.handshakes.locked()
        port.check(("192.0.2.1", 1000 + number))
        for _ in range(5):
            await asyncio.sleep(0)
        port.peer = port.create()
    assert port.peers.handshakes.locked()
    port.check(("192.0.2.1", 999))
    await port.peers.close()


async def test_a_flood_of_handshake_datagrams_is_bounded(port: Port) -> None:
    port.check()
    for _ in range(10_000):
        port.receive(b"\x16\xfe\xfd" + bytes(40))
    await port.peers.close()


async def test_a_port_is_bound_on_each_address() -> None:
    counters = Counters()
    ice = IceLite(Peers(counters, limit=1), counters)
    ice.open(["127.0.0.1", "127.0.0.2", "203.0.113.99"], ["198.51.100.1"], 0)
    try:
        ports = {each.port for each in ice.candidates}
        assert [each.host for each in ice.candidates] == ["198.51.100.1", "127.0.0.2", "127.0.0.1"]
        assert len(ports) == 1, "the same number wherever it is free"
        assert [each.priority for each in ice.candidates] == sorted((c.priority for c in ice.candidates), reverse=True)
        with pytest.raises(OSError, match="in use"):
            IceLite(Peers(counters, limit=1), counters).open(["127.0.0.1"], [], next(iter(ports)))
    finally:
        ice.close()


async def test_media_that_waited_too_long_is_let_go_and_checks_are_not() -> None:
    counters = Counters()
    ice = IceLite(Peers(counters, limit=1), counters)
    ice.open(["127.0.0.1"], [], 0)
    [bound] = ice.sockets
    media, check = b"\x80" + bytes(40), b"\x00" + bytes(40)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        try:
            for _ in range(3):
                for datagram in [media] * READ_BATCH:
                    client.sendto(datagram, ("127.0.0.1", bound.port))
            client.sendto(check, ("127.0.0.1", bound.port))
            ice.read(bound, 10.0)
            ice.read(bound, 10.0 + MOST_BEHIND)
            assert (counters.packets_in, counters.late_drops) == (2 * READ_BATCH, 0), "not late yet"

            ice.read(bound, 10.1 + MOST_BEHIND)
            assert (counters.packets_in, counters.late_drops) == (2 * READ_BATCH, READ_BATCH)
            assert ice.late_at == 10.1 + MOST_BEHIND

            client.sendto(media, ("127.0.0.1", bound.port))
            ice.read(bound, 20.0)
            assert counters.packets_in == 2 * READ_BATCH + 1, "read empty once, a socket is on time again"
        finally:
            ice.close()


def test_local_addresses_are_this_machines_and_loopback() -> None:
    found = local_addresses()
    assert found[0] == "127.0.0.1"
    assert len(set(found)) == len(found)
    assert not any(host.startswith(("fe80", "169.254")) for host in found)
