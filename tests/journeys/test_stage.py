"""A stage with more people than tiles: leafing, everybody at once, and whoever speaks comes forward."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from roomserver.bots.party import speakers_on_screen
from tests.journeys.conftest import Visit
from tests.support.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_one_leafs_through_people_and_shows_everybody(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Leafing")
    async with speakers_on_screen(server.url, server.organizer_token, session, 20, media=False):
        watching = await visit(server, session, await server.registrant("Cy"))
        tiles, beyond, pager = watching.at("tile"), watching.at("overflow-tile"), watching.at("pager")
        await expect(tiles).to_have_count(16)
        await expect(beyond).to_have_attribute("data-count", "4")
        await expect(pager).to_contain_text("1 of 2")

        await watching.press("next-page")
        await expect(tiles).to_have_count(4)
        await expect(pager).to_contain_text("2 of 2")
        await expect(beyond).to_have_count(0)
        await expect(watching.at("next-page")).to_have_attribute("aria-disabled", "true")
        await watching.page.keyboard.press("PageUp")
        await expect(tiles).to_have_count(16)
        await watching.page.keyboard.press("PageDown")
        await expect(tiles).to_have_count(4)
        await watching.press("previous-page")

        await beyond.click()
        await expect(tiles).to_have_count(20)
        await expect(pager).to_have_count(0)
        await watching.press("show-fewer")
        await expect(tiles).to_have_count(16)


async def test_who_speaks_comes_forward(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Coming forward")
    async with speakers_on_screen(server.url, server.organizer_token, session, 16, media=False):
        watching = await visit(server, session, await server.registrant("Cy"))
        await expect(watching.at("tile")).to_have_count(16)
        ada = await visit(server, session, await server.registrant("Ada"))
        seat = await ada.share_camera()  # her microphone sounds
        await expect(watching.tile(seat)).to_be_visible()
        await watching.sees(seat)
        await expect(watching.at("overflow-tile")).to_have_attribute("data-count", "1")
        await expect(watching.at("tile")).to_have_count(16)


async def test_a_tile_goes_to_a_window_of_its_own(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Picture in picture")
    ada, watching = [await visit(server, session, await server.registrant(name)) for name in ("Ada", "Cy")]
    seat = await ada.share_camera()
    await watching.sees(seat)
    await watching.choose_on_tile(seat, "picture-in-picture")
    await watching.page.wait_for_function(
        "seat => document.pictureInPictureElement?.closest('[data-testid=tile]')?.dataset.seat === seat", arg=seat
    )
    await watching.sees(seat)


async def test_all_tiles_are_whole_on_phones_and_walls(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Every size")
    async with speakers_on_screen(server.url, server.organizer_token, session, 22, media=False):
        watching = await visit(server, session, await server.registrant("Cy"))
        await expect(watching.at("tile")).to_have_count(16)
        for pressed in (None, "overflow-tile"):
            if pressed is not None:
                await watching.press(pressed)
            for width, height in ((375, 812), (1280, 800), (1920, 1080), (3840, 2160)):
                await watching.page.set_viewport_size({"width": width, "height": height})
                await watching.page.wait_for_function(WHOLE)


WHOLE = """() => {
    const stage = document.querySelector("#stage").getBoundingClientRect();
    return [...document.querySelectorAll("[data-testid=tile], [data-testid=overflow-tile]")].every(each => {
        const tile = each.getBoundingClientRect();
        return tile.top >= stage.top && tile.bottom <= stage.bottom && tile.left >= 0 && tile.right <= innerWidth;
    });
}"""
