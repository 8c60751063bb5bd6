"""The connections of a worker: each one's credentials, path, keys and end."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pylibsrtp

from signaling.media.forward import Counters, Link
from signaling.media.port import MediaUnavailable
from signaling.media.srtp import MAX_PACKET, Certificate, DtlsSrtp, PacketBuffer, SrtpContext, unprotect

CONSENT_SECONDS = 30.0
"""A connection without a valid connectivity check for so long is closed (RFC 7675, section 5.1)."""

HANDSHAKE_SECONDS = 10.0
HANDSHAKES = 64
"""Handshakes in progress at once: each costs the loop about 2 ms, and media must get its turn."""

KNOWN_ADDRESSES = 8
"""Addresses from which one client may send: its candidates, old and new ones while it moves."""

log = logging.getLogger(__name__)


class DatagramSocket(Protocol):
    """A bound socket, as a connection needs it. `paths` says whose datagrams come from where."""

    paths: dict[Any, Peer]

    def sendto(self, data: Any, address: Any, /) -> int: ...


class PeerHandler(Protocol):
    """What a connection is for: publishing or watching."""

    def ready(self, now: float) -> None:
        """The keys are there; media may be sent."""

    def rtp(self, data: memoryview, size: int, now: float) -> None:
        """An authentic packet, in a buffer that is used again after the call."""

    def rtcp(self, data: bytes, now: float) -> None: ...

    def closed(self) -> None:
        """The connection has ended, by whatever cause; called once."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """ICE user name fragment and password (RFC 8445, section 5.3: at least 24 and 128 bits)."""

    ufrag: str
    password: str


class Peer:
    """One client connection."""

    def __init__(
        self, peers: Peers, fingerprints: Sequence[tuple[str, str]], handler: PeerHandler, *, server: bool
    ) -> None:
        self._peers = peers
        self._handler = handler
        self._fingerprints = fingerprints
        self._server = server
        self._dtls = DtlsSrtp(peers.certificate, self._send_dtls, self.close)
        self._handshake: asyncio.Task[None] | None = None
        self._socket: DatagramSocket | None = None
        self._known: list[tuple[DatagramSocket, Any]] = []
        self._incoming: SrtpContext | None = None
        self._outgoing: SrtpContext | None = None
        self._old_ufrag: str | None = None
        self.credentials = peers.credentials_for(self)
        self.link = Link(self.send_rtcp)
        self.seen = time.monotonic()
        """When the last valid connectivity check came."""
        self.is_closed = False

    def restart_ice(self) -> None:
        """Give new credentials; the old ones hold until the client uses the new ones."""
        self._forget_old_credentials()
        self._old_ufrag = self.credentials.ufrag
        self.credentials = self._peers.credentials_for(self)

    def checked(self, socket: DatagramSocket, address: Any, ufrag: str, *, nominated: bool, now: float) -> None:
        """A valid connectivity check came from `address`."""
        self.seen = now
        if ufrag == self.credentials.ufrag:
            self._forget_old_credentials()
        if socket.paths.get(address) is not self:
            self._learn(socket, address)
        if self._socket is None or (nominated and (self._socket is not socket or self.link.address != address)):
            self._socket = socket
            self.link.address = address
            if self.link.sendto is not None:
                self.link.sendto = socket.sendto
        if self._handshake is None:
            self._handshake = asyncio.get_running_loop().create_task(self._connect())

    def dtls(self, data: bytes) -> None:
        """Take a DTLS datagram in; too many at once are dropped, which DTLS repairs."""
        self._dtls.receive(data)

    def media(self, buffer: PacketBuffer, size: int, now: float) -> bool:
        """Take an SRTP or SRTCP packet in from `buffer`; False if it isn't authentic."""
        if self._incoming is None or not 12 <= size <= MAX_PACKET:
            return False
        if 192 <= buffer.view[1] <= 223:
            try:
                data = self._incoming.unprotect_rtcp(bytes(buffer.view[:size]))
            except (pylibsrtp.Error, ValueError):
                return False
            self._handler.rtcp(data, now)
            return True
        buffer.length[0] = size
        if unprotect(self._incoming.context, buffer.raw, buffer.length):
            return False
        self._handler.rtp(buffer.view, buffer.length[0], now)
        return True

    def send_rtcp(self, data: bytes) -> None:
        link = self.link
        if link.sendto is None or self._outgoing is None:
            return
        try:
            link.sendto(self._outgoing.protect_rtcp(data), link.address)
        except OSError:
            self._peers.counters.send_drops += 1

    def close(self) -> None:
        """End the connection and say so to both sides. Closing twice is fine."""
        if self.is_closed:
            return
        self.is_closed = True
        self.link.sendto = None
        self._incoming = None
        self._forget_old_credentials()
        if self._handshake is not None and self._handshake is not asyncio.current_task():
            self._handshake.cancel()
        self._peers.end(self, self._dtls)
        self._handler.closed()

    def forget_paths(self) -> None:
        """Take no more datagrams; what DTLS still has to say can be sent."""
        for socket, address in self._known:
            if socket.paths.get(address) is self:
                del socket.paths[address]
        self._known.clear()

    async def _connect(self) -> None:
        contexts = None
        async with self._peers.handshakes:
            try:
                async with asyncio.timeout(HANDSHAKE_SECONDS):
                    contexts = await self._dtls.handshake(self._fingerprints, server=self._server)
            except TimeoutError:
                pass
            except Exception:
                # Whatever a hostile handshake makes the library raise ends this connection only.
                log.exception("DTLS handshake failed")
        if contexts is None or self._socket is None:
            self.close()
            return
        self._incoming, self._outgoing = contexts
        self.link.context = self._outgoing.context
        self.link.sendto = self._socket.sendto
        self._handler.ready(time.monotonic())

    def _learn(self, socket: DatagramSocket, address: Any) -> None:
        socket.paths[address] = self
        self._known.append((socket, address))
        if len(self._known) > KNOWN_ADDRESSES:
            current = (self._socket, self.link.address)
            oldest = next(each for each in self._known if each != current)
            self._known.remove(oldest)
            if oldest[0].paths.get(oldest[1]) is self:
                del oldest[0].paths[oldest[1]]

    def _forget_old_credentials(self) -> None:
        if self._old_ufrag is not None:
            self._peers.forget(self._old_ufrag)
            self._old_ufrag = None

    def _send_dtls(self, data: bytes) -> None:
        if self._socket is None:
            return
        try:
            self._socket.sendto(data, self.link.address)
        except OSError:
            self._peers.counters.send_drops += 1


class Peers:
    """All connections of a worker, by their ICE user name."""

    def __init__(self, counters: Counters, *, limit: int) -> None:
        self.certificate = Certificate()
        self.counters = counters
        self.handshakes = asyncio.Semaphore(HANDSHAKES)
        self._limit = limit
        self._by_ufrag: dict[str, tuple[Peer, str]] = {}
        self._peers: set[Peer] = set()
        self._closing: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._peers)

    def create(self, fingerprints: Sequence[tuple[str, str]], handler: PeerHandler, *, server: bool) -> Peer:
        """Make a connection for the owner of a certificate; raises MediaUnavailable if there are too many."""
        if len(self._peers) >= self._limit:
            raise MediaUnavailable("This media worker has as many connections as it may have.")
        peer = Peer(self, fingerprints, handler, server=server)
        self._peers.add(peer)
        return peer

    def credentials_for(self, peer: Peer) -> Credentials:
        credentials = Credentials(secrets.token_hex(4), secrets.token_hex(16))
        self._by_ufrag[credentials.ufrag] = (peer, credentials.password)
        return credentials

    def find(self, ufrag: str) -> tuple[Peer, str] | None:
        """The connection and password of an ICE user name."""
        return self._by_ufrag.get(ufrag)

    def forget(self, ufrag: str) -> None:
        self._by_ufrag.pop(ufrag, None)

    def expire(self, now: float) -> None:
        """Close the connections whose clients have ceased to consent."""
        for peer in [each for each in self._peers if now - each.seen > CONSENT_SECONDS]:
            peer.close()

    def end(self, peer: Peer, dtls: DtlsSrtp) -> None:
        """For `Peer.close`: forget a connection and let DTLS say good-bye."""
        self._peers.discard(peer)
        self.forget(peer.credentials.ufrag)
        peer.forget_paths()
        task = asyncio.get_running_loop().create_task(dtls.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Close all connections and wait until they are."""
        for peer in list(self._peers):
            peer.close()
        await asyncio.gather(*self._closing, return_exceptions=True)
