"""Firefox in the same room as Chromium: each sees and hears the other."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.room_page import eventually
from tests.support.firefox import FirefoxPage, firefox
from tests.support.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

_PRESS = """async name => {
    const end = Date.now() + 20000;
    for (;;) {
        const found = document.querySelector(`[data-testid="${name}"]`);
        if (found && !found.disabled) { found.click(); return; }
        if (Date.now() > end) throw new Error(`${name} can't be pressed: ${document.body.innerText}`);
        await new Promise(done => setTimeout(done, 50));
    }
}"""

_FRAMES = """async seat => {
    const video = (await window.__roomserver?.stats())?.watch?.video ?? {};
    return Object.values(video).filter(each => each.seat === seat).reduce((sum, each) => sum + each.framesDecoded, 0);
}"""

_ENERGY = """async () => {
    const audio = (await window.__roomserver?.stats())?.watch?.audio ?? {};
    return Object.values(audio).reduce((sum, each) => sum + each.energy, 0);
}"""

_OWN_SEAT = "() => window.__roomserver?.snapshot().you?.seats?.[0] ?? ''"


async def press(page: FirefoxPage, test_id: str) -> None:
    await page.evaluate(_PRESS, test_id)


async def test_firefox_publishes_and_watches(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Two browsers")
    fox = await server.registrant("Fox")
    chrome = await visit(server, session, await server.registrant("Chrome"))
    async with firefox() as browser:
        page = await browser.new_page()
        await page.goto(fox.sign_in_link.replace("/signin#", f"/signin?to={session}#"))
        await press(page, "share-button")
        await press(page, "start-sharing")

        async def on_screen() -> object:
            return await page.evaluate(_OWN_SEAT)

        await eventually(on_screen, "Firefox is on screen")
        of_fox = str(await on_screen())
        of_chrome = await chrome.share_camera()

        await chrome.sees(of_fox)
        await chrome.hears()

        async def fox_sees() -> bool:
            return int(await page.evaluate(_FRAMES, of_chrome)) >= 10

        async def fox_hears() -> bool:
            return float(await page.evaluate(_ENERGY)) > 0.001

        await eventually(fox_sees, "Firefox sees Chromium move")
        await eventually(fox_hears, "Firefox hears Chromium")
