from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.table import DEFAULT_TABLE, MAX_SEATS, ViewerCapTable

PRODUCT_TABLE = """
    seats taken      | 1    | 2    | 3    | 4    | 5    | 10   | 12   | 15   | 20   | 25   | 50
    viewers at most  | 5000 | 3000 | 3000 | 3000 | 1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 500
"""

WHAT_HOLDS = """
    seats  viewers  because
    0      5000     with no seat taken the row for 1 holds
    1      5000     row
    2      3000     row
    4      3000     row
    5      1500     row
    6      1500     the row for 10 holds
    11     1500     the row for 12 holds
    24     1500     the row for 25 holds
    25     1500     row
    26     500      the row for 50 holds: never promise more than the table
    49     500      the row for 50 holds
    50     500      row
"""


def test_the_default_table_is_the_one_in_the_product_page() -> None:
    seats, viewers = ([int(cell) for cell in line.split("|")[1:]] for line in PRODUCT_TABLE.strip().splitlines())
    assert DEFAULT_TABLE.rows == tuple(zip(seats, viewers, strict=True))
    assert len(DEFAULT_TABLE.rows) == 11


@pytest.mark.parametrize("line", WHAT_HOLDS.strip().splitlines()[1:], ids=lambda line: " ".join(line.split()))
def test_cap_of(line: str) -> None:
    seats, viewers, *_ = line.split()
    assert DEFAULT_TABLE.cap(int(seats)) == int(viewers)


@pytest.mark.parametrize("seats", [-1, MAX_SEATS + 1])
def test_no_room_has_so_many_seats(seats: int) -> None:
    with pytest.raises(ValueError, match="0 to 50"):
        DEFAULT_TABLE.cap(seats)


@st.composite
def tables(draw: st.DrawFn) -> ViewerCapTable:
    seats = sorted(draw(st.sets(st.integers(1, MAX_SEATS - 1), max_size=12)) | {MAX_SEATS})
    caps = sorted(draw(st.lists(st.integers(1, 10_000), min_size=len(seats), max_size=len(seats))), reverse=True)
    return ViewerCapTable(tuple(zip(seats, caps, strict=True)))


def first_row_that_covers(table: ViewerCapTable, seats_taken: int) -> int:
    """The rule as one would explain it: go down the table until a row has enough seats."""
    for seats, viewers in table.rows:
        if seats >= max(seats_taken, 1):
            return viewers
    raise AssertionError("a table reaches 50")


@given(tables(), st.integers(0, MAX_SEATS))
def test_any_table_agrees_with_reading_it_row_by_row(table: ViewerCapTable, seats_taken: int) -> None:
    assert table.cap(seats_taken) == first_row_that_covers(table, seats_taken)


@given(tables())
def test_more_seats_never_mean_more_viewers(table: ViewerCapTable) -> None:
    caps = [table.cap(seats) for seats in range(MAX_SEATS + 1)]
    assert caps == sorted(caps, reverse=True)


@given(tables())
def test_what_a_table_writes_it_reads(table: ViewerCapTable) -> None:
    assert ViewerCapTable.parse(str(table)) == table


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("1:5000,10:3000,5:1500,50:500", "row 3 (5:1500): rows must be sorted by seats"),
        ("1:5000,2:3000,3:3001,50:500", "row 3 (3:3001): the cap must not rise with seats"),
        ("1:5000,2:3000,2:2000,50:500", "row 3 (2:2000): there is already a row for 2 seats"),
        ("1:5000,2:3000", "ends at row 2 with 2 seats: it must reach 50"),
        ("1:5000,51:400", "row 2 (51:400): a room has at most 50 seats"),
        ("0:6000,50:500", "row 1 (0:6000): seats must be 1 or more"),
        ("1:5000,50:0", "row 2 (50:0): viewers must be 1 or more"),
        ("1:5000,2", "row 2 ('2'): write seats:viewers"),
        ("1:5000,,50:500", "row 2 (''): write seats:viewers"),
        ("1:5000,2:-3,50:500", "row 2 ('2:-3'): write seats:viewers"),
        ("1:5000,2:3e3,50:500", "row 2 ('2:3e3'): write seats:viewers"),
        ("1:5000,²:30,50:500", "row 2 ('²:30'): write seats:viewers"),
        ("1:5000,2:" + "9" * 5000, "row 2 ('2:999"),
    ],
)
def test_a_bad_table_is_refused_with_its_row_named(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match="viewer cap table") as refusal:
        ViewerCapTable.parse(text)
    assert complaint in str(refusal.value)


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [((), "is empty"), (((1, 10), (50, -1)), "row 2 (50:-1): viewers"), (((-1, 10), (50, 1)), "row 1 (-1:10): seats")],
)
def test_a_bad_table_can_not_be_built_either(rows: tuple[tuple[int, int], ...], complaint: str) -> None:
    with pytest.raises(ValueError, match="viewer cap table") as refusal:
        ViewerCapTable(rows)
    assert complaint in str(refusal.value)


def test_spaces_in_a_setting_are_harmless() -> None:
    assert ViewerCapTable.parse(" 1 : 5000, 50:500 ") == ViewerCapTable(((1, 5000), (50, 500)))
