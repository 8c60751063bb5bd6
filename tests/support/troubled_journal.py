"""A journal that fails when the test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from signaling.journal.memory import MemoryJournal
from signaling.journal.port import AppendUncertain, Entry, JournalUnavailable, Loaded, Position


class TroubledJournal(MemoryJournal):
    """`down`: nothing can be reached. `uncertain`: the next append happens (or not, see `loses`) and nobody knows.
    `gate`: appends wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.down = False
        self.uncertain = False
        self.loses = False
        self.no_snapshots = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.appends = 0

    def _check_down(self) -> None:
        if self.down:
            raise JournalUnavailable("the test says so")

    async def load(self, session: str) -> Loaded:
        self._check_down()
        return await super().load(session)

    async def append(self, session: str, expected: Position, payload: bytes) -> Position:
        await self.gate.wait()
        self._check_down()
        self.appends += 1
        if self.uncertain:
            self.uncertain = False
            if not self.loses:
                await super().append(session, expected, payload)
            raise AppendUncertain("the test says so")
        return await super().append(session, expected, payload)

    async def read(self, session: str, after: Position) -> Sequence[Entry]:
        self._check_down()
        return await super().read(session, after)

    async def save_snapshot(self, session: str, at: Position, snapshot: bytes) -> None:
        self._check_down()
        if self.no_snapshots:
            raise JournalUnavailable("no snapshots today")
        await super().save_snapshot(session, at, snapshot)

    def changes(self, session: str) -> AsyncIterator[int]:
        return super().changes(session)
