"""What people notice when something breaks: hardly anything. Nobody reloads a page in these journeys."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.room_page import RoomPage
from tests.support.cut_connections import cutting_proxy
from tests.support.live_server import LiveServer
from tests.support.lossy_relay import lossy_relay
from tests.support.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BACK_SECONDS = 30.0
"""Time to be back in place on a busy machine."""


async def on_screen_together(server: LiveServer, visit: Visit, session: str) -> tuple[RoomPage, RoomPage, str]:
    """One on screen and one watching, the picture moving."""
    speaker, viewer = [await visit(server, session, await server.registrant(name)) for name in ("Speaker", "Viewer")]
    seat = await speaker.share_camera()
    await viewer.sees(seat)
    return speaker, viewer, seat


async def sees_again(viewer: RoomPage, seat: str) -> None:
    """The seat is there and its picture moves on, counted from now."""
    start = await viewer.frames(seat)

    async def moved() -> bool:
        # A fresh media connection counts from zero: then everything it decodes is new.
        nonlocal start
        frames = await viewer.frames(seat)
        start = min(start, frames)
        return frames >= start + 10

    await eventually(moved, f"{seat} moves again", BACK_SECONDS)


async def test_a_killed_media_worker_is_replaced_and_the_picture_comes_back(
    own_server: LiveServer, visit: Visit
) -> None:
    await own_server.start()
    _, viewer, seat = await on_screen_together(own_server, visit, await own_server.session("Worker"))
    [worker] = own_server.media_workers()
    os.kill(worker, signal.SIGKILL)

    await sees_again(viewer, seat)
    await viewer.hears()
    [replacement] = own_server.media_workers()
    assert replacement != worker
    await expect(viewer.at("count-on-screen")).to_have_text("1/50")


async def test_a_killed_server_comes_back_with_its_rooms(own_server: LiveServer, visit: Visit) -> None:
    await own_server.start()
    session = await own_server.session("Server", share_policy="moderated")
    names = ("Mo", "Speaker", "Asker")
    mod, speaker, asker = [await own_server.registrant(name) for name in names]
    await own_server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": [mod.id]})
    moderator, speaking, asking = [await visit(own_server, session, each) for each in (mod, speaker, asker)]
    await speaking.press("ask-button")
    await moderator.press("moderation-button")
    await moderator.press(f"approve-{speaker.id}")
    seat = await speaking.share_camera(approved=True)
    await asking.press("ask-button")
    await moderator.sees(seat)

    own_server.kill()
    await expect(moderator.at("reconnecting")).to_be_visible(timeout=BACK_SECONDS * 1000)
    await own_server.start()

    await expect(moderator.at("reconnecting")).to_be_hidden(timeout=BACK_SECONDS * 1000)
    await expect(moderator.at("notices")).to_contain_text("You're back")
    await sees_again(moderator, seat)
    await expect(moderator.at(f"approve-{asker.id}")).to_be_visible()
    await expect(asking.at("request-position")).to_have_attribute("data-position", "1")


async def test_a_dropped_websocket_is_resumed_with_everything_in_place(own_server: LiveServer, visit: Visit) -> None:
    await own_server.start()
    async with cutting_proxy(own_server.port) as proxy:
        session = await own_server.session("Dropped")
        direct = await visit(own_server, session, await own_server.registrant("Direct"))
        person = await own_server.registrant("Through the proxy")
        person.sign_in_link = person.sign_in_link.replace(f":{own_server.port}/", f":{proxy.port}/")
        behind = await visit(own_server, session, person)
        seat = await behind.share_camera()
        await direct.sees(seat)

        assert proxy.sever() > 0

        async def resumed() -> bool:
            status = (await behind.snapshot()).get("status", {})
            return status.get("phase") == "in" and not (await direct.seats())[seat].get("away")

        await eventually(resumed, "the connection is resumed", BACK_SECONDS)
        await sees_again(direct, seat)
        assert seat in (await direct.seats())


async def behind_relay(page: Page, lead: str) -> None:
    """Make the page's media connections go through a relay: its address replaces the server's in every answer."""
    await page.add_init_script(
        """(name => {
            const original = RTCPeerConnection.prototype.setRemoteDescription;
            RTCPeerConnection.prototype.setRemoteDescription = async function (answer) {
                return original.call(this, { type: answer.type, sdp: await window[name](answer.sdp) });
            };
        })"""
        + f"('{lead}')"
    )


async def test_a_changed_address_carries_on(own_server: LiveServer, visit: Visit) -> None:
    await own_server.start()
    session = await own_server.session("Roaming")
    watcher = await visit(own_server, session, await own_server.registrant("Watcher"))
    roamer = await visit(own_server, session, await own_server.registrant("Roamer"))
    async with lossy_relay(seed=7) as relay:
        await roamer.page.expose_function("relayLead", relay.lead)
        await behind_relay(roamer.page, "relayLead")
        await roamer.page.reload()
        await roamer.inside()
        seat = await roamer.share_camera()
        await watcher.sees(seat)
        own = await watcher.share_camera()
        await roamer.sees(own)

        relay.move()

        await sees_again(watcher, seat)
        await sees_again(roamer, own)
