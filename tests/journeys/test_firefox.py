"""Firefox in the same room as Chromium: the room's main journeys."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from roomserver.bots.party import speakers_on_screen
from tests.journeys.conftest import Visit
from tests.journeys.fox_page import FoxPage
from tests.support.firefox import Firefox, firefox
from tests.support.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


# Firefox without a display has no screen that it could capture: a drawing stands for it. All else is Firefox's own.
DRAWN_SCREEN = """() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
    const context = canvas.getContext("2d");
    setInterval(() => {
        context.fillStyle = `hsl(${performance.now() / 10 % 360} 80% 50%)`;
        context.fillRect(0, 0, 1280, 720);
    }, 100);
    navigator.mediaDevices.getDisplayMedia = async () => canvas.captureStream();
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def fox() -> AsyncIterator[Firefox]:
    async with firefox() as browser:
        yield browser


async def test_firefox_publishes_and_watches(server: LiveServer, visit: Visit, fox: Firefox) -> None:
    session = await server.session("Two browsers")
    chrome = await visit(server, session, await server.registrant("Chrome"))
    page = await FoxPage.open(fox, session, await server.registrant("Fox"))
    of_fox, of_chrome = await page.share_camera(), await chrome.share_camera()

    await chrome.sees(of_fox)
    await chrome.hears()
    await page.sees(of_chrome)
    await page.hears()

    await page.press("microphone-button")
    await expect(chrome.tile(of_fox)).to_have_attribute("data-muted", "true")
    await page.press("camera-button")
    await expect(chrome.tile(of_fox)).to_have_attribute("data-picture", "false")
    await page.press("camera-button")
    await chrome.sees(of_fox)
    await page.press("leave-screen")
    await expect(chrome.tile(of_fox)).to_have_count(0)


async def test_firefox_shares_its_screen_beside_its_camera(server: LiveServer, visit: Visit, fox: Firefox) -> None:
    session = await server.session("Slides from Firefox")
    chrome = await visit(server, session, await server.registrant("Chrome"))
    page = await FoxPage.open(fox, session, await server.registrant("Fox"))
    camera = await page.share_camera()
    await page.page.evaluate(DRAWN_SCREEN)
    await page.press("screen-button")
    screen = await page.own_seat("screen")
    await chrome.sees(screen)
    await chrome.sees(camera)
    await page.press("stop-screen")
    await expect(chrome.tile(screen)).to_have_count(0)


async def test_firefox_asks_is_approved_and_removed(server: LiveServer, visit: Visit, fox: Firefox) -> None:
    session = await server.session("Asking from Firefox", share_policy="moderated")
    mod, asker = [await server.registrant(name) for name in ("Mo", "Fox")]
    await server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": [mod.id]})
    moderator = await visit(server, session, mod)
    page = await FoxPage.open(fox, session, asker)
    await page.press("ask-button")
    await page.there('[data-testid="request-position"][data-position="1"]')
    await moderator.press("moderation-button")
    await moderator.press(f"approve-{asker.id}")
    await page.there('[data-testid="grant-countdown"]')
    seat = await page.share_camera(approved=True)
    await moderator.sees(seat)
    await moderator.choose_on_tile(seat, "remove")
    await page.there('[data-testid="ask-button"]')


async def test_a_moderator_in_firefox_decides_by_keyboard(server: LiveServer, visit: Visit, fox: Firefox) -> None:
    session = await server.session("Moderating from Firefox", share_policy="moderated")
    mod, first, second = [await server.registrant(name) for name in ("Fox", "First", "Second")]
    await server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": [mod.id]})
    page = await FoxPage.open(fox, session, mod)
    one, two = [await visit(server, session, each) for each in (first, second)]
    for asking in (one, two):
        await asking.press("ask-button")
        await expect(asking.at("request-position")).to_be_visible()
    await page.focus("moderation-button")
    await page.key("Enter")
    await page.there('[data-testid="request"]', 2)
    await page.focus(f"decline-{first.id}")
    await page.key("ArrowDown")
    await page.key("d")
    await expect(two.at("ask-button")).to_be_visible()
    await page.there('[data-testid="request"]')
    await page.key("a")
    await page.there(f'[data-testid="grant"][data-participant="{first.id}"]')
    seat = await one.share_camera(approved=True)
    await page.sees(seat)
    await page.choose_on_tile(seat, "mute")
    await expect(one.tile(seat)).to_have_attribute("data-muted", "true")
    await page.choose_on_tile(seat, "remove")
    await expect(one.at("ask-button")).to_be_visible()


async def test_firefox_pins_leafs_and_fills_the_screen(server: LiveServer, visit: Visit, fox: Firefox) -> None:
    session = await server.session("Looking from Firefox")
    async with speakers_on_screen(server.url, server.organizer_token, session, 18, media=False) as speakers:
        page = await FoxPage.open(fox, session, await server.registrant("Fox"))
        tiles, pinned = '[data-testid="tile"]', '[data-testid="presentation"] [data-pinned="true"]'
        await page.there(tiles, 16)
        await page.press("next-page")
        await page.there(tiles, 2)
        await page.key("PageUp")
        await page.there(tiles, 16)
        await page.press("overflow-tile")
        await page.there(tiles, 18)
        seat = speakers[-1].seat
        assert seat is not None
        await page.choose_on_tile(seat, "pin")
        await page.there(f'{pinned}[data-seat="{seat}"]')
        await page.choose_on_tile(seat, "pin")
        await page.there(pinned, 0)
        await page.press("full-screen")
        await page.there("#stage:fullscreen")
        await page.press("leave-full-screen")
        await page.there("#stage:fullscreen", 0)
