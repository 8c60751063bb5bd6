"""The schedule's segments as rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.audit import Noted, write_audit
from roomserver.catalog.batches import batches
from roomserver.catalog.bulk.columns import Context, Record
from roomserver.catalog.bulk.names import Names
from roomserver.catalog.bulk.plan import Plan, RowPlan
from roomserver.catalog.bulk.tables import SEGMENTS
from roomserver.catalog.event import read_event
from roomserver.catalog.models import Session
from roomserver.catalog.schedule import time_zone
from roomserver.catalog.schedule_models import SegmentRow
from roomserver.catalog.segments import SegmentValues, assign_values, set_start_order
from roomserver.catalog.store import new_id
from roomserver.faults import Fault
from roomserver.http.bulk.kinds import (
    Applied,
    Job,
    Snapshot,
    Wanted,
    add_in_portions,
    in_portions,
    note_row,
    rows_to_change,
    with_faults,
)
from roomserver.http.segments import segment_fields
from roomserver.http.spreadsheet_rules import ApiRules, segment_rules
from roomserver.rooms import Rooms


class SegmentRows:
    table = SEGMENTS
    path = "/api/segments"

    def rules(self) -> ApiRules:
        return segment_rules()

    async def snapshot(self, db: AsyncSession, wanted: Wanted | None) -> Snapshot:
        zone = time_zone((await read_event(db)).time_zone)
        titles = dict((await db.execute(select(Session.id, Session.title))).all())
        context = Context(zone, {"sessions": Names("session", titles)})
        if wanted is None:
            order = select(SegmentRow.id).order_by(SegmentRow.starts_at, SegmentRow.ends_at, SegmentRow.sort_key)
            ids: Sequence[str] = (await db.execute(order.order_by(SegmentRow.id))).scalars().all()
        else:
            ids = sorted(wanted.ids)
        records = {each.id: _record(each) async for each in in_portions(db, SegmentRow, ids)}
        return Snapshot({each: records[each] for each in ids if each in records}, context)

    async def check(self, db: AsyncSession, plan: Plan) -> Plan:
        named = {each for row in plan.rows for each in row.values.get("sessions", ())}
        found: dict[str, str] = {}
        for batch in batches(named):
            query = select(Session.id, Session.availability).where(Session.id.in_(batch))
            found.update((await db.execute(query)).all())
        faults: dict[int, list[Fault]] = {}
        for row in plan.rows:
            for each in row.values.get("sessions", ()):
                if each not in found:
                    fault = Fault("sessions", "unknown", {"what": "session", "name": each})
                    faults.setdefault(row.row, []).append(fault)
                elif found[each] != "scheduled":
                    fault = Fault("sessions", "always_open", {"name": each})
                    faults.setdefault(row.row, []).append(fault)
        return with_faults(plan, faults)

    async def apply(self, db: AsyncSession, job: Job) -> Applied:
        entries: list[Noted] = []
        moved: set[str] = set()
        updated: list[str] = []
        async for segment, row, before in rows_to_change(db, SegmentRow, job):
            assign_values(segment, cast(SegmentValues, dict(row.values)), job.now)
            updated.append(segment.id)
            moved.update(before["sessions"], row.values.get("sessions", ()))
            entries.append(note_row("segment", segment.id, before, row.values))
        defaults = segment_rules().defaults

        def make(row: RowPlan) -> SegmentRow:
            values = {**defaults, **row.values}
            segment = SegmentRow(id=new_id("seg"), version=1, created_at=job.now, session_links=[])
            assign_values(segment, cast(SegmentValues, values), job.now)
            moved.update(values["sessions"])
            entries.append(note_row("segment", segment.id, None, values))
            return segment

        created = await add_in_portions(db, job, make)
        await set_start_order(db, moved)
        await write_audit(db, job.who, job.now, entries)
        return Applied(created, updated)

    async def tell(self, rooms: Rooms, job: Job) -> None:
        """Rooms know nothing of the schedule."""


def _record(segment: SegmentRow) -> Record:
    return {"id": segment.id, "version": segment.version, **segment_fields(segment)}
