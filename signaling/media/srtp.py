"""The one place that knows the private parts of aiortc's DTLS transport and of pylibsrtp.

aiortc is pinned exactly because of this file. It adds what aiortc doesn't offer: DTLS-SRTP without an ICE
transport of its own, and SRTP in place in one buffer (half the cost of `Session.protect`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_PROFILES,
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from aiortc.rtcicetransport import RTCIceTransport
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib

MAX_PACKET = 1500
"""The largest SRTP packet taken in; media packets sent stay under it by far."""

SRTP_TRAILER = 16 + 128
"""Room that libsrtp may need behind a packet."""

# AES-128-GCM first: 0.4 µs a packet cheaper than the 256-bit form that aiortc prefers.
_PROFILES = sorted(SRTP_PROFILES, key=lambda profile: profile is not SRTP_AEAD_AES_128_GCM)

QUEUED_DATAGRAMS = 32
"""DTLS datagrams that wait for one connection; a handshake has less than ten."""

protect: Callable[[Any, Any, Any], int] = lib.srtp_protect
"""protect(context, buffer.raw, buffer.length) encrypts `length` bytes in place; 0 is success."""

unprotect: Callable[[Any, Any, Any], int] = lib.srtp_unprotect


class PacketBuffer:
    """Memory in which packets are encrypted and decrypted in place."""

    __slots__ = ("length", "raw", "view")

    def __init__(self) -> None:
        self.raw = ffi.new("char[]", 2048 + SRTP_TRAILER)
        self.view = memoryview(ffi.buffer(self.raw)).cast("B")
        self.length = ffi.new("int *")


class SrtpContext:
    """One direction's SRTP keys."""

    __slots__ = ("_session", "context")

    def __init__(self, session: Session) -> None:
        self._session = session
        self.context = session._srtp[0]
        """For `protect` and `unprotect`; valid for as long as this object lives."""

    @classmethod
    def with_key(cls, key: bytes, *, inbound: bool) -> SrtpContext:
        """AES-128-GCM with a given key and salt (28 bytes), for measuring without a handshake."""
        kind = Policy.SSRC_ANY_INBOUND if inbound else Policy.SSRC_ANY_OUTBOUND
        policy = Policy(key=key, ssrc_type=kind, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM)
        policy.window_size = 1024
        return cls(Session(policy))

    def protect_rtcp(self, data: bytes) -> bytes:
        packet: bytes = self._session.protect_rtcp(data)
        return packet

    def unprotect_rtcp(self, data: bytes) -> bytes:
        """Raises pylibsrtp.Error or ValueError if the packet isn't authentic or too long."""
        packet: bytes = self._session.unprotect_rtcp(data)
        return packet


class Certificate:
    """A worker's certificate, the same for all its connections."""

    def __init__(self) -> None:
        self.inner = RTCCertificate.generateCertificate()
        first = self.inner.getFingerprints()[0]
        self.fingerprint = f"{first.algorithm} {first.value}"
        """As in SDP: "sha-256 AB:CD:..."."""


class _Datagrams:
    """What RTCDtlsTransport asks of an ICE transport."""

    role = "controlled"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send_datagram = send
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUED_DATAGRAMS + 1)

    def put(self, data: bytes | None) -> bool:
        # The last place is for the end (None), which must always fit.
        if self._queue.qsize() >= QUEUED_DATAGRAMS and (data is not None or self._queue.full()):
            return False
        self._queue.put_nowait(data)
        return True

    async def _recv(self) -> bytes:
        data = await self._queue.get()
        if data is None:
            raise ConnectionError
        return data

    async def _send(self, data: bytes) -> None:
        self._send_datagram(data)


class DtlsSrtp:
    """DTLS-SRTP over datagrams that the owner carries."""

    def __init__(self, certificate: Certificate, send: Callable[[bytes], None], closed: Callable[[], None]) -> None:
        self._datagrams = _Datagrams(send)
        self._closed = closed
        self._dtls = RTCDtlsTransport(cast(RTCIceTransport, self._datagrams), [certificate.inner])
        self._dtls._srtp_profiles = _PROFILES

    async def handshake(
        self, fingerprints: Sequence[tuple[str, str]], *, server: bool
    ) -> tuple[SrtpContext, SrtpContext] | None:
        """Shake hands with the owner of a certificate; returns the contexts to receive and to send, None on failure.

        Call once. `fingerprints` are (algorithm, value) pairs; at least one.
        """
        dtls = self._dtls
        dtls._set_role("server" if server else "client")
        await dtls.start(RTCDtlsParameters([RTCDtlsFingerprint(*each) for each in fingerprints]))
        if dtls.state != "connected":
            return None
        dtls.on("statechange", self._state_changed)
        return SrtpContext(dtls._rx_srtp), SrtpContext(dtls._tx_srtp)

    def receive(self, data: bytes) -> bool:
        """Take a DTLS datagram in; False if too many wait."""
        return self._datagrams.put(data)

    async def close(self) -> None:
        """Tell the other side (close_notify) and stop."""
        self._dtls.remove_all_listeners("statechange")
        task = self._dtls._task
        self._datagrams.put(None)
        await self._dtls.stop()
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)

    def _state_changed(self) -> None:
        if self._dtls.state == "closed":
            self._closed()
