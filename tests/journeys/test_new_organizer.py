"""A new organizer's first hour: from the demo's link to a recording that is watched, only by what the pages lead to."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.async_api import Browser, BrowserContext, FilePayload, expect

from roomserver.demo import ORGANIZER, TIME_ZONE
from tests.journeys.reception_page import ReceptionPage
from tests.journeys.recordings_page import in_state, lasts, plays
from tests.journeys.room_page import RoomPage
from tests.journeys.sessions_page import SessionsPage
from tests.support.live_server import LiveServer, Registrant
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="session")]

TITLE = "Backstage questions"
TICKET = "Backstage"
PERMISSIONS = ["camera", "microphone", "clipboard-read", "clipboard-write"]


@asynccontextmanager
async def window(browser: Browser, server: LiveServer) -> AsyncIterator[BrowserContext]:
    """As private as another browser."""
    opened = await browser.new_context(
        base_url=server.url, permissions=PERMISSIONS, viewport={"width": 1280, "height": 800}
    )
    try:
        yield opened
    finally:
        await opened.close()


async def printed_link(server: LiveServer) -> str:
    """The organizer's, from what the demo prints."""
    link = re.compile(rf"{ORGANIZER}.*:\s+(http\S+)")
    await until(lambda: link.search(server.log.read_text()), "the demo prints its links")
    found = link.search(server.log.read_text())
    assert found is not None
    return found[1]


async def register(board: SessionsPage, server: LiveServer, name: str) -> Registrant:
    """Add somebody with the ticket, and follow the offer of a link for them."""
    await board.at("add-registrant").click()
    await board.at("registrant-name").fill(name)
    await board.at("registrant-ticket").select_option(label=TICKET)
    await board.page.keyboard.press("Enter")
    notice = board.at("notice-info").filter(has_text=f"{name} is added.")
    await notice.get_by_test_id("notice-action").click()
    await board.at("make-link").click()
    await expect(board.at("link")).to_be_focused()
    await board.at("copy-link").click()
    link = await copied(board)
    await board.page.keyboard.press("Escape")
    (found,) = (await server.api("GET", f"/api/registrants?q={name}"))["items"]
    return Registrant(found["id"], name, "", link)


async def copied(board: SessionsPage) -> str:
    return str(await board.page.evaluate("() => navigator.clipboard.readText()"))


async def make_session(board: SessionsPage, moderators: list[Registrant]) -> None:
    await board.at("session-title").fill(TITLE)
    await board.at("session-description").fill("Ask those who make the show.")
    await board.unfold("sharing", "watching", "when", "looks", "extras")
    await board.pick("session-share", "moderated")
    for each in moderators:
        await board.add("session-moderators", each.name)
    await board.pick("session-watch", "tickets")
    await board.add("session-ticket-types", TICKET)
    await board.pick("session-availability", "scheduled")
    content = BytesIO()
    Image.new("RGB", (640, 360), "teal").save(content, "PNG")
    picture = FilePayload(name="backstage.png", mimeType="image/png", buffer=content.getvalue())
    await board.at("session-picture").set_input_files([picture])
    await board.at("session-picture-alt").fill("A curtain from behind")
    await board.at("session-record").check()
    await board.save()
    await board.told("The session is created.")


async def put_on_schedule(board: SessionsPage) -> None:
    """Follow the notice to the schedule, which asks for what is missing; an hour is offered."""
    await board.at("notice-action").click()
    await board.at("lost-sessions").get_by_role("button", name=TITLE).click()
    begun = datetime.now(UTC).astimezone(ZoneInfo(TIME_ZONE)) - timedelta(minutes=5)
    await board.at("segment-starts").fill(begun.strftime("%Y-%m-%dT%H:%M"))
    ends = begun.astimezone(UTC) + timedelta(hours=1)
    await expect(board.at("segment-ends")).to_have_value(
        ends.astimezone(ZoneInfo(TIME_ZONE)).strftime("%Y-%m-%dT%H:%M")
    )
    await board.at("save-segment").click()
    await board.told(f"{TITLE} is on the schedule.")
    await expect(board.at("lost-sessions")).to_be_hidden()


async def enter(opened: BrowserContext, person: Registrant) -> RoomPage:
    """From the personal link over the reception into the room."""
    home = await ReceptionPage.open(opened, person)
    card = home.at("session-card").filter(has=home.page.get_by_role("heading", name=TITLE))
    await expect(card.get_by_role("img")).to_have_attribute("alt", "A curtain from behind")
    await card.get_by_role("link", name="Enter").click()
    await home.inside_a_room()
    return RoomPage(home.page, person)


async def hold(attendee: RoomPage, moderator: RoomPage, server: LiveServer) -> None:
    """Somebody asks, a moderator approves, and both are on screen and recorded."""
    await attendee.press("ask-button")
    await expect(moderator.at("request-badge")).to_have_text("1")
    await moderator.press("moderation-button")
    await moderator.press(f"approve-{attendee.person.id}")
    seat = await attendee.share_camera(approved=True)
    await moderator.share_camera()
    await moderator.sees(seat)
    for each in (attendee, moderator):
        await expect(each.page.locator("header")).to_contain_text("Recording")
    await lasts(server, 3.0)


async def watch(board: SessionsPage, folder: Path) -> None:
    """End the recording, wait for its file, play it and take it home."""
    await board.at("end-recording").click()
    await board.at("confirm").click()
    await board.told(f"The recording of {TITLE} has ended.")
    await in_state(board, "Ready")
    await board.at("play").click()
    await plays(board.at("video"))
    await board.page.keyboard.press("Escape")
    async with board.page.expect_download() as downloading:
        await board.at("download").click()
    await (await downloading.value).save_as(folder / "recording.mp4")
    assert (folder / "recording.mp4").read_bytes()[4:8] == b"ftyp"


async def test_from_the_demo_to_a_recorded_session(browser: Browser, own_server: LiveServer, tmp_path: Path) -> None:
    own_server.command = "demo"
    await own_server.start()
    async with window(browser, own_server) as organizers, window(browser, own_server) as ones:
        page = await organizers.new_page()
        await page.goto(await printed_link(own_server))
        board = SessionsPage(page)
        await board.at("way-to-dashboard").click()

        await board.go("tickets")
        await board.at("new-name").fill(TICKET)
        await page.keyboard.press("Enter")
        await board.told(f"{TICKET} is added.")
        await board.go("registrants")
        paula, robin, ada = [await register(board, own_server, name) for name in ("Paula", "Robin", "Ada Backstage")]

        await board.go("sessions")
        await board.at("new-session").click()
        await make_session(board, [paula, robin])
        await put_on_schedule(board)
        await page.get_by_role("link", name=TITLE).first.click()
        await board.at("copy-link").click()
        session = page.url.rpartition("/")[2]
        assert await copied(board) == f"{own_server.url}/sessions/{session}"

        attendee = await enter(ones, ada)
        async with window(browser, own_server) as others:
            moderator = await enter(others, paula)
            await hold(attendee, moderator, own_server)
            await board.go("live")
            await expect(board.at("live-recording")).to_have_text("Recording")
            await moderator.press("leave")
        await attendee.press("leave")
        await board.go("recordings")
        await watch(board, tmp_path)


async def test_whoever_has_no_ticket_finds_nothing(browser: Browser, own_server: LiveServer) -> None:
    own_server.command = "demo"
    await own_server.start()
    kind = (await own_server.api("POST", "/api/ticket-types", {"name": TICKET}))["id"]
    await own_server.session(TITLE, watch_policy="tickets", ticket_types=[kind])
    ben = await own_server.registrant("Ben Without")
    async with window(browser, own_server) as opened:
        home = await ReceptionPage.open(opened, ben)
        await expect(home.at("session-card").first).to_be_visible()
        await expect(home.page.get_by_text(TITLE)).to_have_count(0)
