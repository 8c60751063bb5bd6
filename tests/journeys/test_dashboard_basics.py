"""An organizer sets the event up: its settings, ticket types and presenters; and sees the rooms that run."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.conftest import Visit
from tests.journeys.dashboard_page import organizing
from tests.support.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_settings_are_changed_and_kept(browser: Browser, own_server: LiveServer) -> None:
    await own_server.start()
    async with organizing(browser, own_server) as board:
        await board.go("settings")
        await expect(board.at("save-settings")).to_be_disabled()
        await board.at("event-name").fill("Summer summit")
        await board.at("margin_before_minutes").fill("15")
        await board.at("attendee-sessions").check()
        await board.at("save-settings").click()
        await board.told("saved")
        await expect(board.page.get_by_role("banner")).to_contain_text("Summer summit")
        await board.at("moderator-password").fill("round table")
        await board.at("save-password").click()
        await expect(board.at("password-state")).to_contain_text("There is a password")
        # The password made a new version of the event: the form goes on with it all the same.
        await board.at("evaluation-unlock").select_option("5")
        await board.at("save-settings").click()
        await board.saved_by("save-settings")
    event = await own_server.api("GET", "/api/event")
    assert (event["name"], event["margin_before_minutes"], event["evaluation_unlock_minutes"]) == (
        "Summer summit",
        15,
        5,
    )
    assert event["attendee_sessions"] is True
    assert event["has_moderator_password"] is True


async def test_what_another_organizer_changed_meanwhile_is_asked_about(
    browser: Browser, own_server: LiveServer
) -> None:
    await own_server.start()
    async with organizing(browser, own_server) as one, organizing(browser, own_server) as other:
        for board, name in ((one, "One's name"), (other, "Other's name")):
            await board.go("settings")
            await board.at("event-name").fill(name)
        await one.at("margin_after_minutes").fill("7")
        await one.at("save-settings").click()
        await one.told("saved")
        await other.at("save-settings").click()
        await expect(other.at("conflict")).to_contain_text("One's name")
        await other.at("keep-mine").click()
        await other.at("save-settings").click()
        await other.told("saved")
    event = await own_server.api("GET", "/api/event")
    assert (event["name"], event["margin_after_minutes"]) == ("Other's name", 7)


async def test_a_name_that_does_not_fit_is_told_beside_its_field(browser: Browser, server: LiveServer) -> None:
    async with organizing(browser, server) as board:
        await board.go("settings")
        await board.at("event-name").fill("")
        await board.at("save-settings").click()
        await expect(board.at("event-name-error")).to_be_visible()
        await expect(board.at("event-name")).to_have_attribute("aria-invalid", "true")
        await expect(board.at("event-name")).to_be_focused()


async def test_settings_are_not_lost_by_leaving(browser: Browser, server: LiveServer) -> None:
    async with organizing(browser, server) as board:
        await board.go("settings")
        await board.at("margin_after_minutes").fill("33")
        await board.at("to-tickets").click()
        await expect(board.at("leaving")).to_be_visible()
        await board.page.keyboard.press("Escape")
        await expect(board.at("margin_after_minutes")).to_have_value("33")
        await board.at("to-tickets").click()
        await board.at("confirm").click()
        await expect(board.at("new-name")).to_be_visible()
    assert (await server.api("GET", "/api/event"))["margin_after_minutes"] != 33


async def test_ticket_types_are_added_renamed_and_deleted_by_keyboard(browser: Browser, own_server: LiveServer) -> None:
    await own_server.start()
    async with organizing(browser, own_server) as board:
        await board.go("tickets")
        await expect(board.at("no-ticket-types")).to_be_visible()
        await board.at("new-name").focus()
        keys = board.page.keyboard
        for name in ("Gold", "Silver"):
            await keys.type(name)
            await keys.press("Enter")
            await board.told(name)
        rows = board.at("ticket-types").locator("tbody tr")
        await expect(rows).to_have_count(2)
        await board.at("new-name").fill("Gold")
        await keys.press("Enter")
        await expect(board.at("new-name-error")).to_be_visible()
        await rows.nth(0).get_by_test_id("rename").press("Enter")
        await board.at("name").fill("Platinum")
        await keys.press("Enter")
        await expect(rows.first).to_contain_text("Platinum")
        await rows.nth(1).get_by_test_id("remove").press("Enter")
        await expect(board.at("confirm-remove")).to_be_visible()
        await keys.press("Escape")
        await expect(rows).to_have_count(2)
        await rows.nth(1).get_by_test_id("remove").press("Enter")
        await board.at("confirm").press("Enter")
        await expect(rows).to_have_count(1)


async def test_a_ticket_type_that_somebody_holds_is_not_deleted(browser: Browser, own_server: LiveServer) -> None:
    await own_server.start()
    gold = await own_server.api("POST", "/api/ticket-types", {"name": "Gold"})
    await own_server.registrant("Ada", ticket_type=gold["id"])
    async with organizing(browser, own_server) as board:
        await board.go("tickets")
        await board.at("remove").click()
        await board.at("confirm").click()
        await expect(board.at("confirm-remove").get_by_role("alert")).to_contain_text("hold this ticket type")


async def test_the_live_view_shows_a_room_as_people_come(
    browser: Browser, own_server: LiveServer, visit: Visit
) -> None:
    await own_server.start()
    session = await own_server.session("Ask the experts", share_policy="moderated")
    async with organizing(browser, own_server) as board:
        await expect(board.at("no-rooms")).to_be_visible()
        ada = await visit(own_server, session, await own_server.registrant("Ada"))
        await ada.press("ask-button")
        await expect(board.at("live-rooms")).to_contain_text("Ask the experts", timeout=10_000)
        await expect(board.at("total-requests")).to_have_text("1", timeout=10_000)
        await expect(board.at("total-viewers")).to_have_text("1")
