"""Every page and state, in both themes, both directions, on a phone and at a desk: no barrier that axe-core knows, no
error in the console, nothing that the policy stops, nothing from other hosts, nothing cut off at the side."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.journeys.company import SETTINGS, company
from tests.journeys.furnishing import House, furnish
from tests.journeys.looks import LOOKS, Look, Way, looking, show
from tests.support.axe import axe_violations
from tests.support.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# One look each way holds the four choices apart well enough: what fails in the other pairs fails in one of these.
AT_A_DESK = Way("light", "en", 1280)
WAYS = [AT_A_DESK, Way("dark", "ar", 375)]

# A refusal that the page shows in words is an error to the browser nevertheless.
EXPECTED = {
    "room-missing": "404",
    "bad-link": "401",
    "session-conflict": "412",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    live = LiveServer(tmp_path_factory.mktemp("looks") / "data", settings=SETTINGS)
    await live.start()
    house = await furnish(live)
    async with company(house):
        yield house
    await live.stop()


def listen(page: Page, look: Look, host: str) -> list[str]:
    """What the browser complains about from now on, and what it asks other hosts for."""
    troubles: list[str] = []
    expected = EXPECTED.get(look.name)

    def complain(text: str) -> None:
        if expected is None or expected not in text:
            troubles.append(text)

    page.on("console", lambda message: complain(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if urlsplit(request.url).netloc in {host, ""}
            else troubles.append(f"a request to another host: {request.url}")
        ),
    )
    return troubles


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
async def test_a_page_has_no_barriers(browser: Browser, house: House, look: Look, way: Way) -> None:
    async with looking(browser, house, look, way) as page:
        troubles = listen(page, look, urlsplit(house.server.url).netloc)
        await show(page, house, look)
        assert await axe_violations(page) == []
        assert await page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0, "it scrolls sideways"
        assert await page.locator("html").get_attribute("dir") == ("rtl" if way.language == "ar" else "ltr")
        assert await page.title() != ""
        assert troubles == []


@pytest.mark.parametrize("path", ["/", "/dashboard"])
async def test_the_first_load_is_small(browser: Browser, house: House, path: str) -> None:
    """Everything that comes over the wire until the page stands still, compressed: pages, styles, texts, answers."""
    look = Look("first load", path, "h1")
    async with looking(browser, house, look, AT_A_DESK) as signed_in:
        page = await signed_in.context.new_page()
        devtools = await page.context.new_cdp_session(page)
        await devtools.send("Network.enable")
        await devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        sizes: list[float] = []
        devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        await show(page, house, look)
        assert 20_000 < sum(sizes) < 200_000


async def test_language_and_theme_are_kept(browser: Browser, house: House) -> None:
    look = Look("preferences", "/dashboard", "h1")
    async with looking(browser, house, look, AT_A_DESK) as page:
        await show(page, house, look)
        heading = page.locator("h1")
        in_english = await heading.inner_text()
        await page.get_by_test_id("language-menu").click()
        await page.get_by_test_id("language-ar").click()
        await page.locator("html[dir=rtl][lang=ar]").wait_for()
        # The page speaks the new language without being loaded again.
        await expect(heading).not_to_have_text(in_english)
        await page.get_by_test_id("theme-menu").click()
        await page.get_by_test_id("theme-dark").click()
        await page.locator("html[data-theme=dark]").wait_for()
        dark = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        await page.reload()
        await page.locator("html[dir=rtl][data-theme=dark]").wait_for()
        assert await page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dark
