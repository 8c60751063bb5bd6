"""Lines through readings of two clocks that drift against one another. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRIFT = 0.0015
"""Seconds a second by which clocks drift at most."""

_NEIGHBOURS = 15
"""Readings whose median is believed: one that is off moves nothing."""

_ENOUGH, _LONG = 4, 20.0
"""Readings, and seconds between the first and the last, below which their slope is jitter."""

_SAMPLE = 200
"""Readings of which all pairs are compared."""

_SMOOTH = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A slope, and knots that deviate from it."""

    slope: float
    knots: Floats
    values: Floats

    def at(self, points: Floats) -> Floats:
        return self.slope * points + np.interp(points, self.knots, self.values)


def follow(points: Floats, values: Floats) -> Line:
    """The line that most of the values follow, each of which may be off by some milliseconds.

    `points` ascend; there is at least one."""
    slope = _slope(points, values)
    rest = values - slope * points
    reach = _NEIGHBOURS // 2
    middle = [float(np.median(rest[max(0, at - reach) : at + reach + 1])) for at in range(len(rest))]
    return Line(slope, points, np.array(middle))


def _slope(points: Floats, values: Floats) -> float:
    """The median of the slopes between all pairs (Theil and Sen)."""
    if len(points) < _ENOUGH or points[-1] - points[0] < _LONG:
        return 0.0
    chosen = np.unique(np.linspace(0, len(points) - 1, min(len(points), _SAMPLE)).astype(int))
    one, other = np.triu_indices(len(chosen), 1)
    runs = points[chosen][other] - points[chosen][one]
    rises = values[chosen][other] - values[chosen][one]
    apart = runs > _LONG / 2
    return float(np.clip(np.median(rises[apart] / runs[apart]), -DRIFT, DRIFT))


def earliest(points: Floats, values: Floats) -> Line:
    """The line below all values, as high as a clock's drift allows between those that were delayed least.

    `points` ascend; there is at least one. It doesn't depend on values that are minutes away unless they are lower."""
    # The highest function that lies below the values and rises or falls by no more than DRIFT, second by second.
    rising = np.minimum.accumulate(values - DRIFT * points) + DRIFT * points
    falling = np.minimum.accumulate((values + DRIFT * points)[::-1])[::-1] - DRIFT * points
    lowest = np.minimum(rising, falling)
    # It swings between rising and falling where packets are rare: its mean is calmer, and as true.
    first = np.floor(points[0])
    knots = np.arange(first, np.ceil(points[-1]) + 1.0)
    even = np.interp(knots, points, lowest)
    padded = np.pad(even, _SMOOTH // 2, mode="reflect", reflect_type="odd") if len(even) > _SMOOTH else even
    if len(even) > _SMOOTH:
        even = np.convolve(padded, np.ones(_SMOOTH + 1) / (_SMOOTH + 1), mode="valid")
    return Line(0.0, knots, even)
