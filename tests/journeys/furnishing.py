"""An event with enough in it for every page to show something."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from roomserver.demo_pictures import round_table_picture
from tests.support.live_server import LiveServer, Registrant


@dataclass(frozen=True, slots=True)
class House:
    """A server with an event to look at."""

    server: LiveServer
    links: dict[str, str]
    """Sign-in links of "organizer" and "attendee"."""
    ids: dict[str, str] = field(default_factory=dict)
    """Ids by the name that paths use: `/sessions/{open}`."""


async def furnish(server: LiveServer) -> House:
    """An event with enough in it for every page to show something."""
    people = [await server.registrant(name) for name in ("Ada Attendee", "Ben Attendee")]
    await server.registrant("سارة أحمد", email="sara@example.org")
    link = await server.api("POST", "/api/tokens", {"name": "Looking", "kind": "link"})
    ada = await server.api("POST", "/api/presenters", {"name": "Ada Lovelace"})
    about = {"description": "Everybody may go on screen.", "tags": ["welcome"], "presenters": [ada["id"]]}
    ids = {
        "open": await server.session("Open round table", picture_alt="People around a table", **about),
        "moderated": await server.session("Ask the experts", share_policy="moderated", location="Hall 2"),
    }
    await _hang_picture(server, ids["open"])
    for name in ("Early bird", "VIP"):
        await server.api("POST", "/api/ticket-types", {"name": name})
    ids["evaluated"] = await _evaluated(server)
    await server.session("طاولة مستديرة", description="جلسة مفتوحة للجميع", display_size="medium")
    await server.api("PATCH", "/api/event", {"attendee_sessions": True, "time_zone": "Asia/Tokyo"})
    await _fill_schedule(server)
    ids["answered"] = await _answered(server, people[1])
    return House(server, {"organizer": link["sign_in_link"], "attendee": people[0].sign_in_link}, ids)


async def _hang_picture(server: LiveServer, session: str) -> None:
    picture = round_table_picture()
    headers = {"Authorization": f"Bearer {server.organizer_token}", "Content-Type": picture.media_type}
    async with httpx.AsyncClient(base_url=server.url, headers=headers) as client:
        answer = await client.put(f"/api/sessions/{session}/picture", content=picture.content)
        assert answer.is_success, answer.text


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
