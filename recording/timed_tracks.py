"""Track files with their clocks: packets in order, from any time on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path

from recording.clocks import TrackClock, fit_clocks
from recording.outline import Outline
from recording.packets import InOrder, MediaPacket, Numbering, read_packet
from recording.track_file import PACKET, REPORT, TrackFile
from signaling.media.feedback import SenderReport, parse_compound

_EARLIER = 1.0
"""Seconds before a time from which on packets are read, so that none is missed which was overtaken."""


class TimedTrack:
    """A track, its outline and its clock."""

    __slots__ = ("clock", "outline", "track")

    def __init__(self, track: TrackFile, outline: Outline, clock: TrackClock) -> None:
        self.track, self.outline, self.clock = track, outline, clock

    @property
    def first_arrival(self) -> float:
        return self.outline.first_arrival

    @property
    def last_arrival(self) -> float:
        return self.outline.last_arrival

    def packets(self, since: float) -> Iterator[MediaPacket]:
        """The packets in order, from some seconds before Unix time `since` on.

        None is older than the first that the clock was read of. Wherever reading begins, a packet's numbers are the
        same."""
        mark = self.outline.mark(since - _EARLIER)
        numbering = Numbering(mark.number, mark.timestamp) if mark else Numbering()
        order = InOrder()
        for record in self.track.records(mark.arrival if mark else self.first_arrival):
            if record.kind == PACKET:
                packet = read_packet(record.payload, record.arrival, numbering)
                if packet is not None:
                    yield from order.push(packet)
        yield from order.flush()

    def keyframe_before(self, time: float) -> float | None:
        """When the last keyframe that came before Unix time `time` began to come."""
        at = bisect_right(self.outline.keyframes, time)
        return self.outline.keyframes[at - 1] if at else None


class SenderClock:
    """The clocks of all tracks of one sender. Tracks without packets have none."""

    __slots__ = ("_tracks",)

    def __init__(self, tracks: Sequence[TimedTrack]) -> None:
        self._tracks: dict[Path, TimedTrack] = {timed.track.path: timed for timed in tracks}

    def of(self, tracks: Sequence[TrackFile]) -> list[TimedTrack]:
        """The timed tracks among `tracks`, by the arrival of their first packets."""
        timed = [self._tracks[track.path] for track in tracks if track.path in self._tracks]
        return sorted(timed, key=lambda each: each.first_arrival)


def read_clock(tracks: Sequence[TrackFile], *, since: float = 0.0, until: float = inf) -> SenderClock:
    """Read through the tracks of one sender, audio and video, and fit their clocks.

    With `since` and `until`, in Unix time, only what arrived between them is read: leave some minutes on both sides
    of what is rendered, and the clocks are the same there. Raises OSError."""
    outlined = [(track, _outline(track, since, until)) for track in tracks]
    telling = [(track, outline) for track, outline in outlined if outline.pieces]
    if not telling:
        return SenderClock([])
    clocks = fit_clocks([outline for _, outline in telling])
    return SenderClock([TimedTrack(*each, clock) for each, clock in zip(telling, clocks, strict=True)])


def _outline(track: TrackFile, since: float, until: float) -> Outline:
    outline = Outline(track.header.clock_rate, video=track.header.kind == "video")
    for record in track.records(since):
        if record.arrival > until:
            break
        if record.kind == PACKET:
            outline.packet(record.payload, record.arrival)
        elif record.kind == REPORT:
            message = next(parse_compound(record.payload), None)
            if isinstance(message, SenderReport):
                outline.report(message.timestamp, message.ntp, record.arrival)
    return outline
