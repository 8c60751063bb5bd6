"""A real Firefox with a fake camera and microphone, driven by Node over JSON lines (`tests/support/browser`)."""

from __future__ import annotations

import asyncio
import itertools
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

EXECUTABLE = "/usr/bin/firefox-esr"
DRIVER = Path(__file__).parent / "browser" / "firefox.js"

START_SECONDS = 30.0
CLOSE_SECONDS = 10.0
LINE_LIMIT = 16 << 20


class Firefox:
    """A running browser. Its pages have the few methods of Playwright's that tests use on both browsers."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Any]] = {}

    async def new_page(self) -> FirefoxPage:
        return FirefoxPage(self)

    async def ask(self, **command: Any) -> Any:
        """Send a command; returns its value, raises RuntimeError with what went wrong in the browser."""
        number = next(self._numbers)
        self._asked[number] = asyncio.get_running_loop().create_future()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, **command}).encode() + b"\n")
        return await self._asked[number]

    async def listen(self) -> None:
        """Take answers in until the driver ends."""
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            answer = json.loads(line)
            future = self._asked.pop(answer["id"])
            if future.done():
                continue
            if "error" in answer:
                future.set_exception(RuntimeError(answer["error"]))
            else:
                future.set_result(answer["value"])
        for future in self._asked.values():
            future.cancel()


class FirefoxPage:
    """A tab."""

    def __init__(self, browser: Firefox) -> None:
        self._browser = browser
        self._number: int | None = None

    async def goto(self, url: str) -> None:
        assert self._number is None, "one address a page"
        self._number = await self._browser.ask(op="open", url=url)

    async def evaluate(self, script: str, argument: Any = None) -> Any:
        """The value of an expression, or of a function called with `argument`; promises are awaited."""
        return await self._browser.ask(op="evaluate", page=self._number, script=script, argument=argument)

    async def click(self, selector: str) -> None:
        """A real click, once the element is there, at rest and enabled."""
        await self._browser.ask(op="click", page=self._number, selector=selector)

    async def press(self, key: str) -> None:
        """A key, by its name, on what has the focus."""
        await self._browser.ask(op="press", page=self._number, key=key)


@asynccontextmanager
async def firefox() -> AsyncIterator[Firefox]:
    """Start Firefox, headless."""
    process = await asyncio.create_subprocess_exec(
        "node", str(DRIVER), EXECUTABLE, stdin=PIPE, stdout=PIPE, limit=LINE_LIMIT, cwd=DRIVER.parent
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_SECONDS):
            ready = await process.stdout.readline()
        assert ready, "Firefox did not start (are its driver's packages installed? npm ci in tests/support/browser)"
        browser = Firefox(process)
        listening = asyncio.create_task(browser.listen())
        yield browser
        process.stdin.close()
        async with asyncio.timeout(CLOSE_SECONDS):
            await listening
    finally:
        if process.returncode is None:
            process.stdin.close()
            try:
                async with asyncio.timeout(CLOSE_SECONDS):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
