"""Registrants as rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.audit import Noted, write_audit
from roomserver.catalog.batches import batches
from roomserver.catalog.bulk.columns import Context, Record
from roomserver.catalog.bulk.names import Names
from roomserver.catalog.bulk.plan import Plan, RowPlan
from roomserver.catalog.bulk.tables import REGISTRANTS
from roomserver.catalog.event import read_event
from roomserver.catalog.models import Registrant, TicketType
from roomserver.catalog.registrants import RegistrantValues, assign_values
from roomserver.catalog.schedule import time_zone
from roomserver.catalog.sessions import known_ids
from roomserver.catalog.store import new_id
from roomserver.http.bulk.kinds import (
    Applied,
    Job,
    Snapshot,
    Wanted,
    add_in_portions,
    changed_meanwhile,
    changed_rows,
    in_portions,
    note_row,
    rows_to_change,
)
from roomserver.http.spreadsheet_rules import ApiRules, registrant_rules
from roomserver.rooms import Rooms

_FELT_IN_ROOMS = frozenset({"name", "ticket_type"})


class RegistrantRows:
    table = REGISTRANTS
    path = "/api/registrants"

    def rules(self) -> ApiRules:
        return registrant_rules()

    async def snapshot(self, db: AsyncSession, wanted: Wanted | None) -> Snapshot:
        zone = time_zone((await read_event(db)).time_zone)
        tickets = dict((await db.execute(select(TicketType.id, TicketType.name))).all())
        context = Context(zone, {"ticket_type": Names("ticket type", tickets)})
        if wanted is None:
            order = select(Registrant.id).order_by(Registrant.sort_key, Registrant.id)
            ids: Sequence[str] = (await db.execute(order)).scalars().all()
            taken = {}
        else:
            ids = sorted(wanted.ids)
            taken = {"email": await _holders(db, wanted.emails)}
        records = {each.id: _record(each) async for each in in_portions(db, Registrant, ids)}
        return Snapshot({each: records[each] for each in ids if each in records}, context, taken)

    async def check(self, db: AsyncSession, plan: Plan) -> Plan:  # noqa: ARG002 - nothing but what the rows say
        return plan

    async def apply(self, db: AsyncSession, job: Job) -> Applied:
        await _check_still_so(db, job)
        entries: list[Noted] = []
        updated: list[str] = []
        async for registrant, row, before in rows_to_change(db, Registrant, job):
            assign_values(registrant, _values(row.values))
            updated.append(registrant.id)
            entries.append(note_row("registrant", registrant.id, before, row.values))
        defaults = registrant_rules().defaults

        def make(row: RowPlan) -> Registrant:
            registrant = Registrant(id=new_id("reg"), version=1, created_at=job.now)
            values = {**defaults, **row.values}
            assign_values(registrant, _values(values))
            entries.append(note_row("registrant", registrant.id, None, values))
            return registrant

        created = await add_in_portions(db, job, make)
        await write_audit(db, job.who, job.now, entries)
        return Applied(created, updated)

    async def tell(self, rooms: Rooms, job: Job) -> None:
        for row in changed_rows(job.plan):
            if row.id is not None and not _FELT_IN_ROOMS.isdisjoint(row.values):
                await rooms.person_changed(row.id)
            job.progress.count()


async def _check_still_so(db: AsyncSession, job: Job) -> None:
    """Ticket types may be gone since the plan was made, and addresses taken."""
    tickets = {row.values["ticket_type"] for row in job.plan.rows if row.values.get("ticket_type") is not None}
    emails = frozenset(row.values["email"].lower() for row in job.plan.rows if row.values.get("email"))
    before = job.snapshot.taken.get("email", {})
    if await known_ids(db, TicketType, tickets) != tickets:
        raise changed_meanwhile()
    if await _holders(db, emails) != {email: before[email] for email in emails if email in before}:
        raise changed_meanwhile()


async def _holders(db: AsyncSession, emails: Collection[str]) -> dict[str, str]:
    """Who has each of these addresses, written in lower case; of several the first."""
    found: dict[str, str] = {}
    address = func.lower(Registrant.email)
    for batch in batches(emails):
        query = select(address, Registrant.id).where(address.in_(batch)).order_by(Registrant.id)
        for email, key in await db.execute(query):
            found.setdefault(email, key)
    return found


def _record(registrant: Registrant) -> Record:
    return {
        "id": registrant.id,
        "version": registrant.version,
        "name": registrant.name,
        "email": registrant.email,
        "ticket_type": registrant.ticket_type,
        "tags": list(registrant.tags),
    }


def _values(values: Record) -> RegistrantValues:
    taken: RegistrantValues = {}
    taken.update(values)  # type: ignore[typeddict-item]  # the rules let no other fields through
    return taken
