"""What a spreadsheet would change in the catalog, and all that is wrong with it: found before anything is changed.

A cell that shows what an export would show leaves its field alone, so that an export that comes back unedited
changes nothing. In a row that updates, an empty cell stands for the field's default.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from roomserver.catalog.bulk.cells import CellError, is_empty, read_number, read_text, read_word
from roomserver.catalog.bulk.columns import Column, Context, Record, Table, Use, write_field
from roomserver.catalog.bulk.rules import Rules
from roomserver.catalog.bulk.sheet import Cell, Row, Sheet, Value
from roomserver.faults import Fault, shortened

_SHOWN_CHARACTERS = 200


class Action(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """A field's value as cells show it, shortened. A secret's is not shown."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowPlan:
    row: int
    action: Action
    id: str | None
    """Of what is updated."""
    faults: tuple[Fault, ...] = ()
    values: Record = field(default_factory=dict)
    """What to store, if there are no faults: of an update only what changes. New names stand as placeholders, which
    `Plan.created` explains."""
    changes: tuple[Change, ...] = ()

    def document(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "action": self.action.value,
            "id": self.id,
            "errors": [fault.document() for fault in self.faults],
            "changes": [
                {"field": change.field, "before": change.before, "after": change.after} for change in self.changes
            ],
        }


@dataclass(frozen=True, slots=True)
class Plan:
    rows: tuple[RowPlan, ...]
    created: Mapping[str, Mapping[str, str]]
    """By column: names of things to create, by the placeholder that stands for them in `values`."""

    @property
    def fits(self) -> bool:
        """Whether it may be applied: all of it or nothing."""
        return not any(row.faults for row in self.rows)

    def document(self) -> list[dict[str, Any]]:
        """Return the rows as the HTTP API answers them."""
        return [row.document() for row in self.rows]


def plan(
    table: Table,
    sheet: Sheet,
    *,
    records: Mapping[str, Record],
    context: Context,
    rules: Rules,
    taken: Mapping[str, Mapping[str, str]] | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Plan:
    """Return what `sheet` would change, row by row, with all faults of all rows.

    `records` holds what the catalog has, by id: at least what the sheet's ids name. `taken` says for each of the
    table's unique fields which id has a value, in lower case. `progress` is told how many rows were read. `context`
    is used up: its names remember what is new. Ten thousand rows take a few seconds of a core: call it in a thread.
    """
    columns, faults = _columns(table, sheet.header)
    reader = _Reader(table, columns, records, context, rules)
    rows = []
    for done, row in enumerate(sheet.rows, 1):
        rows.append(reader.read(row))
        progress(done)
    for name in table.unique:
        rows = _without_doubles(name, rows, (taken or {}).get(name, {}))
    if faults:
        rows.insert(0, RowPlan(1, Action.UNCHANGED, None, tuple(faults)))
    return Plan(tuple(rows), {name: names.created for name, names in context.names.items() if names.created})


@dataclass(frozen=True, slots=True)
class _Heading:
    title: str
    column: Column | None
    """None: no column of this table; what stands below was refused with the title."""


def _columns(table: Table, header: Sequence[str]) -> tuple[list[_Heading], list[Fault]]:
    known = {column.name: column for column in table.columns}
    headings: list[_Heading] = []
    faults: list[Fault] = []
    for title in header:
        name = read_word(title)
        column = known.get(name)
        if column is None and name:
            faults.append(Fault(title[:60], "no_such_column", {"columns": ", ".join(known)}))
        elif column is not None and any(heading.column is column for heading in headings):
            faults.append(Fault(name, "column_twice"))
            column = None
        headings.append(_Heading(title.strip(), column))
    return headings, faults


class _Reader:
    """Reads one row after another and remembers which ids came up."""

    def __init__(
        self,
        table: Table,
        headings: Sequence[_Heading],
        records: Mapping[str, Record],
        context: Context,
        rules: Rules,
    ) -> None:
        self._table = table
        self._headings = headings
        self._records = records
        self._context = context
        self._rules = rules
        self._rows: dict[str, int] = {}

    def read(self, row: Row) -> RowPlan:
        faults = self._stray_cells(row)
        each = self._id(row, faults)
        before = None if each is None else self._records.get(each)
        sent: dict[str, Any] = {}
        for heading, cell in self._cells(row):
            if heading.column is not None and heading.column.use not in (Use.ID, Use.VERSION):
                try:
                    self._read_cell(heading.column, cell, before, sent)
                except CellError as error:
                    faults.append(error.at(heading.column.name))
        # An id that nothing has is a fault already; that the other fields are missing follows from it.
        checked = self._rules.check(sent, self._rules.defaults if each is not None and before is None else before)
        wrong = {fault.field for fault in faults}
        faults += [fault for fault in (_by_column(fault, sent) for fault in checked.faults) if fault.field not in wrong]
        known = {} if before is None else before
        values = {name: value for name, value in checked.values.items() if name not in known or known[name] != value}
        if before is not None and values:
            faults += self._outdated(row, before)
        action = Action.CREATE if each is None else Action.UPDATE if values or faults else Action.UNCHANGED
        return RowPlan(row.number, action, each, tuple(faults), values, self._changes(known, values))

    def _cells(self, row: Row) -> list[tuple[_Heading, Cell]]:
        return [(heading, row.cells[at] if at < len(row.cells) else None) for at, heading in enumerate(self._headings)]

    def _stray_cells(self, row: Row) -> list[Fault]:
        for at, cell in enumerate(row.cells):
            if not is_empty(cell) and (at >= len(self._headings) or not self._headings[at].title):
                return [Fault("", "unnamed_column", {"column": at + 1, "text": shortened(str(cell))})]
        return []

    def _id(self, row: Row, faults: list[Fault]) -> str | None:
        for heading, cell in self._cells(row):
            if heading.column is not None and heading.column.use is Use.ID and not is_empty(cell):
                try:
                    each = read_text(cell).strip()
                except CellError as error:
                    faults.append(error.at(heading.column.name))
                    continue
                if each not in self._records:
                    named = {"what": self._table.noun, "name": shortened(each)}
                    faults.append(Fault(heading.column.name, "unknown_name", named))
                elif each in self._rows:
                    faults.append(Fault(heading.column.name, "same_id", {"row": self._rows[each]}))
                self._rows.setdefault(each, row.number)
                return each
        return None

    def _outdated(self, row: Row, before: Record) -> list[Fault]:
        """An edit that is based on an older version is refused; a row that changes nothing does no harm."""
        for heading, cell in self._cells(row):
            if heading.column is not None and heading.column.use is Use.VERSION and not is_empty(cell):
                name = heading.column.name
                try:
                    based_on = heading.column.read(cell, self._context)
                except CellError as error:
                    return [error.at(name)]
                if based_on != before[name]:
                    return [Fault(name, "outdated", {"now": before[name], "based_on": based_on})]
        return []

    def _read_cell(self, column: Column, cell: Cell, before: Record | None, sent: dict[str, Any]) -> None:
        shown = None if before is None else write_field(column, before, self._context)
        if _shows(cell, shown) and (before is None or column.use is not Use.FIELD or column.name in before):
            return
        if column.use is Use.SHOWN:
            raise CellError("read_only")
        if not is_empty(cell):
            sent[column.name] = column.read(cell, self._context)
        elif column.use is Use.FIELD and column.name in self._rules.defaults:
            sent[column.name] = self._rules.defaults[column.name]

    def _changes(self, before: Record, values: Record) -> tuple[Change, ...]:
        return tuple(
            Change(column.name, self._shown(column, before), self._shown(column, values))
            for column in self._table.columns
            if column.name in values
        )

    def _shown(self, column: Column, record: Record) -> str:
        if column.use is Use.SECRET:
            return "••••" if column.name in record else ""
        shown = write_field(column, record, self._context)
        text = "" if shown is None else str(shown)
        return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


def _shows(cell: Cell, shown: Value) -> bool:
    """Whether a cell holds what an export writes; programs keep line breaks in their own way."""
    if cell == shown:
        return True
    if is_empty(cell):
        return is_empty(shown)
    try:
        if isinstance(shown, str):
            return read_text(cell).replace("\r\n", "\n") == shown.replace("\r\n", "\n")
        # XLSX files hold fifteen digits of a number.
        return shown is not None and math.isclose(read_number(cell), shown, rel_tol=1e-14)
    except CellError:
        return False


def _by_column(fault: Fault, sent: Record) -> Fault:
    """Return a fault with its column instead of a path, naming the part of a list that is meant."""
    column, _, place = fault.field.partition(".")
    parts = sent.get(column)
    if place.isdigit() and isinstance(parts, list) and int(place) < len(parts):
        return replace(fault, field=column, part=shortened(str(parts[int(place)])))
    return replace(fault, field=column)


def _without_doubles(name: str, rows: Sequence[RowPlan], taken: Mapping[str, str]) -> list[RowPlan]:
    """Return the rows, with a fault in each that gives a unique field a value which something else has by then."""
    leaving = {row.id for row in rows if name in row.values}
    holders: dict[str, int] = {}
    checked: list[RowPlan] = []
    for row in rows:
        value = row.values.get(name)
        faults = list(row.faults)
        if isinstance(value, str):
            key = value.lower()
            holder = taken.get(key)
            if holder is not None and holder != row.id and holder not in leaving:
                faults.append(Fault(name, "value_taken", {"holder": holder}))
            elif key in holders:
                faults.append(Fault(name, "same_value", {"row": holders[key]}))
            holders.setdefault(key, row.row)
        checked.append(replace(row, faults=tuple(faults)) if len(faults) > len(row.faults) else row)
    return checked
