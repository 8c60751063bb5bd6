"""The pictures of the documents, taken of the demo event with drawn people in it: `make pictures`.

`python -m tests.journeys.docs_pictures FOLDER`
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, expect

from roomserver.demo import MODERATED, OPEN, ORGANIZER
from tests.journeys.dashboard_page import DashboardPage
from tests.journeys.looks import Way
from tests.journeys.recordings_page import in_state, lasts, plays
from tests.journeys.room_page import RoomPage
from tests.support.chromium import chromium
from tests.support.live_server import LiveServer, Registrant
from tests.support.waiting import until

DRAWN = Path(__file__).parent.parent / "support" / "drawn_people.js"
DESK, PHONE = Way("light", "en", 1280), Way("dark", "ar", 375)
HEIGHTS = {375: 812, 1280: 800}
NEAR_THE_END = """video => new Promise((seen) => {
    video.pause();
    video.onseeked = seen;
    video.currentTime = video.duration - 1;
})"""
COLOURS = 256
"""So many are enough for pages, and a third of the bytes."""


@dataclass(frozen=True, slots=True)
class Scene:
    browser: Browser
    server: LiveServer
    folder: Path

    def link(self, name: str) -> str:
        """Whom the demo has, by the link that it prints."""
        found = re.search(rf"{name}.*:\s+(http\S+)", self.server.log.read_text())
        assert found is not None, name
        return found[1]

    async def session(self, title: str) -> str:
        items = (await self.server.api("GET", f"/api/sessions?q={title}"))["items"]
        return next(str(each["id"]) for each in items if each["title"] == title)

    @asynccontextmanager
    async def window(self, name: str, way: Way = DESK, hue: int = 0, *, hums: bool = False) -> AsyncIterator[Page]:
        """Somebody's, signed in."""
        opened = await self.browser.new_context(
            base_url=self.server.url,
            permissions=["camera", "microphone"],
            viewport={"width": way.width, "height": HEIGHTS[way.width]},
            color_scheme=way.theme,
            locale=way.language,
            reduced_motion="reduce",
        )
        try:
            await opened.add_init_script(f"window.drawn = {json.dumps({'hue': hue, 'hums': hums})}")
            await opened.add_init_script(path=DRAWN)
            page = await opened.new_page()
            await page.goto(self.link(name))
            await page.wait_for_url(lambda url: "/signin" not in url)
            yield page
        finally:
            await opened.close()

    async def take(self, page: Page, name: str) -> None:
        await page.wait_for_load_state("networkidle")
        await page.wait_for_function(
            "() => [...document.images].every((image) => image.complete || image.loading === 'lazy')"
        )
        picture = Image.open(BytesIO(await page.screenshot())).convert("RGB")
        picture.quantize(COLOURS).save(self.folder / f"{name}.png", optimize=True)
        print(name, flush=True)


async def reception(scene: Scene) -> None:
    for name, way in (("reception", DESK), ("phone", PHONE)):
        async with scene.window("Ada Attendee", way) as page:
            await page.goto("/")
            await expect(page.get_by_test_id("session-card").first).to_be_visible()
            await expect(page.get_by_test_id("session-card").get_by_role("img").first).to_be_visible()
            await scene.take(page, name)


async def editor(scene: Scene) -> None:
    async with scene.window(ORGANIZER) as page:
        await page.goto(f"/dashboard/sessions/{await scene.session(OPEN)}")
        await expect(page.get_by_test_id("session-preview").get_by_role("img")).to_be_visible()
        await scene.take(page, "session")
        await page.goto("/dashboard/schedule")
        await expect(page.get_by_test_id("segment").first).to_be_visible()
        await scene.take(page, "schedule")


async def recording(scene: Scene) -> None:
    session = await scene.session(OPEN)
    async with AsyncExitStack() as windows:
        for name, hue in (("Ada Attendee", 210), ("Ben Attendee", 130), ("Vera VIP", 330)):
            page = await windows.enter_async_context(scene.window(name, hue=hue, hums=name.startswith("Ada")))
            await page.goto(f"/sessions/{session}")
            await share(page)
        await lasts(scene.server, 6.0)
    async with scene.window(ORGANIZER) as page:
        board = DashboardPage(page)
        await page.goto("/dashboard/recordings")
        await board.at("end-recording").click()
        await board.at("confirm").click()
        await in_state(board, "Ready")
        await board.at("play").click()
        await plays(board.at("video"))
        # Near the end everybody is there.
        await board.at("video").evaluate(NEAR_THE_END)
        await scene.take(page, "recordings")


async def share(page: Page) -> None:
    await page.get_by_test_id("share-button").click()
    await page.get_by_test_id("start-sharing").click()
    await expect(page.get_by_test_id("share-dialog")).to_be_hidden()


async def room(scene: Scene) -> None:
    """Mona moderates: Ada and Vera are on screen, Ada with slides, and Ben asks."""
    async with AsyncExitStack() as windows:
        dark = DESK._replace(theme="dark")
        mona = await windows.enter_async_context(scene.window("Mona Moderator", dark, 30))
        await mona.get_by_test_id("moderation-button").click()
        await share(mona)
        watching = RoomPage(mona, Registrant("", "Mona Moderator", "", ""))
        for name, hue in (("Ada Attendee", 210), ("Vera VIP", 330), ("Ben Attendee", 130)):
            page = await windows.enter_async_context(scene.window(name, hue=hue, hums=name.startswith("Ada")))
            await page.get_by_test_id("ask-button").click()
            if name.startswith("Ben"):
                continue
            await mona.locator("[data-testid^=approve-]").click()
            await page.get_by_test_id("start-sharing").click()
            if name.startswith("Ada"):
                await page.get_by_test_id("screen-button").click()
        await expect(mona.get_by_test_id("request")).to_contain_text("Ben")
        await expect(mona.get_by_test_id("tile")).to_have_count(4)
        for seat in await watching.seats():
            await expect(watching.tile(seat)).to_have_attribute("data-picture", "true", timeout=20_000)
        for notice in await mona.get_by_test_id("notice-info").all():
            await expect(notice).to_be_hidden(timeout=20_000)
        await scene.take(mona, "room")
        async with scene.window(ORGANIZER) as page:
            await page.goto("/dashboard")
            await expect(page.get_by_test_id("live-rooms").get_by_role("link", name=MODERATED).first).to_be_visible()
            await scene.take(page, "live")


async def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        live = LiveServer(Path(place) / "data", command="demo")
        await live.start()
        try:
            await until(lambda: "moderator password" in live.log.read_text(), "the demo prints its links")
            async with chromium(Path(place)) as context:
                assert context.browser is not None
                scene = Scene(context.browser, live, folder)
                for part in (reception, editor, room, recording):
                    await part(scene)
        finally:
            await live.stop()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
