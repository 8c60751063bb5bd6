"""The event's own settings in the catalog."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.models import ONE_EVENT, Event


async def read_event(db: AsyncSession, *, for_change: bool = False) -> Event:
    """The one event; `Catalog.open` made it."""
    query = select(Event).where(Event.id == ONE_EVENT)
    return (await db.execute(query.with_for_update() if for_change else query)).scalar_one()


async def change_event(db: AsyncSession, event: Event, values: dict[str, Any]) -> None:
    """Set some fields of the event that was read `for_change`; its version grows by one."""
    for name, value in values.items():
        setattr(event, name, value)
    event.version += 1
    await db.flush()
