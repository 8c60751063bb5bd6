"""The journal of a server that stands alone: one append-only file a room, in one directory.

An entry is written before `append` returns, so it survives the end of the process (kill -9 too); it is synced to
the disk in the background, so a power cut loses at most the last `sync_interval` seconds. Small writes happen
on the event loop (they reach the page cache in microseconds); whatever waits for the disk runs in a thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

import structlog

from signaling.journal import room_file
from signaling.journal.limits import check_payload, check_session, check_snapshot
from signaling.journal.log_format import UnknownVersion
from signaling.journal.port import AppendUncertain, Conflict, Entry, JournalUnavailable, Loaded, Position
from signaling.journal.room_file import Compaction, Replaced, RoomFile, Unsettled
from signaling.journal.watchers import Watchers

SUFFIX: Final = ".journal"
LOCK_NAME: Final = "lock"

T = TypeVar("T")

log = structlog.get_logger(__name__)


def file_name(session: str) -> str:
    """A capital becomes "=" and the small letter: some file systems don't tell "A" from "a"."""
    return re.sub(r"[A-Z]", lambda capital: "=" + capital.group().lower(), session) + SUFFIX


def session_of(name: str) -> str:
    return re.sub(r"=([a-z])", lambda escaped: escaped.group(1).upper(), name.removesuffix(SUFFIX))


@dataclass(slots=True)
class _Room:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)  # one at a time touches the file
    compacting: asyncio.Lock = field(default_factory=asyncio.Lock)
    file: RoomFile | None = None  # None: not read yet, or no longer sure
    sync_failure: str | None = None


class FileJournal:
    """Journals in `directory` (made if missing), which one process at a time owns.

    `sync_interval`: seconds between an append and its reaching the disk. The directory is taken on the first
    call, or by `open`. Source: `signaling.journal.port`.
    """

    def __init__(self, directory: Path, sync_interval: float = 0.5) -> None:
        if not sync_interval > 0:
            raise ValueError(f"sync_interval: must be more than 0 seconds, not {sync_interval}")
        self._directory = directory
        self._sync_interval = sync_interval
        self._rooms: dict[str, _Room] = {}
        self._unsynced: set[str] = set()
        self._syncing: asyncio.Task[None] | None = None
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="journal")
        self._opening = asyncio.Lock()
        self._directory_lock: int | None = None
        self._closing = asyncio.Event()
        self._watchers = Watchers(on_follow=lambda _: None, on_leave=lambda _: None)

    async def open(self) -> None:
        """Take the directory. Raises JournalUnavailable, naming the reason, if another process has it."""
        async with self._opening:
            self._check_open()
            if self._directory_lock is None:
                with self._os_errors():
                    await self._in_thread(self._take_directory)

    async def load(self, session: str) -> Loaded:
        room = await self._room(session)
        async with room.lock:
            return await self._read(session, room)

    async def append(self, session: str, expected: Position, payload: bytes) -> Position:
        check_payload(payload)
        room = await self._room(session)
        async with room.lock:
            file = await self._known_file(session, room)
            if expected != Position(file.epoch, file.last):
                raise Conflict(f"journal of {session} is at {file.epoch}/{file.last}, not at {expected}")
            if room.sync_failure is not None:
                raise JournalUnavailable(f"{file.path.name}: {room.sync_failure}")
            try:
                if file.size:
                    room_file.append(file, payload)
                else:
                    await self._in_thread(lambda: room_file.create(file, payload))
            except Replaced as replaced:
                room.file = None
                raise Conflict(str(replaced)) from replaced
            except Unsettled as unsettled:
                room.file = None
                raise AppendUncertain(str(unsettled)) from unsettled
            except OSError as error:
                raise JournalUnavailable(f"{file.path.name}: {error.strerror}") from error
            self._sync_soon(session)
            return Position(file.epoch, file.last)

    async def read(self, session: str, after: Position) -> Sequence[Entry]:
        room = await self._room(session)
        async with room.lock:
            file = await self._known_file(session, room)
            if after == Position(file.epoch, file.last):
                return ()
            loaded = await self._read(session, room)
            missing = loaded.position.sequence - after.sequence
            if after.epoch != loaded.position.epoch or not 0 <= missing <= len(loaded.entries):
                raise Conflict(f"journal of {session} does not hold what follows {after}")
            return loaded.entries[len(loaded.entries) - missing :]

    async def save_snapshot(self, session: str, at: Position, snapshot: bytes) -> None:
        check_snapshot(snapshot)
        room = await self._room(session)
        async with room.compacting:
            async with room.lock:
                file = await self._known_file(session, room)
                if at.epoch != file.epoch or not file.base < at.sequence <= file.last:
                    return
                compaction = Compaction(file, at.sequence, snapshot)
            try:
                with self._os_errors():
                    await self._in_thread(compaction.prepare)
                    async with room.lock:
                        if room.file is file:
                            await self._finish(room, compaction)
            finally:
                await self._in_thread(compaction.discard)

    def changes(self, session: str) -> AsyncIterator[int]:
        check_session(session)
        return self._watchers.follow(session)

    async def sessions(self) -> Sequence[str]:
        await self.open()
        with self._os_errors():
            names = await self._in_thread(lambda: [path.name for path in self._directory.glob("*" + SUFFIX)])
        return tuple(session_of(name) for name in names)

    async def delete(self, session: str) -> None:
        room = await self._room(session)
        async with room.compacting, room.lock:
            room.file = None
            room.sync_failure = None
            path = self._directory / file_name(session)
            with self._os_errors():
                await self._in_thread(lambda: room_file.remove(path))

    async def close(self) -> None:
        """Sync what isn't yet, and give the directory free. Raises JournalUnavailable if the last sync failed."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._watchers.close()
        try:
            for room in self._rooms.values():  # what is in a thread now ends; what waits for a lock is refused
                async with room.compacting, room.lock:
                    pass
            if self._syncing is not None:
                await self._syncing
            if self._unsynced:
                raise JournalUnavailable(f"not synced to the disk: {', '.join(sorted(self._unsynced)[:10])}")
        finally:
            self._threads.shutdown()
            if self._directory_lock is not None:
                os.close(self._directory_lock)

    async def _room(self, session: str) -> _Room:
        check_session(session)
        await self.open()
        return self._rooms.setdefault(session, _Room())

    async def _known_file(self, session: str, room: _Room) -> RoomFile:
        self._check_open()
        if room.file is None:
            await self._read(session, room)
        assert room.file is not None
        return room.file

    async def _read(self, session: str, room: _Room) -> Loaded:
        """Read the file anew. A room without one keeps the epoch that it was given out with."""
        path = self._directory / file_name(session)
        known = room.file
        with self._os_errors():
            file, contents = await self._in_thread(lambda: room_file.read_room(path))
        if file.size == 0 and known is not None and known.size == 0:
            file = known
        room.file = file
        return Loaded(Position(file.epoch, file.last), contents.head.snapshot, contents.entries)

    async def _finish(self, room: _Room, compaction: Compaction) -> None:
        try:
            await self._in_thread(compaction.finish)
        except (Replaced, Unsettled):
            room.file = None
            raise

    def _sync_soon(self, session: str) -> None:
        self._unsynced.add(session)
        if self._syncing is None or self._syncing.done():
            self._syncing = asyncio.create_task(self._sync_until_clean(), name="journal-sync")

    async def _sync_until_clean(self) -> None:
        last_time = False
        while self._unsynced and not last_time:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._sync_interval):
                    await self._closing.wait()
            last_time = self._closing.is_set()
            sessions, self._unsynced = self._unsynced, set()
            for session in sessions:
                await self._sync(session, self._rooms[session])

    async def _sync(self, session: str, room: _Room) -> None:
        """Sync one room. Until a failed one is whole on the disk again it takes no entries."""
        path = self._directory / file_name(session)
        try:
            if room.sync_failure is None:
                await self._in_thread(lambda: room_file.sync(path))
                return
            async with room.lock:
                file = room.file
                if file is not None:
                    await self._in_thread(lambda: room_file.rewrite(file))
                room.sync_failure = None
            log.info("journal_sync_recovered", session=session)
        except Replaced as replaced:
            log.error("journal_sync_impossible", session=session, reason=str(replaced))
            room.file = None
            room.sync_failure = None
        except (OSError, Unsettled) as error:
            log.error("journal_sync_failed", session=session, reason=str(error))
            room.sync_failure = f"could not be synced to the disk: {error}"
            self._unsynced.add(session)

    def _take_directory(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._directory / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._lock_directory(descriptor)
            for unfinished in self._directory.glob("*" + room_file.NEW_SUFFIX):
                unfinished.unlink()
        except BaseException:
            os.close(descriptor)
            raise
        self._directory_lock = descriptor

    def _lock_directory(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            raise JournalUnavailable(
                f"{self._directory}: in use by another roomserver (process {owner}); one process owns a directory"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Run `work` in a thread, to its end: cancelled halfway, its caller would let go of a lock while the
        thread still writes."""
        try:
            running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        except RuntimeError:  # the threads have ended: `close` was faster than a caller that waited for a lock
            raise JournalUnavailable("the journal is closed") from None
        cancelled: asyncio.CancelledError | None = None
        while not running.done():
            try:
                await asyncio.wait((running,))
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            with contextlib.suppress(Exception):
                running.result()
            raise cancelled
        return running.result()

    @contextlib.contextmanager
    def _os_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise JournalUnavailable(f"{error.filename or self._directory}: {error.strerror or error}") from error
        except (UnknownVersion, Replaced, Unsettled) as error:
            raise JournalUnavailable(f"{self._directory}: {error}") from error

    def _check_open(self) -> None:
        if self._closing.is_set():
            raise JournalUnavailable("the journal is closed")
