"""Waiting for a condition with a deadline, instead of sleeping and hoping."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

_POLL_SECONDS = 0.02
_ASK_SECONDS = 0.05


async def until(condition: Callable[[], object], what: str, seconds: float = 10.0) -> None:
    """Return once `condition()` is true; fail the test with `what` if it isn't in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        await asyncio.sleep(_POLL_SECONDS)


async def eventually(condition: Callable[[], Awaitable[object]], what: str, seconds: float = 20.0) -> None:
    """Return once what somebody else says is true; fail the test with `what` if it isn't in time."""
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        await asyncio.sleep(_ASK_SECONDS)
