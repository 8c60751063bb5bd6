"""The room's main job, as people do it: two see and hear each other, one asks and is approved, one is removed."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.support.live_server import LiveServer
from tests.support.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_two_people_see_and_hear_each_other(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Round table")
    ada, ben = [await visit(server, session, await server.registrant(name)) for name in ("Ada", "Ben")]
    await expect(ada.at("empty-stage")).to_be_visible()

    of_ada = await ada.share_camera()
    of_ben = await ben.share_camera()

    await ada.sees(of_ben)
    await ben.sees(of_ada)
    await ada.hears()
    await ben.hears()
    await expect(ben.at("count-on-screen")).to_have_text("2/50")


async def test_a_moderated_request_leads_to_video_in_a_third_browser(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Ask me", share_policy="moderated")
    mod, asker, other = [await server.registrant(name) for name in ("Mo Derator", "Ask Er", "Look On")]
    await server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": [mod.id]})
    moderator, asking, watching = [await visit(server, session, each) for each in (mod, asker, other)]

    await asking.press("ask-button")
    await expect(asking.at("request-position")).to_have_attribute("data-position", "1")
    await expect(moderator.at("request-badge")).to_have_text("1")
    await moderator.press("moderation-button")
    await moderator.press(f"approve-{asker.id}")

    seat = await asking.share_camera(approved=True)
    await watching.sees(seat)
    await watching.hears()
    await expect(moderator.at("request")).to_have_count(0)


async def test_removal_stops_the_picture_within_a_second_whatever_the_client_does(
    server: LiveServer, visit: Visit
) -> None:
    session = await server.session("Removal", share_policy="moderated")
    mod, speaker, other = [await server.registrant(name) for name in ("Mo", "Stubborn", "Witness")]
    await server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": [mod.id]})
    moderator, stubborn, witness = [await visit(server, session, each) for each in (mod, speaker, other)]
    await stubborn.press("ask-button")
    await moderator.press("moderation-button")
    await moderator.press(f"approve-{speaker.id}")
    # A client that ignores everything: its connections can't be closed, its tracks can't be stopped.
    await stubborn.page.evaluate(
        """() => {
            RTCPeerConnection.prototype.close = function () {};
            MediaStreamTrack.prototype.stop = function () {};
            RTCRtpSender.prototype.replaceTrack = async function () {};
        }"""
    )
    seat = await stubborn.share_camera(approved=True)
    await witness.sees(seat)
    slot = (await witness.seats())[seat]["slot"]

    async def frames() -> int:
        return int((await witness.stats())["watch"]["video"][slot]["framesDecoded"])

    await moderator.choose_on_tile(seat, "remove")
    await expect(witness.tile(seat)).to_have_count(0)
    await asyncio.sleep(1)  # the second that product section 3 allows; then not one more frame may come
    after = await frames()
    energy = await witness.energy()
    await asyncio.sleep(1.5)  # what would still flow would be seen in this time: about 40 frames
    assert await frames() == after
    assert await witness.energy() == pytest.approx(energy, abs=1e-6)
    await expect(stubborn.at("notices")).to_contain_text("moderator")

    # The grant was for one appearance: who was removed asks again.
    await expect(stubborn.at("ask-button")).to_be_visible()


async def test_a_screen_is_shared_large_beside_the_camera_and_removed_by_itself(
    server: LiveServer, visit: Visit
) -> None:
    session = await server.session("Slides", share_policy="moderated")
    mod, other = [await server.registrant(name) for name in ("Presenter", "Guest")]
    await server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": [mod.id]})
    presenter, guest = [await visit(server, session, each) for each in (mod, other)]
    camera = await presenter.share_camera()
    screen = await presenter.share_screen()

    await guest.shows(screen)
    await guest.sees(camera)
    await expect(guest.at("presentation")).to_be_visible()
    await expect(guest.at("count-on-screen")).to_have_text("2/50")
    assert (await guest.seats())[screen]["kind"] == "screen"

    await presenter.press("stop-screen")
    await expect(guest.tile(screen)).to_have_count(0)
    await guest.sees(camera)


async def test_the_waiting_line_admits_in_order(own_server: LiveServer, visit: Visit) -> None:
    own_server.settings["ROOMSERVER_VIEWER_CAPS"] = "1:2,50:1"
    await own_server.start()
    session = await own_server.session("Small room")
    people = [await own_server.registrant(f"Viewer {number}") for number in range(1, 5)]
    first, second = [await visit(own_server, session, person) for person in people[:2]]
    await first.inside()
    await second.inside()
    third, fourth = [await visit(own_server, session, person) for person in people[2:]]
    await expect(third.at("waiting-position")).to_have_text("1")
    await expect(fourth.at("waiting-position")).to_have_text("2")

    await first.press("leave")
    await third.inside()
    await expect(fourth.at("waiting-position")).to_have_text("1")

    await second.page.close()
    await fourth.inside()


async def test_the_share_button_says_full_while_no_seat_is_free(server: LiveServer, visit: Visit) -> None:
    session = await server.session("One at a time", max_on_screen=1)
    on, off = [await visit(server, session, await server.registrant(name)) for name in ("On", "Off")]
    await expect(off.at("share-button")).to_have_text("Share audio and video")
    await on.share_camera()
    await expect(off.at("share-button")).to_have_text("Full")
    await expect(off.at("share-button")).to_be_disabled()
    await on.press("leave-screen")
    await expect(off.at("share-button")).to_be_enabled()


async def test_a_moderator_mutes_and_only_the_speaker_unmutes(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Mute", share_policy="moderated")
    mod, talker = [await server.registrant(name) for name in ("Mod", "Talker")]
    await server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": [mod.id]})
    moderator, talking = [await visit(server, session, each) for each in (mod, talker)]
    await talking.press("ask-button")
    await moderator.press("moderation-button")
    await moderator.press(f"approve-{talker.id}")
    seat = await talking.share_camera(approved=True)
    await moderator.sees(seat)
    await moderator.hears()

    await moderator.choose_on_tile(seat, "mute")
    await expect(moderator.tile(seat)).to_have_attribute("data-muted", "true")

    async def silent() -> bool:
        before = await moderator.energy()
        await asyncio.sleep(0.3)  # silence can only be told over a stretch of time
        return await moderator.energy() == pytest.approx(before, abs=1e-6)

    await eventually(silent, "the muted microphone is not heard")
    await talking.press("microphone-button")
    await expect(moderator.tile(seat)).to_have_attribute("data-muted", "false")
    await moderator.hears()
