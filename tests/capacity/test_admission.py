from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.admission import (
    SeatGiven,
    SeatsFull,
    ViewerCapInTheWay,
    admitted_from_line,
    new_seat,
    viewer_may_enter,
)
from capacity.table import ViewerCapTable

CAPS = ViewerCapTable.parse("1:10,2:5,50:3")

ENTERING = """
    viewers  cap  somebody earlier waits  exempt  comes in
    0        10   no                      no      yes
    9        10   no                      no      yes
    10       10   no                      no      no
    11       10   no                      no      no
    9        10   yes                     no      no
    10       10   no                      yes     yes
    12       10   yes                     yes     yes
"""


@pytest.mark.parametrize("line", ENTERING.strip().splitlines()[1:], ids=lambda line: " ".join(line.split()))
def test_entering(line: str) -> None:
    viewers, cap, earlier, exempt, comes_in = line.split()
    verdict = viewer_may_enter(
        viewers=int(viewers), cap=int(cap), earlier_waiting=earlier == "yes", exempt=exempt == "yes"
    )
    assert verdict is (comes_in == "yes")


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40))
def test_the_line_empties_as_if_each_came_in_by_themselves(viewers: int, cap: int, waiting: int) -> None:
    admitted = 0
    while waiting - admitted > 0 and viewers + admitted < cap:
        admitted += 1
    assert admitted_from_line(viewers=viewers, cap=cap, waiting=waiting) == admitted


OVERFLOW = """
    taken  max  viewers  after  setting      verdict
    0      50   10       9      keep         given
    0      50   10       9      refuse_seat  given
    1      50   7        6      keep         given, warned (6 viewers, cap 5)
    1      50   7        6      refuse_seat  cap in the way (7 viewers, cap 10 to 5)
    1      50   6        5      keep         given
    1      50   6        5      refuse_seat  given
    1      50   6        6      refuse_seat  cap in the way (6 viewers, cap 10 to 5)
    3      50   9        8      keep         given
    3      50   9        8      refuse_seat  given
    3      50   3        4      refuse_seat  cap in the way (3 viewers, cap 3 to 3)
    2      2    0        0      keep         full (2 of 2)
    3      2    0        0      refuse_seat  full (3 of 2)
    50     50   0        0      keep         full (50 of 50)
"""


@pytest.mark.parametrize("line", OVERFLOW.strip().splitlines()[1:], ids=lambda line: " ".join(line.split()))
def test_a_new_seat(line: str) -> None:
    taken, at_most, viewers, after, setting, *verdict = line.split()
    outcome = new_seat(
        CAPS,
        seats_taken=int(taken),
        max_on_screen=int(at_most),
        viewers=int(viewers),
        viewers_after=int(after),
        refuse_on_overflow=setting == "refuse_seat",
    )
    assert told(outcome) == " ".join(verdict)


def told(outcome: SeatGiven | SeatsFull | ViewerCapInTheWay) -> str:
    match outcome:
        case SeatGiven(viewers, cap, True):
            return f"given, warned ({viewers} viewers, cap {cap})"
        case SeatGiven():
            return "given"
        case SeatsFull(taken, at_most):
            return f"full ({taken} of {at_most})"
        case ViewerCapInTheWay(viewers, _, before, after):
            return f"cap in the way ({viewers} viewers, cap {before} to {after})"
