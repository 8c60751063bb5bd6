"""Whether the server may take traffic, and why not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

Check = Callable[[], Awaitable[None]]
"""Raises any exception, whose text is the reason."""

CHECK_SECONDS = 3.0


class Health:
    """The dependencies of this server by name. Once `stop` was called it takes no new traffic."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = dict(checks)
        self._stopping = False

    def stop(self) -> None:
        self._stopping = True

    async def reasons(self) -> dict[str, str]:
        """What keeps the server from taking traffic, by name; empty: it may."""
        names = list(self._checks)
        results = await asyncio.gather(*(self._run(self._checks[name]) for name in names))
        found = {name: reason for name, reason in zip(names, results, strict=True) if reason is not None}
        if self._stopping:
            found["server"] = "stopping"
        return found

    async def _run(self, check: Check) -> str | None:
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await check()
        except TimeoutError:
            return f"no answer within {CHECK_SECONDS:g} s"
        except Exception as error:
            return str(error) or type(error).__name__
        return None
