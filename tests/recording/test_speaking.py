"""Who speaks: levels of seats, thirty times a second."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from recording.speaking import MEMORY, Speakers, loudness

QUIET = -70.0
SECOND = 30


def hear(speakers: Speakers, seconds: float, **levels: float) -> list[str | None]:
    actives = []
    for _ in range(round(seconds * SECOND)):
        speakers.hear(levels)
        actives.append(speakers.active)
    return actives


def test_loudness_is_that_of_the_mean_power() -> None:
    assert loudness(np.full(1600, 0.1, np.float32)) == pytest.approx(-20, abs=0.01)
    assert loudness(np.zeros(1600, np.float32)) == loudness(np.zeros(0, np.float32)) == -100


def test_nobody_is_active_before_somebody_speaks() -> None:
    speakers = Speakers()

    assert hear(speakers, 3, a=QUIET, b=-100.0)[-1] is None
    assert not speakers.talking


def test_who_speaks_becomes_active_within_half_a_second_and_stays_so_in_silence() -> None:
    speakers = Speakers()

    assert "a" in hear(speakers, 0.6, a=-25.0, b=QUIET)
    assert speakers.talking == {"a"}
    assert hear(speakers, 5, a=QUIET, b=QUIET)[-1] == "a"
    assert not speakers.talking


def test_an_answer_makes_another_active() -> None:
    speakers = Speakers()
    hear(speakers, 3, a=-25.0, b=QUIET)

    answered = hear(speakers, 2.5, a=QUIET, b=-28.0)

    assert answered[-1] == "b"
    assert answered.index("b") < 2 * SECOND


def test_a_cough_and_a_pause_for_breath_change_nothing() -> None:
    speakers = Speakers()
    hear(speakers, 3, a=-25.0, b=QUIET)

    assert set(hear(speakers, 0.2, a=-25.0, b=-15.0) + hear(speakers, 2, a=-25.0, b=QUIET)) == {"a"}
    assert set(hear(speakers, 0.4, a=QUIET, b=QUIET) + hear(speakers, 1, a=-25.0, b=QUIET)) == {"a"}
    assert speakers.talking == {"a"}


def test_who_interrupts_loudly_becomes_active() -> None:
    speakers = Speakers()
    hear(speakers, 3, a=-30.0, b=QUIET)

    assert hear(speakers, 2, a=-30.0, b=-18.0)[-1] == "b"
    assert speakers.talking == {"a", "b"}


def test_two_who_are_equally_loud_do_not_flicker() -> None:
    speakers, random = Speakers(), Random(1)
    actives: list[str | None] = []
    for _ in range(60 * SECOND):
        actives += hear(speakers, 1 / SECOND, a=random.gauss(-28, 6), b=random.gauss(-28, 6))

    assert changes(actives) <= 2


def changes(actives: Sequence[str | None]) -> int:
    return sum(one != other for one, other in pairwise(actives))


def test_who_leaves_the_screen_is_not_active() -> None:
    speakers = Speakers()
    hear(speakers, 2, a=-25.0, b=QUIET)

    assert hear(speakers, 0.1, b=QUIET)[-1] is None
    assert not speakers.talking


def test_beginning_in_the_middle_agrees_with_beginning_at_the_start() -> None:
    random = Random(2)
    turns = [(random.choice("abc"), random.uniform(1.5, 6)) for _ in range(30)]
    levels = [
        {seat: random.gauss(-27 if seat == turn else -65, 4) for seat in "abc"}
        for turn, seconds in turns
        for _ in range(round(seconds * SECOND))
    ]
    whole = Speakers()
    actives = []
    for each in levels:
        whole.hear(each)
        actives.append((whole.active, whole.talking))

    for start in (10 * SECOND, 31 * SECOND, 60 * SECOND):
        part = Speakers()
        told = start - round(MEMORY * SECOND)
        for at in range(told, start + 5 * SECOND):
            part.hear(levels[at])
            assert at < start or (part.active, part.talking) == actives[at]
