"""A session's page in a real browser, spoken of as its people would: share, ask, approve, see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.support.live_server import Registrant
from tests.support.waiting import eventually


@dataclass
class RoomPage:
    page: Page
    person: Registrant

    @classmethod
    async def open(cls, context: BrowserContext, session: str, person: Registrant) -> RoomPage:
        """Follow the person's sign-in link, which leads on to the session."""
        page = await context.new_page()
        await page.goto(person.sign_in_link.replace("/signin#", f"/signin?to={session}#"))
        await expect(page.get_by_test_id("room").or_(page.get_by_test_id("waiting-line"))).to_be_visible(timeout=15_000)
        return cls(page, person)

    def at(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    async def inside(self) -> None:
        await expect(self.at("room")).to_be_visible()

    async def press(self, test_id: str) -> None:
        await self.at(test_id).click()

    async def share_camera(self, *, approved: bool = False) -> str:
        """Go on screen through the device preview, which opens by itself on approval; the seat."""
        if not approved:
            await self.press("share-button")
        await expect(self.at("preview")).to_be_visible()
        await self.press("start-sharing")
        await expect(self.at("share-dialog")).to_be_hidden()
        return await self.own_seat("camera")

    async def share_screen(self) -> str:
        await self.press("screen-button")
        return await self.own_seat("screen")

    async def own_seat(self, kind: str) -> str:
        found: list[str] = []

        async def there() -> bool:
            seats = await self.seats()
            found[:] = [
                seat for seat, each in seats.items() if (each["participant"], each["kind"]) == (self.person.id, kind)
            ]
            return bool(found)

        await eventually(there, f"{self.person.name} has a {kind} seat")
        return found[0]

    async def snapshot(self) -> dict[str, Any]:
        """The documents as the page has them."""
        return cast(dict[str, Any], await self.page.evaluate("() => window.__roomserver?.snapshot() ?? {}"))

    async def seats(self) -> dict[str, dict[str, Any]]:
        return cast(dict[str, dict[str, Any]], ((await self.snapshot()).get("room") or {}).get("seats", {}))

    async def stats(self) -> dict[str, Any]:
        return cast(dict[str, Any], await self.page.evaluate("() => window.__roomserver?.stats() ?? {}"))

    async def frames(self, seat: str) -> int:
        """Frames of a seat that this browser has decoded so far."""
        video = ((await self.stats()).get("watch") or {}).get("video", {})
        return sum(int(each["framesDecoded"]) for each in video.values() if each.get("seat") == seat)

    async def energy(self) -> float:
        """Sound heard so far."""
        audio = ((await self.stats()).get("watch") or {}).get("audio", {})
        return sum(float(each["energy"]) for each in audio.values())

    async def sees(self, seat: str, frames: int = 10) -> None:
        """Wait until that many more frames of a seat are decoded, and its tile shows a picture."""
        before = await self.frames(seat)

        async def decoded() -> bool:
            return await self.frames(seat) >= before + frames

        await eventually(decoded, f"{self.person.name} sees {seat} move")
        await expect(self.tile(seat)).to_have_attribute("data-picture", "true")

    async def shows(self, seat: str) -> None:
        """Wait until a seat's picture is there; one that may stand still, like a screen on which nothing moves."""

        async def decoded() -> bool:
            return await self.frames(seat) > 0

        await eventually(decoded, f"{self.person.name} is shown {seat}")
        await expect(self.tile(seat)).to_have_attribute("data-picture", "true")

    async def hears(self) -> None:
        before = await self.energy()

        async def louder() -> bool:
            return await self.energy() > before + 0.001

        await eventually(louder, f"{self.person.name} hears something")

    def tile(self, seat: str) -> Locator:
        return self.page.locator(f'[data-testid="tile"][data-seat="{seat}"]')

    async def choose_on_tile(self, seat: str, action: str) -> None:
        """Open a tile's menu and choose from it ("remove", "mute")."""
        await self.tile(seat).hover()
        await self.tile(seat).locator('[aria-haspopup="menu"]').click()
        await self.press(f"{action}-{seat}")
