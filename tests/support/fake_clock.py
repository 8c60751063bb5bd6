"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable

from signaling.clock import Timer


class _FakeTimer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class FakeClock:
    """Timers run inside `advance`, in their order, each at its own time. After each, `turns` of the event loop: few
    make a long time pass quickly, and are enough where little hangs on a timer."""

    def __init__(self, now: float = 1_700_000_000.0, *, turns: int = 30) -> None:
        self._now = now
        self._turns = turns
        self._timers: list[tuple[float, int, _FakeTimer]] = []
        self._count = itertools.count()

    def now(self) -> float:
        return self._now

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        timer = _FakeTimer(callback)
        heapq.heappush(self._timers, (when, next(self._count), timer))
        return timer

    async def advance(self, seconds: float) -> None:
        """Let time pass, and after each timer let the tasks that it woke go on until they wait again."""
        await settle()
        end = self._now + seconds
        while self._timers and self._timers[0][0] <= end:
            when, _, timer = heapq.heappop(self._timers)
            if timer.callback is None:
                continue
            self._now = max(self._now, when)
            timer.callback()
            await settle(self._turns)
        self._now = end
        await settle()


async def settle(turns: int = 30) -> None:
    """Let everything run that can run without time passing or data coming in."""
    for _ in range(turns):
        await asyncio.sleep(0)
