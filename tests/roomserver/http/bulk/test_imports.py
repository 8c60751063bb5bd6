"""What an import does beside its rows: rooms hear of it, it can be watched, and others are served meanwhile."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

import pytest

from tests.support.api import Api
from tests.support.spreadsheets import actions, export, upload, written


async def test_rooms_hear_of_what_they_would_notice(api: Api) -> None:
    first, second, third = [await api.session(title) for title in ("First", "Second", "Third")]
    rows = {row["id"]: row for row in await export(api.organizer, "sessions")}
    ids = [path.rpartition("/")[2] for path in (first, second, third)]
    rows[ids[0]]["max_on_screen"] = "3"
    rows[ids[1]]["location"] = "Upstairs"
    await upload(api.organizer, "sessions", written([*rows.values()]), dry_run=True)
    assert api.rooms.told == []
    await upload(api.organizer, "sessions", written([*rows.values()]))
    assert api.rooms.told == [("settings", ids[0])]


async def test_people_hear_of_another_ticket_type(api: Api) -> None:
    await api.ticket_type("Gold")
    ada, ben = await api.registrant("Ada"), await api.registrant("Ben")
    rows = {row["id"]: row for row in await export(api.organizer, "registrants")}
    rows[ada.id]["ticket_type"] = "Gold"
    rows[ben.id]["tags"] = "vip"
    await upload(api.organizer, "registrants", written([*rows.values()]))
    assert api.rooms.told == [("person", ada.id)]


async def test_a_moderator_password_is_set_and_never_shown(api: Api) -> None:
    answer = await upload(api.organizer, "sessions", written([{"title": "Talk", "moderator_password": "open sesame"}]))
    assert "open sesame" not in answer.text
    path = f"/api/sessions/{answer.json()['rows'][0]['id']}"
    ada = await api.registrant("Ada")
    await api.organizer.patch(path, {"share_policy": "moderated"})
    assert (await ada.post(f"{path}/moderate", {"password": "open sesame"})).status_code == 200
    (row,) = await export(api.organizer, "sessions")
    assert row["moderator_password"] == ""
    assert actions(await upload(api.organizer, "sessions", written([row]))) == ["unchanged"]
    assert (await api.organizer.get(path)).json()["has_moderator_password"] is True


async def test_an_import_can_be_watched_by_who_sent_it(api: Api) -> None:
    await upload(api.organizer, "sessions", written([{"title": "One"}, {"title": "Two"}]), name="mine")
    done = await api.organizer.get("/api/imports/mine")
    assert done.json() == {"stage": "done", "done": 2, "total": 2}
    await upload(api.organizer, "sessions", b"PK broken", name="bad")
    assert (await api.organizer.get("/api/imports/bad")).json()["stage"] == "failed"
    other = await api.new_organizer("Oscar")
    assert (await other.get("/api/imports/mine")).status_code == 404
    assert (await api.organizer.get("/api/imports/unknown")).status_code == 404


@pytest.mark.timeout(300)
async def test_ten_thousand_rows_leave_time_for_others(api: Api) -> None:
    """Others are answered while rows are planned and written."""
    rows: list[dict[str, Any]] = [
        {"title": f"Session {number}", "tags": "one, two", "presenters": f"Presenter {number % 100}"}
        for number in range(10_000)
    ]
    answered_at: dict[str, set[int]] = defaultdict(set)

    async def watch() -> None:
        while True:
            answer = await api.organizer.get("/api/imports/big")
            if answer.status_code == 200:
                progress = answer.json()
                answered_at[progress["stage"]].add(progress["done"])

    watching = asyncio.create_task(watch())
    answer = await upload(api.organizer, "sessions", written(rows), name="big")
    watching.cancel()

    assert actions(answer) == ["create"] * 10_000
    for stage in ("checking", "writing"):
        assert answered_at[stage] - {0, 10_000}, f"nobody else was answered amid {stage}"
    assert len((await api.organizer.get("/api/presenters?limit=200")).json()["items"]) == 100
