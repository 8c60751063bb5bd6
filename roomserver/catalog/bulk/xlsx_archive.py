"""An XLSX file as untrusted input: unpacked within bounds, measured, and packed anew with what is needed.

The library that reads cells allocates a full rectangle up to the last cell and copies a shared text into every cell
that names it, so a file of 5 kB can demand more memory than any machine has, and Rust then ends the whole process, with
every room in it. Nothing reaches that library that was not measured here.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from typing import IO, TypeAlias
from xml.parsers import expat

from roomserver.catalog.bulk.sheet import MAX_COLUMNS, MAX_ROWS, SpreadsheetError

MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_TEXT_CHARACTERS = 32 * 1024 * 1024
"""All cells' text together, shared texts counted as often as they are used."""

NOT_READABLE = "The file isn't a readable XLSX workbook."

Faults: TypeAlias = dict[tuple[int, int], str]
"""What is wrong with cells, by row and column, both from 1."""

_Start: TypeAlias = Callable[[str, dict[str, str]], None]
_Handler: TypeAlias = Callable[[str], None]

_PACKAGE = ("[Content_Types].xml", "_rels/.rels")
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_PARTS_BESIDE_SHEETS = ("/sharedStrings", "/styles")


def repack(content: bytes) -> tuple[bytes, Faults]:
    """Return an uncompressed archive with the workbook's first sheet and what belongs to it, all of it measured, and
    the cells that hold no value although something stands in them.

    Raises:
        SpreadsheetError: the file is broken or would take too much to read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _Parts(archive)
            kept = {name: parts.read(name) for name in (*_PACKAGE, _WORKBOOK, _RELATIONS)}
            kept |= {name: parts.read(name) for name in _needed(kept[_WORKBOOK], kept[_RELATIONS], archive.namelist())}
    except SpreadsheetError:
        raise
    except Exception as error:  # zipfile and zlib fail in a dozen ways on damaged archives
        raise SpreadsheetError(NOT_READABLE) from error
    faults = _measure(kept.values())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in kept.items():
            archive.writestr(name, part)
    return packed.getvalue(), faults


class _Parts:
    """Reads parts of an archive, in all at most MAX_UNPACKED_BYTES, whatever its directory claims."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = MAX_UNPACKED_BYTES

    def read(self, name: str) -> bytes:
        info = self._archive.getinfo(name)
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise SpreadsheetError(NOT_READABLE)  # the others unpack without bounds
        with self._archive.open(info) as part:
            unpacked = _read_at_most(part, self._left)
        self._left -= len(unpacked)
        return unpacked


def _read_at_most(part: IO[bytes], limit: int) -> bytes:
    unpacked = part.read(limit + 1)
    if len(unpacked) > limit:
        raise SpreadsheetError(f"The workbook unpacks to more than {MAX_UNPACKED_BYTES // 1024**2} MB.")
    return unpacked


def _needed(workbook: bytes, relations: bytes, names: list[str]) -> set[str]:
    """Return the names of the first sheet's part, and of the shared texts and styles."""
    targets: dict[str, str] = {}
    for tag, attributes in _elements(relations):
        if tag == "Relationship":
            target = attributes.get("Target", "")
            path = target.removeprefix("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[attributes.get("Id", "")] = path
    sheets = [attributes for tag, attributes in _elements(workbook) if tag == "sheet"]
    if not sheets:
        raise SpreadsheetError("The workbook has no sheet.")
    first = targets[sheets[0]["id"]]
    beside = {
        name for name in names if name.startswith("xl/") and name.removesuffix(".xml")[2:] in _PARTS_BESIDE_SHEETS
    }
    return {first} | beside


def _elements(part: bytes) -> list[tuple[str, dict[str, str]]]:
    """Return the tags and attributes of a part, without the prefixes of their namespaces."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        found.append((_local(tag), {_local(name): value for name, value in attributes.items()}))

    _parse(part, start)
    return found


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse(part: bytes, start: _Start, end: _Handler | None = None, text: _Handler | None = None) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise SpreadsheetError(NOT_READABLE) from error


def _refuse_doctype(*_: object) -> None:
    raise SpreadsheetError(NOT_READABLE)  # no spreadsheet has one; entities are how small XML grows large


class _Meter:
    """Follows the cells of a part as the reading library does, and refuses what that would allocate too much for."""

    def __init__(self) -> None:
        self.shared: list[int] = []
        """Characters of each shared text."""
        self.used: Counter[str] = Counter()
        """How often cells name each shared text, by its index as written."""
        self.characters = 0
        """Of texts that stand in their cells."""
        self.faults: Faults = {}
        self._row = self._cell_row = self._column = 0
        self._kind = ""
        self._has_content = self._has_formula = False
        self._in_value = self._in_text = self._in_shared = False
        self._value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "row":
                self._row = _number(attributes["r"]) if "r" in attributes else max(self._row, self._cell_row) + 1
                self._column = 0
            case "c":
                if "r" in attributes:
                    self._cell_row, self._column = _position(attributes["r"])
                else:
                    self._cell_row, self._column = self._row, self._column + 1
                self._kind = attributes.get("t", "")
                self._has_content = self._has_formula = False
                self._value = ""
            case "v":
                self._in_value = self._has_content = True
            case "is":
                self._has_content = True
            case "f":
                self._has_formula = self._has_content = True
            case "t":
                self._in_text = True
            case "si":
                self._in_shared = True
                self.shared.append(0)

    def text(self, data: str) -> None:
        if self._in_value:
            self._value += data
            self.characters += len(data)
        elif self._in_text and self._in_shared:
            self.shared[-1] += len(data)
        elif self._in_text:
            self.characters += len(data)

    def end(self, tag: str) -> None:
        match _local(tag):
            case "v":
                self._in_value = False
            case "t":
                self._in_text = False
            case "si":
                self._in_shared = False
            case "c" if self._has_content:
                self._finish_cell()

    def _finish_cell(self) -> None:
        if max(self._row, self._cell_row) > MAX_ROWS + 1:
            raise SpreadsheetError(f"The file has more than {MAX_ROWS:,} rows.")
        if self._column > MAX_COLUMNS:
            raise SpreadsheetError(f"Row {self._cell_row} has more than {MAX_COLUMNS} columns.")
        if self._kind == "s":
            self.used[self._value.strip()] += 1
        elif self._kind == "e":
            self.faults[self._cell_row, self._column] = f"The cell holds the error {self._value[:20]}"
        elif self._has_formula and not self._value:
            self.faults[self._cell_row, self._column] = (
                "The cell holds a formula without a value; save the file in a spreadsheet program first"
            )

    def check_texts(self) -> None:
        longest = max(self.shared, default=0)
        total = self.characters
        for index, times in self.used.items():
            known = index.isascii() and index.isdigit() and len(index) < 10 and int(index) < len(self.shared)
            total += times * (self.shared[int(index)] if known else longest)
        if total > MAX_TEXT_CHARACTERS:
            raise SpreadsheetError("The cells hold more text than can be read.")


def _position(reference: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise SpreadsheetError(NOT_READABLE)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise SpreadsheetError(NOT_READABLE)
    return int(text)


def _measure(parts: Iterable[bytes]) -> Faults:
    meter = _Meter()
    for part in parts:
        _parse(part, meter.start, meter.end, meter.text)
    meter.check_texts()
    return meter.faults
