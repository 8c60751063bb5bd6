"""The sum of sounds never clips, and what is not loud passes unchanged."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recording.mixing import CEILING, KNEE, limit, mix

LOUD = np.linspace(-4, 4, 8001, dtype=np.float32)


def test_silence_is_the_sum_of_nothing() -> None:
    assert mix([], 1600).tolist() == [0.0] * 1600


def test_sounds_are_added() -> None:
    one, other = np.full(8, 0.25, np.float32), np.full(8, -0.125, np.float32)

    assert mix([one, other], 8).tolist() == [0.125] * 8


def test_fifty_loud_seats_stay_below_the_ceiling() -> None:
    seats = [np.sin(np.arange(1600, dtype=np.float32) * (0.01 + seat / 1000)) for seat in range(50)]

    assert float(np.abs(mix(seats, 1600)).max()) <= CEILING + 1e-6


def test_what_is_below_the_knee_passes_unchanged() -> None:
    quiet = LOUD[np.abs(LOUD) <= KNEE]

    assert np.array_equal(limit(quiet), quiet)


def test_louder_stays_louder_and_the_curve_has_no_corner() -> None:
    limited = limit(LOUD)

    assert np.all(np.diff(limited) >= 0)
    assert float(np.abs(limited).max()) <= CEILING + 1e-6
    assert float(np.abs(np.diff(limited, 2)).max()) < 1e-4
    assert np.array_equal(limited, -limit(-LOUD))


@given(st.integers(0, 8001))
def test_limiting_in_two_halves_is_limiting_once(cut: int) -> None:
    assert np.array_equal(np.concatenate((limit(LOUD[:cut]), limit(LOUD[cut:]))), limit(LOUD))
