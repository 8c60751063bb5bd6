"""The packets of a track: numbering without wrap, their order, and the frames of video that they make up. Pure.

Packets are written as they arrive. Offline there is time to wait for those that came late, repaired or by a longer
way; what then is missing never came.

Sources: RFC 3550 (RTP), RFC 7741 (VP8), RFC 6716 section 3.1 (durations of Opus packets).
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from struct import Struct
from typing import NamedTuple

from signaling.media.rtp import Unwrapper, parse_header, parse_vp8, signed_distance

PATIENCE = 3.0
"""Seconds that packets wait for a missing one before them: a publisher repairs no later."""

MAX_WAITING = 2048
"""Packets that wait at most."""

MAX_FRAME = 4 << 20
"""Bytes of a frame of video at most: what goes on for longer is none."""

_KEYFRAME = Struct("<3x3sHH")
_START_CODE = b"\x9d\x01\x2a"

_OPUS_MEDIUM = (480, 960, 1920, 2880)
_OPUS_SMALL = (120, 240, 480, 960)
MAX_OPUS_SAMPLES = 5760
"""Samples at 48 kHz in one Opus packet at most: 120 ms."""


class MediaPacket(NamedTuple):
    """A packet's place in its track. `number` and `timestamp` are unwrapped: they don't start anew at zero."""

    number: int
    timestamp: int
    marker: bool
    payload: bytes
    arrival: float
    """Unix time in seconds."""


class Numbering:
    """Unwraps sequence numbers and timestamps of a track's packets, in the order of their arrival.

    `index` and `timestamp` are those of the newest packet: whoever begins in the middle of a track begins with
    what they were there, and counts on as if from the start.
    """

    __slots__ = ("_sequences", "timestamp")

    def __init__(self, index: int | None = None, timestamp: int | None = None) -> None:
        self._sequences = Unwrapper(16)
        self._sequences.newest = index
        self.timestamp = timestamp

    @property
    def index(self) -> int | None:
        return self._sequences.newest

    def place(self, sequence: int, timestamp: int) -> tuple[int, int]:
        newest = self._sequences.newest
        index = self._sequences.unwrap(sequence)
        stamp = self.stamp(timestamp)
        if newest is None or index > newest:
            self.timestamp = stamp
        return index, stamp

    def stamp(self, timestamp: int) -> int:
        """Unwrap a timestamp by the shortest way from the newest packet's."""
        if self.timestamp is None:
            # One round above zero, so that what was reordered before the first one stays positive.
            return timestamp + (1 << 32)
        return self.timestamp + signed_distance(timestamp, self.timestamp & 0xFFFFFFFF, 32)


def read_packet(data: bytes, arrival: float, numbering: Numbering) -> MediaPacket | None:
    """The packet in the bytes of an RTP packet; None if they are none."""
    header = parse_header(data, len(data))
    if header is None:
        return None
    index, timestamp = numbering.place(header.sequence, header.timestamp)
    return MediaPacket(index, timestamp, bool(header.marker), data[header.payload : header.payload_end], arrival)


class InOrder:
    """Puts packets in the order of their numbers, each once, and waits `PATIENCE` for those that are missing."""

    __slots__ = ("_began", "_held", "_next", "_waiting")

    def __init__(self) -> None:
        self._began: float | None = None
        self._next: int | None = None
        self._waiting: list[MediaPacket] = []
        self._held: set[int] = set()

    def push(self, packet: MediaPacket) -> Iterator[MediaPacket]:
        """Take a packet; what can be handed on now. A packet that comes too late or again is dropped."""
        if (self._next is not None and packet.number < self._next) or packet.number in self._held:
            return
        heappush(self._waiting, packet)
        self._held.add(packet.number)
        if self._next is None:
            # Which packet is the first isn't known yet: those that were sent before may be late.
            self._began = packet.arrival if self._began is None else self._began
            if packet.arrival - self._began < PATIENCE and len(self._waiting) <= MAX_WAITING:
                return
            self._next = self._waiting[0].number
        while self._waiting:
            first = self._waiting[0]
            overdue = packet.arrival - first.arrival > PATIENCE or len(self._waiting) > MAX_WAITING
            if first.number != self._next and not overdue:
                return
            yield self._pop()

    def flush(self) -> Iterator[MediaPacket]:
        """What still waits, at the end of the track."""
        while self._waiting:
            yield self._pop()

    def _pop(self) -> MediaPacket:
        packet = heappop(self._waiting)
        self._held.discard(packet.number)
        self._next = packet.number + 1
        return packet


class CodedFrame(NamedTuple):
    """A frame of VP8 as far as it came."""

    number: int
    """Of its first packet."""
    timestamp: int
    data: bytes
    keyframe: bool
    whole: bool
    """None of its packets is missing."""
    follows: bool
    """No packet is missing between the frame before and this one."""
    arrival: float
    """When its last packet came, in Unix time."""


class Frames:
    """Puts the frames of VP8 together from packets in order."""

    __slots__ = ("_arrival", "_begins", "_data", "_first", "_follows", "_keyframe", "_last", "_timestamp")

    def __init__(self) -> None:
        self._last: int | None = None
        self._data: bytearray | None = None
        self._first = self._timestamp = 0
        self._arrival = 0.0
        self._begins = self._follows = self._keyframe = False

    def push(self, packet: MediaPacket) -> Iterator[CodedFrame]:
        """Take the next packet; the frames that it ends: one that breaks off before it, its own by its marker."""
        gap = self._last is not None and packet.number != self._last + 1
        vp8 = parse_vp8(packet.payload) if packet.payload else None
        if self._data is not None and (gap or packet.timestamp != self._timestamp):
            yield self._close(whole=self._begins and not gap)
        self._last = packet.number
        if vp8 is None:
            return  # padding, to probe the network
        at = _vp8_data(packet.payload)
        if self._data is None:
            self._data = bytearray()
            self._first, self._timestamp = packet.number, packet.timestamp
            self._begins = packet.payload[0] & 0x17 == 0x10
            self._follows, self._keyframe = not gap, vp8.keyframe
        self._arrival = max(self._arrival, packet.arrival)
        self._data += packet.payload[at:]
        if packet.marker:
            yield self._close(whole=self._begins)
        elif len(self._data) > MAX_FRAME:
            yield self._close(whole=False)

    def flush(self) -> Iterator[CodedFrame]:
        if self._data is not None:
            yield self._close(whole=False)

    def _close(self, *, whole: bool) -> CodedFrame:
        assert self._data is not None
        data, self._data = bytes(self._data), None
        return CodedFrame(self._first, self._timestamp, data, self._keyframe, whole, self._follows, self._arrival)


def _vp8_data(payload: bytes) -> int:
    """Where a VP8 payload's data begin behind its descriptor, which is known to be whole (RFC 7741 section 4.2)."""
    if not payload[0] & 0x80:
        return 1
    has = payload[1]
    at = 2
    if has & 0x80:
        at += 2 if payload[at] & 0x80 else 1
    if has & 0x40:
        at += 1
    if has & 0x30:
        at += 1
    return at


def keyframe_size(data: bytes) -> tuple[int, int] | None:
    """The width and height that a VP8 keyframe tells (RFC 6386 section 9.1); None if it tells none."""
    if len(data) < _KEYFRAME.size:
        return None
    code, width, height = _KEYFRAME.unpack_from(data)
    return (width & 0x3FFF, height & 0x3FFF) if code == _START_CODE else None


def opus_samples(payload: bytes) -> int:
    """The samples at 48 kHz that an Opus packet holds; 0 if it is malformed."""
    if not payload:
        return 0
    configuration, code = payload[0] >> 3, payload[0] & 3
    if configuration < 12:
        size = _OPUS_MEDIUM[configuration & 3]
    elif configuration < 16:
        size = _OPUS_MEDIUM[configuration & 1]
    else:
        size = _OPUS_SMALL[configuration & 3]
    count = 1 if code == 0 else 2
    if code == 3:
        count = payload[1] & 0x3F if len(payload) > 1 else 0
    samples = size * count
    return samples if samples <= MAX_OPUS_SAMPLES else 0
