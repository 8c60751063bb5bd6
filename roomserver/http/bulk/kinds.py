"""What sessions, registrants and segments each know about themselves as rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any, Protocol, TypeVar

from sqlalchemy import insert, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper

from roomserver.catalog.access import Asker
from roomserver.catalog.audit import Noted, noted
from roomserver.catalog.bulk.columns import Context, Record, Table
from roomserver.catalog.bulk.plan import Plan, RowPlan
from roomserver.catalog.bulk.rules import Rules
from roomserver.catalog.models import Base, Registrant, Session
from roomserver.catalog.schedule_models import SegmentRow
from roomserver.faults import Fault
from roomserver.http.bulk.progress import Progress
from roomserver.http.problem import Problem
from roomserver.rooms import Rooms

T = TypeVar("T", Session, Registrant, SegmentRow)

BATCH = 50
"""Rows between two looks at other requests: some 20 ms of work."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the cells of a sheet name, in lower case where case doesn't matter."""

    ids: frozenset[str]
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the catalog had when the plan was made."""

    records: Mapping[str, Record]
    """By id, with `id` and `version`."""
    context: Context
    taken: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """A plan without faults, being carried out."""

    plan: Plan
    snapshot: Snapshot
    who: Asker
    now: datetime
    progress: Progress
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Hashes by password."""


@dataclass(frozen=True, slots=True)
class Applied:
    created: Mapping[int, str]
    """Ids by row."""
    updated: Collection[str]


class Kind(Protocol):
    """One kind of thing. None of the methods keeps the event loop for long."""

    @property
    def table(self) -> Table: ...

    @property
    def path(self) -> str:
        """Of the API, such as /api/sessions."""

    def rules(self) -> Rules: ...

    async def snapshot(self, db: AsyncSession, wanted: Wanted | None) -> Snapshot:
        """What `wanted` names; None: everything, in the order of an export."""

    async def check(self, db: AsyncSession, plan: Plan) -> Plan:
        """Add faults that only the catalog knows of. Called again in the transaction that writes."""

    async def apply(self, db: AsyncSession, job: Job) -> Applied:
        """Carry the plan out. Raises Problem 409 if the catalog is no longer what the plan is based on."""

    async def tell(self, rooms: Rooms, job: Job) -> None:
        """Let running rooms know what changed."""


def changed_meanwhile() -> Problem:
    return Problem(
        409,
        "changed_meanwhile",
        "Somebody else changed what this file is about during the import. Nothing was changed; send it again.",
    )


async def in_portions(
    db: AsyncSession, table: type[T], ids: Sequence[str], *, for_change: bool = False
) -> AsyncIterator[T]:
    """The things with these ids, as far as they exist; what is changed in one portion is written before the next."""
    for start in range(0, len(ids), BATCH):
        query = select(table).where(table.id.in_(ids[start : start + BATCH]))
        for thing in (await db.execute(query.with_for_update() if for_change else query)).scalars().all():
            yield thing
        await let_go(db)


async def rows_to_change(db: AsyncSession, table: type[T], job: Job) -> AsyncIterator[tuple[T, RowPlan, Record]]:
    """Each thing that the plan changes, with its row and what it was; counts its version and the progress.

    Raises Problem 409 if one is gone or another version than it was."""
    rows = {row.id: row for row in changed_rows(job.plan) if row.id is not None}
    found = 0
    async for thing in in_portions(db, table, list(rows), for_change=True):
        before = job.snapshot.records[thing.id]
        if thing.version != before["version"]:
            raise changed_meanwhile()
        yield thing, rows[thing.id], before
        thing.version += 1
        found += 1
        job.progress.count()
    if found < len(rows):
        raise changed_meanwhile()


async def add_in_portions(db: AsyncSession, job: Job, make: Callable[[RowPlan], T]) -> dict[int, str]:
    """Add what `make` gives for each new row; returns the ids by row.

    The rows are inserted as they are: new things need nothing of what a unit of work does, which takes three times
    as long."""
    created: dict[int, str] = {}
    rows = iter(new_rows(job.plan))
    while batch := list(islice(rows, BATCH)):
        inserts: dict[type[Base], list[dict[str, Any]]] = {}
        for row in batch:
            thing = make(row)
            created[row.row] = thing.id
            for table, values in _flat(thing):
                inserts.setdefault(table, []).append(values)
        for table, lines in inserts.items():
            await db.execute(insert(table), lines)
        job.progress.count(len(batch))
    return created


def _flat(thing: Base) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """A thing's row and those of its links, the thing's own first."""
    mapper: Mapper[Any] = inspect(type(thing))
    yield type(thing), {each.key: getattr(thing, each.key) for each in mapper.column_attrs}
    for relation in mapper.relationships:
        for link in getattr(thing, relation.key):
            values = {each.key: getattr(link, each.key) for each in relation.mapper.column_attrs}
            values.update(
                {str(far.key): getattr(thing, str(near.key)) for near, far in relation.local_remote_pairs or ()}
            )
            yield relation.mapper.class_, values


async def let_go(db: AsyncSession) -> None:
    """Write what is pending, and forget it: ten thousand rows needn't be in memory twice."""
    await db.flush()
    db.expunge_all()


def with_faults(plan: Plan, faults: Mapping[int, Collection[Fault]]) -> Plan:
    """The plan with more faults, by row."""
    if not faults:
        return plan
    rows = (replace(row, faults=(*row.faults, *faults.get(row.row, ()))) for row in plan.rows)
    return replace(plan, rows=tuple(rows))


def without(record: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in names}


def changed_rows(plan: Plan) -> list[RowPlan]:
    return [row for row in plan.rows if row.id is not None and row.values]


def note_row(kind: str, thing: str, before: Record | None, values: Record, secrets: Collection[str] = ()) -> Noted:
    """The audit trail's entry of one row; `before` None: it was created."""
    was = None if before is None else {name: before.get(name) for name in values}
    entry = noted(kind, thing, was, values, secrets)
    assert entry is not None, "rows that change nothing are not carried out"
    return entry


def new_rows(plan: Plan) -> list[RowPlan]:
    return [row for row in plan.rows if row.id is None]
