"""Every page in every state worth looking at: one line each, for the accessibility journey and the screenshots.

A page builder adds a line for each page, dialog and state; `act` brings an opened page into the state.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from playwright.async_api import Browser, FilePayload, Page, Route, WebSocketRoute, expect

from tests.journeys.answers import NO_ROOMS, NOTHING, RECORDING_WITH_PEOPLE, RECORDINGS, ROOMS
from tests.journeys.furnishing import House

Theme = Literal["light", "dark"]
Language = Literal["en", "de", "ar"]

Act = Callable[[Page], Awaitable[None]]

WIDTHS = {375: 812, 1280: 800, 1920: 1080}
"""Width -> height of a phone, a desk and a wall screen."""


class Way(NamedTuple):
    """How one looks."""

    theme: Theme
    language: Language
    width: int

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}-{self.language}"


@dataclass(frozen=True, slots=True)
class Look:
    name: str
    path: str
    ready: str
    """The test id of what is there once the page is drawn, or a CSS selector that begins with a letter and a space
    or `#`."""
    who: Literal["organizer", "attendee"] | None = "organizer"
    act: Act | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    """What the API says instead, by path, of what takes hours or thousands of people to come about."""


def pressing(*test_ids: str) -> Act:
    """Clicks on these, one after the other; on the first where a list has them for every entry."""

    async def act(page: Page) -> None:
        for test_id in test_ids:
            await page.get_by_test_id(test_id).first.click()

    return act


def asking(outcome: str) -> Act:
    """Asks to come on screen, up to the test id `outcome`: at once where the last look's request still stands."""

    async def act(page: Page) -> None:
        ask, there = page.get_by_test_id("ask-button"), page.get_by_test_id(outcome)
        await expect(ask.or_(there)).to_be_visible()
        if await ask.is_visible():
            await ask.click()
        await expect(there).to_be_visible()

    return act


_ask = asking("withdraw-button")
_be_granted = asking("grant-countdown")


async def _keep_grant(page: Page) -> None:
    await _be_granted(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("go-on-screen")).to_be_visible()


async def _lose_connection(page: Page) -> None:
    """The WebSocket breaks, and no other comes about."""
    sockets: list[WebSocketRoute] = []

    async def connect(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if len(sockets) == 1:
            socket.connect_to_server()
        else:
            await socket.close(code=1013)

    await page.route_web_socket(re.compile(r"/ws"), connect)
    await page.reload()
    await expect(page.get_by_test_id("tile").first).to_be_visible()
    await sockets[0].close(code=1013)
    await expect(page.get_by_test_id("reconnecting")).to_be_visible()


async def _open_tile(page: Page) -> None:
    tile = page.get_by_test_id("tile").first
    await tile.hover()
    await tile.get_by_role("button").click()


async def _pin(page: Page) -> None:
    await _open_tile(page)
    await page.get_by_role("menuitem").first.click()
    await expect(page.get_by_test_id("presentation")).to_be_visible()


async def _choose_devices(page: Page) -> None:
    """On screen, also where the seat of the last time is still kept."""
    share, preview = page.get_by_test_id("share-button"), page.get_by_test_id("preview")
    await expect(share.or_(preview)).to_be_visible()
    if await share.is_visible():
        await share.click()
    await page.get_by_test_id("start-sharing").click()
    await page.get_by_test_id("devices-button").click()
    await expect(page.get_by_test_id("devices-dialog")).to_be_visible()


async def _unfold(page: Page) -> None:
    """Every part of a session's form, with all that depends on choices, and nothing right in it."""
    for summary in await page.locator("details > summary").all():
        await summary.click()
    for group, value in (("availability", "scheduled"), ("watch", "tickets"), ("share", "moderated")):
        await page.get_by_test_id(f"session-{group}").locator(f"input[value={value}]").check()
    await page.get_by_test_id("session-title").fill("A title that is longer than sixty characters, as titles often are")
    await page.get_by_test_id("save-session").click()
    await expect(page.get_by_test_id("form-problem")).to_be_visible()


async def _conflict(page: Page) -> None:
    """Somebody else writes another description, while one writes one's own."""
    field = page.get_by_test_id("session-description")
    path = f"/api/sessions/{page.url.rpartition('/')[2]}"
    read = await page.request.get(path)
    changed = {"description": f"Their words, after “{(await read.json())['description'][:40]}”"}
    await page.request.patch(path, data=changed, headers={"If-Match": read.headers["etag"]})
    await field.fill("My own words about it")
    await page.get_by_test_id("save-session").click()
    await expect(page.get_by_test_id("conflict")).to_be_visible()


def uploading(*rows: str) -> Act:
    """A spreadsheet of sessions with these rows, up to its dry run."""
    sheet = "\n".join(("id,title,description,max_on_screen,tags,starts_at", *rows))

    async def act(page: Page) -> None:
        await page.get_by_test_id("bulk-menu").click()
        await page.get_by_test_id("bulk-upload").click()
        file = FilePayload(name="sessions.csv", mimeType="text/csv", buffer=sheet.encode())
        await page.get_by_test_id("upload-file").set_input_files([file])
        await expect(page.get_by_test_id("upload-rows")).to_be_visible()

    return act


_NO_SESSIONS = {"/api/sessions": NOTHING}
_RECORDED = {"/api/recordings": RECORDINGS, "/api/recordings/rec_recording2": RECORDING_WITH_PEOPLE}

LOOKS = [
    Look("visitor", "/", "sign-in-needed", who=None),
    Look("bad-link", "/signin#not-a-token", "sign-in-failed", who=None),
    Look("bad-link-signed-in", "/signin", "still-signed-in", who="attendee"),
    Look("missing-page", "/nowhere", "not-found", who=None),
    Look("home", "/", "sessions", who="attendee"),
    Look("home-filtered", "/?tag=welcome&past=1", "sessions", who="attendee", act=pressing("agenda")),
    Look("home-nothing", "/?q=nothing+like+it&agenda=1", "nothing-found", who="attendee"),
    Look("home-nothing-on", "/", "no-sessions", who="attendee", answers=_NO_SESSIONS),
    Look("home-calendar", "/", "sessions", who="attendee", act=pressing("calendar", "make-feeds")),
    Look("home-new-session", "/", "sessions", who="attendee", act=pressing("new-session", "create-session")),
    Look("home-organizer", "/", "sessions"),
    Look("room", "/sessions/{open}", "empty-stage", who="attendee"),
    Look("room-share", "/sessions/{open}", "empty-stage", who="attendee", act=pressing("share-button")),
    Look("room-asked", "/sessions/{moderated}", "room", who="attendee", act=_ask),
    Look("room-granted", "/sessions/{granting}", "room", who="attendee", act=_be_granted),
    Look("room-granted-later", "/sessions/{granting}", "room", who="attendee", act=_keep_grant),
    Look("room-waiting-line", "/sessions/{full}", "waiting-line", who="attendee"),
    Look("room-reconnecting", "/sessions/{talk}", "tile", who="attendee", act=_lose_connection),
    Look("room-moderator", "/sessions/{moderated}", "moderation-button", act=pressing("moderation-button")),
    Look("room-talk", "/sessions/{talk}", "tile", who="attendee"),
    Look("room-tile-menu", "/sessions/{talk}", "tile", act=_open_tile),
    Look("room-pinned", "/sessions/{talk}", "tile", who="attendee", act=_pin),
    Look("room-crowded", "/sessions/{crowded}", "overflow-tile", who="attendee"),
    Look("room-crowded-page", "/sessions/{crowded}", "pager", who="attendee", act=pressing("next-page")),
    Look("room-crowded-all", "/sessions/{crowded}", "overflow-tile", who="attendee", act=pressing("overflow-tile")),
    Look("room-crowded-pinned", "/sessions/{crowded}", "overflow-tile", who="attendee", act=_pin),
    Look("room-queue", "/sessions/{queue}", "moderation-button", act=pressing("moderation-button")),
    Look("room-video", "/sessions/{queue}", "video-button", act=pressing("video-button", "video-start")),
    Look(
        "room-sign-in",
        "/sessions/{queue}",
        "moderator-sign-in",
        who="attendee",
        act=pressing("moderator-sign-in"),
    ),
    Look("room-devices", "/sessions/{own}", "room", who="attendee", act=_choose_devices),
    Look("room-about", "/sessions/{open}", "empty-stage", who="attendee", act=pressing("about-button")),
    Look("room-people", "/sessions/{open}", "empty-stage", who="attendee", act=pressing("about-button", "tab-people")),
    Look(
        "room-evaluation",
        "/sessions/{evaluated}",
        "evaluation-button",
        who="attendee",
        act=pressing("evaluation-button"),
    ),
    Look("room-left", "/sessions/{open}", "leave", who="attendee", act=pressing("leave")),
    Look("room-missing", "/sessions/ses_0", "ended", who="attendee"),
    Look("organizers-only", "/dashboard", "organizers-only", who="attendee"),
    Look("live", "/dashboard", "no-rooms", answers={"/api/rooms": NO_ROOMS}),
    Look("live-rooms", "/dashboard", "live-rooms", answers={"/api/rooms": ROOMS}),
    Look("account-menu", "/dashboard", "h1", act=pressing("account-menu")),
    Look("language-menu", "/dashboard", "h1", act=pressing("language-menu")),
    Look("sessions", "/dashboard/sessions", "h1"),
    Look("sessions-filtered", "/dashboard/sessions?q=e&tag=keynote&from=2026-01-01&to=2099-12-31", "clear-filters"),
    Look("sessions-no-match", "/dashboard/sessions?q=nothing+like+it", "no-match"),
    Look("sessions-none", "/dashboard/sessions", "no-sessions", answers=_NO_SESSIONS),
    Look("session-menu", "/dashboard/sessions", "sessions", act=pressing("session-actions")),
    Look("session-delete", "/dashboard/sessions", "sessions", act=pressing("session-actions", "menu-delete")),
    Look(
        "upload-wrong",
        "/dashboard/sessions",
        "sessions",
        act=uploading(",Fine,,8,,", ",,No title,51,,", "ses_0,Nowhere to be found,,8,,soon"),
    ),
    Look("upload-right", "/dashboard/sessions", "sessions", act=uploading(",Fine,About it,8,welcome,", ",طاولة,,50,,")),
    Look("session-new", "/dashboard/sessions/new", "h1"),
    Look("session-new-wrong", "/dashboard/sessions/new", "session-form", act=_unfold),
    Look("session-edit", "/dashboard/sessions/{moderated}", "h1"),
    Look("session-picture", "/dashboard/sessions/{open}", "session-form", act=pressing("part-looks")),
    Look("session-conflict", "/dashboard/sessions/{evaluated}", "session-form", act=_conflict),
    Look("schedule", "/dashboard/schedule", "schedule"),
    Look("schedule-past", "/dashboard/schedule", "schedule", act=pressing("show-past")),
    Look("segment-new", "/dashboard/schedule", "schedule", act=pressing("add-segment", "save-segment")),
    Look("segment-delete", "/dashboard/schedule", "schedule", act=pressing("delete-segment")),
    Look("registrants", "/dashboard/registrants", "registrants"),
    Look("registrant-new", "/dashboard/registrants", "registrants", act=pressing("add-registrant")),
    Look(
        "registrant-link",
        "/dashboard/registrants",
        "registrants",
        act=pressing("sign-in-link"),
    ),
    Look(
        "registrant-delete",
        "/dashboard/registrants",
        "registrants",
        act=pressing("registrant-menu", "delete-registrant"),
    ),
    Look("registrants-none", "/dashboard/registrants", "no-registrants", answers={"/api/registrants": NOTHING}),
    Look("tickets", "/dashboard/tickets", "ticket-types"),
    Look("ticket-rename", "/dashboard/tickets", "ticket-types", act=pressing("rename")),
    Look("ticket-delete", "/dashboard/tickets", "ticket-types", act=pressing("remove")),
    Look("tickets-none", "/dashboard/tickets", "no-ticket-types", answers={"/api/ticket-types": NOTHING}),
    Look("presenters", "/dashboard/presenters", "presenters"),
    Look("presenters-none", "/dashboard/presenters", "no-presenters", answers={"/api/presenters": NOTHING}),
    Look("evaluations", "/dashboard/evaluations", "evaluations"),
    Look("evaluation-new", "/dashboard/evaluations?session={open}", "evaluation-form", act=pressing("save-evaluation")),
    Look("evaluation-form", "/dashboard/evaluations?session={answered}", "evaluation-form"),
    Look(
        "evaluation-preview",
        "/dashboard/evaluations?session={answered}",
        "evaluation-form",
        act=pressing("tab-preview"),
    ),
    Look(
        "evaluation-results",
        "/dashboard/evaluations?session={answered}",
        "evaluation-form",
        act=pressing("tab-results"),
    ),
    Look("recordings", "/dashboard/recordings", "recordings", answers=_RECORDED),
    Look("recordings-none", "/dashboard/recordings", "no-recordings"),
    Look(
        "recording-render",
        "/dashboard/recordings",
        "recordings",
        act=pressing("recording-menu", "render"),
        answers=_RECORDED,
    ),
    Look("settings", "/dashboard/settings", "event-settings"),
    Look("dashboard-missing-page", "/dashboard/nowhere", "not-found"),
]


@asynccontextmanager
async def looking(browser: Browser, house: House, look: Look, way: Way) -> AsyncIterator[Page]:
    """The page, signed in as the look says, in its state, with pictures that stand still."""
    window = await browser.new_context(
        base_url=house.server.url,
        permissions=["camera", "microphone"],
        viewport={"width": way.width, "height": WIDTHS[way.width]},
        color_scheme=way.theme,
        locale=way.language,
        reduced_motion="reduce",
    )
    try:
        page = await window.new_page()
        if look.who is not None:
            await page.goto(house.links[look.who])
            await page.wait_for_url(lambda url: "/signin" not in url)
        yield page
    finally:
        await window.close()


def _answering(answer: object) -> Callable[[Route], Awaitable[None]]:
    async def fulfill(route: Route) -> None:
        await route.fulfill(json=answer)

    return fulfill


async def show(page: Page, house: House, look: Look) -> None:
    """Open the look's page and bring it into its state."""
    for path, answer in look.answers.items():
        await page.route(re.compile(rf"{path}(\?.*)?$"), _answering(answer))
    await page.goto(look.path.format(**house.ids))
    there = page.locator(look.ready) if look.ready == "h1" else page.get_by_test_id(look.ready)
    await expect(there.first).to_be_visible(timeout=15_000)
    if look.act is not None:
        await look.act(page)
    await page.wait_for_load_state("networkidle")
