"""What the hub asks of the catalog: which sessions there are, and what a person may do in one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.access import NO_STANDING, Asker, Standing, may_watch, room_role
from roomserver.catalog.entrance import find_entrance
from roomserver.catalog.models import Organizer
from roomserver.catalog.registrants import as_asker, find_registrants
from roomserver.catalog.sessions import doors, find_session, room_settings, standings
from roomserver.catalog.store import Catalog, CatalogUnavailable
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
        async with self._reading() as db:
            asker = next(iter(await _askers(db, [participant])), None)
            entrance = await find_entrance(db, session, asker) if asker is not None else None
        if asker is None or entrance is None or not may_watch(asker, entrance.doors, entrance.standing):
            return None
        return rights_in_room(asker, entrance.standing)

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
        except (SQLAlchemyError, CatalogUnavailable) as error:
            raise DirectoryUnavailable("the catalog can't be reached") from error


def rights_in_room(asker: Asker, standing: Standing) -> Rights:
    """What the room is told of somebody who may watch."""
    return Rights(name=asker.name, role=room_role(asker, standing), invited=standing.invited)


async def _askers(db: AsyncSession, participants: Sequence[str]) -> list[Asker]:
    """Those of at most a few hundred people who exist; an id's prefix says what they are."""
    accounts = [each for each in participants if each.startswith("org_")]
    askers: list[Asker] = []
    if accounts:
        organizers = (await db.execute(select(Organizer).where(Organizer.id.in_(accounts)))).scalars()
        askers = [Asker(each.id, each.name, organizer=True) for each in organizers]
    if len(accounts) < len(participants):
        askers += [as_asker(each) for each in await find_registrants(db, participants)]
    return askers
