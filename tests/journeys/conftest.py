"""What journeys share: one Chromium for all, a window of its own for each person, and a live server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.journeys.room_page import RoomPage
from tests.support.chromium import chromium
from tests.support.live_server import LiveServer, Registrant

Visit = Callable[[LiveServer, str, Registrant], Awaitable[RoomPage]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with chromium(tmp_path_factory.mktemp("chromium")) as context:
        assert context.browser is not None
        yield context.browser


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    """Open a session as somebody, each in a private window; all windows close with the test."""
    windows: list[BrowserContext] = []

    async def visit(server: LiveServer, session: str, person: Registrant) -> RoomPage:
        window = await browser.new_context(
            permissions=["camera", "microphone"], viewport={"width": 1280, "height": 800}, base_url=server.url
        )
        windows.append(window)
        return await RoomPage.open(window, session, person)

    yield visit
    for window in windows:
        await window.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """One server for the journeys that leave it running."""
    live = LiveServer(tmp_path_factory.mktemp("server") / "data")
    await live.start()
    yield live
    await live.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def own_server(tmp_path: Path) -> AsyncIterator[LiveServer]:
    """A server for one journey, to be killed at will; not started yet."""
    live = LiveServer(tmp_path / "data")
    yield live
    await live.stop()
