"""A session's page in a real Firefox, spoken of as in Chromium's `room_page`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.firefox import Firefox, FirefoxPage
from tests.support.live_server import Registrant
from tests.support.waiting import eventually

_FRAMES = """async seat => {
    const video = (await window.__roomserver?.stats())?.watch?.video ?? {};
    return Object.values(video).filter(each => each.seat === seat).reduce((sum, each) => sum + each.framesDecoded, 0);
}"""

_ENERGY = """async () => {
    const audio = (await window.__roomserver?.stats())?.watch?.audio ?? {};
    return Object.values(audio).reduce((sum, each) => sum + each.energy, 0);
}"""

_OWN_SEAT = """kind => {
    const { room, you } = window.__roomserver?.snapshot() ?? {};
    return (you?.seats ?? []).find(seat => room?.seats?.[seat]?.kind === kind) ?? "";
}"""


@dataclass
class FoxPage:
    page: FirefoxPage
    person: Registrant

    @classmethod
    async def open(cls, browser: Firefox, session: str, person: Registrant) -> FoxPage:
        page = await browser.new_page()
        await page.goto(person.sign_in_link.replace("/signin#", f"/signin?to={session}#"))
        fox = cls(page, person)
        await fox.there('[data-testid="room"]')
        return fox

    async def press(self, test_id: str) -> None:
        await self.page.click(f'[data-testid="{test_id}"]')

    async def key(self, name: str) -> None:
        await self.page.press(name)

    async def count(self, selector: str) -> int:
        return int(await self.page.evaluate("selector => document.querySelectorAll(selector).length", selector))

    async def there(self, selector: str, times: int = 1) -> None:
        """Wait until so many elements match."""

        async def matches() -> bool:
            return await self.count(selector) == times

        await eventually(matches, f"in Firefox there is {times} times {selector}")

    async def share_camera(self, *, approved: bool = False) -> str:
        if not approved:
            await self.press("share-button")
        await self.press("start-sharing")
        return await self.own_seat("camera")

    async def own_seat(self, kind: str) -> str:
        found: list[str] = []

        async def on_screen() -> bool:
            found[:] = [str(await self.page.evaluate(_OWN_SEAT, kind))]
            return found != [""]

        await eventually(on_screen, f"Firefox has a {kind} seat")
        return found[0]

    async def sees(self, seat: str, frames: int = 10) -> None:
        """Wait until that many more frames of a seat are decoded, and its tile shows a picture."""
        before = await self._number(_FRAMES, seat)

        async def decoded() -> bool:
            return await self._number(_FRAMES, seat) >= before + frames

        await eventually(decoded, f"Firefox sees {seat} move")
        await self.there(f'[data-testid="tile"][data-seat="{seat}"][data-picture="true"]')

    async def hears(self) -> None:
        before = await self._number(_ENERGY)

        async def louder() -> bool:
            return await self._number(_ENERGY) > before + 0.001

        await eventually(louder, "Firefox hears something")

    async def choose_on_tile(self, seat: str, action: str) -> None:
        await self.page.click(f'[data-testid="tile"][data-seat="{seat}"] button[aria-haspopup="menu"]')
        await self.press(f"{action}-{seat}")

    async def focus(self, test_id: str, most: int = 40) -> None:
        """Move the focus by Tab until it is there."""
        for _ in range(most):
            if await self.page.evaluate("() => document.activeElement?.dataset.testid ?? ''") == test_id:
                return
            await self.key("Tab")
        raise AssertionError(f"{test_id} can't be reached by {most} times Tab")

    async def _number(self, script: str, argument: Any = None) -> float:
        return float(await self.page.evaluate(script, argument))
