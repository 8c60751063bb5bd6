"""The running rooms of one hub: found, opened when first needed, opened again when they had to end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

import structlog

from signaling.conditions import RoomConditions
from signaling.directory import Directory, DirectoryUnavailable
from signaling.journal.port import JournalUnavailable
from signaling.room import commands as c
from signaling.room.records import RecordError
from signaling.room_task import RoomTask

log = structlog.get_logger(__name__)

REOPEN_SECONDS = 1.0
"""After a room failed; doubled with each failure up to..."""
REOPEN_SECONDS_AT_MOST = 60.0
STOP_SECONDS = 10.0


class NoSuchSession(Exception):
    """The directory knows no such session, or its doors are closed."""


Unavailable = (JournalUnavailable, DirectoryUnavailable, RecordError)
"""Why a room may not open just now."""


class Rooms:
    def __init__(self, conditions: RoomConditions, directory: Directory) -> None:
        self._conditions = conditions
        self._directory = directory
        self._running: dict[str, RoomTask] = {}
        self._opening: dict[str, asyncio.Task[RoomTask]] = {}
        self._loading: dict[str, asyncio.Task[RoomTask | None]] = {}
        self._serving: dict[RoomTask, asyncio.Task[None]] = {}
        self._background: set[asyncio.Task[Any]] = set()
        self._closing = False

    def __iter__(self) -> Iterator[RoomTask]:
        return (room for room in self._running.values() if not room.finished)

    def running(self, session: str) -> RoomTask | None:
        """The session's room if it runs."""
        room = self._running.get(session)
        return None if room is None or room.finished else room

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a coroutine until the hub closes."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._background.add(task)
        task.add_done_callback(self._background_ended)
        return task

    def _background_ended(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a task of the hub failed", exc_info=error)

    async def open(self, session: str) -> RoomTask:
        """The session's room, started if need be. Raises NoSuchSession, or one of `Unavailable`."""
        room = self.running(session)
        if room is not None:
            return room
        opening = self._opening.get(session)
        if opening is None:
            opening = self._opening[session] = asyncio.get_running_loop().create_task(self._open(session))
            opening.add_done_callback(lambda _: self._opening.pop(session))
        # Whoever waits may be gone before the room is there; others may wait for it too.
        return await asyncio.shield(opening)

    async def _open(self, session: str) -> RoomTask:
        settings = await self._directory.settings(session)
        if settings is None:
            raise NoSuchSession
        room = await RoomTask.open(session, settings, self._conditions)
        return self._run(room)

    async def open_if_known(self, session: str) -> RoomTask | None:
        """The session's room if it runs or has a journal, whatever the directory says of it now."""
        room = self.running(session)
        if room is not None:
            return room
        loading = self._loading.get(session)
        if loading is None:
            loading = self._loading[session] = asyncio.get_running_loop().create_task(self._load(session))
            loading.add_done_callback(lambda _: self._loading.pop(session))
        return await asyncio.shield(loading)

    async def _load(self, session: str) -> RoomTask | None:
        room = await RoomTask.open(session, None, self._conditions)
        return self.running(session) if room.unused else self._run(room)

    def _run(self, room: RoomTask) -> RoomTask:
        """Run a room that was just opened, unless another one of the session was opened meanwhile.

        Raises JournalUnavailable once the hub closes: nobody would stop the room.
        """
        if self._closing:
            raise JournalUnavailable("the hub is closing")
        existing = self.running(room.session)
        if existing is not None:
            return existing
        self._running[room.session] = room
        self._serving[room] = asyncio.get_running_loop().create_task(self._serve(room))
        return room

    async def _serve(self, room: RoomTask) -> None:
        try:
            await room.run()
        except Exception:
            log.exception("a room ended and is built anew", session=room.session)
            # Its people are lost to this node and have to be told so to the journal, even if none comes back.
            if not self._closing:
                self.spawn(self._reopen(room.session))
        finally:
            self._serving.pop(room, None)
            if self._running.get(room.session) is room:
                del self._running[room.session]

    async def _reopen(self, session: str) -> None:
        wait = REOPEN_SECONDS
        while True:
            await asyncio.sleep(wait)
            try:
                await self.open(session)
            except NoSuchSession:
                return
            except Exception as reason:
                wait = min(2 * wait, REOPEN_SECONDS_AT_MOST)
                log.warning(
                    "a room can't be opened",
                    session=session,
                    why=repr(reason),
                    next_attempt_seconds=wait,
                    exc_info=not isinstance(reason, Unavailable),
                )
            else:
                return

    async def restore(self) -> None:
        """Start the rooms that were running when this node ended, so that what became due meanwhile is done.

        Raises JournalUnavailable, DirectoryUnavailable.
        """
        for session in await self._conditions.journal.sessions():
            try:
                room = await RoomTask.open(session, None, self._conditions)
            except RecordError as reason:
                # Whoever wants to enter it is told to come back (4002); the other rooms go on.
                log.error("a room can't be restored", session=session, why=str(reason))
                continue
            if room.at_rest:
                continue
            if await self._directory.settings(session) is None:
                room = self._run(room)
                room.do(c.CloseRoom())
                room.stop()
            else:
                await self.open(session)

    async def close(self) -> None:
        """Stop all rooms, leaving their people as lost to this node."""
        self._closing = True
        for room in self:
            room.stop()
        serving = list(self._serving.values())
        if serving:
            _, late = await asyncio.wait(serving, timeout=STOP_SECONDS)
            for task in late:
                log.error("a room did not stop in time; its last changes may not be saved")
                task.cancel()
        rest = [*self._background, *self._opening.values(), *self._loading.values()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*serving, *rest, return_exceptions=True)
