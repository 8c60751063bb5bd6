"""A full stage: 49 people on screen, and room for exactly one screen share (product section 2)."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from roomserver.bots.party import speakers_on_screen
from tests.journeys.conftest import Visit
from tests.support.live_server import LiveServer
from tests.support.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.timeout(240)
async def test_with_49_on_screen_exactly_one_screen_share_fits(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Full house")
    async with speakers_on_screen(server.url, server.organizer_token, session, 48):
        speaker, other = [await visit(server, session, await server.registrant(name)) for name in ("Nine", "Late")]
        await speaker.share_camera()
        await expect(other.at("count-on-screen")).to_have_text("49/50")
        await expect(other.at("viewer-cap")).to_contain_text("500")
        await expect(other.at("share-button")).to_be_enabled()
        # 16 tiles at most; the others share one that says how many they are.
        await expect(other.at("overflow-tile")).to_be_visible()
        assert await other.at("tile").count() <= 16

        async def most_move() -> bool:
            video = (await other.stats())["watch"]["video"].values()
            return sum(1 for each in video if each["framesDecoded"] > 0) >= 15

        await eventually(most_move, "the people in front move", 60)

        screen = await speaker.share_screen()
        await expect(other.at("count-on-screen")).to_have_text("50/50")
        await expect(other.at("share-button")).to_have_text("Full")
        await expect(other.at("share-button")).to_be_disabled()
        await other.shows(screen)

        await speaker.press("stop-screen")
        await expect(other.at("share-button")).to_be_enabled()
