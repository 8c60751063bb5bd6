"""The UDP side of a worker: one port on each address, ICE-lite, datagrams sorted by their first byte.

Sources: RFC 8445 (ICE, section 2.5: lite), RFC 8489 (STUN), RFC 7983 (first byte).
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import ifaddr
from aioice import stun

from signaling.media.forward import Counters
from signaling.media.peers import Peer, Peers
from signaling.media.srtp import PacketBuffer

READ_BATCH = 64
"""Datagrams taken from one socket before the others get their turn."""

MOST_BEHIND = 0.5
"""Seconds for which a socket may go without being read empty. Then the media that waits in it is let go: the system's
buffer holds many seconds, and a worker with too much to do would show the past instead of less."""

LET_GO = 20_000
"""Datagrams let go before other work gets its turn."""

SOCKET_BUFFER = 4 << 20
"""Bytes: a keyframe to a few hundred watchers leaves at once."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address at which clients reach the worker."""

    host: str
    port: int
    priority: int


def local_addresses() -> list[str]:
    """127.0.0.1 and every address of this machine that others could reach."""
    found = ["127.0.0.1"]
    for adapter in ifaddr.get_adapters():
        for each in adapter.ips:
            host = each.ip if isinstance(each.ip, str) else each.ip[0]
            address = ipaddress.ip_address(host)
            if not (address.is_loopback or address.is_link_local or host in found):
                found.append(host)
    return found


class BoundSocket:
    """A UDP socket on one address. Bound to that address alone: on the wildcard address the system
    would answer checks from another local address, and ICE would never complete."""

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                self._socket.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self.paths: dict[Any, Peer] = {}
        self.behind_since: float | None = None
        """Since when there was always more to read; None while it was read empty last time."""
        self.sendto = self._socket.sendto
        self.receive_into = self._socket.recvfrom_into

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()


class IceLite:
    """Answers connectivity checks and hands datagrams to the connections they belong to."""

    def __init__(self, peers: Peers, counters: Counters) -> None:
        self._peers = peers
        self._counters = counters
        self.sockets: list[BoundSocket] = []
        self._buffer = PacketBuffer()
        self._receiver = self._buffer.view[:2048]
        self.candidates: tuple[Candidate, ...] = ()
        self.late_at = -inf
        """When media was last let go because it had waited too long."""

    def open(self, hosts: Sequence[str], public: Sequence[str], port: int) -> None:
        """Bind `port` (0: any free one) on each of `hosts` and take datagrams from then on.

        `public` are addresses from which a NAT forwards the same port to here. Addresses that can't be
        bound are left out with a warning; OSError if none can.
        """
        loop = asyncio.get_running_loop()
        failure: OSError | None = None
        for host in hosts:
            try:
                bound = self._bind(host, port or (self.sockets[0].port if self.sockets else 0), any_port=port == 0)
            except OSError as error:
                log.warning("media cannot use %s, port %d: %s", host, port, error)
                failure = error
                continue
            self.sockets.append(bound)
            loop.add_reader(bound.fileno(), self._readable, bound)
        if not self.sockets:
            raise failure or OSError("there is none")
        reachable = [(host, self.sockets[-1].port) for host in public]
        # 127.0.0.1 serves only clients on this machine, so it comes last.
        own = sorted(((each.host, each.port) for each in self.sockets), key=lambda a: a[0] in ("127.0.0.1", "::1"))
        self.candidates = tuple(
            Candidate(host, number, 126 << 24 | (0xFFFF - place) << 8 | 0xFF)
            for place, (host, number) in enumerate([*reachable, *own])
        )

    def close(self) -> None:
        loop = asyncio.get_running_loop()
        for each in self.sockets:
            loop.remove_reader(each.fileno())
            each.close()
        self.sockets.clear()

    @staticmethod
    def _bind(host: str, port: int, *, any_port: bool) -> BoundSocket:
        try:
            return BoundSocket(host, port)
        except OSError:
            if not any_port or port == 0:
                raise
            return BoundSocket(host, 0)

    def _readable(self, bound: BoundSocket) -> None:
        self.read(bound, time.monotonic())

    def read(self, bound: BoundSocket, now: float) -> None:
        """Take what waits in a socket, or, if it has waited too long, let its media go."""
        if bound.behind_since is not None and now - bound.behind_since > MOST_BEHIND:
            self._let_go(bound, now)
            return
        for _ in range(READ_BATCH):
            try:
                size, address = bound.receive_into(self._receiver)
            except BlockingIOError:
                bound.behind_since = None
                return
            except OSError:
                # An ICMP error of something sent before; it says nothing of this read.
                continue
            self._take(bound, size, address, now)
        if bound.behind_since is None:
            bound.behind_since = now

    def _let_go(self, bound: BoundSocket, now: float) -> None:
        """Read the socket empty without its media: retransmissions and keyframes repair what is lost."""
        self.late_at = now
        for _ in range(LET_GO):
            try:
                size, address = bound.receive_into(self._receiver)
            except BlockingIOError:
                bound.behind_since = None
                return
            except OSError:
                continue
            if size and 128 <= self._buffer.view[0] < 192:
                self._counters.late_drops += 1
            else:
                self._take(bound, size, address, now)

    def _take(self, bound: BoundSocket, size: int, address: Any, now: float) -> None:
        try:
            self.datagram(bound, self._buffer, size, address, now)
        except Exception:
            # One client's bytes never end the worker of all. Reaching this line is a bug to mend.
            log.exception("datagram of %d bytes from %s", size, address)

    def datagram(self, bound: BoundSocket, buffer: PacketBuffer, size: int, address: Any, now: float) -> None:
        """Sort one datagram by its first byte (RFC 7983)."""
        if size == 0:
            return
        first = buffer.view[0]
        if 128 <= first < 192:
            self._counters.packets_in += 1
            self._counters.bytes_in += size
            peer = bound.paths.get(address)
            if peer is None or not peer.media(buffer, size, now):
                self._counters.input_drops += 1
        elif 20 <= first < 64:
            if (peer := bound.paths.get(address)) is not None:
                peer.dtls(bytes(buffer.view[:size]))
        elif first < 4:
            self._check(bound, bytes(buffer.view[:size]), address, now)

    def _check(self, bound: BoundSocket, data: bytes, address: Any, now: float) -> None:
        try:
            request = stun.parse_message(data)
        except (ValueError, struct.error):
            return
        if request.message_class != stun.Class.REQUEST or request.message_method != stun.Method.BINDING:
            return
        ufrag = request.attributes.get("USERNAME", "").partition(":")[0]
        found = self._peers.find(ufrag)
        if found is None:
            return
        peer, password = found
        key = password.encode()
        if not request.check_message_integrity(key):
            return
        response = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, request.transaction_id)
        response.attributes["XOR-MAPPED-ADDRESS"] = address[:2]
        response.add_message_integrity(key)
        try:
            bound.sendto(bytes(response), address)
        except OSError:
            self._counters.send_drops += 1
        peer.checked(bound, address, ufrag, nominated="USE-CANDIDATE" in request.attributes, now=now)
