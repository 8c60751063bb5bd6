"""Spreadsheet files as rows of cells, and back, with every text coming back as it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from roomserver.catalog.bulk.csv_files import read_csv, write_csv
from roomserver.catalog.bulk.sheet import MAX_SPREADSHEET_BYTES, Sheet, SpreadsheetError, Value
from roomserver.catalog.bulk.xlsx_files import read_xlsx, write_xlsx

Format = Literal["csv", "xlsx"]
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


def read_spreadsheet(content: bytes) -> Sheet:
    """Return the rows of a CSV or XLSX file, told apart by its content.

    A large file takes a second or two of a core: call it in a thread.

    Raises:
        SpreadsheetError: the file is too large, too long, broken, empty or of another kind.
    """
    if len(content) > MAX_SPREADSHEET_BYTES:
        raise SpreadsheetError(f"The file is larger than {MAX_SPREADSHEET_BYTES // 1024**2} MB.")
    if content.startswith(_OLD_WORKBOOK):
        raise SpreadsheetError(
            "The file is an old XLS workbook or locked with a password. Save it as XLSX without one."
        )
    return read_xlsx(content) if content.startswith(b"PK") else read_csv(content)


def write_spreadsheet(
    file_format: Format, header: Sequence[str], rows: Iterable[Sequence[Value]], notes: Iterable[Sequence[str]] = ()
) -> bytes:
    """Return a file that `read_spreadsheet` reads as the same cells; `notes` explain the columns where there is room.

    Raises:
        SpreadsheetError: a text is longer than a cell of this format holds.
    """
    return write_csv(header, rows) if file_format == "csv" else write_xlsx(header, rows, notes)
