"""The HTTP API on an event loop in a thread of its own, for tests that are driven from outside of one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.support.api import Api, running_api

T = TypeVar("T")


class ApiThread:
    """Call `run` from any other thread."""

    def __init__(self, api: Api, loop: asyncio.AbstractEventLoop) -> None:
        self.api = api
        self._loop = loop

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 30) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)


@contextmanager
def api_thread(folder: Path, database: str | None = None) -> Iterator[ApiThread]:
    """The API over a fresh catalog, until the block ends."""
    ready = threading.Event()
    started: list[ApiThread] = []
    stop: list[asyncio.Event] = []

    async def serve() -> None:
        async with running_api(folder, database) as api:
            stop.append(asyncio.Event())
            started.append(ApiThread(api, asyncio.get_running_loop()))
            ready.set()
            await stop[0].wait()

    def main() -> None:
        try:
            asyncio.run(serve())
        finally:
            ready.set()

    thread = threading.Thread(target=main)
    thread.start()
    ready.wait()
    if not started:
        raise RuntimeError("the API does not start")
    try:
        yield started[0]
    finally:
        started[0]._loop.call_soon_threadsafe(stop[0].set)
        thread.join()
