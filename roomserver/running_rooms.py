"""Tells the hub what changed in the catalog, so that people who are in a room notice at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence

import structlog

from roomserver.directory import CatalogDirectory
from signaling.directory import DirectoryUnavailable
from signaling.hub import Hub
from signaling.journal.port import JournalUnavailable
from signaling.statements import LiveRoom

_log = structlog.get_logger("roomserver.rooms")

AT_ONCE = 200
"""Changes of rights under way together: they share entries of the room's journal."""


class RunningRooms:
    """The HTTP API's `Rooms`, over the hub of this process."""

    def __init__(self, hub: Hub, directory: CatalogDirectory, evaluation_changed: Callable[[], None]) -> None:
        self._hub = hub
        self._directory = directory
        self._evaluation_changed = evaluation_changed

    def live(self, session: str) -> LiveRoom | None:
        return self._hub.live(session)

    def all_live(self) -> Mapping[str, LiveRoom]:
        running = ((session, self._hub.live(session)) for session in self._hub.sessions())
        return {session: live for session, live in running if live is not None}

    async def settings_changed(self, session: str) -> None:
        self._hub.tickets_outdated(session)

        async def tell() -> None:
            settings = await self._directory.settings(session)
            if settings is not None:
                await self._hub.change_settings(session, settings)

        await self._try(session, tell())
        await self._tell_rights(session, self._hub.present(session))

    async def rights_changed(self, session: str, people: Collection[str]) -> None:
        # Also those who aren't in the room: they may be on their way with a ticket that says what was true before.
        await self._tell_rights(session, people)

    async def person_changed(self, participant: str) -> None:
        self._hub.tickets_outdated(participant)
        for session in self._hub.sessions():
            if participant in self._hub.present(session):
                await self._tell_rights(session, [participant])

    def evaluation_changed(self) -> None:
        self._evaluation_changed()

    async def deleted(self, session: str) -> None:
        await self._try(session, self._hub.close_session(session))

    async def _tell_rights(self, session: str, people: Iterable[str]) -> None:
        waiting = sorted(people)
        for start in range(0, len(waiting), AT_ONCE):
            await self._try(session, self._tell_some(session, waiting[start : start + AT_ONCE]))

    async def _tell_some(self, session: str, people: Sequence[str]) -> None:
        rights = await self._directory.rights_of(session, people)
        await asyncio.gather(*(self._hub.change_rights(session, each, rights[each]) for each in people))

    async def _try(self, session: str, telling: Awaitable[None]) -> None:
        """The catalog's change stands; a room that can't be told now reads it when it is built anew."""
        try:
            await telling
        except (JournalUnavailable, DirectoryUnavailable) as error:
            _log.warning("a room could not be told of a change", session=session, reason=str(error))
