"""The journal's implementations behind one face, for tests that run against each of them."""

from __future__ import annotations

import itertools
import secrets
from pathlib import Path
from typing import Protocol

from signaling.journal.files import FileJournal
from signaling.journal.memory import MemoryJournal
from signaling.journal.port import Journal, Position
from signaling.journal.redis_streams import RedisJournal
from tests.support.redis_server import RedisServer


class Storage(Protocol):
    """Where journals are kept, and who uses them."""

    def node(self) -> Journal:
        """A user of the storage: the next one of those at work, or the one that comes after a restart."""

    async def close(self) -> None:
        """Close every node."""


class MemoryStorage:
    def __init__(self) -> None:
        self._journal = MemoryJournal()

    def node(self) -> Journal:
        return self._journal

    async def close(self) -> None:
        await self._journal.close()


class FileStorage:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._nodes: list[FileJournal] = []

    def node(self) -> Journal:
        journal = FileJournal(self._directory, sync_interval=0.01)
        self._nodes.append(journal)
        return journal

    async def close(self) -> None:
        for journal in self._nodes:
            await journal.close()


class RedisStorage:
    """Has the server's keys under a prefix of its own, so that tests can share a server."""

    _numbers = itertools.count(1)

    def __init__(self, url: str) -> None:
        self._url = url
        self._prefix = f"test{next(self._numbers)}-{secrets.token_hex(4)}"
        self._nodes: list[RedisJournal] = []

    def node(self) -> Journal:
        journal = RedisJournal(self._url, self._prefix)
        self._nodes.append(journal)
        return journal

    async def close(self) -> None:
        for journal in self._nodes:
            await journal.close()


def make_storage(kind: str, directory: Path, server: RedisServer) -> Storage:
    """`kind`: memory, files, redis, redis-socket."""
    match kind:
        case "memory":
            return MemoryStorage()
        case "files":
            return FileStorage(directory)
        case "redis":
            return RedisStorage(server.url)
        case "redis-socket":
            return RedisStorage(server.socket_url)
    raise ValueError(kind)


async def append_all(journal: Journal, session: str, *payloads: bytes) -> Position:
    """Append to wherever the journal is, and return where it is then."""
    position = (await journal.load(session)).position
    for payload in payloads:
        position = await journal.append(session, position, payload)
    return position


async def payloads_in(directory: Path, session: str) -> list[bytes]:
    """What a server that starts on these files finds."""
    journal = FileJournal(directory)
    try:
        return [entry.payload for entry in (await journal.load(session)).entries]
    finally:
        await journal.close()
