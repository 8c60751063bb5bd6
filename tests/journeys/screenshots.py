"""Pictures of every page and state, on a phone, at a desk and on a wall, light and dark, and in Arabic: to look at.

`python -m tests.journeys.screenshots FOLDER [NAME ...]`
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser

from tests.journeys.company import SETTINGS, company
from tests.journeys.furnishing import House, furnish
from tests.journeys.looks import LOOKS, WIDTHS, Language, Look, Theme, Way, looking, show
from tests.support.chromium import chromium
from tests.support.live_server import LiveServer

LIKINGS: list[tuple[Theme, Language]] = [("light", "en"), ("dark", "en"), ("light", "ar")]
WAYS = [Way(theme, language, width) for theme, language in LIKINGS for width in WIDTHS]


async def take(browser: Browser, house: House, look: Look, folder: Path) -> None:
    for way in WAYS:
        async with looking(browser, house, look, way) as page:
            await show(page, house, look)
            await page.screenshot(path=folder / f"{look.name}-{way}.png", full_page=True)
    print(look.name, flush=True)


async def main(folder: Path, names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        live = LiveServer(Path(place) / "data", settings=SETTINGS)
        await live.start()
        try:
            house = await furnish(live)
            async with company(house), chromium(Path(place)) as context:
                assert context.browser is not None
                for look in LOOKS:
                    if not names or look.name in names:
                        await take(context.browser, house, look, folder)
        finally:
            await live.stop()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target, sys.argv[2:]))
