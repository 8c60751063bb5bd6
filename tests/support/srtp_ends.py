"""A connection's far end without a network: what a slot sends, decrypted."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from signaling.media.forward import Link
from signaling.media.rtp import Header, extensions, parse_header
from signaling.media.srtp import PacketBuffer, SrtpContext, unprotect


@dataclass(frozen=True, slots=True)
class Received:
    """A packet as a watcher gets it."""

    header: Header
    payload: bytes
    extensions: dict[int, bytes]
    contributors: tuple[int, ...]

    @property
    def sequence(self) -> int:
        return self.header.sequence


@dataclass
class FarEnd:
    """Takes everything that is sent on `link`."""

    received: list[Received] = field(default_factory=list)
    rtcp: list[bytes] = field(default_factory=list)
    full: bool = False
    """While set, the system's send buffer takes nothing."""

    def __post_init__(self) -> None:
        key = os.urandom(28)
        self._ours, self._theirs = SrtpContext.with_key(key, inbound=False), SrtpContext.with_key(key, inbound=True)
        self._buffer = PacketBuffer()
        self.link = Link(self.rtcp.append)
        self.link.context = self._ours.context
        self.link.sendto = self._sendto

    def of(self, ssrc: int) -> list[Received]:
        return [each for each in self.received if each.header.ssrc == ssrc]

    def _sendto(self, data: memoryview, _address: object) -> int:
        if self.full:
            raise BlockingIOError
        buffer = self._buffer
        buffer.view[: len(data)] = data
        buffer.length[0] = len(data)
        error = unprotect(self._theirs.context, buffer.raw, buffer.length)
        assert error == 0, f"not authentic, or sent before: libsrtp says {error}"
        packet = bytes(buffer.view[: buffer.length[0]])
        header = parse_header(packet, len(packet))
        assert header is not None
        count = packet[0] & 15
        contributors = tuple(int.from_bytes(packet[12 + 4 * i : 16 + 4 * i], "big") for i in range(count))
        payload = packet[header.payload : header.payload_end]
        self.received.append(Received(header, payload, extensions(packet, header), contributors))
        return len(data)
