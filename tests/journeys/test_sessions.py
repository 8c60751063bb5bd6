"""An organizer's work with sessions: making, finding, changing and deleting them, one by one and many at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, Route, expect

from tests.journeys.dashboard_page import organizing
from tests.journeys.sessions_page import SessionsPage
from tests.support.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PARTS = ("looks", "when", "watching", "sharing", "extras")


@asynccontextmanager
async def sessions_of(browser: Browser, server: LiveServer) -> AsyncIterator[SessionsPage]:
    async with organizing(browser, server) as board:
        yield SessionsPage(board.page)


async def read(server: LiveServer, session: str, what: str = "") -> Any:
    return await server.api("GET", f"/api/sessions/{session}{what}")


async def on_schedule(server: LiveServer, session: str) -> str:
    segment = {"title": "Opening", "starts_at": "2030-05-01T09:00:00Z", "ends_at": "2030-05-01T10:00:00Z"}
    return str((await server.api("POST", "/api/segments", {**segment, "sessions": [session]}))["id"])


def picture() -> FilePayload:
    content = BytesIO()
    Image.new("RGB", (64, 36), "teal").save(content, "PNG")
    return FilePayload(name="hall.png", mimeType="image/png", buffer=content.getvalue())


# --- making one ------------------------------------------------------------------------------------------


async def test_a_title_and_enter_make_a_session(browser: Browser, server: LiveServer) -> None:
    async with sessions_of(browser, server) as page:
        await page.open_list()
        await page.at("new-session").click()
        await expect(page.at("session-title")).to_be_focused()
        await page.page.keyboard.type("Quick one")
        await page.press("Enter")
        session = await page.created()
        await expect(page.page.locator("h1")).to_have_text("Quick one")
    assert (await read(server, session))["title"] == "Quick one"


async def test_a_moderated_session_is_made_by_keyboard_alone_within_a_minute(
    browser: Browser, server: LiveServer
) -> None:
    mona = await server.registrant("Mona Keyboard")
    async with sessions_of(browser, server) as page:
        await page.open_list()
        begun = time.monotonic()
        await page.tab_to(page.at("new-session"))
        await page.press("Enter")
        await expect(page.at("session-title")).to_be_focused()
        await page.page.keyboard.type("Ask Mona")
        await page.tab_to(page.at("part-sharing").locator("summary"))
        await page.press("Space")
        await page.tab_to(page.at("session-share").locator("input:checked"))
        await page.press("ArrowDown")
        await page.tab_to(page.at("session-moderators"))
        await page.page.keyboard.type("Mona Key")
        await expect(page.at("option")).to_have_count(1)
        await page.press("ArrowDown", "Enter")
        await expect(page.at("part-sharing").get_by_test_id("token")).to_contain_text("Mona Keyboard")
        await page.tab_to(page.at("save-session"))
        await page.press("Enter")
        session = await page.created()
        assert time.monotonic() - begun < 60
    assert (await read(server, session))["share_policy"] == "moderated"
    assert (await read(server, session, "/moderators"))["registrants"] == [mona.id]


async def test_what_is_wrong_is_told_where_it_is_wrong(browser: Browser, server: LiveServer) -> None:
    async with sessions_of(browser, server) as page:
        await page.open_form()
        await page.at("session-title").fill("Fits")
        await page.unfold("when")
        await page.at("session-ends_at").fill("2030-05-01T10:00")
        await page.unfold("when")
        await page.save()
        await expect(page.at("session-starts_at-error")).to_be_visible()
        await expect(page.at("session-starts_at")).to_be_focused()
        await page.at("session-ends_at").fill("")
        await page.at("session-title").fill("x" * 61)
        await expect(page.at("session-title-error")).to_contain_text("1 character too long")
        await page.save()
        await expect(page.at("session-title")).to_be_focused()
        await page.at("session-title").fill("x" * 60)
        # The first wrong field has the focus once, and mending another one does not take it back.
        await page.at("session-title").fill("")
        await page.unfold("watching")
        await page.pick("session-watch", "tickets")
        await page.save()
        await expect(page.at("session-title")).to_be_focused()
        await expect(page.at("session-ticket-types-error")).to_contain_text("fill this in")
        await page.at("session-location").press_sequentially("Hall 5")
        await expect(page.at("session-location")).to_have_value("Hall 5")
        await page.pick("session-watch", "anyone")
        await page.at("session-title").fill("Fits")
        await page.save()
        await page.created()


async def test_what_is_wrong_is_told_in_the_language_of_the_page(browser: Browser, server: LiveServer) -> None:
    async with sessions_of(browser, server) as page:
        await page.at("language-menu").click()
        await page.at("language-de").click()
        await expect(page.page.locator("html")).to_have_attribute("lang", "de")
        await page.open_list()
        await page.at("bulk-menu").click()
        await page.at("bulk-upload").click()
        await page.upload("title,max_on_screen\nNeu,51\n")
        await expect(page.at("upload-rows").locator("tbody tr")).to_contain_text("Höchstens 50.")
        await page.open_form()
        await page.at("session-title").fill("Passt")
        await page.unfold("when")
        await page.at("session-ends_at").fill("2030-05-01T10:00")
        await page.save()
        await expect(page.at("session-starts_at-error")).to_contain_text(
            "Eine Sitzung mit einem Ende braucht einen Anfang."
        )


# --- changing one ----------------------------------------------------------------------------------------


async def test_every_field_is_edited_and_kept(browser: Browser, server: LiveServer) -> None:
    ada, ben = await server.registrant("Ada Edited"), await server.registrant("Ben Edited")
    ticket = (await server.api("POST", "/api/ticket-types", {"name": "Edited tickets"}))["id"]
    known = (await server.api("POST", "/api/presenters", {"name": "Known Speaker"}))["id"]
    session = await server.session("Before")
    async with sessions_of(browser, server) as page:
        await page.open_form(session)
        await page.unfold(*PARTS)
        for field, text in {"title": "After", "description": "What it is about", "location": "Hall 3"}.items():
            await page.at(f"session-{field}").fill(text)
        await page.add("session-presenters", "New Speaker")
        await page.add("session-presenters", "Known Speaker")
        await page.page.get_by_role("button", name="Move Known Speaker earlier").click()
        await page.add("session-tags", "welcome")
        await page.at("session-picture").set_input_files([picture()])
        await page.at("session-picture-alt").fill("A hall")
        await page.pick("session-size", "medium")
        await page.at("session-rank").fill("7")
        await page.pick("session-availability", "scheduled")
        await expect(page.at("no-segments")).to_be_visible()
        await page.at("session-starts_at").fill("2030-05-01T09:00")
        await page.at("session-ends_at").fill("2030-05-01T10:00")
        await page.pick("session-watch", "tickets")
        await page.add("session-ticket-types", "Edited tickets")
        await page.at("session-hidden").check()
        await page.pick("session-share", "invite_only")
        await page.add("session-invited", "Ada Edited")
        await page.at("session-stage").check()
        await page.pick("session-share", "moderated")
        await page.at("session-password").fill("open sesame")
        await page.at("session-seats").fill("12")
        await page.pick("session-overflow", "refuse_seat")
        await page.at("session-record").check()
        await page.at("session-youtube").check()
        await page.at("session-info").fill("# Hello **you**")
        await expect(page.at("info-preview").locator("strong")).to_have_text("you")
        await expect(page.at("session-preview")).to_contain_text("Known Speaker and New Speaker")
        await page.save()
        await page.saved()
        await page.page.reload()
        await expect(page.at("session-title")).to_have_value("After")
        await page.unfold("sharing", "watching")
        await expect(page.at("part-watching").get_by_test_id("token")).to_have_text(["Edited tickets"])
        await expect(page.at("session-password")).to_have_value("")
        await page.at("session-password-remove").click()
        await page.pick("session-watch", "private")
        await page.add("session-invited", "Ben Edited")
        await page.add("session-moderators", "Ada Edited")
        await page.save()
        await page.saved()
    now = await read(server, session)
    names = {each["id"]: each["name"] for each in (await server.api("GET", "/api/presenters?limit=200"))["items"]}
    assert now["presenters"][0] == known
    assert [names[each] for each in now["presenters"]] == ["Known Speaker", "New Speaker"]
    expected = {
        "title": "After",
        "description": "What it is about",
        "location": "Hall 3",
        "tags": ["welcome"],
        "picture_alt": "A hall",
        "display_size": "medium",
        "rank": 7,
        "availability": "scheduled",
        "starts_at": "2030-05-01T09:00:00Z",
        "ends_at": "2030-05-01T10:00:00Z",
        "watch_policy": "private",
        "ticket_types": [ticket],
        "hidden": True,
        "kind": "session",
        "share_policy": "moderated",
        "has_moderator_password": False,
        "max_on_screen": 12,
        "overflow": "refuse_seat",
        "record": True,
        "youtube": True,
        "additional_info": "# Hello **you**",
    }
    assert {name: now[name] for name in expected} == expected
    assert now["picture"] is not None
    assert sorted((await read(server, session, "/invitations"))["registrants"]) == sorted([ada.id, ben.id])
    assert (await read(server, session, "/moderators"))["registrants"] == [ada.id]


async def test_two_organizers_edit_the_same_session(browser: Browser, server: LiveServer) -> None:
    session = await server.session("Shared work")
    async with sessions_of(browser, server) as one, sessions_of(browser, server) as other:
        for page in (one, other):
            await page.open_form(session)
        await one.at("session-title").fill("One's title")
        await one.save()
        await one.saved()
        await other.at("session-title").fill("Other's title")
        await other.at("session-location").fill("Other's hall")
        await other.save()
        await expect(other.at("conflict")).to_contain_text("One's title")
        await other.at("keep-mine").click()
        await other.save()
        await other.saved()
        # Different fields need no question.
        await one.at("session-description").fill("One's description")
        await one.save()
        await one.saved()
        await expect(one.at("session-title")).to_have_value("Other's title")
    now = await read(server, session)
    assert (now["title"], now["location"], now["description"]) == ("Other's title", "Other's hall", "One's description")


async def test_what_is_typed_while_it_is_saved_is_kept(browser: Browser, server: LiveServer) -> None:
    session = await server.session("Slowly saved")
    async with sessions_of(browser, server) as page:
        await page.open_form(session)
        typed = asyncio.Event()

        async def after_typing(route: Route) -> None:
            if route.request.method == "PATCH":
                await typed.wait()
            await route.continue_()

        await page.page.route(f"**/api/sessions/{session}", after_typing)
        await page.at("session-title").fill("First")
        async with page.page.expect_request(lambda request: request.method == "PATCH"):
            await page.save()
        await page.at("session-title").fill("First and second")
        typed.set()
        await page.told("saved")
        await expect(page.at("session-title")).to_have_value("First and second")
        assert (await read(server, session))["title"] == "First"
        await page.save()
        await page.saved_by("save-session")
    assert (await read(server, session))["title"] == "First and second"


async def test_changes_are_not_lost_by_leaving(browser: Browser, server: LiveServer) -> None:
    session = await server.session("Kept")
    async with sessions_of(browser, server) as page:
        await page.open_list()
        await page.page.get_by_role("link", name="Kept", exact=True).click()
        await page.at("session-title").fill("Changed")
        await page.at("to-settings").click()
        await expect(page.at("leaving")).to_be_visible()
        await page.press("Escape")
        await expect(page.at("session-title")).to_have_value("Changed")
        await page.page.go_back()
        await expect(page.at("leaving")).to_be_visible()
        await expect(page.at("session-title")).to_have_value("Changed")
        await page.at("confirm").click()
        await expect(page.at("new-session")).to_be_visible()
    assert (await read(server, session))["title"] == "Kept"


async def test_becoming_always_open_leaves_the_schedule_only_after_a_question(
    browser: Browser, server: LiveServer
) -> None:
    session = await server.session("On the schedule", availability="scheduled")
    segment = await on_schedule(server, session)
    async with sessions_of(browser, server) as page:
        await page.open_form(session)
        await page.unfold("when")
        await expect(page.at("linked-segments")).to_contain_text("Opening")
        await page.page.get_by_text("Always open", exact=True).click()
        await expect(page.at("unlink-dialog")).to_contain_text("Opening")
        await page.press("Escape")
        await expect(page.at("session-availability").locator("input[value=scheduled]")).to_be_checked()
        await page.page.get_by_text("Always open", exact=True).click()
        await page.at("confirm").click()
        await page.save()
        await page.saved()
    assert (await read(server, session))["availability"] == "always_open"
    assert (await server.api("GET", f"/api/segments/{segment}"))["sessions"] == []


async def test_a_duplicate_has_everything_but_the_name(browser: Browser, server: LiveServer) -> None:
    ada = await server.registrant("Ada Twice")
    fields = {"share_policy": "moderated", "tags": ["twice"], "max_on_screen": 9, "location": "Hall 9"}
    session = await server.session("Original", **fields)
    await server.api("PUT", f"/api/sessions/{session}/moderators", {"registrants": [ada.id]})
    async with sessions_of(browser, server) as page:
        await page.open_form(session)
        await page.unfold("looks")
        await page.at("session-picture").set_input_files([picture()])
        await page.save()
        await page.saved()
        await page.open_list("?q=Original")
        await page.choose("Original", "menu-duplicate")
        await expect(page.at("session-title")).to_have_value("Copy of Original")
        await page.save()
        copy = await page.created()
    now = await read(server, copy)
    assert {name: now[name] for name in fields} == fields
    assert now["title"] == "Copy of Original"
    assert now["picture"] is not None
    assert (await read(server, copy, "/moderators"))["registrants"] == [ada.id]


async def test_a_link_is_copied_and_leads_into_the_room(browser: Browser, server: LiveServer) -> None:
    session = await server.session("Come here")
    async with sessions_of(browser, server) as page:
        await page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.open_list("?q=Come+here")
        await page.choose("Come here", "menu-copy-link")
        await page.told("copied")
        link = await page.page.evaluate("navigator.clipboard.readText()")
        assert link == f"{server.url}/sessions/{session}"
        await page.page.evaluate("navigator.clipboard.writeText('')")
        await page.open_form(session)
        await page.at("copy-link").click()
        await page.page.wait_for_function("async link => await navigator.clipboard.readText() === link", arg=link)
        await page.page.goto(link)
        await expect(page.at("room")).to_be_visible()


# --- the list --------------------------------------------------------------------------------------------


async def test_sessions_are_found_by_filters_that_stay_in_the_address(browser: Browser, own_server: LiveServer) -> None:
    await own_server.start()
    ticket = (await own_server.api("POST", "/api/ticket-types", {"name": "Gold"}))["id"]
    await own_server.session("Alpha", tags=["music"], rank=3)
    await own_server.session("Beta", watch_policy="tickets", ticket_types=[ticket], rank=2, hidden=True)
    late = await own_server.session("Gamma", availability="scheduled", rank=1)
    async with sessions_of(browser, own_server) as page:
        await page.open_list()
        await page.shows("Alpha", "Beta", "Gamma")
        await expect(page.at("not-on-schedule")).to_have_count(1)
        await on_schedule(own_server, late)
        await page.at("sessions-search").fill("alp")
        await page.shows("Alpha")
        await page.page.reload()
        await page.shows("Alpha")
        await page.at("sessions-search-clear").click()
        await page.at("filter-ticket").select_option("Gold")
        await page.shows("Beta")
        await page.at("clear-ticket").click()
        await page.add("filter-tag", "music")
        await page.shows("Alpha")
        await page.at("sessions-search").fill("gamma")
        await expect(page.at("no-match")).to_be_visible()
        await page.at("clear-filters").click()
        await page.shows("Alpha", "Beta", "Gamma")
        await page.at("filter-from").fill("2030-05-01")
        await page.at("filter-to").fill("2030-05-01")
        await page.shows("Alpha", "Beta", "Gamma")
        await page.at("filter-from").fill("2030-05-02")
        await page.at("filter-to").fill("2030-05-02")
        await page.shows("Alpha", "Beta")
        await page.at("clear-dates").click()
        await page.shows("Alpha", "Beta", "Gamma")
        assert page.page.url.endswith("/dashboard/sessions")


async def test_deleting_asks_and_names_what_is_lost(browser: Browser, server: LiveServer) -> None:
    session = await server.session("To go")
    async with sessions_of(browser, server) as page:
        await page.open_list("?q=To+go")
        await page.choose("To go", "menu-delete")
        await expect(page.at("delete-session")).to_contain_text("“To go” will be gone for good")
        await page.press("Enter")  # the question begins on "Cancel"
        await expect(page.at("delete-session")).to_be_hidden()
        await page.shows("To go")
        await page.choose("To go", "menu-delete")
        await page.at("confirm").click()
        await expect(page.at("no-match")).to_be_visible()
    assert session not in {each["id"] for each in (await server.api("GET", "/api/sessions?limit=200"))["items"]}


async def test_a_spreadsheet_is_tried_corrected_and_applied(browser: Browser, server: LiveServer) -> None:
    session = await server.session("Old title", location="Bulk hall")
    sheet = (
        "id,title,location,max_on_screen,presenters\n{id},New title,Bulk hall,{seats},\n,Brand new,Bulk hall,8,Paula\n"
    )
    async with sessions_of(browser, server) as page:
        await page.open_list("?q=bulk+hall")
        await page.at("bulk-menu").click()
        await page.at("bulk-upload").click()
        await page.upload(sheet.format(id=session, seats=51))
        rows = page.at("upload-rows").locator("tbody tr")
        await expect(rows).to_have_count(1)
        await expect(rows.first).to_contain_text("max_on_screen")
        await expect(page.at("apply-upload")).to_be_disabled()
        await page.upload(sheet.format(id=session, seats=40))
        await expect(rows).to_have_count(2)
        await expect(rows.first).to_contain_text("Old title → New title")
        await expect(page.at("upload-summary")).to_contain_text("1 row to create, 1 row to change, 0 rows unchanged")
        assert (await read(server, session))["title"] == "Old title", "a dry run changes nothing"
        await page.at("apply-upload").click()
        await expect(page.at("upload-dialog")).to_be_hidden()
        await page.shows("Brand new", "New title")
        async with page.page.expect_download() as download:
            await page.at("bulk-menu").click()
            await page.at("export-csv").click()
        assert (await download.value).suggested_filename == "sessions.csv"
    assert (await read(server, session))["max_on_screen"] == 40
