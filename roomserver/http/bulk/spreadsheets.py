"""Export, template and import, the same three endpoints for each kind of thing."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from roomserver.auth import hash_password
from roomserver.catalog.bulk.cells import is_empty, read_word
from roomserver.catalog.bulk.columns import Use, header, notes, rows
from roomserver.catalog.bulk.plan import Plan, plan
from roomserver.catalog.bulk.sheet import MAX_SPREADSHEET_BYTES, Cell, Sheet, SpreadsheetError
from roomserver.catalog.bulk.spreadsheets import MEDIA_TYPES, Format, read_spreadsheet, write_spreadsheet
from roomserver.faults import Fault
from roomserver.http.answers import json_answer
from roomserver.http.body import read_bytes
from roomserver.http.bulk.kinds import Applied, Job, Kind, Snapshot, Wanted, changed_meanwhile
from roomserver.http.bulk.progress import Progress, Stage
from roomserver.http.bulk.registrants import RegistrantRows
from roomserver.http.bulk.segments import SegmentRows
from roomserver.http.bulk.sessions import SessionRows, passwords
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint
from roomserver.http.lists import Query
from roomserver.http.problem import FaultDocument, Problem, not_found
from roomserver.http.texts import Id

FILES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_ALSO_TAKEN = frozenset({"", "application/octet-stream", "application/vnd.ms-excel", "text/plain"})
"""What programs call a spreadsheet that don't know better. Its content decides."""

_planning = asyncio.Semaphore(2)
"""Planning takes seconds of a core and some memory: never more than two at a time."""


class FormatQuery(Query):
    format: Format = Field(description="csv or xlsx.")


class ImportQuery(Query):
    dry_run: bool = Field(description="true: only say what would change and what is wrong.")
    import_id: Id | None = Field(
        None, description="A name of your choice, under which /api/imports/{name} says how far this import is."
    )


class RowChange(BaseModel):
    field: str
    before: str
    after: str


class ImportRow(BaseModel):
    row: int = Field(description="As spreadsheet programs count: the header is row 1.")
    action: Literal["create", "update", "unchanged"]
    id: str | None = Field(description="Of what is updated or, once applied, was created.")
    errors: list[FaultDocument]
    changes: list[RowChange] = Field(description="As cells show them; long texts are shortened.")


class ImportDocument(BaseModel):
    rows: list[ImportRow]
    applied: bool = Field(description="Whether the catalog was changed: all rows or none.")


class ProgressDocument(BaseModel):
    stage: Stage
    done: int = Field(description="Rows within this stage.")
    total: int


def _endpoints(kind: Kind) -> tuple[Endpoint, ...]:
    plural = kind.path.rpartition("/")[2]

    @endpoint("GET", f"{kind.path}/export", who=Who.ORGANIZER, answers={200: FILES}, problems=(422,))
    async def export(call: Call, query: FormatQuery) -> Response:
        async with call.services.catalog.reading() as db:
            snapshot = await kind.snapshot(db, None)
        return await _file(kind, query.format, snapshot, plural)

    @endpoint("GET", f"{kind.path}/template", who=Who.ORGANIZER, answers={200: FILES}, problems=(422,))
    async def template(call: Call, query: FormatQuery) -> Response:  # noqa: ARG001 - every handler is given its call
        return await _file(kind, query.format, None, f"{plural}-template")

    @endpoint(
        "POST",
        f"{kind.path}/import",
        who=Who.ORGANIZER,
        answers={200: ImportDocument},
        problems=(409, 413, 415, 422),
        takes=FILES,
    )
    async def upload(call: Call, query: ImportQuery) -> Response:
        """A row with an id changes what has it, one without creates something. In a row that changes, a column that
        isn't there is left alone, and an empty cell stands for the field's default. The `version` of an exported row
        refuses the edit of something that somebody else changed since.

        Every row is checked and every error listed; with any error nothing is changed, and `applied` is false."""
        progress = call.services.imports.begin(call.me.id, query.import_id)
        try:
            return await _import(call, kind, query.dry_run, progress)
        except BaseException:
            progress.enter(Stage.FAILED, progress.total)
            raise

    return (
        export.called(f"export_{plural}", f"All {plural} as a spreadsheet, which can be edited and imported again."),
        template.called(f"{plural}_template", f"An empty spreadsheet that names and explains the columns of {plural}."),
        upload.called(f"import_{plural}", f"Create and change {plural} by a spreadsheet: all rows or none."),
    )


async def _file(kind: Kind, file_format: Format, snapshot: Snapshot | None, name: str) -> Response:
    def write() -> bytes:
        lines = [] if snapshot is None else rows(kind.table, snapshot.records.values(), snapshot.context)
        return write_spreadsheet(file_format, header(kind.table), lines, notes(kind.table))

    try:
        content = await asyncio.to_thread(write)
    except SpreadsheetError as error:
        raise _bad_spreadsheet(error) from None
    disposition = f'attachment; filename="{name}.{file_format}"'
    return Response(content, media_type=MEDIA_TYPES[file_format], headers={"Content-Disposition": disposition})


async def _import(call: Call, kind: Kind, dry_run: bool, progress: Progress) -> Response:
    content = await _read(call)
    async with _planning:
        try:
            sheet = await asyncio.to_thread(read_spreadsheet, content)
        except SpreadsheetError as error:
            raise _bad_spreadsheet(error) from None
        progress.enter(Stage.CHECKING, len(sheet.rows))
        async with call.services.catalog.reading() as db:
            snapshot = await kind.snapshot(db, _wanted(kind, sheet))
        planned = await asyncio.to_thread(_plan, kind, sheet, snapshot, progress)
        async with call.services.catalog.reading() as db:
            planned = await kind.check(db, planned)
    applied = None
    if planned.fits and not dry_run:
        applied = await _apply(call, kind, planned, snapshot, progress)
    progress.enter(Stage.DONE, len(sheet.rows))
    progress.reach(len(sheet.rows))
    return await asyncio.to_thread(_answer, planned, applied)


async def _apply(call: Call, kind: Kind, planned: Plan, snapshot: Snapshot, progress: Progress) -> Applied:
    services = call.services
    secrets = {each: await hash_password(each) for each in passwords(planned)}
    progress.enter(Stage.WRITING, sum(row.id is None or bool(row.values) for row in planned.rows))
    job = Job(planned, snapshot, call.me, services.now(), progress, secrets)
    async with services.catalog.writing() as db:
        if not (await kind.check(db, planned)).fits:
            raise changed_meanwhile()
        applied = await kind.apply(db, job)
    progress.enter(Stage.TELLING, len(applied.updated))
    await kind.tell(services.rooms, job)
    return applied


async def _read(call: Call) -> bytes:
    kind = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FILES and kind not in _ALSO_TAKEN:
        raise Problem(415, "not_a_spreadsheet", "Send a CSV or XLSX file.")
    return await read_bytes(call.request, MAX_SPREADSHEET_BYTES)


def _plan(kind: Kind, sheet: Sheet, snapshot: Snapshot, progress: Progress) -> Plan:
    return plan(
        kind.table,
        sheet,
        records=snapshot.records,
        context=snapshot.context,
        rules=kind.rules(),
        taken=snapshot.taken,
        progress=progress.reach,
    )


def _wanted(kind: Kind, sheet: Sheet) -> Wanted:
    """What the sheet's ids and addresses are, so that not all of the catalog need be read."""
    ids = next(column.name for column in kind.table.columns if column.use is Use.ID)
    return Wanted(
        frozenset(_cells(sheet, ids)),
        frozenset(each.lower() for name in kind.table.unique for each in _cells(sheet, name)),
    )


def _cells(sheet: Sheet, name: str) -> list[str]:
    places = [at for at, title in enumerate(sheet.header) if read_word(title) == name]
    found: list[Cell] = [row.cells[at] for row in sheet.rows for at in places if at < len(row.cells)]
    return [each.strip() for each in found if isinstance(each, str) and not is_empty(each)]


def _answer(planned: Plan, applied: Applied | None) -> Response:
    created: Any = {} if applied is None else applied.created
    lines = [
        ImportRow.model_validate({**line, "id": created.get(line["row"], line["id"])}) for line in planned.document()
    ]
    return json_answer(ImportDocument(rows=lines, applied=applied is not None))


def _bad_spreadsheet(error: SpreadsheetError) -> Problem:
    return Problem(422, "bad_spreadsheet", str(error), errors=[Fault("", "bad_spreadsheet", {"reason": str(error)})])


@endpoint("GET", "/api/imports/{name}", who=Who.ORGANIZER, answers={200: ProgressDocument}, problems=(404,))
async def get_import(call: Call) -> Response:
    """How far an import of yours is that was given this name.

    Kept for the latest imports, by the server that carries them out."""
    progress = call.services.imports.find(call.me.id, call.path("name"))
    if progress is None:
        raise not_found("There is no such import of yours here.")
    return json_answer(ProgressDocument(stage=progress.stage, done=progress.done, total=progress.total))


ENDPOINTS: tuple[Endpoint, ...] = (
    *_endpoints(SessionRows()),
    *_endpoints(RegistrantRows()),
    *_endpoints(SegmentRows()),
    get_import,
)
