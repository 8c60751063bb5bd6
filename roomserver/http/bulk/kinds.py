"""What sessions, registrants and segments each know about themselves as rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.access import Asker
from roomserver.catalog.audit import Noted, noted
from roomserver.catalog.bulk.columns import Context, Record, Table
from roomserver.catalog.bulk.plan import Plan, RowPlan
from roomserver.catalog.bulk.rules import Fault, Rules
from roomserver.catalog.models import Registrant, Session
from roomserver.catalog.schedule_models import SegmentRow
from roomserver.http.bulk.progress import Progress
from roomserver.http.problem import Problem
from roomserver.rooms import Rooms

T = TypeVar("T", Session, Registrant, SegmentRow)

BATCH = 200
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
    """Add what `make` gives for each new row; returns the ids by row."""
    created: dict[int, str] = {}
    for row in new_rows(job.plan):
        thing = make(row)
        db.add(thing)
        created[row.row] = thing.id
        job.progress.count()
        if len(created) % BATCH == 0:
            await let_go(db)
    await let_go(db)
    return created


async def let_go(db: AsyncSession) -> None:
    """Write what is pending, and forget it: ten thousand rows needn't be in memory twice."""
    await db.flush()
    db.expunge_all()


def with_faults(plan: Plan, faults: Mapping[int, Collection[Fault]]) -> Plan:
    """The plan with more faults, by row."""
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
