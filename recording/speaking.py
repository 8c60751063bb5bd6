"""Who speaks: of the loudness of each seat's sound, with enough patience not to flicker. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from math import log10

import numpy as np
from numpy.typing import NDArray

MEMORY = 5.0
"""Seconds of sound after which it hardly matters what was heard before."""

SPEECH, SILENCE = -45.0, -52.0
"""dBFS above which a seat begins to speak, and below which it has stopped."""

_LOUDER = 6.0
"""Decibels by which another seat must be louder to become the active one while that speaks."""

_PATIENCE = 12
_HANGOVER = 24
"""Measurements for which a seat must be louder, and for which one that falls silent still speaks."""

_PACE = 0.125
"""How far a level follows a measurement: two thirds of the way in a quarter of a second."""

_FLOOR = -100.0


def loudness(sound: NDArray[np.float32]) -> float:
    """The level of a sound in dBFS, at least -100."""
    power = float(np.mean(np.square(sound, dtype=np.float64))) if len(sound) else 0.0
    return 10 * log10(power) if power > 1e-10 else _FLOOR


class Speakers:
    """Follows who speaks. `active` is who spoke last, the loudest if several did; None until somebody on screen does.

    Whoever begins in the middle first tells the `MEMORY` seconds before, and soon agrees with who told all."""

    __slots__ = ("_challenged", "_levels", "_talking", "active")

    def __init__(self) -> None:
        self.active: str | None = None
        self._levels: dict[str, float] = {}
        self._talking: dict[str, int] = {}
        self._challenged = 0

    @property
    def talking(self) -> frozenset[str]:
        """The seats that speak right now."""
        return frozenset(self._talking)

    def hear(self, levels: Mapping[str, float]) -> None:
        """Take the levels (dBFS) of all seats on screen in one frame of the picture; of a muted seat, -100."""
        known = self._levels
        self._levels = {
            seat: (before := known.get(seat, _FLOOR)) + _PACE * (level - before) for seat, level in levels.items()
        }
        talking: dict[str, int] = {}
        for seat, level in self._levels.items():
            left = self._talking.get(seat, 0)
            left = _HANGOVER if level > SPEECH else left - 1 if level < SILENCE else left
            if left > 0:
                talking[seat] = left
        self._talking = talking
        self._choose()

    def _choose(self) -> None:
        if self.active not in self._levels:
            self.active = None
        if not self._talking:
            return
        loudest = max(self._talking, key=lambda seat: (self._levels[seat], seat))
        if self.active is None or self.active not in self._talking:
            self.active = loudest
        elif self._levels[loudest] < self._levels[self.active] + _LOUDER:
            self._challenged = 0
        else:
            self._challenged += 1
            if self._challenged > _PATIENCE:
                self.active, self._challenged = loudest, 0
