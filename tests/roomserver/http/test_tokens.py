"""Organizers' tokens: made by name, shown once, listed, ended; and those that only read."""

from __future__ import annotations

from typing import Any

import pytest

from roomserver.http.api import ENDPOINTS
from roomserver.http.endpoint import Who
from tests.support.api import ORIGIN, Api, Caller


async def make(api: Api, **fields: Any) -> dict[str, Any]:
    answer = await api.organizer.post("/api/tokens", {"name": "Robot", **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def listed(caller: Caller) -> dict[str, dict[str, Any]]:
    answer = await caller.get("/api/tokens")
    assert answer.status_code == 200
    return {each["name"] or each["kind"]: each for each in answer.json()["items"]}


async def test_a_token_works_is_listed_and_ends_at_once(api: Api) -> None:
    made = await make(api)
    robot = Caller(api.client, api.organizer.id, made["token"])
    assert (await robot.get("/api/me")).json()["role"] == "organizer"
    entry = (await listed(robot))["Robot"]
    assert (entry["id"], entry["role"], entry["kind"], entry["current"]) == (made["id"], "organizer", "api", True)
    assert entry["organizer"] == {"id": api.organizer.id, "name": "Olga Organizer"}
    assert (await api.organizer.delete(f"/api/tokens/{made['id']}")).status_code == 204
    assert (await robot.get("/api/me")).status_code == 401
    assert "Robot" not in await listed(api.organizer)
    assert (await api.organizer.delete(f"/api/tokens/{made['id']}")).status_code == 404


async def test_what_a_token_is_is_shown_once(api: Api) -> None:
    made = await make(api)
    assert made["token"] not in (await api.organizer.get("/api/tokens")).text
    assert made["token"] not in (await api.organizer.get("/api/audit")).text


async def test_its_last_use_is_kept_to_a_few_minutes(api: Api) -> None:
    made = await make(api)
    assert (await listed(api.organizer))["Robot"]["last_used_at"] is None
    robot = Caller(api.client, api.organizer.id, made["token"])
    await robot.get("/api/me")
    assert (await listed(api.organizer))["Robot"]["last_used_at"] == "2026-03-01T12:00:00Z"
    api.pass_time(minutes=4)
    await robot.get("/api/me")
    assert (await listed(api.organizer))["Robot"]["last_used_at"] == "2026-03-01T12:00:00Z"
    api.pass_time(minutes=1)
    await robot.get("/api/me")
    assert (await listed(api.organizer))["Robot"]["last_used_at"] == "2026-03-01T12:05:00Z"


async def test_a_token_ends_when_its_time_is_up(api: Api) -> None:
    made = await make(api, expires_at="2026-03-01T13:00:00Z")
    robot = Caller(api.client, api.organizer.id, made["token"])
    assert (await robot.get("/api/me")).status_code == 200
    api.pass_time(hours=1)
    assert (await robot.get("/api/me")).status_code == 401
    assert "Robot" not in await listed(api.organizer)


async def test_a_link_signs_a_browser_in_which_is_listed_and_can_be_ended(api: Api) -> None:
    made = await make(api, kind="link", role="read_only")
    assert made["token"] is None
    token = made["sign_in_link"].rpartition("#")[2]
    signed = await api.stranger.post("/api/signin", {"token": token}, headers={"Origin": ORIGIN})
    assert (signed.status_code, signed.json()["role"]) == (200, "organizer")
    browser = (await listed(api.organizer))["browser"]
    assert browser["role"] == "read_only"
    assert (await api.stranger.get("/api/registrants")).status_code == 200
    refused = await api.stranger.post("/api/registrants", {"name": "Ada"}, headers={"Origin": ORIGIN})
    assert refused.status_code == 403
    assert (await api.organizer.delete(f"/api/tokens/{browser['id']}")).status_code == 204
    assert (await api.stranger.get("/api/registrants")).status_code == 401


async def test_a_read_only_token_changes_nothing(api: Api) -> None:
    robot = Caller(api.client, api.organizer.id, (await make(api, role="read_only"))["token"])
    path = await api.session("Opening")
    assert (await robot.get("/api/sessions?q=open")).status_code == 200
    assert (await robot.get(path)).status_code == 200
    for each in ENDPOINTS:
        if each.method == "GET" or each.who is Who.ANYBODY:
            continue
        answer = await robot.call(each.method, each.path.replace("{id}", path.rpartition("/")[2]), {})
        assert (answer.status_code, answer.json()["detail"]) == (403, "This token may only read."), each.path


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"role": "god"}, "role"),
        ({"kind": "browser"}, "kind"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"expires_at": "2026-03-01T12:00:00Z"}, "expires_at"),
        ({"token": "mine"}, "token"),
    ],
)
async def test_a_field_that_does_not_fit_is_named(api: Api, fields: dict[str, Any], named: str) -> None:
    answer = await api.organizer.post("/api/tokens", {"name": "Robot", **fields})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [named]


async def test_registrants_tokens_are_no_business_of_this_list(api: Api) -> None:
    ada = await api.registrant("Ada")
    assert all(each["organizer"]["id"] == api.organizer.id for each in (await listed(api.organizer)).values())
    from roomserver.catalog.tokens import token_id

    assert (await api.organizer.delete(f"/api/tokens/{token_id(ada.token)}")).status_code == 404
    assert (await ada.get("/api/me")).status_code == 200


@pytest.mark.parametrize("key", ["tok_", "tok_%25", "tok_0123456789abcdef", "x", "tok_ABCDEF0123456789"])
async def test_a_made_up_id_ends_nothing(api: Api, key: str) -> None:
    assert (await api.organizer.delete(f"/api/tokens/{key}")).status_code == 404
    assert (await api.organizer.get("/api/me")).status_code == 200
