"""Organizers keep registrants: find, add, edit at the same time as somebody else, let in, shut out, delete."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, expect

from tests.journeys.dashboard_page import DashboardPage, organizing
from tests.support.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def find(page: DashboardPage, text: str) -> None:
    await page.at("find-registrants").fill(text)


async def choose(page: DashboardPage, action: str) -> None:
    """From the menu of the one who is listed."""
    await page.at("registrant-menu").click()
    await page.at(action).click()


async def registered(server: LiveServer, name: str) -> list[dict[str, Any]]:
    return list((await server.api("GET", f"/api/registrants?q={name}"))["items"])


async def test_somebody_is_added_by_the_keyboard(browser: Browser, server: LiveServer) -> None:
    async with organizing(browser, server) as page:
        await page.go("registrants")
        await page.at("add-registrant").focus()
        keys = page.page.keyboard
        await keys.press("Enter")
        await keys.type("Keyboard Kim")
        await keys.press("Tab")
        await keys.type("not an address")
        await keys.press("Enter")
        await expect(page.at("registrant-email-error")).to_be_visible()
        await page.at("registrant-email").fill("kim@example.org")
        await page.at("registrant-tags").focus()
        await keys.type("crew")
        await keys.press("Enter")
        await expect(page.at("token")).to_have_text("crew")
        await page.at("save-registrant").press("Enter")
        await page.told("Keyboard Kim is added.")
        await expect(page.at("add-registrant")).to_be_focused()
        await find(page, "keyboard")
        await expect(page.at("registrants").locator("tbody tr")).to_have_count(1)
    [kim] = await registered(server, "Keyboard")
    assert (kim["email"], kim["tags"]) == ("kim@example.org", ["crew"])


async def test_registrants_come_by_spreadsheet(browser: Browser, server: LiveServer) -> None:
    sheet = "name,email\nSheet Sam,{email}\nSheet Sue,sheet.sue@example.org\n"

    def file(email: str) -> FilePayload:
        return FilePayload(name="people.csv", mimeType="text/csv", buffer=sheet.format(email=email).encode())

    async with organizing(browser, server) as page:
        await page.go("registrants")
        await page.at("bulk-menu").click()
        await page.at("bulk-upload").click()
        await page.at("upload-file").set_input_files([file("nonsense")])
        rows = page.at("upload-rows").locator("tbody tr")
        await expect(rows).to_have_count(1)
        await expect(rows.first).to_contain_text("email")
        await expect(page.at("apply-upload")).to_be_disabled()
        await page.at("upload-file").set_input_files([file("sheet.sam@example.org")])
        await expect(rows).to_have_count(2)
        assert await registered(server, "Sheet") == [], "a dry run changes nothing"
        await page.at("apply-upload").click()
        await expect(page.at("upload-dialog")).to_be_hidden()
        await find(page, "Sheet")
        await expect(page.at("registrants").locator("tbody tr")).to_have_count(2)


async def test_registrants_are_found_by_their_ticket(browser: Browser, server: LiveServer) -> None:
    gold = (await server.api("POST", "/api/ticket-types", {"name": "Gold of the journey"}))["id"]
    await server.registrant("Golden Gil", ticket_type=gold)
    await server.registrant("Plain Pia")
    async with organizing(browser, server) as page:
        await page.go("registrants")
        await page.at("ticket-filter").select_option(gold)
        await expect(page.at("registrants").locator("tbody tr")).to_have_count(1)
        await expect(page.at("registrants")).to_contain_text("Golden Gil")
        await find(page, "nobody of this name")
        await expect(page.at("nobody-found")).to_be_visible()
        await page.at("nobody-found").get_by_role("button").click()
        await expect(page.at("registrants")).to_contain_text("Plain Pia")


async def test_two_organizers_edit_the_same_person(browser: Browser, server: LiveServer) -> None:
    ada = await server.registrant("Edited Ada")
    async with organizing(browser, server) as page:
        await page.go("registrants")
        await find(page, "Edited Ada")
        await expect(page.at("registrants").locator("tbody tr")).to_have_count(1)
        await page.at("edit-registrant").click()
        await expect(page.at("registrant-name")).to_have_value("Edited Ada")
        await server.api("PATCH", f"/api/registrants/{ada.id}", {"name": "Theirs", "tags": ["vip"]})
        await page.at("registrant-name").fill("Mine")
        await page.at("save-registrant").click()
        await expect(page.at("conflict")).to_contain_text("Theirs")
        await page.at("keep-mine").click()
        await page.at("save-registrant").click()
        await page.told("Mine is saved.")
    saved = await server.api("GET", f"/api/registrants/{ada.id}")
    assert (saved["name"], saved["tags"]) == ("Mine", ["vip"])


async def test_a_sign_in_link_lets_a_person_in_until_it_is_ended(browser: Browser, server: LiveServer) -> None:
    await server.registrant("Linked Lea")
    async with organizing(browser, server) as page:
        await page.go("registrants")
        await find(page, "Linked Lea")
        await expect(page.at("registrants").locator("tbody tr")).to_have_count(1)
        await page.at("sign-in-link").click()
        await page.at("make-link").click()
        link = await page.at("link").input_value()
        async with await browser.new_context(base_url=server.url) as window:
            guest = await window.new_page()
            await guest.goto(link)
            await expect(guest.get_by_test_id("signed-in-as")).to_have_text("Linked Lea")
        await page.page.keyboard.press("Escape")
        await choose(page, "end-sign-ins")
        await page.at("confirm").click()
        await page.told("signed out everywhere")
        async with await browser.new_context(base_url=server.url) as window:
            guest = await window.new_page()
            await guest.goto(link)
            await expect(guest.get_by_test_id("sign-in-failed")).to_be_visible()


async def test_deleting_says_what_is_lost(browser: Browser, server: LiveServer) -> None:
    await server.registrant("Gone Gus")
    async with organizing(browser, server) as page:
        await page.go("registrants")
        await find(page, "Gone Gus")
        await expect(page.at("registrants").locator("tbody tr")).to_have_count(1)
        await choose(page, "delete-registrant")
        await expect(page.at("confirm-delete")).to_contain_text("answers to evaluations")
        await page.at("confirm").click()
        await page.told("Gone Gus is deleted.")
        await expect(page.at("nobody-found")).to_be_visible()
    assert await registered(server, "Gone Gus") == []
