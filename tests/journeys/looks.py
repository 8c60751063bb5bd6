"""Every page in every state worth looking at: one line each, for the accessibility journey and the screenshots.

A page builder adds a line for each page, dialog and state; `act` brings an opened page into the state.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from playwright.async_api import Browser, Page, expect

from tests.support.live_server import LiveServer, Registrant

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
class House:
    """A server with an event to look at."""

    server: LiveServer
    links: dict[str, str]
    """Sign-in links of "organizer" and "attendee"."""
    ids: dict[str, str] = field(default_factory=dict)
    """Ids by the name that paths use: `/sessions/{open}`."""


@dataclass(frozen=True, slots=True)
class Look:
    name: str
    path: str
    ready: str
    """The test id of what is there once the page is drawn, or a CSS selector that begins with a letter and a space
    or `#`."""
    who: Literal["organizer", "attendee"] | None = "organizer"
    act: Act | None = None


async def _press(page: Page, test_id: str) -> None:
    await page.get_by_test_id(test_id).first.click()


def pressing(*test_ids: str) -> Act:
    """Clicks on these, one after the other."""

    async def act(page: Page) -> None:
        for test_id in test_ids:
            await _press(page, test_id)

    return act


def pressing_first(*test_ids: str) -> Act:
    """Clicks on the first of each: in a list they are there for every entry."""

    async def act(page: Page) -> None:
        for test_id in test_ids:
            await page.get_by_test_id(test_id).first.click()

    return act


async def _ask(page: Page) -> None:
    """A request that was made already, the last time that somebody looked, is still there."""
    asking, asked = page.get_by_test_id("ask-button"), page.get_by_test_id("withdraw-button")
    await expect(asking.or_(asked)).to_be_visible()
    if await asking.is_visible():
        await asking.click()
    await expect(asked).to_be_visible()


LOOKS = [
    Look("visitor", "/", "sign-in-needed", who=None),
    Look("bad-link", "/signin#not-a-token", "sign-in-failed", who=None),
    Look("bad-link-signed-in", "/signin", "still-signed-in", who="attendee"),
    Look("missing-page", "/nowhere", "not-found", who=None),
    Look("home", "/", "sessions", who="attendee"),
    Look("home-filtered", "/?tag=welcome&past=1", "sessions", who="attendee", act=pressing("agenda")),
    Look("home-nothing", "/?q=nothing+like+it&agenda=1", "nothing-found", who="attendee"),
    Look("home-calendar", "/", "sessions", who="attendee", act=pressing("calendar", "make-feeds")),
    Look("home-new-session", "/", "sessions", who="attendee", act=pressing("new-session", "create-session")),
    Look("home-organizer", "/", "sessions"),
    Look("room", "/sessions/{open}", "empty-stage", who="attendee"),
    Look("room-share", "/sessions/{open}", "empty-stage", who="attendee", act=pressing("share-button")),
    Look("room-asked", "/sessions/{moderated}", "room", who="attendee", act=_ask),
    Look("room-moderator", "/sessions/{moderated}", "moderation-button", act=pressing("moderation-button")),
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
    Look("live", "/dashboard", "no-rooms"),
    Look("account-menu", "/dashboard", "h1", act=pressing("account-menu")),
    Look("language-menu", "/dashboard", "h1", act=pressing("language-menu")),
    Look("sessions", "/dashboard/sessions", "h1"),
    Look("session-new", "/dashboard/sessions/new", "h1"),
    Look("session-edit", "/dashboard/sessions/{moderated}", "h1"),
    Look("schedule", "/dashboard/schedule", "schedule"),
    Look("schedule-past", "/dashboard/schedule", "schedule", act=pressing("show-past")),
    Look("segment-new", "/dashboard/schedule", "schedule", act=pressing("add-segment", "save-segment")),
    Look("segment-delete", "/dashboard/schedule", "schedule", act=pressing_first("delete-segment")),
    Look("registrants", "/dashboard/registrants", "registrants"),
    Look("registrant-new", "/dashboard/registrants", "registrants", act=pressing("add-registrant")),
    Look(
        "registrant-link",
        "/dashboard/registrants",
        "registrants",
        act=pressing_first("registrant-menu", "sign-in-link"),
    ),
    Look(
        "registrant-delete",
        "/dashboard/registrants",
        "registrants",
        act=pressing_first("registrant-menu", "delete-registrant"),
    ),
    Look("tickets", "/dashboard/tickets", "no-ticket-types"),
    Look("presenters", "/dashboard/presenters", "no-presenters"),
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
    Look("recordings", "/dashboard/recordings", "no-recordings"),
    Look("settings", "/dashboard/settings", "event-settings"),
    Look("dashboard-missing-page", "/dashboard/nowhere", "not-found"),
]


async def furnish(server: LiveServer) -> House:
    """An event with enough in it for every page to show something."""
    people = [await server.registrant(name) for name in ("Ada Attendee", "Ben Attendee")]
    await server.registrant("سارة أحمد", email="sara@example.org")
    link = await server.api("POST", "/api/tokens", {"name": "Looking", "kind": "link"})
    ids = {
        "open": await server.session("Open round table", description="Everybody may go on screen.", tags=["welcome"]),
        "moderated": await server.session("Ask the experts", share_policy="moderated", location="Hall 2"),
    }
    ids["evaluated"] = await _evaluated(server)
    await server.session("طاولة مستديرة", description="جلسة مفتوحة للجميع", display_size="medium")
    await server.api("PATCH", "/api/event", {"attendee_sessions": True, "time_zone": "Asia/Tokyo"})
    await _fill_schedule(server)
    ids["answered"] = await _answered(server, people[1])
    return House(server, {"organizer": link["sign_in_link"], "attendee": people[0].sign_in_link}, ids)


async def _fill_schedule(server: LiveServer) -> None:
    """Something over, something going on, and two days of more."""
    stage = await server.session("Main stage", availability="scheduled", tags=["keynote"], display_size="medium")
    now = datetime.now(UTC)
    for title, starts, hours in (("Doors open", -3, 1), ("Opening", -1, 6), ("الختام", 20, 1), ("Party", 44, 4)):
        start = now + timedelta(hours=starts)
        span = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=hours)).isoformat()}
        entry = {"title": title, "description": f"{title}, " * 40, "sessions": [stage] if hours == 6 else []}
        await server.api("POST", "/api/segments", {**entry, **span, "location": "Hall 1"})


async def _evaluated(server: LiveServer) -> str:
    session = await server.session("How was it?")
    form = [
        {"kind": "rating", "title": "How was it?", "required": True},
        {"kind": "choice", "title": "Was it long enough?", "choices": ["Yes", "No"]},
        {"kind": "text", "title": "Anything else?"},
    ]
    await server.api("PUT", f"/api/sessions/{session}/evaluation", {"questions": form})
    await server.api("POST", f"/api/sessions/{session}/evaluation/unlock")
    return session


async def _answered(server: LiveServer, visitor: Registrant) -> str:
    """A session whose segment is over, with an answered evaluation, and one that stands nowhere."""
    now = datetime.now(UTC)
    times = {"starts_at": (now - timedelta(hours=3)).isoformat(), "ends_at": (now - timedelta(hours=2)).isoformat()}
    session = await server.session("Opening keynote", availability="scheduled", **times)
    await server.session("Nowhere to be seen", availability="scheduled")
    await server.api("POST", "/api/segments", {"title": "Opening", "sessions": [session], **times})
    path = f"/api/sessions/{session}/evaluation"
    questions = [
        {"kind": "rating", "title": "How was it?", "required": True},
        {"kind": "choice", "title": "Which part was best?", "choices": ["The beginning", "The end"]},
        {"kind": "text", "title": "What should we do better?"},
    ]
    form = (await server.api("PUT", path, {"questions": questions}))["questions"]
    answers = dict(zip((each["id"] for each in form), (4, "The end", "More breaks"), strict=True))
    await server.api("POST", f"{path}/answers", {"answers": answers}, token=visitor.token)
    return session


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


async def show(page: Page, house: House, look: Look) -> None:
    """Open the look's page and bring it into its state."""
    await page.goto(look.path.format(**house.ids))
    there = page.locator(look.ready) if look.ready == "h1" else page.get_by_test_id(look.ready)
    await expect(there.first).to_be_visible(timeout=15_000)
    if look.act is not None:
        await look.act(page)
    await page.wait_for_load_state("networkidle")
