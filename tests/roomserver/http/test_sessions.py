"""Listing, changing and deleting sessions."""

from __future__ import annotations

from typing import Any

import pytest

from signaling.statements import LiveRoom
from tests.support.api import Api, Caller


async def titles(caller: Caller, query: str = "") -> list[str]:
    answer = await caller.get(f"/api/sessions{query}")
    assert answer.status_code == 200, answer.text
    return [each["title"] for each in answer.json()["items"]]


async def test_order_is_rank_then_start_then_title(api: Api) -> None:
    await api.session("b, no start")
    await api.session("A, no start")
    await api.session("Late", starts_at="2026-05-01T12:00:00Z")
    await api.session("Early", starts_at="2026-05-01T08:00:00Z")
    await api.session("Top", rank=10)
    await api.session("Bottom", rank=-1.5, starts_at="2026-01-01T00:00:00Z")

    assert await titles(api.organizer) == ["Top", "Early", "Late", "A, no start", "b, no start", "Bottom"]


async def test_pages_follow_each_other_without_gap_or_repeat(api: Api) -> None:
    for number in range(7):
        await api.session(f"Session {number}", rank=number // 3)
    ada = await api.registrant()
    for caller in (api.organizer, ada):
        seen: list[str] = []
        query = "?limit=2"
        pages = 0
        while True:
            page = (await caller.get(f"/api/sessions{query}")).json()
            seen += [each["title"] for each in page["items"]]
            pages += 1
            if page["next"] is None:
                break
            query = f"?limit=2&cursor={page['next']}"
        assert seen == [f"Session {number}" for number in (6, 3, 4, 5, 0, 1, 2)]
        assert pages == 4


async def test_a_page_is_filled_even_when_most_sessions_are_not_for_this_person(api: Api) -> None:
    for number in range(12):
        await api.session(f"Private {number:02}", watch_policy="private", rank=5)
    await api.session("Open one")
    await api.session("Open two")
    ada = await api.registrant()

    page = (await ada.get("/api/sessions?limit=1")).json()
    assert [each["title"] for each in page["items"]] == ["Open one"]
    rest = (await ada.get(f"/api/sessions?limit=1&cursor={page['next']}")).json()
    assert [each["title"] for each in rest["items"]] == ["Open two"]
    assert rest["next"] is None


async def test_organizers_find_sessions_by_text_date_ticket_type_and_tag(api: Api) -> None:
    gold = await api.ticket_type("Gold")
    await api.session("Café talk", tags=["day 1"])
    await api.session("Panel", description="about coffee", starts_at="2026-05-01T10:00:00Z")
    await api.session(
        "Closing",
        watch_policy="tickets",
        ticket_types=[gold],
        starts_at="2026-05-03T10:00:00Z",
        ends_at="2026-05-03T11:00:00Z",
    )

    assert await titles(api.organizer, "?q=cafe") == ["Café talk"]
    assert await titles(api.organizer, "?q=COFFEE") == ["Panel"]
    assert await titles(api.organizer, "?q=100%25") == []
    assert await titles(api.organizer, "?tag=day 1") == ["Café talk"]
    assert await titles(api.organizer, f"?ticket_type={gold}") == ["Closing"]
    assert await titles(api.organizer, "?active_to=2026-05-02T00:00:00Z") == ["Panel", "Café talk"]
    assert await titles(api.organizer, "?active_from=2026-05-03T12:00:00Z") == ["Panel", "Café talk"]
    window = "?active_from=2026-05-03T10:30:00Z&active_to=2026-05-03T10:40:00Z"
    assert await titles(api.organizer, window) == ["Panel", "Closing", "Café talk"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("cursor=nonsense", "cursor"),
        ("cursor=WzEuMCwieCIsInkiLCJ6Il0", "cursor"),
        ("active_from=2026-05-01", "active_from"),
        ("color=red", "color"),
        ("limit=1&limit=2", "limit"),
        (f"q={'x' * 101}", "q"),
        ("ticket_type=not%20an%20id", "ticket_type"),
    ],
)
async def test_a_query_that_does_not_fit_is_named(api: Api, query: str, field: str) -> None:
    answer = await api.organizer.get(f"/api/sessions?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_attendees_cannot_filter(api: Api) -> None:
    ada = await api.registrant()
    assert (await ada.get("/api/sessions?q=x")).status_code == 403
    assert (await ada.get("/api/sessions?limit=5")).status_code == 200


async def test_a_running_room_shows_its_numbers(api: Api) -> None:
    path = await api.session("Opening")
    session = path.rpartition("/")[2]
    live = LiveRoom(
        seats_taken=2, viewers=811, viewer_cap=3000, waiting=1, requests=4, max_on_screen=50, recording="paused"
    )
    api.rooms.running[session] = live

    assert (await api.organizer.get(path)).json()["live"] == {"seats_taken": 2, "viewers": 811}
    assert (await api.organizer.get("/api/sessions")).json()["items"][0]["live"]["viewers"] == 811
    assert (await api.organizer.get(f"{path}/room")).json() == {
        "running": True,
        "seats": 2,
        "seats_taken": 2,
        "max_on_screen": 50,
        "viewers": 811,
        "cap": 3000,
        "viewer_cap": 3000,
        "waiting": 1,
        "requests": 4,
        "recording": "paused",
    }


async def test_the_numbers_of_a_room_that_does_not_run(api: Api) -> None:
    path = await api.session("Opening", max_on_screen=7)
    numbers = (await api.organizer.get(f"{path}/room")).json()
    assert (numbers["running"], numbers["max_on_screen"], numbers["viewer_cap"]) == (False, 7, 5000)


async def test_changes_reach_the_room(api: Api) -> None:
    path = await api.session("Opening")
    session = path.rpartition("/")[2]
    await api.organizer.patch(path, {"title": "Welcome"})
    assert api.rooms.told == [("settings", session)]
    await api.organizer.delete(path)
    assert api.rooms.told == [("settings", session), ("deleted", session)]


async def test_a_refused_change_reaches_nobody(api: Api) -> None:
    path = await api.session("Opening")
    await api.organizer.patch(path, {"max_on_screen": 51})
    await api.organizer.patch(path, {"title": "Welcome"}, etag='"99"')
    assert api.rooms.told == []


async def test_a_deleted_session_is_gone(api: Api) -> None:
    path = await api.session("Opening", tags=["one"])
    ada = await api.registrant()
    await api.organizer.put(f"{path}/invitations", {"registrants": [ada.id]})
    assert (await api.organizer.delete(path)).status_code == 204
    assert (await api.organizer.get(path)).status_code == 404
    assert (await api.organizer.delete(path)).status_code == 404
    assert (await ada.post(f"{path}/join")).status_code == 404


async def test_a_single_session_event_has_exactly_one_session(api: Api) -> None:
    first = await api.session("Only")
    second = await api.session("Too many")
    assert (await api.organizer.patch("/api/event", {"kind": "single_session"})).status_code == 409
    await api.organizer.delete(second)
    assert (await api.organizer.patch("/api/event", {"kind": "single_session"})).status_code == 200
    assert (await api.organizer.post("/api/sessions", {"title": "Another"})).status_code == 409
    assert (await api.organizer.delete(first)).status_code == 409


class TestSessionsOfAttendees:
    async def allowed(self, api: Api) -> Caller:
        assert (await api.organizer.patch("/api/event", {"attendee_sessions": True})).status_code == 200
        return await api.registrant("Ada Lovelace")

    async def test_are_refused_where_the_event_does_not_allow_them(self, api: Api) -> None:
        ada = await api.registrant()
        answer = await ada.post("/api/sessions", {"title": "Mine", "description": "Ours"})
        assert answer.status_code == 403

    async def test_can_be_watched_by_everybody_and_belong_to_their_creator(self, api: Api) -> None:
        ada = await self.allowed(api)
        made = await ada.post("/api/sessions", {"title": "Mine", "description": "Ours"})
        assert made.status_code == 201
        assert made.json()["created_by"] == ada.id
        assert made.json()["watch_policy"] == "anyone"
        ben = await api.registrant("Ben")
        assert await titles(ben) == ["Mine"]

    async def test_moderated_ones_are_moderated_by_their_creator(self, api: Api) -> None:
        ada = await self.allowed(api)
        made = await ada.post("/api/sessions", {"title": "Mine", "description": "Ours", "share_policy": "moderated"})
        moderators = await api.organizer.get(f"/api/sessions/{made.json()['id']}/moderators")
        assert moderators.json() == {"registrants": [ada.id]}

    @pytest.mark.parametrize(
        ("fields", "named"),
        [
            ({"description": ""}, "description"),
            ({"description": None}, "description"),
            ({"share_policy": "invite_only"}, "share_policy"),
            ({"hidden": True}, "hidden"),
            ({"watch_policy": "private"}, "watch_policy"),
            ({"record": True}, "record"),
            ({"moderator_password": "mine"}, "moderator_password"),
        ],
    )
    async def test_have_few_fields(self, api: Api, fields: dict[str, Any], named: str) -> None:
        ada = await self.allowed(api)
        answer = await ada.post("/api/sessions", {"title": "Mine", "description": "Ours", **fields})
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [named]

    async def test_are_edited_and_deleted_by_organizers(self, api: Api) -> None:
        ada = await self.allowed(api)
        made = await ada.post("/api/sessions", {"title": "Mine", "description": "Ours"})
        path = made.headers["location"]
        assert (await ada.patch(path, {"title": "Changed"})).status_code == 403
        assert (await ada.delete(path)).status_code == 403
        assert (await api.organizer.patch(path, {"title": "Changed"})).status_code == 200
        assert (await api.organizer.delete(path)).status_code == 204
