"""RTP packets: headers, header extensions and the VP8 payload descriptor. Pure.

Sources: RFC 3550 (RTP), RFC 8285 (header extensions), RFC 7741 (VP8), RFC 4588 (retransmission), RFC 6464
(audio level). Everything here reads untrusted bytes: malformed input gives None, never an exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import NamedTuple

HEADER = Struct("!BBHII")
_EXTENSION = Struct("!HH")
_SHORT = Struct("!H")

ONE_BYTE_EXTENSIONS = 0xBEDE
TWO_BYTE_EXTENSIONS = 0x1000

VIDEO_CLOCK = 90_000
AUDIO_CLOCK = 48_000

SILENCE = 127
"""Audio level of silence in -dBov; 0 is the loudest (RFC 6464)."""

Buffer = bytes | bytearray | memoryview


class Header(NamedTuple):
    """Where the parts of an RTP packet are. `marker` is 0x80 or 0, as in the packet's second byte."""

    marker: int
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    profile: int
    """The extension's profile, 0 without extension."""
    extension: int
    extension_end: int
    payload: int
    payload_end: int


def parse_header(data: Buffer, size: int) -> Header | None:
    """Read the header of the RTP packet in the first `size` bytes; None if it is malformed."""
    if size < HEADER.size:
        return None
    first, second, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    if first >> 6 != 2:
        return None
    at = HEADER.size + 4 * (first & 0x0F)
    profile = start = end = 0
    if first & 0x10:
        if at + 4 > size:
            return None
        profile, words = _EXTENSION.unpack_from(data, at)
        start = at + 4
        at = end = start + 4 * words
    stop = size
    if first & 0x20:
        padding = data[size - 1]
        if padding == 0:
            return None
        stop -= padding
    if at > stop:
        return None
    return Header(second & 0x80, second & 0x7F, sequence, timestamp, ssrc, profile, start, end, at, stop)


def extensions(data: Buffer, header: Header) -> dict[int, bytes]:
    """The header extensions by id, in the one-byte or the two-byte form; what is cut off is left out."""
    found: dict[int, bytes] = {}
    at, end = header.extension, header.extension_end
    two_byte = header.profile & 0xFFF0 == TWO_BYTE_EXTENSIONS
    if not two_byte and header.profile != ONE_BYTE_EXTENSIONS:
        return found
    while at < end:
        identifier = data[at]
        if identifier == 0:
            at += 1
            continue
        if two_byte:
            if at + 2 > end:
                break
            start, length = at + 2, data[at + 1]
        else:
            if identifier >> 4 == 15:
                break
            start, length = at + 1, (identifier & 0x0F) + 1
            identifier >>= 4
        at = start + length
        if at > end:
            break
        found[identifier] = bytes(data[start:at])
    return found


def signed_distance(newer: int, older: int, bits: int = 16) -> int:
    """How far `newer` is ahead of `older` on a counter of `bits` bits; negative if it is behind."""
    half = 1 << (bits - 1)
    return ((newer - older + half) & ((1 << bits) - 1)) - half


class Unwrapper:
    """Turns a counter that wraps into one that doesn't, by the shortest way from the newest value."""

    __slots__ = ("_bits", "newest")

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self.newest: int | None = None

    def unwrap(self, value: int) -> int:
        if self.newest is None:
            # One round above zero, so that values reordered before the first one stay positive.
            self.newest = value + (1 << self._bits)
            return self.newest
        index = self.newest + signed_distance(value, self.newest & ((1 << self._bits) - 1), self._bits)
        self.newest = max(self.newest, index)
        return index


class Vp8(NamedTuple):
    """What forwarding needs of a VP8 payload descriptor (RFC 7741, section 4.2)."""

    keyframe: bool
    """True for the packet with which a keyframe begins."""
    picture_id: int
    """-1 without."""
    picture_id_at: int
    """Offset of the picture id in the payload."""
    picture_id_bits: int
    """7 or 15; 0 without."""
    tl0: int
    """TL0PICIDX, -1 without."""
    tl0_at: int


def parse_vp8(payload: Buffer) -> Vp8 | None:
    """Read the VP8 payload descriptor; None if it is cut off."""
    size = len(payload)
    if size < 1:
        return None
    first = payload[0]
    at = 1
    picture_id, picture_id_at, picture_id_bits, tl0, tl0_at = -1, 0, 0, -1, 0
    if first & 0x80:
        if size < 2:
            return None
        has = payload[1]
        at = 2
        if has & 0x80:
            picture_id_at = at
            if size <= at:
                return None
            picture_id, picture_id_bits = payload[at], 7
            if picture_id & 0x80:
                if size <= at + 1:
                    return None
                picture_id, picture_id_bits = (picture_id & 0x7F) << 8 | payload[at + 1], 15
                at += 1
            at += 1
        if has & 0x40:
            if size <= at:
                return None
            tl0, tl0_at = payload[at], at
            at += 1
        if has & 0x30:
            at += 1
    begins = first & 0x10 and first & 0x07 == 0
    keyframe = bool(begins and size > at and not payload[at] & 0x01)
    return Vp8(keyframe, picture_id, picture_id_at, picture_id_bits, tl0, tl0_at)


def widen_picture_id(payload: bytes, vp8: Vp8, picture_id: int) -> bytes:
    """The same payload with its 7-bit picture id written as the 15-bit one `picture_id`."""
    at = vp8.picture_id_at
    return payload[:at] + _SHORT.pack(0x8000 | picture_id) + payload[at + 1 :]


@dataclass(slots=True)
class Packet:
    """A media packet of one source, free of its publisher's numbering of extensions, padding and RTX."""

    index: int
    """The sequence number, unwrapped: it grows for as long as the source lives."""
    timestamp: int
    marker: int
    payload: bytes
    keyframe: bool = False
    """A video keyframe begins with this packet."""
    picture_id: int = -1
    """15 bits; -1 without."""
    picture_id_at: int = 0
    tl0: int = -1
    tl0_at: int = 0
    level: int = SILENCE
    """Audio level in -dBov."""


class History:
    """The newest packets of a source, shared by everybody who may ask for one again.

    `size` is a power of two. A packet stays until one `size` places later is put.
    """

    __slots__ = ("_mask", "_ring")

    def __init__(self, size: int) -> None:
        assert size & (size - 1) == 0
        self._mask = size - 1
        self._ring: list[Packet | None] = [None] * size

    def put(self, packet: Packet) -> bool:
        """Keep a packet; False if it was there already (a repetition)."""
        place = packet.index & self._mask
        held = self._ring[place]
        if held is not None and held.index >= packet.index:
            return False
        self._ring[place] = packet
        return True

    def get(self, index: int) -> Packet | None:
        packet = self._ring[index & self._mask]
        return packet if packet is not None and packet.index == index else None
