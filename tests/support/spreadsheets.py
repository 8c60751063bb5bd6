"""Spreadsheets as an organizer edits them: rows of text by column, written as CSV or XLSX, sent and fetched."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import httpx
from openpyxl import Workbook, load_workbook

from tests.support.api import Caller

Format = Literal["csv", "xlsx"]
FORMATS: list[Format] = ["csv", "xlsx"]


def written(rows: Sequence[Mapping[str, Any]], file_format: Format = "csv") -> bytes:
    """A file whose columns are the keys of the rows."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines: list[list[Any]] = [[*columns], *([row.get(name) for name in columns] for row in rows)]
    if file_format == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows(lines)
        return text.getvalue().encode()
    workbook = Workbook()
    assert workbook.active is not None
    for line in lines:
        workbook.active.append(line)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def read(content: bytes, file_format: Format) -> list[dict[str, Any]]:
    """The rows of the first sheet, as a spreadsheet program shows them."""
    if file_format == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    header, *lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(map(str, header), line, strict=True)) for line in lines]


async def export(caller: Caller, things: str, file_format: Format = "csv") -> list[dict[str, Any]]:
    answer = await caller.get(f"/api/{things}/export?format={file_format}")
    assert answer.status_code == 200, answer.text
    return read(answer.content, file_format)


async def upload(
    caller: Caller, things: str, content: bytes, *, dry_run: bool = False, name: str = ""
) -> httpx.Response:
    more = f"&import_id={name}" if name else ""
    path = f"/api/{things}/import?dry_run={'true' if dry_run else 'false'}{more}"
    return await caller.call("POST", path, content=content, headers={"Content-Type": "text/csv"})


async def edited(
    caller: Caller, things: str, file_format: Format, edit: Callable[[list[dict[str, Any]]], None]
) -> httpx.Response:
    """Export, edit, import."""
    rows = await export(caller, things, file_format)
    edit(rows)
    return await upload(caller, things, written(rows, file_format))


def actions(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["action"] for row in answer.json()["rows"]]


def faults(answer: httpx.Response) -> list[tuple[int, str]]:
    assert answer.status_code == 200, answer.text
    return [(row["row"], error["field"]) for row in answer.json()["rows"] for error in row["errors"]]
