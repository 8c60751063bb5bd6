"""Sums the sound of seats, and keeps the sum from clipping. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

KNEE = 10 ** (-3 / 20)
"""What is no louder passes unchanged (-3 dBFS)."""

CEILING = 10 ** (-0.3 / 20)
"""Nothing becomes louder (-0.3 dBFS)."""


def mix(sounds: Iterable[Samples], samples: int) -> Samples:
    """The limited sum of sounds of `samples` samples each; silence without any."""
    total = np.zeros(samples, np.float32)
    for sound in sounds:
        total += sound
    return limit(total)


def limit(sound: Samples) -> Samples:
    """Bend what is louder than the knee below the ceiling.

    Each sample for itself: without a memory, sound that is limited in two halves fits together."""
    loud = np.abs(sound)
    if not len(sound) or float(loud.max()) <= KNEE:
        return sound
    room = CEILING - KNEE
    bent = KNEE + room * np.tanh((loud - KNEE) / room)
    return np.where(loud > KNEE, np.copysign(bent, sound), sound).astype(np.float32)
