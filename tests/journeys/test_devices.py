"""Camera and microphone: looked at and listened to before one goes on screen, and changed while one is there."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.conftest import Visit
from tests.journeys.room_page import RoomPage
from tests.support.live_server import LiveServer
from tests.support.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def moves(meter: Locator) -> None:
    """Wait until the level meter shows sound."""

    async def heard() -> bool:
        return bool(await meter.evaluate("meter => meter.firstElementChild.getBoundingClientRect().width > 10"))

    await eventually(heard, "the level meter moves")


async def other_device(room: RoomPage, kind: str) -> str:
    """Choose the last device, which isn't the present one; its id."""
    select = room.at(f"{kind}-select")
    await expect(select.locator("option").nth(1)).to_be_attached()
    now = await select.input_value()
    known = await select.locator("option").evaluate_all("options => options.map(option => option.value)")
    other = str(known[-1])
    assert other != now
    await select.select_option(other)
    return other


async def test_one_sees_and_hears_oneself_before_going_on_screen(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Preview")
    ada, ben = [await visit(server, session, await server.registrant(name)) for name in ("Ada", "Ben")]
    await ada.press("share-button")
    await expect(ada.at("preview")).to_be_visible()
    await moves(ada.page.get_by_role("img", name="Microphone level"))
    await expect(ben.at("empty-stage")).to_be_visible()  # nobody sees it yet

    await ada.at("camera-select").select_option("off")
    await expect(ada.at("share-dialog")).to_contain_text("Your camera will be off")
    await ada.press("start-sharing")
    seat = await ada.own_seat("camera")
    await expect(ben.tile(seat)).to_contain_text("Camera is off")
    await ben.hears()

    # What was chosen is remembered for the next time.
    await ada.press("leave-screen")
    await ada.press("share-button")
    await expect(ada.at("camera-select")).to_have_value("off")


async def test_camera_and_microphone_are_changed_on_screen(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Changing devices")
    ada, ben = [await visit(server, session, await server.registrant(name)) for name in ("Ada", "Ben")]
    seat = await ada.share_camera()
    await ben.sees(seat)

    await ada.press("devices-button")
    await expect(ada.at("devices-dialog").get_by_test_id("preview")).to_be_visible()
    for kind in ("camera", "microphone"):
        chosen = await other_device(ada, kind)
        await expect(ada.at(f"{kind}-select")).to_be_enabled()
        await expect(ada.at(f"{kind}-select")).to_have_value(chosen)
    await moves(ada.page.get_by_role("img", name="Microphone level"))
    await ada.page.keyboard.press("Escape")
    await expect(ada.at("devices-dialog")).to_be_hidden()
    await expect(ada.at("devices-button")).to_be_focused()

    await ben.sees(seat)
    await ben.hears()
    assert await ada.own_seat("camera") == seat
