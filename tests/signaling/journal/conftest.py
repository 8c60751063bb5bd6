"""Redis journals that are closed after the test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

import pytest_asyncio

from signaling.journal.redis_streams import RedisJournal


class Opener(Protocol):
    def __call__(self, url: str, timeout: float = 2.0) -> RedisJournal:
        """One more node, with the key prefix "test"."""


@pytest_asyncio.fixture
async def open_journal() -> AsyncIterator[Opener]:
    opened: list[RedisJournal] = []

    def open_one(url: str, timeout: float = 2.0) -> RedisJournal:
        opened.append(RedisJournal(url, "test", timeout))
        return opened[-1]

    yield open_one
    for journal in opened:
        await journal.close()
