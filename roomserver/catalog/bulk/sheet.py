"""What a spreadsheet is once it is read, and how large it may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

MAX_SPREADSHEET_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000
"""Rows below the header."""
MAX_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands in the place of a cell that holds no value."""

    reason: str


Cell: TypeAlias = str | int | float | bool | datetime | date | time | timedelta | Unreadable | None
"""CSV has only text. XLSX knows numbers, truth values and moments; its moments have no zone."""

Value: TypeAlias = str | int | float | None
"""What is written: text, numbers and empty cells. Moments are written as text, which keeps their offset."""


class SpreadsheetError(ValueError):
    """The file as a whole can't be read or written. The text is a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    """As spreadsheet programs count: the header is row 1."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    """Without empty ones. A row may have fewer or more cells than the header."""


def collect(rows: Iterable[Sequence[Cell]]) -> Sheet:
    """Return the sheet whose first row names the columns.

    Raises:
        SpreadsheetError: there is no header, or there are too many rows or columns.
    """
    header: tuple[str, ...] | None = None
    found: list[Row] = []
    for number, row in enumerate(rows, 1):
        cells = _without_empty_end(row)
        if len(cells) > MAX_COLUMNS:
            raise SpreadsheetError(f"Row {number} has more than {MAX_COLUMNS} columns.")
        if header is None:
            header = tuple("" if cell is None else str(cell) for cell in cells)
        elif cells:
            if number > MAX_ROWS + 1:
                raise SpreadsheetError(f"The file has more than {MAX_ROWS:,} rows.")
            found.append(Row(number, cells))
    if not header:
        raise SpreadsheetError("The first row is empty. It must name the columns.")
    return Sheet(header, tuple(found))


def _without_empty_end(row: Sequence[Cell]) -> tuple[Cell, ...]:
    length = len(row)
    while length and (row[length - 1] is None or (isinstance(cell := row[length - 1], str) and not cell.strip())):
        length -= 1
    return tuple(row[:length])
