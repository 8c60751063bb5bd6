"""The one place where the hub reads time, so that tests can hold it still.

`now()` is Unix seconds (UTC), what rooms and protocol use. Timers run on the event loop.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    def cancel(self) -> None: ...


class Clock(Protocol):
    def now(self) -> float:
        """Unix seconds; never runs backwards within one process."""

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Run `callback` on the event loop once `now()` has reached `when`."""


class SystemClock:
    """Wall-clock time, carried on by the monotonic clock so that a correction of the system's time
    can't expire a grant or give a seat back early."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        return time.monotonic() + self._offset

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        loop = asyncio.get_running_loop()
        return loop.call_later(max(0.0, when - self.now()), callback)
