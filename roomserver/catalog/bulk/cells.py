"""One cell's value as text, number, truth value or moment, whichever way people and their programs wrote it."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from roomserver.catalog.bulk.sheet import Cell, Unreadable, Value
from roomserver.faults import Detail, Fault

_YES = frozenset({"yes", "true", "1", "y", "on", "x"})
_NO = frozenset({"no", "false", "0", "n", "off"})
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ tT](\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?([zZ]|[+-]\d\d:\d\d)?", re.ASCII)


class CellError(Exception):
    """A cell that doesn't fit its column."""

    def __init__(self, code: str, part: str = "", **values: Detail) -> None:
        self._fault = Fault("", code, values, part)
        super().__init__(self._fault.message)

    def at(self, column: str) -> Fault:
        return replace(self._fault, field=column)


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def read_text(cell: Cell) -> str:
    """Return what the cell shows; programs keep "007" typed into a plain cell as the number 7."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case bool():
            return str(cell).upper()
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime():
            return cell.isoformat(" ", "seconds")
        case Unreadable(reason=reason):
            raise CellError("bad_cell", reason=reason)
        case int() | float() | date() | time() | timedelta():
            return str(cell)


def read_truth(cell: Cell) -> bool:
    word = read_text(cell).strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise CellError("not_yes_or_no")


def write_truth(value: bool) -> Value:
    return "yes" if value else "no"


def read_number(cell: Cell) -> float:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        number = float(cell)
    else:
        text = read_text(cell).strip()
        if not _NUMBER.fullmatch(text):
            raise CellError("not_a_decimal")
        number = float(text)
    if not math.isfinite(number):
        raise CellError("number_too_large")
    return number


def read_integer(cell: Cell) -> int:
    number = read_number(cell)
    if not number.is_integer():
        raise CellError("not_a_whole_number")
    return int(number)


def write_number(value: float) -> Value:
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else value


def read_word(cell: Cell) -> str:
    """Return one of a field's fixed words; "Always open" is taken for always_open."""
    return re.sub(r"[\s-]+", "_", read_text(cell).strip().lower())


def read_moment(cell: Cell, zone: ZoneInfo) -> datetime:
    """Return a moment; one without offset is in the event's time zone.

    Raises:
        CellError: it is no moment, or the clock change makes it none or two.
    """
    if isinstance(cell, datetime):
        return _local(cell + timedelta(microseconds=500_000 - (cell.microsecond + 500_000) % 1_000_000), zone)
    match = _MOMENT.fullmatch(read_text(cell).strip())
    if match is None:
        raise CellError("not_a_moment")
    day, clock, offset = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock.zfill(5) if clock[1] == ':' else clock}{(offset or '').upper()}")
    except ValueError as error:
        raise CellError("no_such_time") from error
    return moment if offset else _local(moment, zone)


def write_moment(value: datetime | None, zone: ZoneInfo) -> Value:
    return None if value is None else value.astimezone(zone).isoformat()


def _local(wall: datetime, zone: ZoneInfo) -> datetime:
    if not 1900 <= wall.year <= 2300:
        raise CellError("year_out_of_range")
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall:
        raise CellError("time_shown_twice")
    raise CellError("time_never_shown")
