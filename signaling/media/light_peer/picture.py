"""Decodes one video slot, to prove that what arrives is a picture, whose it is and that it never freezes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import av
from aiortc.codecs.vpx import VpxPayloadDescriptor

from signaling.media.light_peer.clip import colour_of

_WAIT_SECONDS = 0.6
"""How long a hole in the sequence may hold decoding up before the next keyframe is awaited instead."""

_BUFFERED = 1024


def starts_keyframe(payload: bytes) -> bool:
    """Whether a VP8 RTP payload begins a keyframe (RFC 7741 section 4.3). Raises ValueError for garbage."""
    if not payload or not payload[0] & 0x10 or payload[0] & 0x0F:
        return False
    _, data = VpxPayloadDescriptor.parse(payload)
    return bool(data) and not data[0] & 1


@dataclass(slots=True)
class PictureCounts:
    decoded: int = 0
    errors: int = 0
    """Frames that the decoder refused."""
    skips: int = 0
    """Times that packets were missing for so long that a keyframe had to be awaited."""
    longest_gap: float = 0.0
    """Seconds between two decoded frames at worst; set to 0 to measure anew."""
    width: int = 0
    height: int = 0


class PictureDecoder:
    """Takes packets in any order, by unwrapped sequence number, and decodes whole frames in order."""

    def __init__(self) -> None:
        self.counts = PictureCounts()
        self.colours: deque[int] = deque(maxlen=64)
        """The clip colours seen, each once when it appeared: the last is on screen now."""
        self.waits_for_keyframe = True
        self._codec = av.CodecContext.create("vp8", "r")
        self._codec.thread_count = 1
        self._next = 0
        self._buffer: dict[int, tuple[int, bytes]] = {}
        self._blocked_since: float | None = None
        self._frame = bytearray()
        self._last_decoded: float | None = None

    @property
    def colour(self) -> int | None:
        return self.colours[-1] if self.colours else None

    def push(self, sequence: int, marker: int, payload: bytes, now: float) -> None:
        if self.waits_for_keyframe:
            if not starts_keyframe(payload):
                return
            self.waits_for_keyframe = False
            self._buffer.clear()
            self._frame.clear()
            self._next = sequence
        elif sequence < self._next:
            return
        self._buffer[sequence] = marker, payload
        self._drain(now)

    def _drain(self, now: float) -> None:
        while (held := self._buffer.pop(self._next, None)) is not None:
            self._next += 1
            self._blocked_since = None
            marker, payload = held
            self._frame += VpxPayloadDescriptor.parse(payload)[1]
            if marker:
                self._decode(bytes(self._frame), now)
                self._frame.clear()
        if not self._buffer:
            return
        if self._blocked_since is None:
            self._blocked_since = now
        elif now - self._blocked_since > _WAIT_SECONDS or len(self._buffer) > _BUFFERED:
            self._blocked_since = None
            self.counts.skips += 1
            self.waits_for_keyframe = True

    def _decode(self, data: bytes, now: float) -> None:
        assert isinstance(self._codec, av.VideoCodecContext)
        try:
            frames = self._codec.decode(av.Packet(data))
        except av.FFmpegError:
            self.counts.errors += 1
            return
        for frame in frames:
            counts = self.counts
            counts.decoded += 1
            counts.width, counts.height = frame.width, frame.height
            if self._last_decoded is not None:
                counts.longest_gap = max(counts.longest_gap, now - self._last_decoded)
            self._last_decoded = now
            colour = colour_of(*(_centre(frame.planes[index]) for index in (1, 2)))
            if colour != self.colour:
                self.colours.append(colour)


def _centre(plane: av.video.plane.VideoPlane) -> float:
    """The mean of the middle row: the clips' colour is flat, so that one row says it all."""
    start = plane.height // 2 * plane.line_size
    row = memoryview(plane)[start : start + plane.width]
    return sum(row) / plane.width
