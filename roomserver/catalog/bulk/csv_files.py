"""CSV (RFC 4180), as spreadsheet programs write it all over the world."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from roomserver.catalog.bulk.formulas import mark_text, unmark_text
from roomserver.catalog.bulk.sheet import Sheet, SpreadsheetError, Value, collect

_DELIMITERS = (",", ";", "\t")


def read_csv(content: bytes) -> Sheet:
    """Return the rows of a CSV file in UTF-8, or in UTF-16 with its mark, delimited by comma, semicolon or tab.

    Raises:
        SpreadsheetError: with the row at which reading ended.
    """
    text = _decode(content)
    return collect([unmark_text(cell) for cell in row] for row in _rows(text, _delimiter(text)))


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a CSV file in UTF-8 with its mark, without which Excel takes it for the code page of its country."""
    text = io.StringIO(newline="")
    # Everything is quoted: a cell then stays one, even in a program that splits at another sign.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for row in chain([header], rows):
        writer.writerow([mark_text(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _decode(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise SpreadsheetError(
            "The file is neither a spreadsheet nor text in UTF-8. Save it as “CSV UTF-8” or XLSX."
        ) from error
    if "\0" in text:
        raise SpreadsheetError("The file is neither a spreadsheet nor text.")
    return text


def _delimiter(text: str) -> str:
    """Return the sign that makes the most columns of the first row: no column has one of them in its name."""

    def columns(delimiter: str) -> int:
        try:
            return len(next(_rows(text, delimiter), []))
        except SpreadsheetError:
            return 0

    return max(_DELIMITERS, key=columns)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    # newline="" keeps line breaks inside of quotes as they are; strict refuses quotes that don't close.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise SpreadsheetError(f"Row {number} isn't valid CSV: {error}.") from error
        if row is None:
            return
        yield row
