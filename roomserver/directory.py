"""What the hub asks of the catalog: which sessions there are, and what a person may do in one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.access import NO_STANDING, Asker, Standing, may_watch, room_role
from roomserver.catalog.models import Organizer
from roomserver.catalog.registrants import as_asker, find_registrants
from roomserver.catalog.sessions import doors, find_session, room_settings, standings
from roomserver.catalog.store import Catalog
from signaling.directory import DirectoryUnavailable, Rights
from signaling.room.state import RoomSettings


class CatalogDirectory:
    """The hub's `Directory`, answered from the catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def settings(self, session: str) -> RoomSettings | None:
        async with self._reading() as db:
            found = await find_session(db, session)
        return room_settings(found) if found is not None else None

    async def rights(self, session: str, participant: str) -> Rights | None:
        return (await self.rights_of(session, [participant]))[participant]

    async def rights_of(self, session: str, participants: Sequence[str]) -> dict[str, Rights | None]:
        """What each of at most a few hundred people may do in a session; None for those who may not watch.

        Raises DirectoryUnavailable."""
        rights: dict[str, Rights | None] = dict.fromkeys(participants)
        async with self._reading() as db:
            found = await find_session(db, session)
            if found is None:
                return rights
            given = await standings(db, session, participants)
            for asker in await _askers(db, participants):
                standing = given.get(asker.id, NO_STANDING)
                if may_watch(asker, doors(found), standing):
                    rights[asker.id] = rights_in_room(asker, standing)
        return rights

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncSession]:
        try:
            async with self._catalog.reading() as db:
                yield db
        except SQLAlchemyError as error:
            raise DirectoryUnavailable("the catalog can't be reached") from error


def rights_in_room(asker: Asker, standing: Standing) -> Rights:
    """What the room is told of somebody who may watch."""
    return Rights(name=asker.name, role=room_role(asker, standing), invited=standing.invited)


async def _askers(db: AsyncSession, participants: Sequence[str]) -> list[Asker]:
    organizers = await db.execute(select(Organizer).where(Organizer.id.in_(participants)))
    askers = [Asker(each.id, each.name, organizer=True) for each in organizers.scalars()]
    return askers + [as_asker(each) for each in await find_registrants(db, participants)]
