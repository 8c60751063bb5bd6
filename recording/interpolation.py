"""Samples between samples. Pure."""

from __future__ import annotations

from itertools import accumulate
from math import prod
from operator import mul

import numpy as np
from numpy.typing import NDArray

BEFORE, AFTER = 2, 3
"""Samples around a place that its value is computed of."""

_POINTS = range(-BEFORE, AFTER + 1)
_SCALES = [1.0 / prod(point - other for other in _POINTS if other != point) for point in _POINTS]


def interpolate(samples: NDArray[np.float32], places: NDArray[np.float64]) -> NDArray[np.float32]:
    """The values at `places`, which lie between 0 and the last sample; beyond both ends there is silence.

    A polynomial through six samples: flat within 1 dB up to 13 kHz at any place between two samples."""
    padded = np.concatenate((np.zeros(BEFORE, np.float32), samples, np.zeros(AFTER, np.float32)))
    whole = np.floor(places)
    part = places - whole
    at = whole.astype(np.intp)
    distances = [part - point for point in _POINTS]
    # The weight of each sample is the product of the distances to all others: those before it and those behind it.
    before = list(accumulate(distances[:-1], mul, initial=1.0))
    behind = list(accumulate(distances[:0:-1], mul, initial=1.0))[::-1]
    value = np.zeros(len(places))
    for number, scale in enumerate(_SCALES):
        value += scale * before[number] * behind[number] * padded[at + number]
    return value.astype(np.float32)
