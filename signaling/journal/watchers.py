"""Those who follow `Journal.changes` in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection


class _Watcher:
    """Holds only the newest number: a slow follower skips some instead of making a queue grow."""

    __slots__ = ("news", "sequence")

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.sequence = 0


class Watchers:
    """Hands sequence numbers from whoever learns of them to everybody who follows that session.

    `on_follow` is called with a session each time when one more follows it, `on_leave` when nobody does any more.
    """

    def __init__(self, on_follow: Callable[[str], None], on_leave: Callable[[str], None]) -> None:
        self._on_follow = on_follow
        self._on_leave = on_leave
        self._of: dict[str, set[_Watcher]] = {}
        self._closed = False

    async def follow(self, session: str) -> AsyncIterator[int]:
        """Yields what `tell` is told from the first step on; ends on `close`."""
        if self._closed:
            return
        watcher = _Watcher()
        self._of.setdefault(session, set()).add(watcher)
        try:
            self._on_follow(session)
            while True:
                await watcher.news.wait()
                if self._closed:
                    return
                watcher.news.clear()
                yield watcher.sequence
        finally:
            self._leave(session, watcher)

    def tell(self, session: str, sequence: int) -> None:
        for watcher in self._of.get(session, ()):
            watcher.sequence = sequence
            watcher.news.set()

    def followed(self) -> Collection[str]:
        return self._of.keys()

    def close(self) -> None:
        self._closed = True
        for watchers in self._of.values():
            for watcher in watchers:
                watcher.news.set()

    def _leave(self, session: str, watcher: _Watcher) -> None:
        watchers = self._of[session]
        watchers.discard(watcher)
        if not watchers:
            del self._of[session]
            if not self._closed:
                self._on_leave(session)
