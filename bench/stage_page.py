"""A session's page in headless Chromium: 50 people on screen, and 1,000 viewers in the room.

A real server, bots that send cameras and microphones, and one browser that watches. Beside it, in the same browser in
the same minute: for frames, a bare page with as many moving `<video>` elements and nothing else, because a browser
draws fewer frames of such a page; for the main thread and for clicks, a page of ours on which nothing moves.

Viewers are bots with a real WebSocket each, without media: what media costs the server is no business of the page.
The table of viewer caps is replaced, for with 50 on screen the default one admits 500.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from bench.measure import Result, main
from roomserver.bots.open_files import allow_open_files
from tests.support.chromium import chromium
from tests.support.live_server import PROGRAM, LiveServer

BENCH = "stage_page"
ON_SCREEN = 50
TILES = 16
VIEWERS = int(os.environ.get("BENCH_VIEWERS", "1000"))
SECONDS = 10.0
CLICKS = 6
READY_SECONDS = 400.0
PICTURES_SECONDS = 60.0

METER = Path(__file__).parent / "page_meter.js"
LIMIT_IS = "in the same browser a bare page with as many videos (frames), a page on which nothing moves (the rest)"

BARE_VIDEOS = """count => {
    document.body.replaceChildren();
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
    const context = canvas.getContext("2d");
    const draw = () => {
        context.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`;
        context.fillRect(0, 0, 320, 180);
    };
    setInterval(draw, 1000 / 24);
    const srcObject = canvas.captureStream();
    for (let number = 0; number < count; number++) {
        const video = Object.assign(document.createElement("video"), { muted: true, width: 150, srcObject });
        document.body.append(video);
        video.play();
    }
}"""


@dataclass(frozen=True, slots=True)
class Measured:
    """A page over some seconds, by the second where it is a rate."""

    frames: float
    busy_ms: float
    """Of its main thread."""
    messages: float
    """Of its WebSocket, received."""
    reactions: list[float]
    """From a click to the end of the frame that shows it, ms."""
    counted: dict[str, float]


async def stay() -> None:
    await asyncio.sleep(SECONDS)


class Meter:
    """Counts in a page and beside it."""

    def __init__(self, page: Page, devtools: CDPSession) -> None:
        self.page = page
        self._devtools = devtools
        self._messages = 0
        devtools.on("Network.webSocketFrameReceived", self._received)

    @classmethod
    async def of(cls, page: Page) -> Meter:
        devtools = await page.context.new_cdp_session(page)
        await devtools.send("Network.enable")
        await devtools.send("Performance.enable")
        await page.add_init_script(path=METER)
        return cls(page, devtools)

    async def measure(self, doing: Callable[[], Awaitable[None]] = stay) -> Measured:
        """What the page costs while something is done with it, or while it is left alone."""
        await self.page.bring_to_front()
        await self.page.evaluate("__meter.begin()")
        messages, busy = self._messages, await self._busy()
        await doing()
        busy = await self._busy() - busy
        counted: dict[str, Any] = await self.page.evaluate("__meter.read()")
        took, reactions = counted.pop("seconds"), counted.pop("reactions")
        return Measured(
            frames=counted.pop("frames") / took,
            busy_ms=busy / took * 1e3,
            messages=(self._messages - messages) / took,
            reactions=reactions,
            counted={name: round(value, 1) for name, value in counted.items()},
        )

    def _received(self, _event: dict[str, Any]) -> None:
        self._messages += 1

    async def _busy(self) -> float:
        metrics = (await self._devtools.send("Performance.getMetrics"))["metrics"]
        return next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")


@asynccontextmanager
async def bots(server: LiveServer, session: str, **numbers: int) -> AsyncIterator[None]:
    """A process of its own with bots in the session, that goes with the context."""
    options = [part for name, value in numbers.items() for part in (f"--{name}", str(value))]
    process = await asyncio.create_subprocess_exec(
        *(str(PROGRAM), "bots", "--url", server.url, "--session", session, "--seconds", "3600", "--keep", *options),
        env={**os.environ, "ROOMSERVER_TOKEN": server.organizer_token},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()


async def room_has(server: LiveServer, what: str, count: int) -> None:
    async with asyncio.timeout(READY_SECONDS):
        while True:
            rooms = (await server.api("GET", "/api/rooms"))["items"]
            if any(room[what] >= count for room in rooms):
                return
            await asyncio.sleep(0.5)


async def enter(page: Page, server: LiveServer, session: str) -> None:
    watcher = await server.registrant("Watcher")
    await page.goto(watcher.sign_in_link.replace("/signin#", f"/signin?to={session}#"))
    await page.get_by_test_id("stage").wait_for()


async def pictures(page: Page, count: int) -> None:
    """Wait until so many tiles show a picture; on a machine that has too much to do, the server sends fewer."""
    script = "count => document.querySelectorAll('[data-testid=tile][data-picture=true]').length >= count"
    with suppress(PlaywrightTimeout):
        await page.wait_for_function(script, arg=count, timeout=PICTURES_SECONDS * 1e3)


def clicks(page: Page, selector: str) -> Callable[[], Awaitable[None]]:
    async def click() -> None:
        for _ in range(CLICKS):
            await page.locator(selector).first.click(force=True)
            await page.wait_for_timeout(250)
            if await page.get_by_role("menu").count():
                await page.keyboard.press("Escape")

    return click


async def bare_frames(window: BrowserContext, videos: int) -> Measured:
    """A page with so many videos and nothing else."""
    bare = await Meter.of(await window.new_page())
    await bare.page.goto("about:blank")
    await bare.page.evaluate(BARE_VIDEOS, videos)
    measured = await bare.measure()
    await bare.page.close()
    return measured


def tell(results: list[Result]) -> list[Result]:
    """Say on the way what was measured: it all takes minutes."""
    for each in results:
        print(
            f"{each.what}: {each.ours:.1f} {each.unit}, at rest {each.limit:.1f}, {dict(each.details)}", file=sys.stderr
        )
    return results


def line(what: str, unit: str, ours: float, limit: float, **details: float) -> Result:
    return Result(BENCH, what, unit, ours, limit, LIMIT_IS, ours / limit, details)


def frames(what: str, page: Measured, bare: Measured) -> Result:
    counted = {**page.counted, "bare_late_frames": bare.counted["late_frames"]}
    return line(what, "frames/s", page.frames, bare.frames, **counted)


def main_thread(what: str, page: Measured, idle: Measured) -> Result:
    return line(what, "main thread ms/s", page.busy_ms, idle.busy_ms, messages_per_s=round(page.messages, 2))


def reaction(what: str, page: Measured, idle: Measured) -> Result:
    worst = round(max(page.reactions), 1)
    return line(what, "ms to the frame", median(page.reactions), median(idle.reactions), worst_ms=worst)


@dataclass(frozen=True, slots=True)
class Hall:
    """A full stage that is looked at, and what it is compared with."""

    server: LiveServer
    session: str
    stage: Meter
    still: Meter
    bare: dict[int, Measured]
    """By the number of videos."""


async def with_everybody(hall: Hall) -> list[Result]:
    """16 tiles and the overflow tile, then all 50."""
    stage, page = hall.stage, hall.stage.page
    idle = await hall.still.measure()
    idle_menu = await hall.still.measure(clicks(hall.still.page, "[data-testid=theme-menu]"))
    await page.bring_to_front()
    await pictures(page, TILES)
    few = await stage.measure()
    results = tell([frames("16 tiles", few, hall.bare[TILES]), main_thread("16 tiles", few, idle)])
    # Forth and back: only on a later page is there no overflow tile.
    first = "[data-testid=stage]:has([data-testid=overflow-tile])"
    later = "[data-testid=stage]:not(:has([data-testid=overflow-tile]))"
    leaf = clicks(page, f"{first} [data-testid=next-page], {later} [data-testid=previous-page]")
    results += tell([reaction("16 tiles, leafing", await stage.measure(leaf), idle_menu)])
    while await page.get_by_test_id("overflow-tile").count() == 0:
        await page.get_by_test_id("previous-page").click(force=True)

    async def show_all() -> None:
        await page.get_by_test_id("overflow-tile").click()
        await pictures(page, ON_SCREEN)

    results += tell([main_thread("from 16 to 50 tiles", growing := await stage.measure(show_all), idle)])
    results += tell([frames("from 16 to 50 tiles", growing, hall.bare[ON_SCREEN])])
    menu = clicks(page, "[data-testid=tile] button[aria-haspopup=menu]")
    results += tell([reaction("50 tiles, opening a menu", await stage.measure(menu), idle_menu)])
    return results


async def with_viewers(hall: Hall) -> list[Result]:
    """All 50 tiles with nobody else there, while viewers come, and with all of them there."""
    results: list[Result] = []
    idle = await hall.still.measure()

    async def look(what: str) -> None:
        measured = await hall.stage.measure()
        lines = [frames(what, measured, hall.bare[ON_SCREEN]), main_thread(what, measured, idle)]
        results.extend(tell(lines))

    await look("50 tiles, 1 viewer")
    async with bots(hall.server, hall.session, speakers=0, viewers=VIEWERS):
        await room_has(hall.server, "viewers", VIEWERS // 2)
        await look(f"50 tiles, {VIEWERS} viewers coming")
        await room_has(hall.server, "viewers", VIEWERS)
        await look(f"50 tiles, {VIEWERS} viewers")
    return results


async def run_all() -> list[Result]:
    allow_open_files(2 * VIEWERS)
    with tempfile.TemporaryDirectory() as place:
        server = LiveServer(Path(place) / "data", settings={"ROOMSERVER_VIEWER_CAPS": f"50:{VIEWERS + 1000}"})
        await server.start()
        try:
            async with chromium(Path(place), flags=["--enable-precise-memory-info"]) as window:
                session = await server.session("Full house")
                await server.session("Elsewhere")  # with one session only, the reception would lead straight in
                stage, still = [await Meter.of(await window.new_page()) for _ in range(2)]
                async with bots(server, session, speakers=ON_SCREEN, viewers=0):
                    await room_has(server, "seats_taken", ON_SCREEN)
                    bare = {count: await bare_frames(window, count) for count in (TILES, ON_SCREEN)}
                    await enter(stage.page, server, session)
                    await still.page.goto(f"{server.url}/")
                    hall = Hall(server, session, stage, still, bare)
                    return await with_everybody(hall) + await with_viewers(hall)
        finally:
            await server.stop()


if __name__ == "__main__":
    main(lambda: asyncio.run(run_all()), __doc__.split("\n", 1)[0])
