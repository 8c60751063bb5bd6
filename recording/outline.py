"""What the clocks need of a track: when its packets came at the earliest, what its sender reported. Pure.

Hours of packets are kept as one point a second, so that the clocks of fifty people fit into memory.
Times on the track's own clock count in seconds from its first packet.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from recording.packets import Numbering, read_packet
from signaling.media.rtp import parse_vp8

JUMP = 0.5
"""Seconds by which a packet must come earlier or later than its timestamp says to be suspected of a new time base."""

MARK_SECONDS = 10.0
"""A mark is set so often."""

MAX_PIECES = 4096
"""A sender whose timestamps jump more often isn't followed."""

_WIDE = 30.0
"""Seconds between a sender report's timestamp and what the packets make of its time at most: more is nonsense."""

_OFTEN = 0.5
"""Seconds from a report to the next one that is taken."""

_NTP_UNIT = 2.0**-32


class Report(NamedTuple):
    """A sender report: the sender's clock read `ntp` seconds as its media read `media`."""

    media: float
    ntp: float


class Mark(NamedTuple):
    """Where reading may begin: the newest packet's numbers before Unix time `arrival`."""

    arrival: float
    number: int
    timestamp: int


@dataclass(slots=True)
class Piece:
    """Packets whose timestamps follow from one another as their arrivals do."""

    number: int
    """Of its first packet."""
    packets: int = 0
    media: array[float] = field(default_factory=lambda: array("d"))
    arrivals: array[float] = field(default_factory=lambda: array("d"))
    """Of one packet of each second, the one that came with the least delay: its time on both clocks."""
    reports: list[Report] = field(default_factory=list)


class Outline:
    """Draws a track's outline from its packets and reports, told in the order of their arrival."""

    __slots__ = (
        "_arrival", "_delay", "_second", "_video",
        "base", "first_arrival", "keyframes", "marks", "numbering", "pieces", "rate",
    )  # fmt: skip

    def __init__(self, rate: int, *, video: bool) -> None:
        self._video = video
        self.rate = rate
        """Ticks of the track's clock a second."""
        self.base = 0
        """The unwrapped timestamp of the first packet."""
        self.numbering = Numbering()
        self.first_arrival = 0.0
        """When the first packet came, in Unix time."""
        self.pieces: list[Piece] = []
        self.marks: list[Mark] = []
        self.keyframes = array("d")
        """When video keyframes began to arrive."""
        self._arrival = self._delay = 0.0
        self._second = -1

    @property
    def last_arrival(self) -> float:
        """When the newest packet came, in Unix time; 0 without packets."""
        return self._arrival

    def seconds(self, timestamp: int) -> float:
        """An unwrapped timestamp on the track's clock."""
        return (timestamp - self.base) / self.rate

    def packet(self, data: bytes, arrival: float) -> None:
        """Take an RTP packet that came at Unix time `arrival`."""
        index, timestamp = self.numbering.index, self.numbering.timestamp
        packet = read_packet(data, arrival, self.numbering)
        if packet is None:
            return
        if index is None or timestamp is None:
            self.base, self.first_arrival = packet.timestamp, arrival
        delay = arrival - self.seconds(packet.timestamp)
        if index is not None and packet.number <= index:
            self._overtaken(packet.number, delay)
            return
        if index is not None and timestamp is not None and self._mark_due(arrival):
            self.marks.append(Mark(arrival, index, timestamp))
        if not self.pieces or (abs(delay - self._delay) > JUMP and len(self.pieces) < MAX_PIECES):
            self.pieces.append(Piece(packet.number))
            self._second = -1
        self._note(self.pieces[-1], arrival, delay)
        self._arrival, self._delay = arrival, delay
        if self._video and packet.payload and (vp8 := parse_vp8(packet.payload)) is not None and vp8.keyframe:
            self.keyframes.append(arrival)

    def _overtaken(self, number: int, delay: float) -> None:
        """A packet that came late tells nothing of the least delay, but it may be one of the last piece's first."""
        if len(self.pieces) > 1 and abs(delay - self._delay) <= JUMP and number > self.pieces[-2].number:
            self.pieces[-1].number = min(self.pieces[-1].number, number)

    def _mark_due(self, arrival: float) -> bool:
        return not self.marks or arrival >= self.marks[-1].arrival + MARK_SECONDS

    def _note(self, piece: Piece, arrival: float, delay: float) -> None:
        piece.packets += 1
        second = int(arrival)
        if second != self._second:
            self._second = second
            piece.media.append(arrival - delay)
            piece.arrivals.append(arrival)
        elif delay < piece.arrivals[-1] - piece.media[-1]:
            piece.media[-1] = arrival - delay
            piece.arrivals[-1] = arrival

    def report(self, timestamp: int, ntp: int, arrival: float) -> None:
        """Take a sender report as it stands in RTCP."""
        if not self.pieces or ntp == 0:
            return
        media = self.seconds(self.numbering.stamp(timestamp))
        told = self.pieces[-1].reports
        if abs(arrival - self._delay - media) < _WIDE and (not told or abs(media - told[-1].media) > _OFTEN):
            told.append(Report(media, ntp * _NTP_UNIT))

    def mark(self, time: float) -> Mark | None:
        """The last mark before Unix time `time`; None: reading begins at the start of the track."""
        at = bisect_left(self.marks, (time,))
        return self.marks[at - 1] if at else None
