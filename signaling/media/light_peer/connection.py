"""A light peer's way to the server: one UDP socket, ICE as the controlling side, DTLS-SRTP by aiortc.

No task of its own beyond the one in which aiortc waits for DTLS datagrams; media is handled where it is read.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import cast

import pylibsrtp
from aioice import stun
from aiortc import RTCDtlsTransport, RTCIceTransport

from signaling.media.light_peer.offer import Answer, Offerer, certificate

CONSENT_SECONDS = 30.0
"""Without a valid answer for so long the path counts as lost (RFC 7675)."""

_CHECK_SECONDS = 5.0
_FIRST_CHECKS = (0.05, 0.1, 0.2, 0.4, 0.8)
_PRIORITY = 1853824767
_DATAGRAMS_PER_READ = 64
_DTLS_QUEUE = 64


@dataclass(slots=True)
class Loss:
    """Simulated loss of media (not of ICE or DTLS), as ratios from 0 to 1; may be changed at any time."""

    incoming: float = 0.0
    outgoing: float = 0.0
    seed: int = 1


class LightConnection:
    """Opens once, carries media until `close`, a DTLS close by the server, or the end of ICE consent.

    `on_rtp` gets plain packets, or protected ones where `decrypt` is False (the header is readable
    either way, RFC 3711); `on_rtcp` gets plain compounds; `on_closed` runs once when the other side ends.
    """

    def __init__(
        self,
        offerer: Offerer,
        on_rtp: Callable[[bytes], None],
        on_rtcp: Callable[[bytes], None],
        *,
        source: str = "0.0.0.0",  # noqa: S104 -- a client's ephemeral port, on whatever route leads to the server
        loss: Loss | None = None,
        decrypt: bool = True,
    ) -> None:
        self.on_closed: Callable[[], None] | None = None
        self.sent = self.received = self.dropped = 0
        self._offerer = offerer
        self._on_rtp, self._on_rtcp = on_rtp, on_rtcp
        self._source, self._decrypt = source, decrypt
        self._loss = loss
        self._random = Random(loss.seed if loss else None)  # noqa: S311 -- loss and timer jitter, no secrets
        self._loop = asyncio.get_running_loop()
        self._path = _Path(self._write)
        self._dtls = RTCDtlsTransport(cast(RTCIceTransport, self._path), [certificate()])
        self._dtls.on("statechange", self._dtls_changed)
        self._answer: Answer | None = None
        self._nominated = asyncio.Event()
        self._checks: set[bytes] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._confirmed = 0.0
        self._ready = self._closed = False
        self._socket = self._bind()

    @property
    def open(self) -> bool:
        return self._ready and not self._closed

    @property
    def remote(self) -> tuple[str, int] | None:
        """The server's address once ICE has found it."""
        return cast("tuple[str, int]", self._socket.getpeername()) if self._nominated.is_set() else None

    async def connect(self, answer: Answer, seconds: float = 10.0) -> None:
        """Do ICE and DTLS with the answering server. Raises ConnectionError, also when time is up."""
        self._answer = answer
        try:
            async with asyncio.timeout(seconds):
                self._check(attempt=0)
                await self._nominated.wait()
                self._dtls._set_role("server" if answer.dtls.role == "client" else "client")
                await self._dtls.start(answer.dtls)
        except TimeoutError:
            raise ConnectionError("no connection to the media server in time") from None
        if self._dtls.state != "connected":
            raise ConnectionError("the DTLS handshake with the media server failed")
        self._ready = True

    def renew(self, answer: Answer) -> None:
        """Go on with the answer to another offer on this connection (more streams, or ICE restarted)."""
        self._answer = answer
        self._check(attempt=0)

    def move(self) -> None:
        """Go on from another local port, as after a change of network; the server follows the next check."""
        old, self._socket = self._socket, self._bind()
        self._loop.remove_reader(old)
        old.close()
        self._nominated.clear()
        self._check(attempt=0)

    def send_rtp(self, packet: bytes) -> None:
        if self.open and not self._lose(outgoing=True):
            self._write(self._dtls._tx_srtp.protect(packet))

    def send_rtcp(self, packet: bytes) -> None:
        if self.open and not self._lose(outgoing=True):
            self._write(self._dtls._tx_srtp.protect_rtcp(packet))

    async def close(self) -> None:
        """Tell the server (DTLS close) and release everything; safe to call at any time and again."""
        task = self._dtls._task
        await self._dtls.stop()
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)
        self._release()

    def abandon(self) -> None:
        """Vanish without telling the server, as a client that loses power."""
        self._release()

    def _bind(self) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        sock.bind((self._source, 0))
        self._loop.add_reader(sock, self._readable)
        return sock

    def _release(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._path.end()
        self._loop.remove_reader(self._socket)
        self._socket.close()

    def _lost(self) -> None:
        if self._closed:
            return
        self._release()
        if self.on_closed is not None:
            self.on_closed()

    def _dtls_changed(self) -> None:
        if self._ready and self._dtls.state in ("closed", "failed"):
            self._lost()

    # --- datagrams -------------------------------------------------------------------------------

    def _write(self, data: bytes) -> None:
        if self._closed or not self._nominated.is_set():
            return
        try:
            self._socket.send(data)
        except OSError:  # no buffer space, or nobody behind the port: lost, as on any network
            self.dropped += 1
        else:
            self.sent += 1

    def _lose(self, *, outgoing: bool) -> bool:
        if self._loss is None:
            return False
        ratio = self._loss.outgoing if outgoing else self._loss.incoming
        return ratio > 0 and self._random.random() < ratio

    def _readable(self) -> None:
        receive = self._socket.recvfrom
        for _ in range(_DATAGRAMS_PER_READ):
            try:
                data, address = receive(2048)
            except BlockingIOError:
                return
            except OSError:  # an ICMP error of an earlier send
                continue
            if data:
                self._datagram(data, address)
            if self._closed:
                return

    def _datagram(self, data: bytes, address: tuple[str, int]) -> None:
        first = data[0]
        if first < 4:
            self._stun(data, address)
        elif 20 <= first < 64:
            self._path.push(data)
        elif 128 <= first < 192 and self._ready and not self._lose(outgoing=False):
            self.received += 1
            with suppress(pylibsrtp.Error):  # not ours, or a repeat
                if 192 <= data[1] <= 223:
                    self._on_rtcp(self._dtls._rx_srtp.unprotect_rtcp(data))
                elif self._decrypt:
                    self._on_rtp(self._dtls._rx_srtp.unprotect(data))
                else:
                    self._on_rtp(data)

    # --- ICE -------------------------------------------------------------------------------------

    def _check(self, attempt: int) -> None:
        """Ask every candidate, or nominate the one that answered first; set the time of the next request."""
        if self._closed or self._answer is None:
            return
        now = self._loop.time()
        if self._nominated.is_set() and now - self._confirmed > CONSENT_SECONDS:
            self._lost()
            return
        if len(self._checks) > 64:
            self._checks.clear()
        nominated = self._nominated.is_set()
        for target in self._answer.candidates:
            request = self._request(self._answer, nominate=nominated)
            self._checks.add(request.transaction_id)
            with suppress(OSError):
                if nominated:
                    self._socket.send(bytes(request))
                    break
                self._socket.sendto(bytes(request), target)
        self._schedule(attempt)

    def _schedule(self, attempt: int) -> None:
        delay = _FIRST_CHECKS[attempt] if attempt < len(_FIRST_CHECKS) else _CHECK_SECONDS
        delay *= 0.8 + 0.4 * self._random.random()  # many peers of one process must not check in step
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(delay, self._check, attempt + 1)

    def _request(self, answer: Answer, *, nominate: bool) -> stun.Message:
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{answer.ice.fragment}:{self._offerer.credentials.fragment}"
        request.attributes["PRIORITY"] = _PRIORITY
        request.attributes["ICE-CONTROLLING"] = 1
        if nominate:
            request.attributes["USE-CANDIDATE"] = None
        request.add_message_integrity(answer.ice.password.encode())
        return request

    def _stun(self, data: bytes, address: tuple[str, int]) -> None:
        try:
            message = stun.parse_message(data)
        except ValueError:
            return
        if message.message_class == stun.Class.REQUEST:
            self._answer_check(message, address)
        elif message.message_class == stun.Class.RESPONSE and message.transaction_id in self._checks:
            self._checks.discard(message.transaction_id)
            if self._answer is None or not message.check_message_integrity(self._answer.ice.password.encode()):
                return
            self._confirmed = self._loop.time()
            if not self._nominated.is_set():
                self._socket.connect(address)
                self._nominated.set()
                self._check(attempt=len(_FIRST_CHECKS))

    def _answer_check(self, request: stun.Message, address: tuple[str, int]) -> None:
        """A full ICE agent on the other side checks too (RFC 8445 section 7.3); an ICE-lite server never does."""
        key = self._offerer.credentials.password.encode()
        if not request.check_message_integrity(key):
            return
        response = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, request.transaction_id)
        response.attributes["XOR-MAPPED-ADDRESS"] = address
        response.add_message_integrity(key)
        with suppress(OSError):
            self._socket.sendto(bytes(response), address)


class _Path:
    """What aiortc's DTLS needs of an ICE transport; bounded, for a peer may send anything."""

    role = "controlling"

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(_DTLS_QUEUE)

    def push(self, data: bytes) -> None:
        with suppress(asyncio.QueueFull):
            self._queue.put_nowait(data)

    def end(self) -> None:
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def _recv(self) -> bytes:
        data = await self._queue.get()
        if data is None:
            raise ConnectionError
        return data

    async def _send(self, data: bytes) -> None:
        self._write(data)
