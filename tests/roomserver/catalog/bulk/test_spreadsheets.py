from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roomserver.catalog.bulk.sheet import MAX_COLUMNS, MAX_ROWS, MAX_SPREADSHEET_BYTES, Row, SpreadsheetError
from roomserver.catalog.bulk.spreadsheets import Format, read_spreadsheet, write_spreadsheet

ODD_TEXTS = [
    "a,b;c\td",
    'say "hi"',
    "two\nlines",
    "two\r\nlines",
    "old\rmac",
    " blanks ",
    "=1+1",
    "'=1+1",
    "'tis",
    "-5",
    "#N/A",
    "TRUE",
    "007",
    "1e5",
    "2026-03-01",
    "_x0041_",
    "_x000D_",
    "_x005F_x0041_",
    "\x01\x1f",
    "ünïcödé 日本語 עברית 👩‍👩‍👧",
    "\u2028",
    "<&>]]>",
    "\ufeff",
]
FORMATS: list[Format] = ["csv", "xlsx"]
texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\ufffe\uffff") | st.sampled_from("=+-@'\"\r\n\t,;_xX0Ff"),
    max_size=20,
)


@pytest.mark.parametrize("file_format", FORMATS)
def test_odd_texts_come_back_exactly(file_format: Format) -> None:
    header = ["=first", *(f"text {at}" for at in range(len(ODD_TEXTS))), "last"]
    sheet = read_spreadsheet(write_spreadsheet(file_format, header, [["x", *ODD_TEXTS, "y"]]))
    assert sheet.header == tuple(header)  # names may be an organizer's words too, as in an evaluation's results
    assert sheet.rows == (Row(2, ("x", *ODD_TEXTS, "y")),)


@settings(max_examples=60, deadline=None)
@given(file_format=st.sampled_from(FORMATS), rows=st.lists(st.lists(texts, min_size=3, max_size=3), max_size=4))
def test_any_text_comes_back_exactly(file_format: Format, rows: list[list[str]]) -> None:
    content = write_spreadsheet(file_format, ["key", "a", "b", "c", "end"], [["k", *row, "e"] for row in rows])
    read = [row.cells[1:4] for row in read_spreadsheet(content).rows]
    assert [tuple("" if cell is None else cell for cell in cells) for cells in read] == [tuple(row) for row in rows]


@pytest.mark.parametrize("file_format", FORMATS)
def test_numbers_and_empty_cells_come_back(file_format: Format) -> None:
    content = write_spreadsheet(file_format, ["a", "b", "c", "d"], [[5, None, -2.5, "x"]])
    (row,) = read_spreadsheet(content).rows
    assert [str(cell or "") for cell in row.cells] in (["5", "", "-2.5", "x"], ["5.0", "", "-2.5", "x"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_csv_is_read_as_programs_write_it(delimiter: str, encoding: str, line_break: str) -> None:
    lines = [["id", "title", "description"], ["", "Größe", '"a, b; c"'], ["ses_1", '"two\nlines"', '"the ""x"""']]
    content = line_break.join(delimiter.join(line) for line in lines).encode(encoding)
    sheet = read_spreadsheet(content)
    assert sheet.header == ("id", "title", "description")
    assert [row.cells for row in sheet.rows] == [("", "Größe", "a, b; c"), ("ses_1", "two\nlines", 'the "x"')]


def test_rows_are_numbered_as_programs_show_them() -> None:
    content = b'title,x\n"two\nlines",1\n\n,\n  ,\nlast,2\n'
    assert [(row.number, row.cells[0]) for row in read_spreadsheet(content).rows] == [(2, "two\nlines"), (6, "last")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The first row is empty. It must name the columns."),
        (b"\n\na,b\n", "The first row is empty. It must name the columns."),
        (b" , \na,b\n", "The first row is empty. It must name the columns."),
        (b"title\n\xff\xfe\xfa\n", "The file is neither a spreadsheet nor text in UTF-8."),
        ("títle\nü\n".encode("latin-1"), "The file is neither a spreadsheet nor text in UTF-8."),
        (b"title\na\0b\n", "The file is neither a spreadsheet nor text."),
        (b'title\na\n"b', "Row 3 isn't valid CSV: unexpected end of data."),
        (b'title\n"a"b\n', "Row 2 isn't valid CSV: ',' expected after '\"'."),
        (b"title\n" + b"x" * 200_000, "Row 2 isn't valid CSV: field larger than field limit (131072)."),
        (codecs.BOM_UTF16_LE + b"a\0\n", "The file is neither a spreadsheet nor text in UTF-8."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "The file is an old XLS workbook or locked with a password."),
        (b"x" * (MAX_SPREADSHEET_BYTES + 1), "The file is larger than 5 MB."),
        (b"title\n" + b"x\n" * (MAX_ROWS + 1), "The file has more than 10,000 rows."),
        (b"a," * MAX_COLUMNS + b"a\n", "Row 1 has more than 100 columns."),
        (b"PK\x03\x04", "The file isn't a readable XLSX workbook."),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "The file is neither a spreadsheet nor text in UTF-8."),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(content: bytes, message: str) -> None:
    with pytest.raises(SpreadsheetError) as refusal:
        read_spreadsheet(content)
    assert str(refusal.value).startswith(message)


def test_the_largest_file_is_read() -> None:
    assert len(read_spreadsheet(b"title\n" + b"x\n" * MAX_ROWS).rows) == MAX_ROWS


def test_a_text_too_long_for_a_cell_of_xlsx_is_refused_and_not_cut() -> None:
    with pytest.raises(SpreadsheetError, match="longer than 32,767 characters"):
        write_spreadsheet("xlsx", ["a"], [["x" * 40_000]])
    (row,) = read_spreadsheet(write_spreadsheet("csv", ["a"], [["x" * 40_000]])).rows
    assert row.cells == ("x" * 40_000,)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(st.sampled_from('a,;\t"\n\r'), max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        sheet = read_spreadsheet(content)
    except SpreadsheetError:
        return
    assert sheet.header
