"""Export, edit, import: for each kind of thing, in both formats."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import Api
from tests.support.spreadsheets import FORMATS, Format, actions, edited, export, upload, written

pytestmark = pytest.mark.parametrize("file_format", FORMATS)


async def items(api: Api, things: str) -> list[dict[str, Any]]:
    answer = await api.organizer.get(f"/api/{things}?limit=200")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def full_event(api: Api) -> None:
    gold = await api.ticket_type("Gold, with dinner")
    ada = (await api.organizer.post("/api/presenters", {"name": "Lovelace, Ada"})).json()["id"]
    alan = (await api.organizer.post("/api/presenters", {"name": "Alan Turing"})).json()["id"]
    await api.session("Opening", rank=2.5, tags=["one", "two, three"], presenters=[alan, ada], youtube=True)
    await api.session("=1+1", additional_info="# Hello\n\n*world*", location="@home", description="-5 degrees")
    await api.session(
        "Dinner",
        watch_policy="tickets",
        ticket_types=[gold],
        share_policy="moderated",
        moderator_password="secret",
        max_on_screen=7,
        starts_at="2026-03-29T01:30:00+01:00",
        ends_at="2026-03-29T04:00:00+02:00",
    )
    talk = await api.session("Talk", availability="scheduled", kind="stage")
    await api.registrant("Grace Hopper", email="grace@example.org", ticket_type=gold, tags=["vip"])
    await api.registrant("'Quoted'")
    made = await api.organizer.post(
        "/api/segments",
        {
            "title": "Morning",
            "starts_at": "2026-06-01T09:00:00Z",
            "ends_at": "2026-06-01T10:00:00Z",
            "sessions": [talk.rpartition("/")[2]],
        },
    )
    assert made.status_code == 201, made.text


@pytest.mark.parametrize("things", ["sessions", "registrants", "segments"])
async def test_what_comes_back_unedited_changes_nothing(api: Api, things: str, file_format: Format) -> None:
    await full_event(api)
    await api.organizer.patch("/api/event", {"time_zone": "Europe/Berlin"})
    before = await items(api, things)
    answer = await api.organizer.get(f"/api/{things}/export?format={file_format}")
    assert answer.headers["content-disposition"] == f'attachment; filename="{things}.{file_format}"'
    again = await upload(api.organizer, things, answer.content)
    assert set(actions(again)) == {"unchanged"}
    assert again.json()["applied"] is True
    assert await items(api, things) == before


async def test_sessions_are_changed_and_created(api: Api, file_format: Format) -> None:
    await full_event(api)
    before = {each["title"]: each for each in await items(api, "sessions")}

    def edit(rows: list[dict[str, Any]]) -> None:
        opening = next(row for row in rows if row["title"] == "Opening")
        opening["title"] = "Welcome"
        opening["presenters"] = "Grace Hopper, Alan Turing"
        opening["rank"] = ""
        rows.append({"title": "New one", "presenters": "Grace Hopper", "hidden": "yes"})

    answer = await edited(api.organizer, "sessions", file_format, edit)

    assert sorted(actions(answer)) == ["create", "unchanged", "unchanged", "unchanged", "update"]
    assert answer.json()["applied"] is True
    after = {each["title"]: each for each in await items(api, "sessions")}
    presenters = {each["id"]: each["name"] for each in await items(api, "presenters")}
    assert [presenters[each] for each in after["Welcome"]["presenters"]] == ["Grace Hopper", "Alan Turing"]
    assert (after["Welcome"]["id"], after["Welcome"]["rank"]) == (before["Opening"]["id"], 0)
    assert after["New one"]["presenters"] == [after["Welcome"]["presenters"][0]]
    assert after["New one"]["hidden"] is True
    assert after["New one"]["created_by"] == api.organizer.id
    assert list(presenters.values()).count("Grace Hopper") == 1
    assert {name: after[name] for name in ("=1+1", "Dinner", "Talk")} == {
        name: before[name] for name in ("=1+1", "Dinner", "Talk")
    }


async def test_registrants_are_changed_and_created(api: Api, file_format: Format) -> None:
    await full_event(api)

    def edit(rows: list[dict[str, Any]]) -> None:
        grace = next(row for row in rows if row["name"] == "Grace Hopper")
        grace["ticket_type"], grace["tags"] = "", "vip, speaker"
        rows.append({"name": "Linus", "email": "linus@example.org", "ticket_type": "Gold, with dinner"})

    answer = await edited(api.organizer, "registrants", file_format, edit)

    assert sorted(actions(answer)) == ["create", "unchanged", "update"]
    after = {each["name"]: each for each in await items(api, "registrants")}
    assert (after["Grace Hopper"]["ticket_type"], after["Grace Hopper"]["tags"]) == (None, ["vip", "speaker"])
    assert after["Linus"]["ticket_type"] is not None
    created = next(row for row in answer.json()["rows"] if row["action"] == "create")
    assert created["id"] == after["Linus"]["id"]


async def test_segments_are_changed_and_created(api: Api, file_format: Format) -> None:
    await full_event(api)
    await api.organizer.patch("/api/event", {"time_zone": "Europe/Berlin"})

    def edit(rows: list[dict[str, Any]]) -> None:
        rows[0]["title"] = "Late morning"
        rows.append({"title": "Lunch", "starts_at": "2026-06-01 12:00", "ends_at": "2026-06-01 13:00"})
        rows.append(
            {"title": "Talk again", "starts_at": "2026-06-02 12:00", "ends_at": "2026-06-02 13:00", "sessions": "Talk"}
        )

    answer = await edited(api.organizer, "segments", file_format, edit)

    assert actions(answer) == ["update", "create", "create"]
    after = await items(api, "segments")
    talk = next(each["id"] for each in await items(api, "sessions") if each["title"] == "Talk")
    assert [(each["title"], each["starts_at"], each["sessions"]) for each in after] == [
        ("Late morning", "2026-06-01T09:00:00Z", [talk]),
        ("Lunch", "2026-06-01T10:00:00Z", []),
        ("Talk again", "2026-06-02T10:00:00Z", [talk]),
    ]


@pytest.mark.parametrize("things", ["sessions", "registrants", "segments"])
async def test_a_template_is_an_empty_export(api: Api, things: str, file_format: Format) -> None:
    template = await api.organizer.get(f"/api/{things}/template?format={file_format}")
    exported = await api.organizer.get(f"/api/{things}/export?format={file_format}")
    for answer in (template, exported):
        assert (await upload(api.organizer, things, answer.content)).json() == {"rows": [], "applied": True}
    if file_format == "csv":
        assert template.content == exported.content


async def test_formulas_in_texts_are_defused(api: Api, file_format: Format) -> None:
    await full_event(api)
    for row in await export(api.organizer, "sessions", file_format):
        for cell in row.values():
            assert not (isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")))


async def test_a_file_of_a_stranger_program_is_read_by_its_content(api: Api, file_format: Format) -> None:
    content = written([{"title": "From somewhere"}], file_format)
    for kind in ("text/csv", "application/octet-stream", "application/vnd.ms-excel"):
        answer = await api.organizer.call(
            "POST", "/api/sessions/import?dry_run=true", content=content, headers={"Content-Type": kind}
        )
        assert actions(answer) == ["create"]
