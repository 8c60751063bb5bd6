"""The audit trail: each organizer's change, with who, when, and what was before and after."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import Api
from tests.support.spreadsheets import export, upload, written


async def trail(api: Api, query: str = "") -> list[dict[str, Any]]:
    answer = await api.organizer.get(f"/api/audit{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def changes(entry: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {each["field"]: (each["old"], each["new"]) for each in entry["changes"]}


async def test_a_life_of_a_session_is_told(api: Api) -> None:
    path = await api.session("Opening", tags=["one"])
    session = path.rpartition("/")[2]
    oscar = await api.new_organizer("Oscar")
    api.pass_time(minutes=5)
    await oscar.patch(path, {"title": "Welcome", "starts_at": "2026-06-01T09:00:00Z", "hidden": False})
    await oscar.delete(path)

    deleted, updated, created = await trail(api, f"?thing={session}")

    assert [each["action"] for each in (created, updated, deleted)] == ["create", "update", "delete"]
    assert (created["who"], created["who_name"], created["at"]) == (
        api.organizer.id,
        "Olga Organizer",
        "2026-03-01T12:00:00Z",
    )
    assert (updated["who_name"], updated["at"]) == ("Oscar", "2026-03-01T12:05:00Z")
    assert changes(updated) == {"title": ("Opening", "Welcome"), "starts_at": (None, "2026-06-01T09:00:00Z")}
    assert changes(created)["tags"] == (None, ["one"])
    assert changes(deleted)["title"] == ("Welcome", None)


async def a_session(api: Api) -> str:
    return (await api.session("Opening")).rpartition("/")[2]


async def test_every_kind_of_change_leaves_its_line(api: Api) -> None:
    gold = await api.ticket_type("Gold")
    ada = await api.registrant("Ada")
    path = await api.session("Opening", availability="scheduled")
    session = path.rpartition("/")[2]
    span = {"starts_at": "2026-06-01T09:00:00Z", "ends_at": "2026-06-01T10:00:00Z"}
    organizer = api.organizer
    presenter = (await organizer.post("/api/presenters", {"name": "Jane"})).json()["id"]
    segment = (await organizer.post("/api/segments", {"title": "Morning", **span})).json()["id"]
    await organizer.patch("/api/event", {"name": "Summit"})
    await organizer.patch(f"/api/ticket-types/{gold}", {"name": "Platinum"})
    await organizer.patch(f"/api/presenters/{presenter}", {"name": "Joan"})
    await organizer.patch(f"/api/registrants/{ada.id}", {"ticket_type": gold})
    await organizer.patch(f"/api/segments/{segment}", {"sessions": [session]})
    await organizer.put(f"{path}/invitations", {"registrants": [ada.id]})
    await organizer.put(f"{path}/moderators", {"registrants": [ada.id]})
    await organizer.put(f"{path}/evaluation", {"questions": [{"kind": "text", "title": "So?"}]})
    await organizer.post(f"{path}/evaluation/unlock")
    await organizer.delete(f"/api/registrants/{ada.id}/tokens")
    await organizer.delete(f"/api/segments/{segment}")
    await organizer.delete(f"/api/presenters/{presenter}")
    await organizer.delete(f"/api/registrants/{ada.id}")
    await organizer.delete(f"/api/ticket-types/{gold}")

    lines = [
        (each["action"], each["kind"], each["thing"], sorted(changes(each)))
        for each in reversed(await trail(api, "?limit=200"))
    ]

    assert lines == [
        ("create", "ticket_type", gold, ["name"]),
        ("create", "registrant", ada.id, ["name"]),
        ("update", "registrant", ada.id, ["sign_in_link", "token"]),
        ("create", "session", session, lines[3][3]),
        ("create", "presenter", presenter, ["name"]),
        ("create", "segment", segment, ["ends_at", "starts_at", "title"]),
        ("update", "event", "event", ["name"]),
        ("update", "ticket_type", gold, ["name"]),
        ("update", "presenter", presenter, ["name"]),
        ("update", "registrant", ada.id, ["ticket_type"]),
        ("update", "segment", segment, ["sessions"]),
        ("update", "session", session, ["invitations"]),
        ("update", "session", session, ["moderators"]),
        ("create", "evaluation", session, ["questions"]),
        ("update", "evaluation", session, ["unlocked_at"]),
        ("update", "registrant", ada.id, ["tokens"]),
        ("delete", "segment", segment, ["ends_at", "sessions", "starts_at", "title"]),
        ("delete", "presenter", presenter, ["name"]),
        ("delete", "registrant", ada.id, ["name", "ticket_type"]),
        ("delete", "ticket_type", gold, ["name"]),
    ]


async def test_nothing_secret_is_kept(api: Api) -> None:
    path = await api.session("Opening", moderator_password="sesame one")
    await api.organizer.patch(path, {"moderator_password": "sesame two"})
    await api.organizer.patch("/api/event", {"moderator_password": "sesame three"})
    await upload(api.organizer, "sessions", written([{"title": "Imported", "moderator_password": "sesame four"}]))
    answer = await api.organizer.get("/api/audit")
    assert "sesame" not in answer.text
    assert "argon2" not in answer.text
    for entry in answer.json()["items"]:
        assert changes(entry)["moderator_password"] == ("(hidden)", "(hidden)")


async def test_each_row_of_an_import_has_its_line(api: Api) -> None:
    session = await a_session(api)
    rows = [*await export(api.organizer, "sessions"), {"title": "Imported", "presenters": "Ada"}]
    rows[0]["title"] = "Welcome"
    before = len(await trail(api))
    await upload(api.organizer, "sessions", written(rows))
    entries = (await trail(api))[: -before or None]
    assert sorted((each["action"], each["kind"]) for each in entries) == [
        ("create", "presenter"),
        ("create", "session"),
        ("update", "session"),
    ]
    (updated,) = [each for each in entries if each["thing"] == session]
    assert changes(updated) == {"title": ("Opening", "Welcome")}


async def test_what_was_refused_or_changed_nothing_leaves_no_line(api: Api) -> None:
    path = await api.session("Opening")
    before = await trail(api)
    await api.organizer.patch(path, {"title": "x" * 61})
    await api.organizer.patch(path, {"title": "Welcome"}, etag='"99"')
    await api.organizer.patch(path, {"title": "Opening"})
    await api.organizer.put(f"{path}/moderators", {"registrants": ["reg_unknown"]})
    assert await trail(api) == before


async def test_an_attendee_who_creates_a_session_is_named(api: Api) -> None:
    await api.organizer.patch("/api/event", {"attendee_sessions": True})
    ada = await api.registrant("Ada")
    await ada.post("/api/sessions", {"title": "Mine", "description": "Ours"})
    assert (await trail(api))[0]["who"] == ada.id


async def test_long_texts_and_lists_are_shortened(api: Api) -> None:
    path = await api.session("Opening")
    await api.organizer.patch(path, {"additional_info": "x" * 5_000})
    assert len(changes((await trail(api))[0])["additional_info"][1]) == 1_000


async def test_it_is_read_in_pages_and_by_what_one_looks_for(api: Api) -> None:
    oscar = await api.new_organizer("Oscar")
    for number in range(5):
        await (oscar if number % 2 else api.organizer).post("/api/presenters", {"name": f"P{number}"})
    first = (await api.organizer.get("/api/audit?limit=3")).json()
    second = (await api.organizer.get(f"/api/audit?limit=3&cursor={first['next']}")).json()
    names = [changes(each)["name"][1] for each in first["items"] + second["items"]]
    assert names == ["P4", "P3", "P2", "P1", "P0"]
    assert second["next"] is None
    assert len(await trail(api, f"?who={oscar.id}")) == 2
    assert len(await trail(api, "?kind=presenter")) == 5
    assert await trail(api, "?kind=session") == []


@pytest.mark.parametrize("query", ["?cursor=x", "?limit=0", "?thing=a%20b", "?cursor=WyJ4Il0", "?what=x"])
async def test_a_query_that_does_not_fit_is_refused(api: Api, query: str) -> None:
    assert (await api.organizer.get(f"/api/audit{query}")).status_code == 422
