"""Registrants: kept, found, changed, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import Api


async def names(api: Api, query: str = "") -> list[str]:
    answer = await api.organizer.get(f"/api/registrants{query}")
    assert answer.status_code == 200
    return [each["name"] for each in answer.json()["items"]]


async def test_every_field_is_kept(api: Api) -> None:
    gold = await api.ticket_type("Gold")
    sent = {"name": "Ada Lovelace", "email": "ada@example.org", "ticket_type": gold, "tags": ["speaker", "vip"]}
    made = await api.organizer.post("/api/registrants", sent)
    assert made.status_code == 201
    assert made.json()["id"].startswith("reg_")
    read = await api.organizer.get(made.headers["location"])
    assert {name: read.json()[name] for name in sent} == sent
    assert read.headers["etag"] == made.headers["etag"]


async def test_only_the_name_is_required(api: Api) -> None:
    made = await api.organizer.post("/api/registrants", {"name": "Ada"})
    assert {name: made.json()[name] for name in ("email", "ticket_type", "tags")} == {
        "email": None,
        "ticket_type": None,
        "tags": [],
    }


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": None}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": "a b@example.org"}, "email"),
        ({"email": f"{'x' * 250}@example.org"}, "email"),
        ({"email": 5}, "email"),
        ({"ticket_type": "tkt_unknown"}, "ticket_type"),
        ({"ticket_type": ""}, "ticket_type"),
        ({"tags": ["x" * 41]}, "tags.0"),
        ({"age": 36}, "age"),
    ],
)
async def test_a_field_that_does_not_fit_is_named(api: Api, fields: dict[str, Any], named: str) -> None:
    created = await api.organizer.post("/api/registrants", {"name": "Ada", **fields})
    ben = await api.registrant("Ben")
    changed = await api.organizer.patch(f"/api/registrants/{ben.id}", fields)
    for answer in (created, changed):
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [named]


async def test_all_that_is_wrong_is_told_at_once(api: Api) -> None:
    answer = await api.organizer.post(
        "/api/registrants", {"email": "nobody", "ticket_type": "tkt_unknown", "tags": "vip", "age": 36}
    )
    assert {error["field"] for error in answer.json()["errors"]} == {"name", "email", "ticket_type", "tags", "age"}


async def test_typing_completes_names(api: Api) -> None:
    for name in ("Zoë Álvarez", "Ada Lovelace", "Alan Turing", "Grace Hopper"):
        await api.registrant(name)
    await api.registrant("Nameless", email="zoe.fan@example.org")

    assert await names(api) == ["Ada Lovelace", "Alan Turing", "Grace Hopper", "Nameless", "Zoë Álvarez"]
    assert await names(api, "?q=al") == ["Alan Turing", "Zoë Álvarez"]
    assert await names(api, "?q=ZOE") == ["Nameless", "Zoë Álvarez"]
    assert await names(api, "?q=ada l") == ["Ada Lovelace"]
    assert await names(api, "?q=%25") == []
    assert await names(api, "?q=") == await names(api)


async def test_registrants_are_found_by_their_ticket(api: Api) -> None:
    gold, silver = await api.ticket_type("Gold"), await api.ticket_type("Silver")
    await api.registrant("Ada Lovelace", ticket_type=gold)
    await api.registrant("Alan Turing", ticket_type=silver)
    await api.registrant("Grace Hopper")

    assert await names(api, f"?ticket_type={gold}") == ["Ada Lovelace"]
    assert await names(api, f"?ticket_type={silver}&q=al") == ["Alan Turing"]
    assert await names(api, "?ticket_type=tkt_unknown") == []


async def test_pages_follow_each_other(api: Api) -> None:
    for number in range(5):
        await api.registrant(f"Same name {number % 2}")
    first = (await api.organizer.get("/api/registrants?limit=3")).json()
    second = (await api.organizer.get(f"/api/registrants?limit=3&cursor={first['next']}")).json()
    assert len({each["id"] for each in first["items"] + second["items"]}) == 5
    assert second["next"] is None


async def test_changes_and_deletion_reach_the_rooms(api: Api) -> None:
    ada = await api.registrant("Ada")
    gold = await api.ticket_type("Gold")
    changed = await api.organizer.patch(f"/api/registrants/{ada.id}", {"ticket_type": gold, "name": "Ada L."})
    assert changed.json()["ticket_type"] == gold
    assert (await api.organizer.delete(f"/api/registrants/{ada.id}")).status_code == 204
    assert api.rooms.told == [("person", ada.id), ("person", ada.id)]


async def test_a_deleted_registrant_is_gone_everywhere(api: Api) -> None:
    path = await api.session("Opening", watch_policy="private")
    ada = await api.registrant("Ada")
    await api.organizer.put(f"{path}/invitations", {"registrants": [ada.id]})
    await api.organizer.put(f"{path}/moderators", {"registrants": [ada.id]})
    await api.organizer.delete(f"/api/registrants/{ada.id}")
    assert (await ada.get("/api/me")).status_code == 401
    assert (await api.organizer.get(f"{path}/invitations")).json() == {"registrants": []}
    assert (await api.organizer.get(f"{path}/moderators")).json() == {"registrants": []}
    assert (await api.organizer.get(f"/api/registrants/{ada.id}")).status_code == 404
    assert (await api.organizer.post(f"/api/registrants/{ada.id}/token")).status_code == 404
