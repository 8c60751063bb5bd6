"""Columns of a spreadsheet: what each is called, means, reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from roomserver.catalog.bulk import cells
from roomserver.catalog.bulk.names import Names, read_list, write_list
from roomserver.catalog.bulk.sheet import Cell, Value

Record = Mapping[str, Any]
"""Values by field, in the form in which the API takes them: moments aware, links as ids."""


@dataclass(frozen=True, slots=True)
class Context:
    """What cells are read with."""

    zone: ZoneInfo
    """The event's: that of times without an offset, and of exported ones."""
    names: Mapping[str, Names] = field(default_factory=dict)
    """By column, for columns that name things."""


class Use(Enum):
    FIELD = "field"
    ID = "id"
    SHOWN = "shown"
    """Exported to be read; can't be changed by a spreadsheet."""
    VERSION = "version"
    """Exported so that an edit of something that somebody else changed meanwhile is noticed when it comes back."""
    SECRET = "secret"  # noqa: S105 - a column's use
    """Never exported; an empty cell leaves it as it is."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    note: str
    read: Callable[[Cell, Context], Any]
    """Raises CellError. Gets no empty cells."""
    write: Callable[[Any, Context], Value]
    use: Use = Use.FIELD


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of thing in a spreadsheet."""

    noun: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()
    """Fields of which no two have the same value, upper and lower case being the same."""


def text(name: str, note: str, use: Use = Use.FIELD) -> Column:
    return Column(name, note, lambda cell, _: cells.read_text(cell), lambda value, _: value or None, use)


def version() -> Column:
    return Column(
        "version",
        "Leave it as it is: it shows whether somebody else changed the row since the export.",
        lambda cell, _: cells.read_integer(cell),
        lambda value, _: value,
        Use.VERSION,
    )


def word(name: str, note: str) -> Column:
    return Column(name, note, lambda cell, _: cells.read_word(cell), lambda value, _: value)


def truth(name: str, note: str) -> Column:
    return Column(name, note, lambda cell, _: cells.read_truth(cell), lambda value, _: cells.write_truth(value))


def number(name: str, note: str) -> Column:
    return Column(name, note, lambda cell, _: cells.read_number(cell), lambda value, _: cells.write_number(value))


def integer(name: str, note: str) -> Column:
    return Column(name, note, lambda cell, _: cells.read_integer(cell), lambda value, _: cells.write_number(value))


def moment(name: str, note: str) -> Column:
    return Column(
        name,
        note,
        lambda cell, context: cells.read_moment(cell, context.zone),
        lambda value, context: cells.write_moment(value, context.zone),
    )


def words(name: str, note: str) -> Column:
    """A comma-separated list of words."""
    return Column(
        name, note, lambda cell, _: read_list(cells.read_text(cell)), lambda value, _: write_list(value) or None
    )


def link(name: str, note: str) -> Column:
    """One thing by its name or id."""
    return Column(
        name,
        note,
        lambda cell, context: context.names[name].resolve(cells.read_text(cell).strip()),
        lambda value, context: None if value is None else context.names[name].label(value),
    )


def links(name: str, note: str) -> Column:
    """A comma-separated list of things, each by its name or id."""

    def read(cell: Cell, context: Context) -> list[str]:
        known = context.names[name]
        return list(dict.fromkeys(known.resolve(part) for part in read_list(cells.read_text(cell))))

    def write(value: Iterable[str], context: Context) -> Value:
        return write_list(map(context.names[name].label, value)) or None

    return Column(name, note, read, write)


def header(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def notes(table: Table) -> list[tuple[str, str]]:
    return [(column.name, column.note) for column in table.columns]


def written(table: Table, record: Record, context: Context) -> list[Value]:
    """Return a record's row, as `header` names its cells."""
    return [write_field(column, record, context) for column in table.columns]


def write_field(column: Column, record: Record, context: Context) -> Value:
    if column.use is Use.SECRET or column.name not in record:
        return None
    return column.write(record[column.name], context)


def rows(table: Table, records: Iterable[Record], context: Context) -> Iterable[Sequence[Value]]:
    return (written(table, record, context) for record in records)
