"""The reception as visitors use it: their days, what is on, their agenda and calendar, and straight into a room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Route, expect

from tests.journeys.reception_page import ReceptionPage
from tests.support.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Window = Callable[..., Awaitable[BrowserContext]]

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime.now(UTC).replace(second=0, microsecond=0)
TOMORROW = (NOW + timedelta(days=1)).replace(hour=0, minute=0)
BEGUN = NOW - timedelta(hours=1)
LATE = TOMORROW.replace(hour=17)
"""Tomorrow in New York, and the day after it in Tokyo."""


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser, event: LiveServer) -> AsyncIterator[Window]:
    windows: list[BrowserContext] = []

    async def window(server: LiveServer = event, **options: Any) -> BrowserContext:
        wanted: dict[str, Any] = {"timezone_id": "Europe/Berlin", "locale": "en-GB", **options}
        windows.append(await browser.new_context(base_url=server.url, **wanted))
        return windows[-1]

    yield window
    for each in windows:
        await each.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def event(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """Two sessions that are always open, one on the schedule now, and a schedule from yesterday to tomorrow."""
    live = LiveServer(tmp_path_factory.mktemp("reception") / "data")
    await live.start()
    await live.api("PATCH", "/api/event", {"name": "Spring meeting", "attendee_sessions": True})
    ada = await live.api("POST", "/api/presenters", {"name": "Ada Lovelace"})
    await live.session("Round table", rank=2, tags=["welcome"], description="For everybody", display_size="medium")
    await live.session("Engines", rank=3, tags=["history", "welcome"], presenters=[ada["id"]])
    stage = await live.session("Stage", rank=1, availability="scheduled")
    await segment(live, "Yesterday's dinner", NOW - timedelta(hours=30), hours=2)
    await segment(live, "Keynote", BEGUN, hours=5, sessions=[stage])
    await segment(live, "Late talk", LATE, sessions=[stage])
    await segment(live, "Even later", LATE + timedelta(minutes=30))
    yield live
    await live.stop()


async def segment(server: LiveServer, title: str, start: datetime, *, hours: float = 1, **fields: Any) -> str:
    span = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=hours)).isoformat()}
    return str((await server.api("POST", "/api/segments", {"title": title, **span, **fields}))["id"])


async def test_sessions_come_by_rank_and_are_found_by_tag_and_text(event: LiveServer, window: Window) -> None:
    reception = await ReceptionPage.open(await window(), await event.registrant("Vi Sitor"))
    await reception.shows_sessions("Engines", "Round table", "Stage")
    cards = reception.at("session-card")
    sizes = [await card.get_attribute("data-size") for card in await cards.all()]
    assert sizes == ["large", "medium", "large"]
    await expect(cards.nth(0)).to_contain_text("Ada Lovelace")
    await expect(cards.nth(2).get_by_test_id("live-badge")).to_be_visible()
    await expect(cards.nth(0).get_by_test_id("live-badge")).to_have_count(0)

    await reception.at("tags").get_by_role("button", name="welcome").click()
    await reception.shows_sessions("Engines", "Round table")
    await reception.at("search").fill("lovelace")
    await reception.shows_sessions("Engines")
    assert "tag=welcome" in reception.page.url
    await reception.page.reload()
    await reception.shows_sessions("Engines")
    await reception.at("search").fill("nothing like it")
    await expect(reception.at("nothing-found")).to_be_visible()
    await reception.press("search-clear")
    await reception.shows_sessions("Engines", "Round table")
    await reception.press("clear-filter")
    await reception.shows_sessions("Engines", "Round table", "Stage")
    assert reception.page.url == f"{event.url}/"


async def test_what_happens_now_leads_into_its_room(event: LiveServer, window: Window) -> None:
    reception = await ReceptionPage.open(await window(), await event.registrant("En Ter"))
    now = reception.at("live-segment")
    await expect(now).to_have_count(1)
    await expect(now).to_contain_text("Live")
    await now.get_by_role("link", name="Keynote").click()
    await reception.inside_a_room()
    await reception.page.go_back()
    await reception.shows_sessions("Engines", "Round table", "Stage")
    await reception.at("session-card").nth(1).get_by_test_id("enter").click()
    await reception.inside_a_room()


@pytest.mark.parametrize(("zone", "clock"), [("Asia/Tokyo", "02:00"), ("America/New_York", None)])
async def test_visitors_see_their_own_days(event: LiveServer, window: Window, zone: str, clock: str | None) -> None:
    reception = await ReceptionPage.open(await window(timezone_id=zone), await event.registrant("Far Away"))
    there = LATE.astimezone(ZoneInfo(zone))
    await reception.press(f"day-{there.date()}")
    if zone == "Asia/Tokyo":
        assert there.date() == LATE.date() + timedelta(days=1)
    await reception.shows_segments("Late talk", "Even later")
    await expect(reception.segment("Late talk").locator("time")).to_contain_text(clock or there.strftime("%H:%M"))
    await expect(reception.at("zone")).to_contain_text(zone)

    await reception.press("zone-switch")
    await expect(reception.at("zone")).to_contain_text("UTC")
    await reception.press(f"day-{LATE.date()}")
    await expect(reception.segment("Late talk").locator("time")).to_contain_text("17:00")


async def test_the_past_is_there_on_request(event: LiveServer, window: Window) -> None:
    reception = await ReceptionPage.open(
        await window(timezone_id="UTC"), await event.registrant("His Torian"), f"day={BEGUN.date()}"
    )
    await expect(reception.segment("Keynote").get_by_test_id("live-badge")).to_be_visible()
    yesterday = (NOW - timedelta(hours=30)).date()
    await expect(reception.at(f"day-{yesterday}")).to_have_count(0)
    await reception.press("show-past")
    await reception.press(f"day-{yesterday}")
    await reception.shows_segments("Yesterday's dinner")
    await expect(reception.at("segment")).to_have_attribute("data-past", "true")
    await reception.page.reload()
    await reception.shows_segments("Yesterday's dinner")


async def test_an_agenda_is_kept_and_undone(event: LiveServer, window: Window) -> None:
    person = await event.registrant("Plan Ner")
    reception = await ReceptionPage.open(await window(timezone_id="UTC"), person, f"day={LATE.date()}")
    await reception.press("only-agenda")
    await expect(reception.at("empty-agenda")).to_be_visible()
    await reception.press("only-agenda")
    await reception.put_on_agenda("Late talk")
    await reception.press("only-agenda")
    await reception.shows_segments("Late talk")
    await reception.page.reload()
    await reception.shows_segments("Late talk")

    await reception.segment("Late talk").get_by_test_id("agenda").click()
    await expect(reception.at("empty-agenda")).to_be_visible()
    await reception.press("notice-action")
    await reception.shows_segments("Late talk")


async def test_an_agenda_goes_back_when_the_server_does_not_take_it(event: LiveServer, window: Window) -> None:
    day = BEGUN.astimezone(BERLIN).date()
    reception = await ReceptionPage.open(await window(), await event.registrant("Un Lucky"), f"day={day}")

    async def refuse(route: Route) -> None:
        await route.abort()

    await reception.page.route("**/api/agenda/*", refuse)
    button = reception.segment("Keynote").get_by_test_id("agenda")
    await button.click()
    await expect(reception.at("notice-error")).to_contain_text("Keynote")
    await expect(button).to_have_attribute("data-on", "false")


async def test_calendars_come_as_files_and_as_addresses_that_end(event: LiveServer, window: Window) -> None:
    person = await event.registrant("Cal Endar")
    reception = await ReceptionPage.open(await window(), person, f"day={LATE.astimezone(BERLIN).date()}")
    await reception.put_on_agenda("Late talk")
    one = await downloaded(reception, reception.segment("Even later").get_by_test_id("segment-file"))
    assert "SUMMARY:Even later" in one
    assert one.count("BEGIN:VEVENT") == 1

    await reception.press("calendar")
    assert (await downloaded(reception, reception.at("schedule-file"))).count("BEGIN:VEVENT") == 4
    agenda = await downloaded(reception, reception.at("agenda-file"))
    assert "SUMMARY:Late talk" in agenda
    assert agenda.count("BEGIN:VEVENT") == 1

    await reception.press("make-feeds")
    address = await reception.at("agenda-address").input_value()
    async with httpx.AsyncClient() as calendar_program:
        assert "SUMMARY:Late talk" in (await calendar_program.get(address)).text
        await reception.press("end-feeds")
        await expect(reception.at("agenda-address")).to_have_count(0)
        assert (await calendar_program.get(address)).status_code == 401


async def downloaded(reception: ReceptionPage, link: Any) -> str:
    async with reception.page.expect_download() as download:
        await link.click()
    file = await (await download.value).path()
    return await asyncio.to_thread(file.read_text, encoding="utf-8")


async def test_an_attendee_starts_a_moderated_session(own_server: LiveServer, window: Window) -> None:
    await own_server.start()
    await own_server.api("PATCH", "/api/event", {"attendee_sessions": True})
    for title in ("One", "Two"):
        await own_server.session(title)
    reception = await ReceptionPage.open(await window(own_server), await own_server.registrant("Cre Ator"))
    await reception.press("new-session")
    await reception.press("create-session")
    await expect(reception.at("new-description-error")).to_be_visible()
    await reception.at("new-title").fill("x" * 61)
    await expect(reception.at("new-title-error")).to_be_visible()
    await reception.at("new-title").fill("Birds of a feather")
    await reception.at("new-description").fill("Who else keeps pigeons?")
    await reception.at("new-sharing").get_by_role("radio").nth(1).check()
    await reception.press("create-session")
    await reception.inside_a_room()
    await expect(reception.at("moderation-button")).to_be_visible()
    made = (await own_server.api("GET", "/api/sessions"))["items"]
    assert {each["title"]: each["share_policy"] for each in made}["Birds of a feather"] == "moderated"
    await reception.page.go_back()
    await reception.shows_sessions("Birds of a feather", "One", "Two")


async def test_a_single_session_is_entered_at_once_without_a_trap(own_server: LiveServer, window: Window) -> None:
    await own_server.start()
    session = await own_server.session("The only one")
    person = await own_server.registrant("Di Rect")
    context = await window(own_server)
    reception = await ReceptionPage.open(context, person)
    await reception.inside_a_room()
    assert reception.page.url.endswith(f"/sessions/{session}")
    await expect(reception.at("sessions")).to_have_count(0)

    # The list is there for those who come from the room, also if that is where they began.
    began_inside = ReceptionPage(await context.new_page())
    await began_inside.page.goto(f"/sessions/{session}")
    await began_inside.inside_a_room()
    await began_inside.press("leave")
    await began_inside.page.get_by_test_id("ended").get_by_role("link").last.click()
    await began_inside.shows_sessions("The only one")


async def test_another_link_in_the_same_window_signs_in(event: LiveServer, window: Window) -> None:
    first, second = [await event.registrant(name) for name in ("First Person", "Second Person")]
    page = await (await window()).new_page()
    await page.goto(first.sign_in_link)
    await expect(page.get_by_test_id("signed-in-as")).to_have_text("First Person")
    await page.goto("/signin#not-a-token")
    await expect(page.get_by_test_id("still-signed-in")).to_contain_text("First Person")
    assert page.url.endswith("/signin"), "a token stays in no address"
    await page.evaluate("address => location.assign(address)", second.sign_in_link)
    await expect(page.get_by_test_id("signed-in-as")).to_have_text("Second Person")
