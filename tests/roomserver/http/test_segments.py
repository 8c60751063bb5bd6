"""Segments: what can be written, what they do to the lists of sessions, and how sessions leave the schedule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import Api, Caller

TALK = {"title": "Talk", "starts_at": "2026-03-01T13:00:00Z", "ends_at": "2026-03-01T14:00:00Z"}
"""The tests' clock stands at 12:00 of that day."""


async def segment(api: Api, *sessions: str, **fields: Any) -> str:
    """The new segment's path; sessions by their paths."""
    links = [each.rpartition("/")[2] for each in sessions]
    made = await api.organizer.post("/api/segments", {**TALK, "sessions": links, **fields})
    assert made.status_code == 201, made.text
    return str(made.headers["location"])


async def titles(caller: Caller, path: str) -> list[str]:
    answer = await caller.get(path)
    assert answer.status_code == 200, answer.text
    return [each["title"] for each in answer.json()["items"]]


async def faults(api: Api, **fields: Any) -> list[str]:
    answer = await api.organizer.post("/api/segments", {**TALK, **fields})
    assert answer.status_code == 422, answer.text
    return [each["field"] for each in answer.json()["errors"]]


async def test_a_segment_is_answered_as_it_was_sent(api: Api) -> None:
    session = await api.session("Keynote", availability="scheduled")
    fields = {**TALK, "description": "One\nTwo", "location": "Hall 1", "sessions": [session.rpartition("/")[2]]}
    made = await api.organizer.post("/api/segments", fields)
    assert made.status_code == 201
    document = made.json()
    assert document["id"].startswith("seg_")
    assert document == fields | {"id": document["id"], "live": False, "past": False, "on_agenda": False}
    read = await api.organizer.get(made.headers["location"])
    assert (read.json(), read.headers["etag"]) == (document, made.headers["etag"])


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"title": " "}, ["title"]),
        ({"title": "x" * 101}, ["title"]),
        ({"description": "x" * 2001}, ["description"]),
        ({"location": "two\nlines"}, ["location"]),
        ({"ends_at": "2026-03-01T13:00:00Z"}, ["ends_at"]),
        ({"ends_at": "2026-03-01T14:00:00+01:00"}, ["ends_at"]),
        ({"starts_at": "2026-03-01T13:00:00"}, ["starts_at"]),
        ({"starts_at": None}, ["starts_at"]),
        ({"sessions": ["ses_none"]}, ["sessions.0"]),
        ({"sessions": [f"ses_{n}" for n in range(101)]}, ["sessions"]),
        ({"colour": "red", "title": "", "sessions": ["ses_none"]}, ["title", "colour", "sessions.0"]),
    ],
)
async def test_what_does_not_fit_is_named(api: Api, fields: dict[str, Any], named: list[str]) -> None:
    assert await faults(api, **fields) == named


async def test_start_and_end_are_needed_and_compared_in_a_change_too(api: Api) -> None:
    answer = await api.organizer.post("/api/segments", {"title": "Talk"})
    assert {each["field"] for each in answer.json()["errors"]} == {"starts_at", "ends_at"}
    path = await segment(api)
    for change, named in (
        ({"starts_at": None}, "starts_at"),
        ({"starts_at": "2026-03-01T14:00:00Z"}, "ends_at"),
        ({"ends_at": "2026-03-01T12:59:59Z"}, "ends_at"),
    ):
        answer = await api.organizer.patch(path, change)
        assert [each["field"] for each in answer.json()["errors"]] == [named]
    assert (await api.organizer.patch(path, {"starts_at": "2026-03-01T13:59:59Z"})).status_code == 200


async def test_only_scheduled_sessions_are_linked(api: Api) -> None:
    scheduled = await api.session("Talk", availability="scheduled")
    always = await api.session("Lounge")
    ids = [each.rpartition("/")[2] for each in (scheduled, always)]
    assert await faults(api, sessions=ids) == ["sessions.1"]
    path = await segment(api, scheduled)
    answer = await api.organizer.patch(path, {"sessions": ids})
    assert answer.json()["errors"] == [
        {
            "field": "sessions.1",
            "message": "This session is always open; make it scheduled first",
            "code": "session_always_open",
        }
    ]


async def test_links_keep_their_order_and_can_be_changed(api: Api) -> None:
    paths = [await api.session(f"Talk {n}", availability="scheduled") for n in range(3)]
    ids = [each.rpartition("/")[2] for each in paths]
    path = await segment(api, *paths)
    for links in ([ids[2], ids[0]], [ids[1], ids[2], ids[0]], []):
        assert (await api.organizer.patch(path, {"sessions": links})).json()["sessions"] == links
        assert (await api.organizer.get(path)).json()["sessions"] == links


async def test_an_outdated_change_is_refused_with_both_versions(api: Api) -> None:
    path = await segment(api)
    etag = (await api.organizer.get(path)).headers["etag"]
    assert (await api.organizer.patch(path, {"title": "First"}, etag=etag)).status_code == 200
    late = await api.organizer.patch(path, {"title": "Second", "ends_at": "2026-03-01T15:00:00Z"}, etag=etag)
    assert late.status_code == 412
    assert late.json()["current"]["title"] == "First"
    assert late.json()["yours"] == {"title": "Second", "ends_at": "2026-03-01T15:00:00Z"}
    assert (await api.organizer.patch(path, {"title": "Third"}, etag="")).status_code == 428
    assert (await api.organizer.delete(path, headers={"If-Match": etag})).status_code == 412
    assert (await api.organizer.delete(path)).status_code == 204
    assert (await api.organizer.get(path)).status_code == 404
    assert (await api.organizer.delete(path)).status_code == 404


async def test_pages_follow_time_without_gap_or_repeat(api: Api) -> None:
    hidden = await api.session("Hidden", availability="scheduled", hidden=True)
    for number in range(5):
        await segment(api, title=f"Break {number}", starts_at=f"2026-03-01T12:{50 - number}:00Z")
        await segment(api, hidden, title=f"Secret {number}", starts_at=f"2026-03-01T12:{50 - number}:00Z")
    ada = await api.registrant()
    for caller, count in ((api.organizer, 10), (ada, 5)):
        seen: list[str] = []
        query = "?limit=2"
        while True:
            page = (await caller.get(f"/api/segments{query}")).json()
            assert len(page["items"]) == 2 or page["next"] is None
            seen += [each["title"] for each in page["items"]]
            if page["next"] is None:
                break
            query = f"?limit=2&cursor={page['next']}"
        assert len(seen) == len(set(seen)) == count
        assert [each for each in seen if "Break" in each] == [f"Break {number}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("cursor", ["nonsense", "WyJhIiwiYiIsImMiLCJkIl0", "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIl0"])
async def test_a_made_up_cursor_is_refused(api: Api, cursor: str) -> None:
    for path in ("/api/segments", "/api/schedule"):
        assert (await api.organizer.get(f"{path}?cursor={cursor}")).status_code == 422


async def test_the_past_is_listed_on_request(api: Api) -> None:
    await segment(api, title="Over", starts_at="2026-03-01T10:00:00Z", ends_at="2026-03-01T12:00:00Z")
    await segment(api, title="Live", starts_at="2026-03-01T12:00:00Z", ends_at="2026-03-01T12:00:01Z")
    assert await titles(api.organizer, "/api/segments") == ["Live"]
    shown = (await api.organizer.get("/api/segments?past=true")).json()["items"]
    assert [(each["title"], each["live"], each["past"]) for each in shown] == [
        ("Over", False, True),
        ("Live", True, False),
    ]


# --- sessions on the schedule -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("margins", "minutes", "shown"),
    [
        ({}, 54.99, False),
        ({}, 55, True),
        ({}, 60, True),
        ({}, 119.99, True),
        ({}, 120, False),
        ({"margin_before_minutes": 0, "margin_after_minutes": 30}, 59.99, False),
        ({"margin_before_minutes": 0, "margin_after_minutes": 30}, 60, True),
        ({"margin_before_minutes": 0, "margin_after_minutes": 30}, 149.99, True),
        ({"margin_before_minutes": 0, "margin_after_minutes": 30}, 150, False),
    ],
)
async def test_a_scheduled_session_is_listed_around_its_segment(
    api: Api, margins: dict[str, int], minutes: float, shown: bool
) -> None:
    session = await api.session("Talk", availability="scheduled")
    await segment(api, session)
    await api.organizer.patch("/api/event", margins or {"name": "Event"})
    ada = await api.registrant()
    api.pass_time(minutes=minutes)
    assert await titles(ada, "/api/sessions") == (["Talk"] if shown else [])
    assert await titles(api.organizer, "/api/sessions") == ["Talk"]
    # The address works at any time: rooms go on when the time is up.
    assert (await ada.get(session)).status_code == 200
    assert (await ada.post(f"{session}/join")).status_code == 200


async def test_organizers_are_warned_of_scheduled_sessions_that_nobody_finds(api: Api) -> None:
    lost = await api.session("Lost", availability="scheduled")
    linked = await api.session("Linked", availability="scheduled")
    await api.session("Open")
    await segment(api, linked)
    ada = await api.registrant()
    api.pass_time(hours=1)
    listed = {each["title"]: each for each in (await api.organizer.get("/api/sessions")).json()["items"]}
    assert {title: (each["warning"], each["happening_now"]) for title, each in listed.items()} == {
        "Lost": ("not_on_schedule", False),
        "Linked": (None, True),
        "Open": (None, False),
    }
    assert await titles(ada, "/api/sessions") == ["Linked", "Open"]
    assert (await ada.get(lost)).status_code == 200


async def test_an_open_session_is_happening_between_its_own_times(api: Api) -> None:
    await api.session("Panel", starts_at="2026-03-01T12:00:00Z", ends_at="2026-03-01T13:00:00Z")
    for expected in (True, False):
        (listed,) = (await api.organizer.get("/api/sessions")).json()["items"]
        assert listed["happening_now"] is expected
        api.pass_time(hours=1)


async def test_a_scheduled_session_stands_by_the_start_of_its_first_segment(api: Api) -> None:
    late = await api.session("A late", availability="scheduled")
    early = await api.session("B early", availability="scheduled")
    own = await api.session("C own start", availability="scheduled", starts_at="2026-03-01T10:00:00Z")
    await segment(api, late, own, starts_at="2026-03-01T13:30:00Z")
    first = await segment(api, early, late)
    second = await segment(api, early, starts_at="2026-03-01T12:30:00Z")

    async def order() -> list[str]:
        return [each[0] for each in await titles(api.organizer, "/api/sessions")]

    assert await order() == ["C", "B", "A"]
    await api.organizer.delete(second)
    assert await order() == ["C", "A", "B"]
    await api.organizer.patch(first, {"sessions": [early.rpartition("/")[2]]})
    assert await order() == ["C", "B", "A"]
    await api.organizer.patch(early, {"starts_at": "2026-03-01T20:00:00Z"})
    assert await order() == ["C", "A", "B"]
    await api.organizer.patch(early, {"starts_at": None})
    assert await order() == ["C", "B", "A"]


async def test_sessions_are_found_by_the_days_of_their_segments(api: Api) -> None:
    twice = await api.session("Twice", availability="scheduled", starts_at="2026-06-01T00:00:00Z")
    await segment(api, twice, starts_at="2026-05-01T10:00:00Z", ends_at="2026-05-01T11:00:00Z")
    await segment(api, twice, starts_at="2026-05-03T10:00:00Z", ends_at="2026-05-03T11:00:00Z")
    await api.session("Lost", availability="scheduled")
    await api.session("Planned", availability="scheduled", starts_at="2026-05-02T08:00:00Z")

    async def found(start: str, end: str) -> list[str]:
        return sorted(await titles(api.organizer, f"/api/sessions?active_from={start}&active_to={end}"))

    assert await found("2026-05-01T00:00:00Z", "2026-05-01T23:00:00Z") == ["Twice"]
    assert await found("2026-05-02T00:00:00Z", "2026-05-02T23:00:00Z") == ["Planned"]
    assert await found("2026-05-03T10:30:00Z", "2026-05-03T10:40:00Z") == ["Planned", "Twice"]
    assert await found("2026-04-01T00:00:00Z", "2026-04-02T00:00:00Z") == []


async def test_becoming_always_open_asks_first_then_unlinks(api: Api) -> None:
    session = await api.session("Talk", availability="scheduled")
    other = await api.session("Other", availability="scheduled")
    path = await segment(api, session, other)
    before = await api.organizer.get(path)

    asked = await api.organizer.patch(session, {"availability": "always_open", "title": "Open talk"})
    assert (asked.status_code, asked.json()["code"]) == (409, "linked_to_schedule")
    assert asked.json()["segments"] == [
        {"id": path.rpartition("/")[2], "title": "Talk", "starts_at": "2026-03-01T13:00:00Z"}
    ]
    assert (await api.organizer.get(session)).json()["title"] == "Talk"
    assert api.rooms.told == []

    etag = (await api.organizer.get(session)).headers["etag"]
    confirmed = await api.organizer.call(
        "PATCH", f"{session}?unlink=true", {"availability": "always_open"}, headers={"If-Match": etag}
    )
    assert (confirmed.status_code, confirmed.json()["availability"]) == (200, "always_open")
    after = await api.organizer.get(path)
    assert after.json()["sessions"] == [other.rpartition("/")[2]]
    assert after.headers["etag"] != before.headers["etag"]
    # Nothing is asked of a session that is on no segment, and nothing is undone.
    assert (await api.organizer.patch(session, {"availability": "scheduled"})).status_code == 200
    assert (await api.organizer.patch(session, {"availability": "always_open"})).status_code == 200


async def test_a_deleted_session_leaves_the_schedule(api: Api) -> None:
    session = await api.session("Talk", availability="scheduled")
    path = await segment(api, session)
    before = await api.organizer.get(path)
    assert (await api.organizer.delete(session)).status_code == 204
    after = await api.organizer.get(path)
    assert after.json()["sessions"] == []
    assert after.headers["etag"] != before.headers["etag"]
