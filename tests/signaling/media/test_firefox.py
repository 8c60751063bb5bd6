"""A real Firefox publishes and watches through the media plane."""

from __future__ import annotations

import pytest

from signaling.media.port import StageSeat
from tests.support.firefox import firefox
from tests.support.media_house import media_house
from tests.support.waiting import eventually

pytestmark = pytest.mark.browser


async def test_firefox_publishes_layers_and_watches() -> None:
    async with media_house() as house, firefox() as browser:
        house.plane.stage("room", [StageSeat("s5", "camera", "ada", 0, audio=True, video=True)])
        page = await browser.new_page()
        await page.goto(house.url)
        layers = [{"rid": "l", "scaleResolutionDownBy": 2}, {"rid": "h"}]
        await page.evaluate("layers => publish('room', 's5', {encodings: layers})", layers)
        await page.evaluate("watch('room', 'w1', 'bob')")
        house.plane.view("room", "w1", {0: "high"})

        async def decoding(height: int) -> bool:
            received = await page.evaluate("stats('w1')")
            picture, sound = received.get("v0", {}), received.get("a0", {})
            enough = picture.get("framesDecoded", 0) > 20 and picture.get("frameHeight") == height
            return bool(enough and sound.get("packetsReceived", 0) > 20)

        await eventually(lambda: decoding(360), "large picture, and sound")
        house.plane.view("room", "w1", {0: "low"})
        await eventually(lambda: decoding(180), "small picture")
        assert house.listener.live == [("room", "s5", True)]
