"""A YouTube video in the room: shared by a link, at the same second for everybody, stopped by moderators."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.fake_youtube import plays, position, refuse_youtube, serve_youtube
from tests.journeys.room_page import RoomPage
from tests.support.live_server import LiveServer
from tests.support.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LINK = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


async def share_video(room: RoomPage, link: str = LINK) -> None:
    await room.press("video-button")
    await room.at("video-link").fill(link)
    await room.press("video-start")


async def test_everybody_sees_the_same_second_and_a_latecomer_too(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Film", share_policy="moderated", youtube=True)
    mod, early, late = [await server.registrant(name) for name in ("Mo", "Early", "Late")]
    await server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": [mod.id]})
    moderator, viewer = await visit(server, session, mod), await visit(server, session, early)
    await serve_youtube(moderator.page.context)
    await serve_youtube(viewer.page.context)

    await share_video(moderator)
    await expect(moderator.at("count-on-screen")).to_have_text("1/50")
    for room in (moderator, viewer):
        await eventually(partial(plays, room.page), f"it plays for {room.person.name}")
    await expect(viewer.at("video-play")).to_have_count(0)

    await moderator.at("video-seek").fill("400")
    await moderator.page.keyboard.press("Tab")
    await eventually(lambda: _beyond(viewer, 400), "the viewer follows")
    newcomer = await visit(server, session, late)
    await serve_youtube(newcomer.page.context)
    await newcomer.page.reload()
    await eventually(lambda: _beyond(newcomer, 400), "the latecomer is there as well")
    await eventually(partial(plays, newcomer.page), "it plays for the latecomer")

    await moderator.press("video-play")
    for room in (viewer, newcomer):
        await eventually(partial(_stands, room), f"it stands for {room.person.name}")
    await eventually(lambda: _at_the_same(viewer, newcomer), "they stand at the same second")
    await expect(viewer.at("video-time")).to_contain_text("Paused")

    seat = next(iter(await moderator.seats()))
    await moderator.choose_on_tile(seat, "remove")
    await expect(viewer.tile(seat)).to_have_count(0)
    await expect(moderator.at("video-button")).to_be_visible()


async def _beyond(room: RoomPage, seconds: float) -> bool:
    return await position(room.page) >= seconds


async def _at_the_same(one: RoomPage, other: RoomPage) -> bool:
    # Each is brought to within half a second of where the server says.
    return abs(await position(one.page) - await position(other.page)) <= 1


async def _stands(room: RoomPage) -> bool:
    return not await plays(room.page)


async def test_a_link_that_is_none_is_refused_with_the_reason(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Films", youtube=True)
    ada = await visit(server, session, await server.registrant("Ada"))
    await serve_youtube(ada.page.context)
    await expect(ada.at("video-button")).to_have_count(0)  # only people on screen share videos here
    await ada.share_camera()
    await share_video(ada, "https://www.youtube.com/playlist?list=PL1234567890")
    await expect(ada.at("video-link-error")).to_contain_text("playlist")
    await ada.at("video-link").fill("https://example.org/film")
    await ada.press("video-start")
    await expect(ada.at("video-link-error")).to_contain_text("not the link of a YouTube video")
    await ada.at("video-link").fill(LINK)
    await ada.press("video-start")
    await expect(ada.at("video-dialog")).to_be_hidden()
    await eventually(lambda: plays(ada.page), "it plays")


async def test_where_youtube_is_blocked_there_is_a_link(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Blocked film", youtube=True)
    ada = await visit(server, session, await server.registrant("Ada"))
    await refuse_youtube(ada.page.context)
    await ada.share_camera()
    await share_video(ada)
    await expect(ada.at("video-failed")).to_be_visible(timeout=20_000)
    await expect(ada.at("video-failed").get_by_role("link")).to_have_attribute("href", LINK)


async def test_without_the_switch_nobody_is_offered_videos(server: LiveServer, visit: Visit) -> None:
    session = await server.session("No films")
    ada = await visit(server, session, await server.registrant("Ada"))
    await ada.share_camera()
    await expect(ada.at("video-button")).to_have_count(0)
