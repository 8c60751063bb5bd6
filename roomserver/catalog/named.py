"""Ticket types and presenters: things that are little more than their name."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.models import Presenter, Registrant, Session, SessionPresenter, SessionTicketType, TicketType
from roomserver.catalog.paging import Page, after, decode_cursor, encode_cursor
from roomserver.catalog.search_keys import sort_key
from roomserver.catalog.store import new_id

N = TypeVar("N", bound=TicketType | Presenter)


async def find_named(db: AsyncSession, table: type[N], key: str, *, for_change: bool = False) -> N | None:
    query = select(table).where(table.id == key)
    return (await db.execute(query.with_for_update() if for_change else query)).scalar_one_or_none()


async def has_name(db: AsyncSession, table: type[N], name: str, *, except_id: str | None = None) -> bool:
    """Whether another one is called the same, however written."""
    query = select(exists().where(table.sort_key == sort_key(name), table.id != (except_id or "")))
    return bool((await db.execute(query)).scalar_one())


async def add_named(db: AsyncSession, table: type[N], name: str) -> N:
    prefix = "tkt" if issubclass(table, TicketType) else "prs"
    thing = table(id=new_id(prefix), version=1, name=name, sort_key=sort_key(name))
    db.add(thing)
    await db.flush()
    return thing


async def rename(db: AsyncSession, thing: TicketType | Presenter, name: str) -> None:
    """Rename something that was found `for_change`; its version grows by one."""
    thing.name = name
    thing.sort_key = sort_key(name)
    thing.version += 1
    await db.flush()


async def ticket_type_in_use(db: AsyncSession, key: str) -> bool:
    """Whether a registrant holds it or a session asks for it."""
    held = exists().where(Registrant.ticket_type == key)
    asked = exists().where(SessionTicketType.ticket_type == key)
    return bool((await db.execute(select(held | asked))).scalar_one())


async def delete_named(db: AsyncSession, table: type[N], key: str) -> None:
    """Sessions that list a presenter no longer do: that is an edit of each of them."""
    if issubclass(table, Presenter):
        listing = select(SessionPresenter.session).where(SessionPresenter.presenter == key)
        await db.execute(
            update(Session)
            .where(Session.id.in_(listing))
            .values(version=Session.version + 1)
            .execution_options(synchronize_session=False)
        )
    await db.execute(delete(table).where(table.id == key))


async def list_named(db: AsyncSession, table: type[N], cursor: str | None, limit: int) -> Page[N]:
    """By name. Raises BadCursor."""
    query = select(table).order_by(table.sort_key, table.id)
    if cursor is not None:
        name, last = decode_cursor(cursor, (str, str))
        query = query.where(after((table.sort_key, table.id), (name, last)))
    found = (await db.execute(query.limit(limit + 1))).scalars().all()
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], encode_cursor([found[limit - 1].sort_key, found[limit - 1].id]))
