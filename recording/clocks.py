"""When the media of a recording was made: from the clocks of its packets to the server's. Pure.

RTP timestamps count on a clock of each track. Sender reports tie it to the sender's own clock (NTP), which a
sender's audio and video share: what was made at the same time is told by it. Nobody's absolute time is trusted: a
packet arrives no earlier than it was made, so that the least delayed packets, second by second, tell the sender's
time on the server's clock, whatever the delays of the others. A clock may drift by 1500 ppm.

Tracks without believable reports are placed by their own least delays.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from math import inf
from statistics import median

import numpy as np
from numpy.typing import NDArray

from recording.drift import DRIFT, earliest, follow
from recording.outline import Outline, Piece, Report

Floats = NDArray[np.float64]

KNOT_SECONDS = 5.0
_SETTLE = 10.0
"""Seconds within which a delayed track comes back to its least delay; what stays delayed has a new time base."""

_SAME_DELAY = 0.4
_SAME_CLOCK = 0.25
"""Seconds by which two readings of one clock may differ."""

_STEP = 0.1
"""Seconds by which a sender report must differ from those before to be nonsense, or a step of the sender's clock."""

_AGREE = 3
"""Reports in a row that make a step believable."""

_FEW = 3
_ROUNDS = 10
"""Each brings a guess nearer by the drift of the clocks, which is far below one in ten."""

_NTP_EPOCH = 2_208_988_800
"""Unix time 0 on the clock of NTP."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a track with one time base."""

    number: int
    """Of its first packet."""
    media: Floats
    """Knots on the track's clock, in seconds."""
    times: Floats
    """Their times on the server's clock, in seconds since `TrackClock.origin`."""
    end: float
    """The time of its last packets."""

    def at(self, times: Floats) -> Floats:
        """The track's clock at times in seconds since `TrackClock.origin`."""
        return _along(times, self.times, self.media)

    def time(self, media: float) -> float:
        """The inverse of `at`."""
        after = min(max(bisect_right(self.media, media), 1), len(self.media) - 1)
        one, other = float(self.media[after - 1]), float(self.media[after])
        start, end = float(self.times[after - 1]), float(self.times[after])
        return start + (media - one) * (end - start) / (other - one)


@dataclass(frozen=True, slots=True)
class TrackClock:
    """Tells when the packets of one track were made. `origin` is a whole second of Unix time."""

    origin: int
    base: int
    rate: int
    stretches: tuple[Stretch, ...]

    def stretch(self, number: int) -> int:
        """The number of the stretch that a packet belongs to."""
        return max(0, bisect_right(self.stretches, number, key=lambda stretch: stretch.number) - 1)

    def time(self, number: int, timestamp: int) -> float:
        """The Unix time of a packet by its unwrapped numbers. It never decreases with both of them."""
        at = self.stretch(number)
        time = self.stretches[at].time((timestamp - self.base) / self.rate)
        if at:
            time = max(time, self.stretches[at - 1].end)
        return self.origin + time


def fit_clocks(outlines: Sequence[Outline]) -> list[TrackClock]:
    """The clocks of the tracks of one sender, in the order of their outlines, each of which has packets."""
    first = min(outline.first_arrival for outline in outlines)
    origin = int(first // KNOT_SECONDS * KNOT_SECONDS)
    parts = [_parts(outline, origin) for outline in outlines]
    for group in _groups([part for track in parts for part in track if part.reported]):
        _place(group)
    clocks = []
    for outline, track in zip(outlines, parts, strict=True):
        stretches: list[Stretch] = []
        for part in track:
            if part.times is None:
                _place([part])
            assert part.times is not None
            end = float(_along(part.media[-1:], part.knots, part.times)[0])
            stretches.append(Stretch(part.number, part.knots, part.times, end))
        clocks.append(TrackClock(origin, outline.base, outline.rate, tuple(stretches)))
    return clocks


class _Part:
    """A stretch in the making: the least delayed packet of each second, and what the sender's reports say."""

    __slots__ = ("_line", "arrivals", "knots", "media", "number", "reported", "times")

    def __init__(self, number: int, media: Floats, arrivals: Floats, reports: Sequence[Report], phase: float) -> None:
        self.number, self.media, self.arrivals = number, media, arrivals
        self.reported = bool(reports)
        points = np.array([report.media for report in reports] or [0.0])
        offsets = np.array([report.ntp - report.media for report in reports] or [phase])
        self._line = follow(points, offsets)
        self.times: Floats | None = None
        # Knots lie on round times of the sender's clock: they are the same wherever reading begins.
        low, high = self.sent(np.array([media.min(), media.max()])) / KNOT_SECONDS
        self.knots = self._media(np.arange(np.floor(low), np.ceil(high) + 2.0) * KNOT_SECONDS)

    def sent(self, media: Floats) -> Floats:
        """Times on the sender's clock; on the track's own without reports."""
        return media + self._line.at(media)

    def _media(self, sent: Floats) -> Floats:
        """The inverse of `sent`."""
        media = sent
        for _ in range(_ROUNDS):
            media = sent - self._line.at(media)
        return media


def _place(group: Sequence[_Part]) -> None:
    """Find the server's times of parts that share one sender's clock."""
    sent = np.concatenate([part.sent(part.media) for part in group])
    arrivals = np.concatenate([part.arrivals for part in group])
    order = np.argsort(sent, kind="stable")
    offset = earliest(sent[order], (arrivals - sent)[order])
    for part in group:
        knots = part.sent(part.knots)
        part.times = knots + offset.at(knots)


def _groups(parts: list[_Part]) -> list[list[_Part]]:
    """Put together what was sent at the same time by the same clock. A sender's clock may have been set meanwhile."""
    groups: list[list[_Part]] = []
    for part in sorted(parts, key=lambda part: float(part.arrivals[0])):
        home = [part]
        for group in groups[:]:
            if any(_same_clock(part, other) for other in group):
                groups.remove(group)
                home += group
        groups.append(home)
    return groups


def _same_clock(one: _Part, other: _Part) -> bool:
    start = max(one.arrivals[0], other.arrivals[0]) - _SETTLE
    end = min(one.arrivals[-1], other.arrivals[-1]) + _SETTLE
    delays = []
    for part in (one, other):
        near = (part.arrivals >= start) & (part.arrivals <= end)
        if not near.any():
            return False
        delays.append(float((part.arrivals[near] - part.sent(part.media[near])).min()))
    return abs(delays[0] - delays[1]) < _SAME_CLOCK


def _parts(outline: Outline, origin: int) -> list[_Part]:
    """The parts of a track with one time base each."""
    joined: list[list[Piece]] = []
    for number, piece in enumerate(outline.pieces):
        if joined and _continues(joined[-1], outline.pieces, number):
            joined[-1].append(piece)
        else:
            joined.append([piece])
    return [_part(pieces, origin, outline) for pieces in joined]


def _part(pieces: list[Piece], origin: int, outline: Outline) -> _Part:
    # A few packets with timestamps of their own are noise among the others: they tell nothing of the time.
    telling = [piece for piece in pieces if piece.packets >= _FEW] or pieces
    media = np.concatenate([np.asarray(piece.media) for piece in telling])
    arrivals = np.concatenate([np.asarray(piece.arrivals) for piece in telling]) - origin
    since = origin + _NTP_EPOCH
    reports = [report._replace(ntp=report.ntp - since) for piece in telling for report in piece.reports]
    # The phase of a clock that nothing is reported of doesn't depend on where reading began.
    phase = (outline.base & 0xFFFFFFFF) / outline.rate
    return _Part(pieces[0].number, media, arrivals, _believable(reports), phase)


def _continues(before: list[Piece], pieces: list[Piece], number: int) -> bool:
    """Whether piece `number` goes on with the time base of those `before` it: it was but delayed."""
    known = [report for piece in before[-8:] for report in piece.reports][-_AGREE:]
    new = pieces[number].reports[:_AGREE]
    if known and new:
        apart = abs(new[0].media - known[-1].media)
        return abs(_offset(new) - _offset(known)) < _SAME_CLOCK + DRIFT * apart
    end, start = before[-1].arrivals[-1], pieces[number].arrivals[0]
    recent = takewhile(lambda piece: piece.arrivals[-1] >= end - _SETTLE, reversed(before))
    soon = takewhile(lambda piece: piece.arrivals[0] <= start + _SETTLE, islice(pieces, number, None))
    old = min(_least_delay(piece, end - _SETTLE, end) for piece in recent)
    return abs(min(_least_delay(piece, start, start + _SETTLE) for piece in soon) - old) < _SAME_DELAY


def _least_delay(piece: Piece, start: float, end: float) -> float:
    near = slice(bisect_left(piece.arrivals, start), bisect_right(piece.arrivals, end))
    pairs = zip(piece.arrivals[near], piece.media[near], strict=True)
    return min((arrival - media for arrival, media in pairs), default=inf)


def _offset(reports: Sequence[Report]) -> float:
    return median(report.ntp - report.media for report in reports)


def _believable(reports: list[Report]) -> list[Report]:
    """The reports without the nonsensical ones, as if the sender's clock had never been set while the media ran."""
    believed: list[Report] = []
    doubted: list[Report] = []
    shift = 0.0
    for raw in reports:
        report = raw._replace(ntp=raw.ntp - shift)
        if believed and _agree(believed[-1], report):
            believed.append(report)
            doubted.clear()
            continue
        if doubted and not _agree(doubted[-1], report):
            doubted.clear()
        doubted.append(report)
        if len(doubted) == _AGREE or len(doubted) == len(reports):
            step = _offset(doubted) - _offset(believed[-_AGREE:]) if believed else 0.0
            shift += step
            believed += [each._replace(ntp=each.ntp - step) for each in doubted]
            doubted.clear()
    return believed


def _agree(one: Report, other: Report) -> bool:
    apart = other.media - one.media
    return apart > 0 and abs(other.ntp - one.ntp - apart) < _STEP + DRIFT * apart


def _along(points: Floats, knots: Floats, values: Floats) -> Floats:
    """Between the knots along the line, and beyond them at the same pace on both clocks."""
    beyond = np.maximum(points - knots[-1], 0.0) + np.minimum(points - knots[0], 0.0)
    return np.asarray(np.interp(points, knots, values) + beyond, np.float64)
