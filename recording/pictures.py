"""The pictures of a seat: which one to show at a time.

A picture is shown from its time until the next one. Where packets are missing, the last good picture stays until
a keyframe comes; after a second a damaged one that moves is preferred. Of the sizes that a camera is sent in, the
largest one that flows is shown. Where no picture came for some seconds there is none to show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import av

from recording.packets import CodedFrame, Frames, keyframe_size
from recording.timed_tracks import SenderClock, TimedTrack
from recording.track_file import TrackFile

HOLD = 5.0
"""Seconds for which the last picture stays when no more come."""

DAMAGED_AFTER = 1.0
"""Seconds after which a damaged picture is shown rather than none that moves."""

FLOWING = 1.0
"""Seconds without a picture after which another size is shown."""

_SKIP = 2.0
"""Seconds without a call after which decoding goes on at the last keyframe."""

MAX_PIXELS = 3840 * 2160
"""Larger pictures aren't decoded: a few bytes could ask for gigabytes."""

_EARLY = 2.0
"""Packets are read from so many seconds before a time on, for those that were overtaken."""

_DELAYED = 30.0
"""Seconds that a packet is believed to have been under way at most."""

_HOARD = 900
"""Frames held undecoded at most while looking for the last keyframe."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The picture to show; `serial` changes with it. `frame` is yuv420p of any size."""

    frame: av.VideoFrame
    serial: int


class SeatPictures:
    """The pictures of one seat, from all of its video tracks: sizes of one camera, and one after the other."""

    __slots__ = ("_hold", "_serial", "_shown", "_streams")

    def __init__(self, tracks: Sequence[TrackFile], clock: SenderClock, *, hold: float = HOLD) -> None:
        self._hold = hold
        self._streams = [_Stream(timed) for timed in clock.of(tracks)]
        self._shown: av.VideoFrame | None = None
        self._serial = 0

    def at(self, time: float) -> Shown | None:
        """The newest picture at Unix time `time`; None: there is none, or it is too old. Call with ascending times.

        The first call may be anywhere, and calls may leave out any time. Raises OSError."""
        best: _Stream | None = None
        for stream in self._streams:
            if stream.timed.first_arrival - _DELAYED > time or stream.timed.last_arrival + self._hold < time:
                stream.close()
                continue
            stream.advance(time)
            if stream.picture is None or time - stream.last > self._hold:
                continue
            if best is None or stream.rank(time) > best.rank(time):
                best = stream
        if best is None or best.picture is None:
            return None
        if best.picture is not self._shown:
            self._shown = best.picture
            self._serial += 1
        return Shown(self._shown, self._serial)


class _Stream:
    """One track, decoded as time goes on."""

    __slots__ = ("_broken", "_decoder", "_frames", "_next", "_started", "_time", "last", "picture", "timed")

    def __init__(self, timed: TimedTrack) -> None:
        self.timed = timed
        self.picture: av.VideoFrame | None = None
        self.last = 0.0
        """The time of the newest frame, shown or not."""
        self._time = 0.0
        self._frames: Iterator[tuple[float, CodedFrame]] | None = None
        self._next: tuple[float, CodedFrame] | None = None
        self._decoder: av.VideoCodecContext | None = None
        self._started = False
        """A keyframe has been decoded."""
        self._broken: float | None = None
        """Since when pictures are damaged."""

    def rank(self, time: float) -> tuple[bool, float, int]:
        """What is shown first: a sound picture that flows, the larger one; else what came last."""
        assert self.picture is not None
        size = self.picture.width * self.picture.height
        if self._broken is None and time - self.last <= FLOWING:
            return True, 0.0, size
        return False, self.last, size

    def close(self) -> None:
        """Hold nothing any longer."""
        self.picture = self._frames = self._next = self._decoder = None

    def advance(self, time: float) -> None:
        """Decode all that is due by `time`."""
        if self._frames is None or (time - self._time > _SKIP and self._keyframe_since(time)):
            self._open(time)
        self._time = time
        assert self._frames is not None
        due: list[tuple[float, CodedFrame]] = []
        while self._next is not None and self._next[0] <= time:
            if self._next[1].keyframe and self._next[1].whole:
                due.clear()
            due.append(self._next)
            self._next = next(self._frames, None)
            if len(due) > _HOARD:
                self._feed(*due.pop(0))
        for each in due:
            self._feed(*each)

    def _keyframe_since(self, time: float) -> bool:
        arrival = self.timed.keyframe_before(time)
        return arrival is not None and arrival > self._time

    def _open(self, time: float) -> None:
        self.close()
        self._started, self._broken, self.last = False, None, 0.0
        arrival = self.timed.keyframe_before(time)
        self._frames = self._timed_frames((self.timed.first_arrival if arrival is None else arrival) - _EARLY)
        self._next = next(self._frames, None)

    def _timed_frames(self, since: float) -> Iterator[tuple[float, CodedFrame]]:
        frames, clock = Frames(), self.timed.clock
        last = 0.0
        for packet in self.timed.packets(since):
            for frame in frames.push(packet):
                time = min(clock.time(frame.number, frame.timestamp), frame.arrival)
                last = max(last, time, frame.arrival - _DELAYED)
                yield last, frame

    def _feed(self, time: float, frame: CodedFrame) -> None:
        self.last = time
        if frame.keyframe and frame.whole:
            width, height = keyframe_size(frame.data) or (0, 0)
            self._started = 0 < width * height <= MAX_PIXELS
            self._broken = None if self._started else time
        elif self._broken is None and not (frame.whole and frame.follows):
            self._broken = time
        if not self._started or not frame.whole:
            return
        picture = self._decode(frame.data)
        if picture is None:
            self._broken = time if self._broken is None else self._broken
        elif self._broken is None or time - self._broken >= DAMAGED_AFTER:
            self.picture = picture

    def _decode(self, data: bytes) -> av.VideoFrame | None:
        if self._decoder is None:
            decoder = av.CodecContext.create("vp8", "r")
            assert isinstance(decoder, av.VideoCodecContext)
            decoder.thread_count = 1
            self._decoder = decoder
        try:
            pictures = self._decoder.decode(av.Packet(data))
        except av.FFmpegError:
            return None
        return pictures[-1] if pictures else None
