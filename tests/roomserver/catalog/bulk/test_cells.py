from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomserver.catalog.bulk.cells import (
    CellError,
    is_empty,
    read_integer,
    read_moment,
    read_number,
    read_text,
    read_truth,
    read_word,
    write_moment,
    write_number,
    write_truth,
)
from roomserver.catalog.bulk.sheet import Cell, Unreadable
from roomserver.catalog.schedule import time_zone

BERLIN = time_zone("Europe/Berlin")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("a", "a"),
        (" a ", " a "),
        (None, ""),
        (7.0, "7"),
        (2.5, "2.5"),
        (1e300, "1e+300"),
        (True, "TRUE"),
        (datetime(2026, 3, 1, 18, 30), "2026-03-01 18:30:00"),  # noqa: DTZ001
        (date(2026, 3, 1), "2026-03-01"),
        (time(9, 30), "09:30:00"),
    ],
)
def test_any_cell_reads_as_the_text_it_shows(cell: Cell, text: str) -> None:
    assert read_text(cell) == text


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (read_truth, "yes", True),
        (read_truth, " Yes ", True),
        (read_truth, "TRUE", True),
        (read_truth, True, True),
        (read_truth, 1.0, True),
        (read_truth, "no", False),
        (read_truth, False, False),
        (read_truth, "0", False),
        (read_number, "5", 5.0),
        (read_number, " -2.5 ", -2.5),
        (read_number, "1e3", 1000.0),
        (read_number, 2.5, 2.5),
        (read_integer, "50", 50),
        (read_integer, 50.0, 50),
        (read_word, "Always open", "always_open"),
        (read_word, "invite-only", "invite_only"),
    ],
)
def test_values_are_read_as_people_write_them(read: Callable[[Cell], Any], cell: Cell, value: object) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "message"),
    [
        (read_truth, "maybe", "Write yes or no"),
        (read_truth, 2.0, "Write yes or no"),
        (read_number, "many", "Write a number, with a point before decimals"),
        (read_number, "1,5", "Write a number, with a point before decimals"),
        (read_number, "nan", "Write a number, with a point before decimals"),
        (read_number, "inf", "Write a number, with a point before decimals"),
        (read_number, "9" * 500, "Write a number, with a point before decimals"),
        (read_number, "1e999", "The number is too large"),
        (read_number, "٣", "Write a number, with a point before decimals"),
        (read_number, True, "Write a number, with a point before decimals"),
        (read_integer, "2.5", "Write a whole number"),
        (read_text, Unreadable("It holds the error #N/A"), "It holds the error #N/A"),
    ],
)
def test_what_does_not_fit_is_explained(read: Callable[[Cell], Any], cell: Cell, message: str) -> None:
    with pytest.raises(CellError) as refusal:
        read(cell)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2026-03-01T18:30:00+01:00", "2026-03-01T17:30:00+00:00"),
        ("2026-03-01t18:30:00z", "2026-03-01T18:30:00+00:00"),
        ("2026-03-01 18:30", "2026-03-01T17:30:00+00:00"),
        ("2026-07-01 8:30", "2026-07-01T06:30:00+00:00"),
        (" 2026-07-01 18:30:15 ", "2026-07-01T16:30:15+00:00"),
        (datetime(2026, 7, 1, 18, 30), "2026-07-01T16:30:00+00:00"),  # noqa: DTZ001
        (datetime(2026, 7, 1, 18, 29, 59, 999_999), "2026-07-01T16:30:00+00:00"),  # noqa: DTZ001
        (datetime(2026, 7, 1, 18, 30, 0, 1), "2026-07-01T16:30:00+00:00"),  # noqa: DTZ001
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00+00:00"),
    ],
)
def test_moments_are_read_in_the_zone_of_the_event(cell: Cell, utc: str) -> None:
    assert read_moment(cell, BERLIN).astimezone(UTC).isoformat() == utc


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("tomorrow", "Write a time like 2026-03-01 18:30, or with its offset: 2026-03-01T18:30:00+01:00"),
        ("01.03.2026 18:30", "Write a time like 2026-03-01 18:30, or with its offset: 2026-03-01T18:30:00+01:00"),
        ("2026-03-01", "Write a time like 2026-03-01 18:30, or with its offset: 2026-03-01T18:30:00+01:00"),
        (46082.0, "Write a time like 2026-03-01 18:30, or with its offset: 2026-03-01T18:30:00+01:00"),
        ("2026-02-30 18:30", "There is no such day or time"),
        ("2026-02-03 24:30", "There is no such day or time"),
        ("2026-02-03T18:30:00+99:00", "There is no such day or time"),
        ("2026-03-29 02:30", "Clocks are set forward here and never show this time"),
        ("2026-10-25 02:30", "Clocks are set back here and show this time twice; write it with its offset"),
        ("0001-01-01 00:00", "The year must be between 1970 and 2199"),
        ("9999-12-31 23:59", "The year must be between 1970 and 2199"),
    ],
)
def test_moments_that_are_none_or_two_are_refused(cell: Cell, message: str) -> None:
    with pytest.raises(CellError) as refusal:
        read_moment(cell, BERLIN)
    assert str(refusal.value) == message


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(
        ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "UTC", "Asia/Kolkata"]
    ),
)
def test_every_moment_comes_back_from_every_zone(moment: datetime, zone: str) -> None:
    whole = moment.replace(microsecond=0)
    written = write_moment(whole, time_zone(zone))
    assert read_moment(written, BERLIN) == whole


@given(st.floats(-1e9, 1e9))
def test_every_number_comes_back(number: float) -> None:
    assert read_number(write_number(number)) == number
    assert read_number(str(write_number(number))) == number


@given(st.booleans())
def test_truth_comes_back(value: bool) -> None:
    assert read_truth(write_truth(value)) is value


def test_blank_is_empty() -> None:
    assert [is_empty(cell) for cell in (None, "", " \t", "x", 0.0, False, Unreadable("x"))] == [True] * 3 + [False] * 4
