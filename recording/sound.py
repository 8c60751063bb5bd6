"""The sound of a seat, sample by sample on the source's clock.

Every sample is computed from the sound around its time on the sender's clock, so that sound doesn't depend on where
reading began (but for what the decoder remembers, which fades within `RUN_IN`), and clocks that drift are followed
without a seam. What is missing for a moment is concealed by the decoder, what is missing for longer is silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from recording.clocks import Stretch
from recording.interpolation import AFTER, BEFORE, interpolate
from recording.opus import RATE, OpusDecoder
from recording.packets import MediaPacket, opus_samples
from recording.timed_tracks import SenderClock, TimedTrack
from recording.track_file import TrackFile

Samples = NDArray[np.float32]

RUN_IN = 5.0
"""Seconds before the first sample read, from which on packets are decoded."""

ENCODER_DELAY = 312
"""Samples by which an Opus encoder looks ahead: what is decoded is so much older than the packet says (6.5 ms)."""

CONCEALED = 4800
"""Samples of a gap that are concealed to its end (100 ms); of a longer one `_FADED` at its start."""

_FADED = 2880
_FADE = 240
"""Samples over which sound rises that none precedes (5 ms)."""

_SKIP = 2 * RATE
_DELAYED = 30.0
"""Seconds that a packet is believed to have been under way at most."""


class SeatSound:
    """The sound of one seat, from all of its audio tracks."""

    __slots__ = ("_streams",)

    def __init__(self, tracks: Sequence[TrackFile], clock: SenderClock) -> None:
        self._streams = [_Stream(timed) for timed in clock.of(tracks)]

    def read(self, position: int, samples: int) -> Samples:
        """Mono samples from `position` on, counted at 48 kHz since the Unix epoch; silence where there is no sound.

        Call with ascending positions; the first may be anywhere, and any may be left out. Raises OSError."""
        sound = np.zeros(samples, np.float32)
        start, end = position / RATE, (position + samples) / RATE
        for stream in self._streams:
            if stream.timed.first_arrival - _DELAYED > end or stream.timed.last_arrival + 1.0 < start:
                stream.close()
            else:
                stream.add(position, sound)
        return sound


class _Run:
    """Decoded sound without a gap, of which all that is no longer needed is forgotten."""

    __slots__ = ("_first", "_parts", "_stretch", "ended")

    def __init__(self, stretch: Stretch, first: int) -> None:
        self._stretch = stretch
        self._first = first
        """The place of the first sample held, on the track's clock."""
        self._parts: list[Samples] = []
        self.ended = False

    @property
    def end(self) -> int:
        return self._first + sum(map(len, self._parts))

    def extend(self, samples: Samples) -> None:
        if not self._parts:
            rise = min(_FADE, len(samples))
            samples[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
        self._parts.append(samples)

    def finish(self, tail: Samples) -> None:
        """The last samples, which fall silent."""
        self._parts.append(tail * np.linspace(1, 0, len(tail), dtype=np.float32))
        self.ended = True

    def add(self, begin: int, sound: Samples) -> bool:
        """Add what sounds from position `begin` on, counted from the clock's origin; whether more may follow."""
        held = np.concatenate(self._parts)
        times = (begin + np.arange(len(sound))) / RATE
        places = self._stretch.at(times) * RATE + (ENCODER_DELAY - self._first)
        start, end = np.searchsorted(places, (0, len(held) - 1))
        if start < end:
            sound[start:end] += interpolate(held, places[start:end])
        passed = min(int(places[-1]) - BEFORE, len(held))
        if passed > 0:
            held = held[passed:]
            self._first += passed
        self._parts = [held]
        return len(held) > 0 or not self.ended


class _Stream:
    """One track, decoded as reading goes on."""

    __slots__ = ("_decoder", "_next", "_packets", "_runs", "_until", "timed")

    def __init__(self, timed: TimedTrack) -> None:
        self.timed = timed
        self._packets: Iterator[MediaPacket] | None = None
        self._next: MediaPacket | None = None
        self._runs: list[_Run] = []
        self._decoder = OpusDecoder()
        self._until = 0

    def close(self) -> None:
        """Hold nothing any longer."""
        self._packets = self._next = None
        self._runs.clear()

    def add(self, position: int, sound: Samples) -> None:
        """Add what sounds from `position` on to `sound`."""
        if self._packets is None or position - self._until > _SKIP:
            self._open(position / RATE)
        self._until = position + len(sound)
        # Counted from the clock's origin: times since 1970 have too many digits for parts of a sample.
        begin = position - self.timed.clock.origin * RATE
        self._decode(begin + len(sound))
        self._runs = [run for run in self._runs if run.add(begin, sound)]

    def _open(self, time: float) -> None:
        self.close()
        self._decoder = OpusDecoder()
        self._packets = self.timed.packets(time - RUN_IN)
        self._pull()

    def _pull(self) -> None:
        """Look at the next packet that holds sound of a credible time."""
        assert self._packets is not None
        for packet in self._packets:
            delay = packet.arrival - self.timed.clock.time(packet.number, packet.timestamp)
            if -1.0 < delay < _DELAYED and opus_samples(packet.payload):
                self._next = packet
                return
        self._next = None

    def _decode(self, end: int) -> None:
        """Decode what begins before position `end`, and what is missing behind it."""
        clock = self.timed.clock
        while (packet := self._next) is not None:
            stretch = clock.stretches[clock.stretch(packet.number)]
            first = packet.timestamp - clock.base
            if stretch.time(first / RATE) * RATE - ENCODER_DELAY > end + AFTER:
                return
            self._take(packet, stretch, first)
            self._pull()
            self._settle(stretch)

    def _take(self, packet: MediaPacket, stretch: Stretch, first: int) -> None:
        samples = self._decoder.decode(packet.payload)
        if not self._runs or self._runs[-1].ended:
            self._runs.append(_Run(stretch, first))
        run = self._runs[-1]
        # A sender may repeat a part of its time; what was there first is kept.
        run.extend(samples[max(0, run.end - first) :])

    def _settle(self, stretch: Stretch) -> None:
        """Fill what is missing between the last run and the next packet, or end the run."""
        run, packet, clock = self._runs[-1], self._next, self.timed.clock
        missing = CONCEALED + 1
        if packet is not None and clock.stretches[clock.stretch(packet.number)] is stretch:
            missing = packet.timestamp - clock.base - run.end
        if missing > CONCEALED:
            run.finish(self._decoder.conceal(_FADED))
        elif missing > 0:
            run.extend(self._decoder.conceal(missing))
