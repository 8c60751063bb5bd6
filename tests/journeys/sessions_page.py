"""The dashboard's sessions in a real browser: the list, a session's form, and uploads, in an organizer's words."""

from __future__ import annotations

from playwright.async_api import FilePayload, Locator, expect

from tests.journeys.dashboard_page import DashboardPage

TABS_AT_MOST = 60


class SessionsPage(DashboardPage):
    # --- the list ----------------------------------------------------------------------------------------

    async def open_list(self, query: str = "") -> None:
        await self.page.goto(f"/dashboard/sessions{query}")
        await expect(self.page.locator("h1")).to_be_visible()

    async def shows(self, *titles: str) -> None:
        """Exactly these, in this order."""
        await expect(self.at("session-link")).to_have_text(list(titles))

    async def choose(self, title: str, action: str) -> None:
        """From the menu of a session's row."""
        row = self.page.locator("tr", has=self.page.get_by_role("link", name=title, exact=True))
        await row.get_by_test_id("session-actions").click()
        await row.get_by_test_id(action).click()

    async def upload(self, content: str, name: str = "sessions.csv") -> None:
        sheet = FilePayload(name=name, mimeType="text/csv", buffer=content.encode())
        await self.at("upload-file").set_input_files(sheet)

    # --- the form ----------------------------------------------------------------------------------------

    async def open_form(self, session: str | None = None) -> None:
        await self.page.goto(f"/dashboard/sessions/{session or 'new'}")
        await expect(self.at("session-form")).to_be_visible()

    async def unfold(self, *parts: str) -> None:
        for part in parts:
            await self.at(f"part-{part}").locator("summary").first.click()

    async def pick(self, group: str, value: str) -> None:
        """One of a few cards."""
        await self.at(group).locator(f"input[value={value}]").check()

    async def add(self, field: str, text: str) -> None:
        """Type into a field of tokens, and take the only match."""
        await self.at(field).fill(text)
        await self.page.get_by_test_id("option").filter(has_text=text).first.click()

    async def save(self) -> None:
        await self.at("save-session").click()

    async def saved(self) -> None:
        await self.told("saved")
        await self.saved_by("save-session")

    async def created(self) -> str:
        """The new session's id."""
        await self.page.wait_for_url(lambda url: "/dashboard/sessions/ses_" in url)
        return self.page.url.rpartition("/")[2]

    # --- without a mouse ---------------------------------------------------------------------------------

    async def tab_to(self, target: Locator) -> None:
        """Press Tab until it has the focus, as somebody does who sees it coming."""
        for _ in range(TABS_AT_MOST):
            if await target.evaluate("element => element === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard doesn't get to {target}")

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)
