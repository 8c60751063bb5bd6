"""Real browsers publish and watch through the media plane."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from signaling.media.port import StageSeat
from tests.support.chromium import chromium
from tests.support.media_house import eventually, media_house

pytestmark = pytest.mark.browser

LAYERS = [
    {"rid": "l", "scaleResolutionDownBy": 4, "maxBitrate": 150_000, "maxFramerate": 15},
    {"rid": "h", "maxBitrate": 900_000},
]


async def stats(page: Page, name: str) -> dict[str, Any]:
    found: dict[str, Any] = await page.evaluate("name => stats(name)", name)
    return found


async def test_chromium_sees_and_hears_a_speaker(tmp_path: Path) -> None:
    async with media_house() as house, chromium(tmp_path) as browser:
        house.plane.stage("room", [StageSeat("s7", "camera", "ada", 0, audio=True, video=True)])
        speaker, viewer = await browser.new_page(), await browser.new_page()
        await speaker.goto(house.url)
        await viewer.goto(house.url)
        await speaker.evaluate("publish('room', 's7')")
        await viewer.evaluate("watch('room', 'w1', 'bob')")

        async def decoding() -> bool:
            received = await stats(viewer, "w1")
            picture, sound = received.get("v0", {}), received.get("a0", {})
            return picture.get("framesDecoded", 0) > 30 and sound.get("totalAudioEnergy", 0) > 0.01

        await eventually(decoding, what="picture and sound")
        assert [7] in await viewer.evaluate("contributors('w1')")
        assert house.listener.live == {"s7": True}
        assert house.listener.speaking[0] == ("s7",)
