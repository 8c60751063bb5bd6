from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from roomserver.catalog.bulk.sheet import MAX_ROWS, Sheet, SpreadsheetError, Unreadable
from roomserver.catalog.bulk.spreadsheets import read_spreadsheet, write_spreadsheet

SHEET = "xl/worksheets/sheet1.xml"
TOO_MANY_ROWS = "The file has more than 10,000 rows."
NOT_READABLE = "The file isn't a readable XLSX workbook."


def workbook(fill: Callable[[Worksheet], object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(content: bytes, changes: dict[str, bytes | Callable[[bytes], bytes]], compression: int = 8) -> bytes:
    """An archive with some parts replaced or added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", compression) as new:
        for name in dict.fromkeys([*old.namelist(), *changes]):
            change = changes.get(name)
            if isinstance(change, bytes):
                new.writestr(name, change)
            else:
                new.writestr(name, change(old.read(name)) if change else old.read(name))
    return packed.getvalue()


PLAIN = workbook(lambda sheet: sheet.append(["title", "rank"]))


def with_rows(rows: bytes) -> bytes:
    return repacked(PLAIN, {SHEET: lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>")})


def test_cells_keep_their_kind() -> None:
    moment = datetime(2026, 3, 1, 18, 30)  # noqa: DTZ001 - spreadsheets know no zone
    row = ["text", 5, 2.5, True, moment, date(2026, 3, 1), time(9, 30), None, "end"]

    def fill(sheet: Worksheet) -> None:
        sheet.append([f"column {at}" for at in range(len(row))])
        sheet.append(row)

    (read,) = read_spreadsheet(workbook(fill)).rows
    assert [cell for cell in read.cells if cell not in ("", None)] == [each for each in row if each is not None]


def test_shared_texts_with_formatting_are_read_as_one() -> None:
    shared = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>title</t></si>'
        b"<si><r><t>bold</t></r><r><t xml:space='preserve'> and _x005F_x0041_ plain_x000D_</t></r></si></sst>"
    )
    content = with_rows(b'<row r="2"><c r="A2" t="s"><v>1</v></c></row>')
    (row,) = read_spreadsheet(repacked(content, {"xl/sharedStrings.xml": shared})).rows
    assert row.cells[0] == "bold and _x0041_ plain\r"


def test_only_the_first_sheet_counts() -> None:
    book = Workbook()
    first, second = book.active, book.create_sheet("other")
    assert isinstance(first, Worksheet)
    first.append(["title"])
    first.append(["x"])
    for _ in range(3):
        second.append(["large"] * 200)
    content = io.BytesIO()
    book.save(content)
    assert read_spreadsheet(content.getvalue()) == Sheet(("title",), read_spreadsheet(content.getvalue()).rows)


def test_cells_that_hold_no_value_are_told_from_empty_ones() -> None:
    content = with_rows(
        b'<row r="2"><c r="A2" t="e"><f>NA()</f><v>#N/A</v></c><c r="B2"><v>1</v></c></row>'
        b'<row r="3"><c r="A3"><f>A2</f><v></v></c></row>'
        b'<row r="4"><c r="A4" t="str"><f>"a"</f><v>a</v></c></row>'
    )
    second, third, fourth = read_spreadsheet(content).rows
    assert second.cells == (Unreadable("The cell holds the error #N/A"), 1.0)
    assert isinstance(third.cells[0], Unreadable)
    assert fourth.cells[0] == "a"


def test_formatted_empty_cells_far_away_do_no_harm() -> None:
    content = with_rows(
        b'<row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="0"/></row><row r="1048576"><c r="A1048576"/></row>'
    )
    assert [row.number for row in read_spreadsheet(content).rows] == [2]


def test_an_exported_file_explains_its_columns_on_a_second_sheet() -> None:
    content = write_spreadsheet("xlsx", ["title"], [["x"]], [("title", "=Required.")])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"=Required." in archive.read("xl/worksheets/sheet2.xml")
        for part in archive.namelist():
            assert b"<f>" not in archive.read(part)


def bomb_of_zeros() -> bytes:
    return repacked(PLAIN, {SHEET: b" " * 200_000_000})


def bomb_in_one_text() -> bytes:
    text = b"x" * 32_000
    shared = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + text + b"</t></si></sst>"
    )
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (at, at) for at in range(2, 5000))
    return repacked(with_rows(rows), {"xl/sharedStrings.xml": shared})


def bomb_of_entities() -> bytes:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    return repacked(PLAIN, {SHEET: lambda part: entities + part.replace(b"<sheetData>", b"<sheetData>&b;")})


def lying_directory() -> bytes:
    """An archive whose directory says that a part is 10 bytes long."""
    content = bytearray(repacked(PLAIN, {SHEET: b" " * 1_000_000}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = struct.pack("<I", archive.getinfo(SHEET).file_size)
    return bytes(content.replace(size, struct.pack("<I", 10)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), TOO_MANY_ROWS),
        (with_rows(b'<row r="2"><c r="XFD2"><v>1</v></c></row>'), "Row 2 has more than 100 columns."),
        (with_rows(b'<row r="9999999"><c><v>1</v></c></row>'), TOO_MANY_ROWS),
        (with_rows(b'<row r="9999999"><c r="A2"><v>1</v></c><c><v>1</v></c></row>'), TOO_MANY_ROWS),
        (with_rows(b'<x:row xmlns:x="y" r="99999"><x:c><x:v>1</x:v></x:c></x:row>'), TOO_MANY_ROWS),
        (with_rows(b'<row r="2"><c r="ZZZZ2"><v>1</v></c></row>'), NOT_READABLE),
        (with_rows(b'<row r="99999999999999999999"><c><v>1</v></c></row>'), NOT_READABLE),
        (with_rows(b'<row r="2"><c r="A2" t="s"><v>99</v></c></row>'), NOT_READABLE),
        (with_rows(b'<row r="2"><c r="A2">'), NOT_READABLE),
        (bomb_of_zeros(), "The workbook unpacks to more than 64 MB."),
        (bomb_in_one_text(), "The cells hold more text than can be read."),
        (bomb_of_entities(), NOT_READABLE),
        (lying_directory(), NOT_READABLE),
        (repacked(PLAIN, {}, zipfile.ZIP_LZMA), NOT_READABLE),
        (repacked(PLAIN, {"xl/workbook.xml": b"<workbook/>"}), "The workbook has no sheet."),
        (repacked(PLAIN, {"xl/_rels/workbook.xml.rels": b"<Relationships/>"}), NOT_READABLE),
        (repacked(PLAIN, {"[Content_Types].xml": b"<"}), NOT_READABLE),
        (PLAIN[:-30], NOT_READABLE),
    ],
    ids=[
        "last cell", "last column", "row number", "row differs from cell", "prefixed", "four letters", "huge number",
        "unknown text", "unclosed", "zeros", "repeated text", "entities", "lying size", "lzma", "no sheet",
        "no relation", "no types", "cut off",
    ],
)  # fmt: skip
def test_hostile_workbooks_are_refused_before_they_cost_anything(content: bytes, message: str) -> None:
    with pytest.raises(SpreadsheetError) as refusal:
        read_spreadsheet(content)
    assert str(refusal.value) == message


def test_damaged_workbooks_are_read_or_refused() -> None:
    chance = random.Random(7)
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (at, at) for at in range(2, 20))
    intact = with_rows(rows)
    with zipfile.ZipFile(io.BytesIO(intact)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    for _ in range(300):
        if chance.random() < 0.5:
            damaged = bytearray(intact)
        else:
            name = chance.choice(sorted(parts))
            part = bytearray(parts[name])
            for _ in range(chance.randint(1, 4)):
                part[chance.randrange(len(part))] = chance.randrange(32, 127)
            damaged = bytearray(repacked(intact, {name: bytes(part)}))
        for _ in range(chance.randint(0, 3)):
            damaged[chance.randrange(2, len(damaged))] = chance.randrange(256)
        try:
            sheet = read_spreadsheet(bytes(damaged))
        except SpreadsheetError:
            continue
        assert len(sheet.rows) <= MAX_ROWS
