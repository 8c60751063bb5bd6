"""Who may open a WebSocket at all: path, origin, subprotocol, and how many without a `hello` from one address."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Collection, Sequence
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from websockets.datastructures import Headers, MultipleValuesError
from websockets.exceptions import NegotiationError
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol as SubprotocolName

from signaling.wire.codec import Subprotocol

PATH = "/ws"

Rejection = tuple[HTTPStatus, str]


def _networks(proxy: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network("0.0.0.0/0"), ip_network("::/0")] if proxy == "*" else [ip_network(proxy, strict=False)]


def _plain(origins: Collection[str]) -> frozenset[str]:
    return frozenset(origin.rstrip("/").lower() for origin in origins)


class Doorkeeper:
    """`origins`: acceptable `Origin` headers like "https://event.example"; None: that of the server itself.

    `other_origins` are acceptable too: sites whose pages embed rooms. A page gets nowhere with that alone, as `hello`
    needs a ticket and no cookie counts. Programs send no Origin, so its absence is fine; browsers always send it.
    `proxies` are addresses or networks ("10.0.0.0/8", "*" for all) of reverse proxies whose `X-Forwarded-For` is
    believed. Raises ValueError for anything else.
    """

    def __init__(
        self,
        origins: Collection[str] | None,
        other_origins: Collection[str],
        proxies: Collection[str],
        at_most_per_address: int,
    ) -> None:
        self._origins = None if origins is None else _plain(origins)
        self._other_origins = _plain(other_origins)
        self._proxies = [network for proxy in proxies for network in _networks(proxy)]
        self._at_most = at_most_per_address
        self._without_hello: Counter[str] = Counter()

    def address(self, transport: asyncio.BaseTransport, headers: Headers) -> str:
        """Where the client is, as far as it can be trusted."""
        peer = transport.get_extra_info("peername")
        host = str(peer[0]) if isinstance(peer, tuple) and peer else ""
        claimed = [entry.strip() for entry in ",".join(headers.get_all("X-Forwarded-For")).split(",") if entry.strip()]
        # Each proxy adds whom it saw at the end: believed from there on, as long as a trusted proxy said it.
        while claimed and self._is_proxy(host):
            host = claimed.pop()
        return host

    def _is_proxy(self, host: str) -> bool:
        try:
            address = ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self._proxies)

    def rejection(self, request: Request, address: str) -> Rejection | None:
        """Why this handshake is refused; None if it may go on. Then `came` must be called."""
        if request.path.partition("?")[0] != PATH:
            return HTTPStatus.NOT_FOUND, f"There is no WebSocket here; rooms are at {PATH}.\n"
        try:
            origin, host = request.headers.get("Origin"), request.headers.get("Host", "")
        except MultipleValuesError:
            return HTTPStatus.BAD_REQUEST, "Origin and Host can be given only once.\n"
        if origin is not None and not self._is_allowed(origin.lower(), host.lower()):
            return HTTPStatus.FORBIDDEN, "Pages of this origin may not open rooms here.\n"
        if self._without_hello[address] >= self._at_most:
            return HTTPStatus.SERVICE_UNAVAILABLE, "Too many connections from this address haven't said hello yet.\n"
        return None

    def _is_allowed(self, origin: str, host: str) -> bool:
        if origin in self._other_origins:
            return True
        if self._origins is not None:
            return origin in self._origins
        try:
            return urlsplit(origin).netloc == host
        except ValueError:
            return False

    def came(self, address: str) -> None:
        """A connection is open and has not said hello."""
        self._without_hello[address] += 1

    def settled(self, address: str) -> None:
        """It said hello, or is gone."""
        self._without_hello[address] -= 1
        if self._without_hello[address] <= 0:
            del self._without_hello[address]


def select_subprotocol(_: ServerProtocol, offered: Sequence[SubprotocolName]) -> SubprotocolName:
    """The first of the client's subprotocols that this server speaks."""
    for name in offered:
        if name in _SPOKEN:
            return name
    raise NegotiationError("this server speaks the subprotocols " + " and ".join(sorted(_SPOKEN)))


_SPOKEN = frozenset(each.value for each in Subprotocol)


def hold_little_unsent(transport: asyncio.BaseTransport, unsent_bytes: int) -> None:
    """Let the kernel hide only so much of a slow reader's backlog from us; no effect on other than TCP sockets."""
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    connection = transport.get_extra_info("socket")
    if option is not None and connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.IPPROTO_TCP, option, unsent_bytes)
