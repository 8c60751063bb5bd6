"""Imports that are refused: everything that is wrong is told, and nothing is changed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from roomserver.catalog.models import Base
from tests.support.api import Api
from tests.support.spreadsheets import FORMATS, Format, actions, export, faults, upload, written

ONE_FAULT_EACH: list[tuple[str, Any]] = [
    ("title", ""),
    ("title", "x" * 61),
    ("description", "x" * 141),
    ("tags", "x" * 41),
    ("tags", '"open, quote'),
    ("display_size", "huge"),
    ("rank", "first"),
    ("rank", "1e99"),
    ("picture_alt", "x" * 141),
    ("location", "x" * 201),
    ("presenters", "x" * 101),
    ("kind", "meeting"),
    ("watch_policy", "nobody"),
    ("watch_policy", "tickets"),
    ("ticket_types", "Platinum"),
    ("hidden", "perhaps"),
    ("share_policy", "all"),
    ("max_on_screen", "51"),
    ("max_on_screen", "0"),
    ("max_on_screen", "2.5"),
    ("overflow", "burst"),
    ("availability", "sometimes"),
    ("starts_at", "tomorrow"),
    ("starts_at", "2026-02-30 10:00"),
    ("ends_at", "2026-06-01 10:00"),
]
WHERE = {("watch_policy", "tickets"): "ticket_types", ("ends_at", "2026-06-01 10:00"): "starts_at"}
"""Where the fault is told, if not in the field itself: what is missing beside it."""


async def contents(api: Api) -> dict[str, Any]:
    """Every table as it is."""
    async with api.services.catalog.reading() as db:
        return {table.name: (await db.execute(select(table))).all() for table in Base.metadata.sorted_tables}


@pytest.mark.parametrize("file_format", FORMATS)
async def test_five_hundred_faults_are_all_told_and_nothing_is_changed(api: Api, file_format: Format) -> None:
    await api.session("Opening")
    rows: list[dict[str, Any]] = []
    expected = []
    while len(rows) < 500:
        field, cell = ONE_FAULT_EACH[len(rows) % len(ONE_FAULT_EACH)]
        rows.append({"title": f"Session {len(rows)}", "presenters": f"Somebody {len(rows)}", field: cell})
        expected.append((len(rows) + 1, WHERE.get((field, cell), field)))
    rows += [{"title": f"Good {number}"} for number in range(20)]
    before = await contents(api)

    for dry_run in (True, False):
        answer = await upload(api.organizer, "sessions", written(rows, file_format), dry_run=dry_run)
        assert faults(answer) == expected
        assert answer.json()["applied"] is False
    assert await contents(api) == before
    assert api.rooms.told == []


async def test_several_faults_of_a_row_are_all_told(api: Api) -> None:
    content = written([{"name": "", "email": "nobody", "ticket_type": "Gold", "tags": "x" * 41, "id": "reg_9"}])
    answer = await upload(api.organizer, "registrants", content)
    assert {field for _, field in faults(answer)} == {"email", "ticket_type", "tags", "id"}


async def test_a_dry_run_changes_nothing(api: Api) -> None:
    await api.session("Opening")
    rows = [*await export(api.organizer, "sessions"), {"title": "New", "presenters": "Ada"}]
    rows[0]["title"] = "Welcome"
    before = await contents(api)
    answer = await upload(api.organizer, "sessions", written(rows), dry_run=True)
    assert actions(answer) == ["update", "create"]
    assert answer.json()["rows"][0]["changes"] == [{"field": "title", "before": "Opening", "after": "Welcome"}]
    assert answer.json()["applied"] is False
    assert await contents(api) == before


async def test_an_edit_since_the_export_is_not_lost(api: Api) -> None:
    path = await api.session("Opening")
    rows = await export(api.organizer, "sessions")
    await api.organizer.patch(path, {"title": "Changed by somebody else"})
    rows[0]["title"] = "Changed in the spreadsheet"
    answer = await upload(api.organizer, "sessions", written(rows))
    assert faults(answer) == [(2, "version")]
    assert answer.json()["rows"][0]["changes"] == [
        {"field": "title", "before": "Changed by somebody else", "after": "Changed in the spreadsheet"}
    ]
    assert (await api.organizer.get(path)).json()["title"] == "Changed by somebody else"


async def test_an_edit_based_on_what_was_before_the_import_is_refused(api: Api) -> None:
    path = await api.session("Opening")
    etag = (await api.organizer.get(path)).headers["etag"]
    rows = await export(api.organizer, "sessions")
    rows[0]["title"] = "Welcome"
    await upload(api.organizer, "sessions", written(rows))
    answer = await api.organizer.patch(path, {"title": "Hello"}, etag=etag)
    assert (answer.status_code, answer.json()["current"]["title"]) == (412, "Welcome")


@pytest.mark.parametrize("change", ["edit", "delete", "ticket type", "e-mail"])
async def test_a_change_during_the_import_refuses_it(api: Api, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """The catalog changes between the plan and its carrying out."""
    from roomserver.http.bulk import spreadsheets

    gold = await api.ticket_type("Gold")
    ada = await api.registrant("Ada")
    rows = [
        {"id": ada.id, "name": "Ada L.", "ticket_type": "Gold", "email": ""},
        {"id": "", "name": "Ben", "ticket_type": "", "email": "ben@example.org"},
    ]
    carry_out = spreadsheets._apply

    async def changed_first(*given: Any) -> Any:
        match change:
            case "edit":
                await api.organizer.patch(f"/api/registrants/{ada.id}", {"tags": ["vip"]})
            case "delete":
                await api.organizer.delete(f"/api/registrants/{ada.id}")
            case "ticket type":
                assert (await api.organizer.delete(f"/api/ticket-types/{gold}")).status_code == 204
            case "e-mail":
                await api.registrant("Benjamin", email="Ben@example.org")
        return await carry_out(*given)

    monkeypatch.setattr(spreadsheets, "_apply", changed_first)
    answer = await upload(api.organizer, "registrants", written(rows))
    assert (answer.status_code, answer.json()["code"]) == (409, "changed_meanwhile")
    found = {each["name"] for each in (await api.organizer.get("/api/registrants")).json()["items"]}
    assert not found & {"Ada L.", "Ben"}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "text/csv", 422),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "application/vnd.ms-excel", 422),
        (b"PK\x03\x04 broken", "application/octet-stream", 422),
        (b'title\n"open', "text/csv", 422),
        (b"title\nx\n", "application/json", 415),
        (b"title\nx\n", "multipart/form-data; boundary=x", 415),
        (b"title\n" + b"x\n" * 3_000_000, "text/csv", 413),
        (b"title\n" + b"x\n" * 10_001, "text/csv", 422),
    ],
    ids=["empty", "old workbook", "broken", "open quote", "json", "form", "too large", "too many rows"],
)
async def test_what_is_no_spreadsheet_is_refused_with_a_sentence(
    api: Api, content: bytes, kind: str, status: int
) -> None:
    answer = await api.organizer.call(
        "POST", "/api/sessions/import?dry_run=false", content=content, headers={"Content-Type": kind}
    )
    assert answer.status_code == status
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("POST /api/sessions/import", "dry_run"),
        ("POST /api/sessions/import?dry_run=perhaps", "dry_run"),
        ("POST /api/sessions/import?dry_run=true&import_id=a%20b", "import_id"),
        ("GET /api/sessions/export", "format"),
        ("GET /api/registrants/export?format=pdf", "format"),
        ("GET /api/segments/template?format=", "format"),
    ],
)
async def test_a_query_that_does_not_fit_is_named(api: Api, path: str, field: str) -> None:
    method, _, rest = path.partition(" ")
    answer = await api.organizer.call(method, rest)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_single_session_event_takes_one_row(api: Api) -> None:
    await api.organizer.patch("/api/event", {"kind": "single_session"})
    two = await upload(api.organizer, "sessions", written([{"title": "One"}, {"title": "Two"}]))
    assert faults(two) == [(3, "")]
    assert actions(await upload(api.organizer, "sessions", written([{"title": "One"}]))) == ["create"]
    assert faults(await upload(api.organizer, "sessions", written([{"title": "Two"}]))) == [(2, "")]


async def test_a_session_on_the_schedule_is_not_taken_off_by_the_way(api: Api) -> None:
    talk = (await api.session("Talk", availability="scheduled")).rpartition("/")[2]
    span = {"starts_at": "2026-06-01T09:00:00Z", "ends_at": "2026-06-01T10:00:00Z"}
    await api.organizer.post("/api/segments", {"title": "Morning", "sessions": [talk], **span})
    rows = await export(api.organizer, "sessions")
    rows[0]["availability"] = "always_open"
    assert faults(await upload(api.organizer, "sessions", written(rows))) == [(2, "availability")]


async def test_segments_link_only_scheduled_sessions_and_end_after_they_start(api: Api) -> None:
    await api.session("Always")
    rows = [
        {"title": "A", "starts_at": "2026-06-01 10:00", "ends_at": "2026-06-01 11:00", "sessions": "Always"},
        {"title": "B", "starts_at": "2026-06-01 10:00", "ends_at": "2026-06-01 10:00"},
        {"title": "C", "starts_at": "2026-06-01 10:00"},
    ]
    answer = await upload(api.organizer, "segments", written(rows))
    assert faults(answer) == [(2, "sessions"), (3, "ends_at"), (4, "ends_at")]
