"""The event's own settings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import Api


async def test_everybody_can_read_them_also_without_signing_in(api: Api) -> None:
    answer = await api.stranger.get("/api/event")
    assert answer.status_code == 200
    assert answer.json() == {
        "name": "My event",
        "time_zone": "UTC",
        "kind": "multi_session",
        "margin_before_minutes": 5,
        "margin_after_minutes": 0,
        "attendee_sessions": False,
        "evaluation_unlock_minutes": 0,
        "has_moderator_password": False,
    }


async def test_organizers_change_them(api: Api) -> None:
    wanted: dict[str, Any] = {
        "name": "Summit",
        "time_zone": "Europe/Berlin",
        "margin_before_minutes": 10,
        "margin_after_minutes": 30,
        "attendee_sessions": True,
        "evaluation_unlock_minutes": 15,
    }
    changed = await api.organizer.patch("/api/event", {**wanted, "moderator_password": "s3cret"})
    assert changed.status_code == 200
    read = await api.organizer.get("/api/event")
    assert read.json() == {**wanted, "kind": "multi_session", "has_moderator_password": True}
    assert "s3cret" not in read.text


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"kind": "party"}, "kind"),
        ({"margin_before_minutes": -1}, "margin_before_minutes"),
        ({"margin_before_minutes": 1441}, "margin_before_minutes"),
        ({"margin_after_minutes": "5"}, "margin_after_minutes"),
        ({"attendee_sessions": "yes"}, "attendee_sessions"),
        ({"evaluation_unlock_minutes": 2}, "evaluation_unlock_minutes"),
        ({"evaluation_unlock_minutes": 16}, "evaluation_unlock_minutes"),
        ({"moderator_password": ""}, "moderator_password"),
        ({"has_moderator_password": True}, "has_moderator_password"),
    ],
)
async def test_a_field_that_does_not_fit_is_named(api: Api, fields: dict[str, Any], named: str) -> None:
    answer = await api.organizer.patch("/api/event", fields)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [named]


async def test_the_password_can_be_taken_away(api: Api) -> None:
    await api.organizer.patch("/api/event", {"moderator_password": "s3cret"})
    changed = await api.organizer.patch("/api/event", {"moderator_password": None})
    assert changed.json()["has_moderator_password"] is False
