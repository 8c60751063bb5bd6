"""Sessions as rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.audit import Noted, write_audit
from roomserver.catalog.bulk.columns import Context, Record
from roomserver.catalog.bulk.names import Names
from roomserver.catalog.bulk.plan import Plan, RowPlan
from roomserver.catalog.bulk.tables import SESSIONS
from roomserver.catalog.event import read_event
from roomserver.catalog.models import Presenter, Session, TicketType
from roomserver.catalog.named import add_named
from roomserver.catalog.schedule import time_zone
from roomserver.catalog.segments import segments_of, set_start_order
from roomserver.catalog.sessions import assign_values, count_sessions, known_ids
from roomserver.catalog.store import new_id
from roomserver.faults import Fault
from roomserver.http.bulk.kinds import (
    Applied,
    Job,
    Snapshot,
    Wanted,
    add_in_portions,
    changed_meanwhile,
    changed_rows,
    in_portions,
    new_rows,
    note_row,
    rows_to_change,
    with_faults,
    without,
)
from roomserver.http.session_fields import default_values, picture_address, present_values, stored_values
from roomserver.http.spreadsheet_rules import ApiRules, session_rules, wrong_with_name
from roomserver.rooms import Rooms

_PASSWORD = "moderator_password"  # noqa: S105 - a field's name
_FELT_IN_ROOMS = frozenset(
    {"title", "share_policy", "max_on_screen", "overflow", "youtube", "watch_policy", "ticket_types"}
)
"""What people in a room notice: its settings, and who may be there."""


class SessionRows:
    table = SESSIONS
    path = "/api/sessions"

    def rules(self) -> ApiRules:
        return session_rules()

    async def snapshot(self, db: AsyncSession, wanted: Wanted | None) -> Snapshot:
        zone = time_zone((await read_event(db)).time_zone)
        presenters = await _names(db, Presenter)
        context = Context(
            zone,
            {
                "presenters": Names("presenter", presenters, create=wrong_with_name),
                "ticket_types": Names("ticket type", await _names(db, TicketType)),
                "apps": Names("app", {}),
            },
        )
        if wanted is None:
            order = select(Session.id).order_by(Session.rank.desc(), Session.start_order, Session.sort_key, Session.id)
            ids: Sequence[str] = (await db.execute(order)).scalars().all()
        else:
            ids = sorted(wanted.ids)
        records = {each.id: _record(each) async for each in in_portions(db, Session, ids)}
        return Snapshot({each: records[each] for each in ids if each in records}, context)

    async def check(self, db: AsyncSession, plan: Plan) -> Plan:
        faults: dict[int, list[Fault]] = {}
        if (await read_event(db)).kind == "single_session":
            free = max(0, 1 - await count_sessions(db))
            for row in new_rows(plan)[free:]:
                faults[row.row] = [Fault("", "single_session_event")]
        opened = {row.id: row for row in changed_rows(plan) if row.values.get("availability") == "always_open"}
        for each in await segments_of(db, [key for key in opened if key is not None]):
            fault = Fault("availability", "session_on_schedule")
            faults.setdefault(opened[each].row, []).append(fault)
        return with_faults(plan, faults)

    async def apply(self, db: AsyncSession, job: Job) -> Applied:
        entries: list[Noted] = []
        presenters = await _create_presenters(db, job, entries)
        await _check_links(db, job.plan)
        updated: list[str] = []
        async for session, row, before in rows_to_change(db, Session, job):
            values = _resolved(row.values, presenters)
            assign_values(session, stored_values(values, _hash(values, job)))
            updated.append(session.id)
            entries.append(_noted(session.id, before, values))

        def make(row: RowPlan) -> Session:
            values = _resolved({**default_values(), _PASSWORD: None, **row.values}, presenters)
            session = Session(id=new_id("ses"), version=1, created_by=job.who.id, created_at=job.now)
            assign_values(session, stored_values(values, _hash(values, job)))
            entries.append(_noted(session.id, None, values))
            return session

        created = await add_in_portions(db, job, make)
        await set_start_order(db, updated)
        await write_audit(db, job.who, job.now, entries)
        return Applied(created, updated)

    async def tell(self, rooms: Rooms, job: Job) -> None:
        for row in changed_rows(job.plan):
            if row.id is not None and not _FELT_IN_ROOMS.isdisjoint(row.values):
                await rooms.settings_changed(row.id)
            job.progress.count()


def _record(session: Session) -> Record:
    return {
        **present_values(session),
        "id": session.id,
        "version": session.version,
        "picture": picture_address(session),
        "created_by": session.created_by,
    }


async def _names(db: AsyncSession, table: type[Presenter | TicketType]) -> dict[str, str]:
    return dict((await db.execute(select(table.id, table.name))).all())


async def _create_presenters(db: AsyncSession, job: Job, entries: list[Noted]) -> dict[str, str]:
    """Ids of presenters who are new, by their placeholders."""
    ids: dict[str, str] = {}
    for placeholder, name in job.plan.created.get("presenters", {}).items():
        presenter = await add_named(db, Presenter, name)
        ids[placeholder] = presenter.id
        entries.append(note_row("presenter", presenter.id, None, {"name": name}))
    return ids


async def _check_links(db: AsyncSession, plan: Plan) -> None:
    """What rows name may be gone since the plan was made."""
    links: tuple[tuple[str, type[TicketType | Presenter]], ...] = (
        ("ticket_types", TicketType),
        ("presenters", Presenter),
    )
    for field, table in links:
        new = plan.created.get(field, {})
        named = {each for row in plan.rows for each in _list(row, field) if each not in new}
        if await known_ids(db, table, named) != named:
            raise changed_meanwhile()


def _list(row: RowPlan, field: str) -> Sequence[str]:
    found: Sequence[str] = row.values.get(field, ())
    return found


def _resolved(values: Mapping[str, Any], presenters: Mapping[str, str]) -> dict[str, Any]:
    resolved = dict(values)
    if "presenters" in resolved:
        resolved["presenters"] = [presenters.get(each, each) for each in resolved["presenters"]]
    return resolved


def _hash(values: Mapping[str, Any], job: Job) -> str | None:
    password = values.get(_PASSWORD)
    return None if password is None else job.secrets[password]


def _noted(session: str, before: Record | None, values: Mapping[str, Any]) -> Noted:
    secrets = [_PASSWORD] if values.get(_PASSWORD) is not None else []
    return note_row("session", session, before, without(values, _PASSWORD), secrets)


def passwords(plan: Plan) -> list[str]:
    """The different moderator passwords in a plan."""
    return list(dict.fromkeys(row.values[_PASSWORD] for row in plan.rows if row.values.get(_PASSWORD) is not None))
