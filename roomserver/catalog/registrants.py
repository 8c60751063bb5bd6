"""Registrants in the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, cast

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.access import Asker
from roomserver.catalog.models import Registrant
from roomserver.catalog.paging import Page, after, decode_cursor, encode_cursor
from roomserver.catalog.search_keys import like_pattern, search_key, sort_key
from roomserver.catalog.store import new_id


class RegistrantValues(TypedDict, total=False):
    name: str
    email: str | None
    ticket_type: str | None
    tags: list[str]


def as_asker(registrant: Registrant) -> Asker:
    return Asker(id=registrant.id, name=registrant.name, ticket_type=registrant.ticket_type)


async def find_registrant(db: AsyncSession, registrant: str, *, for_change: bool = False) -> Registrant | None:
    query = select(Registrant).where(Registrant.id == registrant)
    return (await db.execute(query.with_for_update() if for_change else query)).scalar_one_or_none()


async def find_registrants(db: AsyncSession, ids: Sequence[str]) -> list[Registrant]:
    """Those of `ids` that exist; at most a few hundred at a time."""
    return list((await db.execute(select(Registrant).where(Registrant.id.in_(ids)))).scalars())


async def add_registrant(db: AsyncSession, values: RegistrantValues, now: datetime) -> Registrant:
    """A new registrant; `values` must hold every field."""
    registrant = Registrant(id=new_id("reg"), version=1, created_at=now)
    db.add(registrant)
    assign_values(registrant, values)
    await db.flush()
    return registrant


async def change_registrant(db: AsyncSession, registrant: Registrant, values: RegistrantValues) -> None:
    """Set some fields of a registrant who was found `for_change`; the version grows by one."""
    assign_values(registrant, values)
    registrant.version += 1
    await db.flush()


async def delete_registrant(db: AsyncSession, registrant: str) -> None:
    """Ends their tokens, invitations and moderating with them."""
    await db.execute(delete(Registrant).where(Registrant.id == registrant))


async def list_registrants(
    db: AsyncSession, q: str | None, cursor: str | None, limit: int, *, ticket_type: str | None = None
) -> Page[Registrant]:
    """By name. `q` finds a part of name or e-mail address. Raises BadCursor."""
    order = (Registrant.sort_key, Registrant.id)
    page = select(Registrant.id).order_by(*order).limit(limit + 1)
    if q:
        page = page.where(Registrant.search_key.like(like_pattern(q), escape="\\"))
    if ticket_type is not None:
        page = page.where(Registrant.ticket_type == ticket_type)
    if cursor is not None:
        page = page.where(after(order, decode_cursor(cursor, (str, str))))
    # First which, from the index alone, then the rows: a search passes by many that don't fit.
    ids = page.subquery()
    query = select(Registrant).join(ids, ids.c.id == Registrant.id).order_by(*order)
    found = (await db.execute(query)).scalars().all()
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], encode_cursor([found[limit - 1].sort_key, found[limit - 1].id]))


def assign_values(registrant: Registrant, values: RegistrantValues) -> None:
    """Set fields and what follows from them, without a flush."""
    for name, value in cast(dict[str, Any], values).items():
        setattr(registrant, name, value)
    registrant.sort_key = sort_key(registrant.name)
    registrant.search_key = search_key(registrant.name, registrant.email)
