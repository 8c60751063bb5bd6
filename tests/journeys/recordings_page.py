"""The dashboard's recordings in a real browser: their states, their menu and the player."""

from __future__ import annotations

from playwright.async_api import Locator, expect

from tests.journeys.dashboard_page import DashboardPage
from tests.support.live_server import LiveServer
from tests.support.waiting import eventually

RENDERED_SECONDS = 400.0
"""Time to render some seconds on a busy machine."""


async def choose(board: DashboardPage, entry: str) -> None:
    """Open the recording's menu and take an entry."""
    await board.at("recording-menu").click()
    await board.at(entry).click()


async def in_state(board: DashboardPage, state: str, seconds: float = RENDERED_SECONDS) -> None:
    await expect(board.at("recording-state")).to_have_text(state, timeout=seconds * 1000)


async def shows_progress(board: DashboardPage) -> None:
    """Look again and again until it is rendered just now: the page itself looks every few seconds, in which so short a
    recording may be done."""

    async def progress() -> bool:
        await board.page.reload()
        await expect(board.at("recording-state")).to_be_visible()
        return await board.at("recording-progress").is_visible()

    await eventually(progress, "progress is shown", 60.0)


async def lasts(server: LiveServer, seconds: float) -> None:
    """Wait until the only recording is so long."""

    async def long_enough() -> bool:
        documents = (await server.api("GET", "/api/recordings"))["items"]
        return any(each["seconds"] >= seconds for each in documents)

    await eventually(long_enough, f"{seconds:g} s are recorded", 60.0)


async def plays(video: Locator) -> None:
    """Wait until the picture is there and time goes on."""

    async def moved() -> bool:
        seen = await video.evaluate("video => [video.videoWidth, video.videoHeight, video.currentTime, video.paused]")
        return bool(seen[:2] == [1920, 1080] and seen[2] > 0.5 and not seen[3])

    await eventually(moved, "the recording plays", 20.0)
