"""A session's fields: what is kept, and every limit, each named by its field."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import Api

EVERYTHING: dict[str, Any] = {
    "title": "Opening",
    "description": "What we will do.",
    "additional_info": "See [here](https://example.org).",
    "tags": ["day one", "keynote"],
    "display_size": "medium",
    "rank": 2.5,
    "picture_alt": "Two people at a table",
    "location": "Hall 3",
    "kind": "session",
    "watch_policy": "unlisted",
    "hidden": True,
    "share_policy": "moderated",
    "max_on_screen": 12,
    "overflow": "refuse_seat",
    "availability": "scheduled",
    "starts_at": "2026-05-01T10:00:00Z",
    "ends_at": "2026-05-01T11:30:00Z",
    "youtube": True,
    "record": True,
    "rtmp": True,
}


async def test_every_field_is_kept(api: Api) -> None:
    tickets = [await api.ticket_type("Gold"), await api.ticket_type("Silver")]
    presenters = [
        (await api.organizer.post("/api/presenters", {"name": name})).json()["id"] for name in ("Zoe", "Ada", "Mia")
    ]
    sent = {**EVERYTHING, "ticket_types": sorted(tickets), "presenters": presenters, "apps": []}

    made = await api.organizer.post("/api/sessions", {**sent, "moderator_password": "s3cret"})

    assert made.status_code == 201
    assert made.headers["location"] == f"/api/sessions/{made.json()['id']}"
    read = await api.organizer.get(made.headers["location"])
    assert read.headers["etag"] == made.headers["etag"]
    document = read.json()
    assert document == made.json()
    assert {name: document[name] for name in sent} == sent
    assert document["id"].startswith("ses_")
    assert document["created_by"] == api.organizer.id
    assert document["has_moderator_password"] is True
    assert document["picture"] is None
    assert document["live"] is None
    assert '<a href="https://example.org"' in document["additional_info_html"]
    assert "s3cret" not in read.text


async def test_only_the_title_is_required_and_the_rest_has_defaults(api: Api) -> None:
    made = await api.organizer.post("/api/sessions", {"title": "Opening"})

    document = made.json()
    expected = {
        "description": "",
        "tags": [],
        "display_size": "large",
        "rank": 0,
        "kind": "session",
        "watch_policy": "anyone",
        "share_policy": "anyone",
        "max_on_screen": 50,
        "overflow": "keep",
        "availability": "always_open",
        "starts_at": None,
        "hidden": False,
        "record": False,
        "has_moderator_password": False,
    }
    assert {name: document[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "x" * 61}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"title": "bell\u0007"}, "title"),
        ({"title": None}, "title"),
        ({"title": 5}, "title"),
        ({"title": ["Opening"]}, "title"),
        ({"description": "x" * 141}, "description"),
        ({"description": "nul\u0000"}, "description"),
        ({"additional_info": "x" * 20_001}, "additional_info"),
        ({"additional_info": 1}, "additional_info"),
        ({"tags": "one"}, "tags"),
        ({"tags": [""]}, "tags.0"),
        ({"tags": ["ok", "x" * 41]}, "tags.1"),
        ({"tags": [str(number) for number in range(21)]}, "tags"),
        ({"tags": [7]}, "tags.0"),
        ({"display_size": "huge"}, "display_size"),
        ({"rank": "first"}, "rank"),
        ({"rank": 1e10}, "rank"),
        ({"rank": True}, "rank"),
        ({"picture_alt": "x" * 141}, "picture_alt"),
        ({"location": "x" * 201}, "location"),
        ({"presenters": ["prs_unknown"]}, "presenters.0"),
        ({"presenters": ["not an id"]}, "presenters.0"),
        ({"kind": "lounge"}, "kind"),
        ({"watch_policy": "nobody"}, "watch_policy"),
        ({"watch_policy": "tickets"}, "ticket_types"),
        ({"watch_policy": "tickets", "ticket_types": []}, "ticket_types"),
        ({"ticket_types": ["tkt_unknown"]}, "ticket_types.0"),
        ({"ticket_types": "tkt_unknown"}, "ticket_types"),
        ({"hidden": "yes"}, "hidden"),
        ({"hidden": 1}, "hidden"),
        ({"share_policy": "all"}, "share_policy"),
        ({"kind": "stage", "share_policy": "anyone"}, "share_policy"),
        ({"max_on_screen": 0}, "max_on_screen"),
        ({"max_on_screen": 51}, "max_on_screen"),
        ({"max_on_screen": 2.5}, "max_on_screen"),
        ({"max_on_screen": "12"}, "max_on_screen"),
        ({"max_on_screen": 10**30}, "max_on_screen"),
        ({"overflow": "burst"}, "overflow"),
        ({"availability": "sometimes"}, "availability"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"starts_at": "2026-05-01T10:00:00"}, "starts_at"),
        ({"starts_at": "2026-02-30T10:00:00Z"}, "starts_at"),
        ({"starts_at": "1777629600"}, "starts_at"),
        ({"starts_at": 1777629600}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"ends_at": "2026-05-01T10:00:00Z"}, "starts_at"),
        ({"starts_at": "2026-05-01T10:00:00Z", "ends_at": "2026-05-01T10:00:00Z"}, "ends_at"),
        ({"starts_at": "2026-05-01T10:00:00+02:00", "ends_at": "2026-05-01T07:59:00Z"}, "ends_at"),
        ({"youtube": "on"}, "youtube"),
        ({"record": None}, "record"),
        ({"rtmp": 0}, "rtmp"),
        ({"apps": ["app_unknown"]}, "apps.0"),
        ({"moderator_password": ""}, "moderator_password"),
        ({"moderator_password": "x" * 201}, "moderator_password"),
        ({"moderator_password": 1234}, "moderator_password"),
        ({"id": "ses_mine"}, "id"),
        ({"live": None}, "live"),
        ({"colour": "blue"}, "colour"),
    ],
)
async def test_a_field_that_does_not_fit_is_named(api: Api, fields: dict[str, Any], named: str) -> None:
    path = await api.session("Before")
    created = await api.organizer.post("/api/sessions", {"title": "Opening", **fields})
    changed = await api.organizer.patch(path, fields)

    for answer in (created, changed):
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert [error["field"] for error in answer.json()["errors"]] == [named]
        assert all(error["message"] for error in answer.json()["errors"])
    assert (await api.organizer.get(path)).json()["title"] == "Before"


async def test_all_that_is_wrong_is_told_at_once(api: Api) -> None:
    answer = await api.organizer.post(
        "/api/sessions",
        {
            "title": "x" * 61,
            "description": "x" * 141,
            "max_on_screen": 51,
            "display_size": "tiny",
            "colour": "blue",
            "watch_policy": "tickets",
            "presenters": ["prs_unknown"],
            "starts_at": "2026-05-01T10:00:00Z",
            "ends_at": "2026-05-01T09:00:00Z",
        },
    )

    assert {error["field"] for error in answer.json()["errors"]} == {
        "title",
        "description",
        "max_on_screen",
        "display_size",
        "colour",
        "ticket_types",
        "presenters.0",
        "ends_at",
    }


async def test_a_text_that_is_too_long_or_empty_is_told_in_plain_words(api: Api) -> None:
    answer = await api.organizer.post("/api/sessions", {"title": "x" * 61, "location": "x" * 201, "tags": [""]})

    told = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert told == {
        "title": "At most 60 characters are allowed; there are 61",
        "location": "At most 200 characters are allowed; there are 201",
        "tags.0": "This must not be empty",
    }


async def test_a_missing_title_is_told_together_with_the_rest(api: Api) -> None:
    answer = await api.organizer.post("/api/sessions", {"max_on_screen": 0, "ticket_types": ["tkt_unknown"]})

    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields == {"title", "max_on_screen", "ticket_types.0"}


@pytest.mark.parametrize(
    ("title", "length"),
    [("é" * 60, 60), ("🎉" * 60, 60), ("  Opening  ", 7)],
)
async def test_limits_count_characters_not_bytes_and_after_trimming(api: Api, title: str, length: int) -> None:
    made = await api.organizer.post("/api/sessions", {"title": title})
    assert made.status_code == 201
    assert len(made.json()["title"]) == length


async def test_times_come_back_in_utc(api: Api) -> None:
    made = await api.organizer.post(
        "/api/sessions", {"title": "Opening", "starts_at": "2026-05-01T10:00:00+02:00", "ends_at": None}
    )
    assert made.json()["starts_at"] == "2026-05-01T08:00:00Z"


async def test_repeated_tags_and_links_count_once_in_order(api: Api) -> None:
    made = await api.organizer.post("/api/sessions", {"title": "Opening", "tags": ["b", "a", "b"]})
    assert made.json()["tags"] == ["b", "a"]


async def test_a_stage_is_by_invitation_without_saying_so(api: Api) -> None:
    made = await api.organizer.post("/api/sessions", {"title": "Stage", "kind": "stage"})
    assert made.json()["share_policy"] == "invite_only"

    path = await api.session("Later a stage", share_policy="moderated")
    assert (await api.organizer.patch(path, {"kind": "stage"})).json()["share_policy"] == "invite_only"
    assert (await api.organizer.patch(path, {"share_policy": "anyone"})).status_code == 422
    back = await api.organizer.patch(path, {"kind": "session", "share_policy": "anyone"})
    assert back.json()["share_policy"] == "anyone"


async def test_a_change_leaves_the_other_fields_as_they_are(api: Api) -> None:
    path = await api.session("Opening", description="Hello", tags=["one"], moderator_password="s3cret")
    changed = await api.organizer.patch(path, {"title": "Welcome"})
    assert changed.json()["title"] == "Welcome"
    assert changed.json()["description"] == "Hello"
    assert changed.json()["tags"] == ["one"]
    assert changed.json()["has_moderator_password"] is True

    cleared = await api.organizer.patch(path, {"moderator_password": None, "tags": []})
    assert cleared.json()["has_moderator_password"] is False
    assert cleared.json()["tags"] == []


async def test_a_change_that_fits_by_itself_must_fit_what_is_there(api: Api) -> None:
    path = await api.session("Opening", starts_at="2026-05-01T10:00:00Z", ends_at="2026-05-01T11:00:00Z")
    late = await api.organizer.patch(path, {"starts_at": "2026-05-01T12:00:00Z"})
    assert [error["field"] for error in late.json()["errors"]] == ["ends_at"]
    without = await api.organizer.patch(path, {"starts_at": None})
    assert [error["field"] for error in without.json()["errors"]] == ["starts_at"]


async def test_markdown_comes_back_as_safe_html(api: Api) -> None:
    made = await api.organizer.post(
        "/api/sessions", {"title": "Opening", "additional_info": "**Hi** <script>alert(1)</script>"}
    )
    assert "<strong>Hi</strong>" in made.json()["additional_info_html"]
    assert "script" not in made.json()["additional_info_html"]
