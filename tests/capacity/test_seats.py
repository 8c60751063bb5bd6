from __future__ import annotations

import pytest

from capacity import seats


def test_a_reserved_seat_counts_as_taken() -> None:
    assert seats.taken(seats=3, grants=2) == 5


@pytest.mark.parametrize(
    ("taken", "at_most", "free"),
    [
        pytest.param(0, 50, 50, id="empty stage"),
        pytest.param(49, 50, 1, id="49 of 50: one screen fits"),
        pytest.param(50, 50, 0, id="full"),
        pytest.param(12, 10, 0, id="lowered below those on screen"),
        pytest.param(50, 99, 0, id="50 is the ceiling whatever a setting says"),
    ],
)
def test_free_seats(taken: int, at_most: int, free: int) -> None:
    assert seats.free(taken, at_most) == free


@pytest.mark.parametrize(("at_most", "valid"), [(0, False), (1, True), (50, True), (51, False), (-3, False)])
def test_a_session_has_1_to_50_seats(at_most: int, valid: bool) -> None:
    assert seats.is_valid_max(at_most) is valid
