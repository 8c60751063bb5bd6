"""The dashboard in a real browser, as its organizer uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Locator, Page, expect

from tests.support.live_server import LiveServer


class DashboardPage:
    def __init__(self, page: Page) -> None:
        self.page = page

    def at(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    async def go(self, name: str) -> None:
        """Follow the navigation to a page ("settings", "tickets")."""
        await self.at(f"to-{name}").click()
        await expect(self.at(f"to-{name}")).to_have_attribute("aria-current", "page")

    async def saved_by(self, button: str) -> None:
        """Wait until its work is done and nothing more is to be saved. While it works it counts as disabled, too."""
        await expect(self.at(button)).not_to_have_attribute("aria-busy", "true")
        await expect(self.at(button)).to_be_disabled()

    async def told(self, text: str) -> None:
        """Wait until the page said so in passing."""
        await expect(self.at("notices")).to_contain_text(text)


@asynccontextmanager
async def organizing(browser: Browser, server: LiveServer) -> AsyncIterator[DashboardPage]:
    """A window of its own in which an organizer is signed in, at the dashboard."""
    link = await server.api("POST", "/api/tokens", {"name": "Journey", "kind": "link"})
    window = await browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    try:
        page = await window.new_page()
        await page.goto(link["sign_in_link"])
        await page.wait_for_url(lambda url: "/signin" not in url)
        await page.goto("/dashboard")
        await expect(page.get_by_test_id("to-live")).to_be_visible()
        yield DashboardPage(page)
    finally:
        await window.close()
