"""Moderation with the keyboard alone, and the warning before fewer people could watch."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.room_page import RoomPage
from tests.support.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def tab_to(room: RoomPage, test_id: str, most: int = 30) -> None:
    """Move the focus by Tab until it is there."""
    for _ in range(most):
        if await room.page.evaluate("id => document.activeElement?.dataset.testid === id", test_id):
            return
        await room.page.keyboard.press("Tab")
    raise AssertionError(f"{test_id} can't be reached by {most} times Tab")


async def test_moderation_by_keyboard_alone(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Keys", share_policy="moderated")
    mod, first, second = [await server.registrant(name) for name in ("Mo", "First", "Second")]
    await server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": [mod.id]})
    moderator, one, two = [await visit(server, session, each) for each in (mod, first, second)]
    for asking in (one, two):
        await asking.press("ask-button")
        await expect(asking.at("request-position")).to_be_visible()
    await expect(moderator.at("request-badge")).to_have_text("2")
    keyboard = moderator.page.keyboard

    await tab_to(moderator, "moderation-button")
    await keyboard.press("Enter")
    await expect(moderator.at("moderation-panel")).to_be_visible()
    await tab_to(moderator, f"decline-{first.id}")
    await keyboard.press("ArrowDown")
    await keyboard.press("d")
    await expect(two.at("ask-button")).to_be_visible()
    await keyboard.press("a")
    await expect(moderator.at("grant")).to_have_attribute("data-participant", first.id)
    seat = await one.share_camera(approved=True)
    await moderator.sees(seat)

    await keyboard.press("Escape")
    await expect(moderator.at("moderation-button")).to_be_focused()
    menu = moderator.tile(seat).get_by_role("button")
    for _ in range(30):
        if await menu.evaluate("button => button === document.activeElement"):
            break
        await keyboard.press("Shift+Tab")
    for action, done in (("Mute", "muted"), ("Remove", "removed")):
        await expect(menu).to_be_focused()
        await keyboard.press("Enter")
        await expect(moderator.page.get_by_role("menuitem").first).to_be_focused()
        await keyboard.press(action[0])
        await keyboard.press("Enter")
        if done == "muted":
            await expect(moderator.tile(seat)).to_have_attribute("data-muted", "true")
    await expect(moderator.tile(seat)).to_have_count(0)


async def test_before_fewer_could_watch_a_moderator_is_asked(own_server: LiveServer, visit: Visit) -> None:
    own_server.settings["ROOMSERVER_VIEWER_CAPS"] = "1:10,2:3,50:2"
    await own_server.start()
    session = await own_server.session("Near the cap", share_policy="moderated")
    mod, first, second, viewer = [await own_server.registrant(name) for name in ("Mo", "First", "Second", "Vi")]
    await own_server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": [mod.id]})
    moderator, one, two = [await visit(own_server, session, each) for each in (mod, first, second)]
    await one.press("ask-button")
    await moderator.press("moderation-button")
    await expect(moderator.at("request")).to_have_count(1)
    await expect(moderator.at("cap-line")).to_have_count(0)  # the first on screen changes nothing
    await moderator.press(f"approve-{first.id}")
    await one.share_camera(approved=True)
    await visit(own_server, session, viewer)

    await two.press("ask-button")
    await expect(moderator.at("cap-line")).to_contain_text("With one more on screen 3 can watch instead of 10.")
    await moderator.press(f"approve-{second.id}")
    question = moderator.at("cap-question")
    await expect(question).to_contain_text("people are watching now")
    await moderator.page.keyboard.press("Escape")
    await expect(question).to_be_hidden()
    await expect(moderator.at("request")).to_have_count(1)  # nothing happened

    await moderator.press(f"approve-{second.id}")
    await moderator.press("confirm")
    await expect(moderator.at("grant")).to_have_attribute("data-participant", second.id)


async def test_the_password_at_the_foot_makes_a_moderator(server: LiveServer, visit: Visit) -> None:
    session = await server.session("Password", share_policy="moderated", moderator_password="let me moderate")
    mod, asker = [await server.registrant(name) for name in ("Mo", "Ask")]
    moderator, asking = [await visit(server, session, each) for each in (mod, asker)]
    await asking.press("ask-button")
    await expect(moderator.at("moderation-button")).to_have_count(0)
    keyboard = moderator.page.keyboard
    await tab_to(moderator, "moderator-sign-in")
    await keyboard.press("Enter")
    await expect(moderator.at("moderator-password")).to_be_focused()
    await keyboard.type("a guess")
    await keyboard.press("Enter")
    await expect(moderator.at("moderator-dialog")).to_contain_text("That password is not right.")
    await moderator.at("moderator-password").fill("let me moderate")
    await keyboard.press("Enter")
    await expect(moderator.at("moderator-dialog")).to_be_hidden()
    await expect(moderator.at("request-badge")).to_have_text("1")
    await expect(moderator.at("moderator-sign-in")).to_have_count(0)
    await expect(moderator.at("share-button")).to_be_enabled()  # moderators go on screen at will
