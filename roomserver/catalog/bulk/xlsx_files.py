"""XLSX workbooks: the first sheet is read, one sheet and its explanation are written."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from python_calamine import CalamineError, load_workbook

from roomserver.catalog.bulk.formulas import mark_text, unmark_text
from roomserver.catalog.bulk.sheet import Cell, Sheet, SpreadsheetError, Unreadable, Value, collect
from roomserver.catalog.bulk.xlsx_archive import NOT_READABLE, repack

MAX_CELL_CHARACTERS = 32_767
"""What Excel keeps of a cell; it cuts the rest off without a word."""

# ECMA-376 part 1, 22.9.2.19: characters that XML can't hold are written as _xHHHH_, and so is the underscore of
# a text that looks like that. XML parsers make a carriage return a line feed, so it is written like this as well.
_TO_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f]")
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def read_xlsx(content: bytes) -> Sheet:
    """Return the rows of the first sheet, with formulas as the values they last had.

    Raises:
        SpreadsheetError: the file is broken, empty or too large.
    """
    packed, faults = repack(content)
    try:
        with load_workbook(io.BytesIO(packed)) as workbook:
            rows: list[list[Cell]] = [[*row] for row in workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    except (CalamineError, OSError, ValueError) as error:
        raise SpreadsheetError(NOT_READABLE) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a Rust panic; its type can't be imported
            raise
        raise SpreadsheetError(NOT_READABLE) from error
    for (row, column), reason in faults.items():
        rows += [[] for _ in range(row - len(rows))]
        rows[row - 1] += [""] * (column - len(rows[row - 1]))
        rows[row - 1][column - 1] = Unreadable(reason)
    return collect([unmark_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Value]], notes: Iterable[Sequence[str]] = ()) -> bytes:
    """Return a workbook whose first sheet holds the rows; `notes` (name, meaning) fill a second one.

    Raises:
        SpreadsheetError: a text is longer than a cell can hold.
    """
    # Everything that can fail comes first: a workbook left half written leaves its temporary file behind.
    names = [str(_prepared(name)) for name in header]
    prepared = [[_prepared(value) for value in row] for row in rows]
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Data")
    sheet.freeze_panes = "A2"
    sheet.append([_text_cell(sheet, name, bold=True) for name in names])
    for row in prepared:
        sheet.append([_text_cell(sheet, value) if isinstance(value, str) else value for value in row])
    if notes := list(notes):
        explained = workbook.create_sheet("Columns")
        for note in notes:
            explained.append([_text_cell(explained, each) for each in note])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _prepared(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    text = _NOT_IN_XML.sub("\ufffd", mark_text(value))
    text = _TO_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    if len(text) > MAX_CELL_CHARACTERS:
        raise SpreadsheetError(
            f"A text is longer than {MAX_CELL_CHARACTERS:,} characters, which XLSX can't hold. Take CSV."
        )
    return text


def _text_cell(sheet: WriteOnlyWorksheet, text: str, *, bold: bool = False) -> object:
    cell = WriteOnlyCell(sheet)
    cell.value = text
    cell.data_type = "s"  # openpyxl takes "#N/A" for an error and "=1" for a formula
    if bold:
        cell.font = Font(bold=True)
    return cell
