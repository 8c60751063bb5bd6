"""The reception in a real browser, spoken of as its visitors would: what is on, on which day, on my agenda."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.support.live_server import Registrant


@dataclass
class ReceptionPage:
    page: Page

    @classmethod
    async def open(cls, context: BrowserContext, person: Registrant, query: str = "") -> ReceptionPage:
        """Follow the person's sign-in link, to where it leads."""
        page = await context.new_page()
        await page.goto(person.sign_in_link)
        await page.wait_for_url(lambda url: "/signin" not in url)
        if query:
            await page.goto(f"/?{query}")
        return cls(page)

    def at(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    async def press(self, test_id: str) -> None:
        await self.at(test_id).click()

    async def shows_sessions(self, *titles: str) -> None:
        await expect(self.at("session-card").get_by_role("heading")).to_have_text(list(titles))

    def segment(self, title: str) -> Locator:
        return self.at("segment").filter(has=self.page.get_by_role("heading", name=title, exact=True))

    async def shows_segments(self, *titles: str) -> None:
        """On the day that is open."""
        await expect(self.at("segment").get_by_role("heading")).to_have_text(list(titles))

    async def shows_days(self, *days: str) -> None:
        """As in "2026-11-21"."""
        await expect(self.page.get_by_role("tab")).to_have_count(len(days))
        tabs = await self.page.get_by_role("tab").all()
        assert [await tab.get_attribute("data-testid") for tab in tabs] == [f"day-{day}" for day in days]

    async def put_on_agenda(self, title: str) -> None:
        button = self.segment(title).get_by_test_id("agenda")
        await button.click()
        await expect(button).to_have_attribute("data-on", "true")

    async def inside_a_room(self) -> None:
        await expect(self.at("room")).to_be_visible(timeout=15_000)
