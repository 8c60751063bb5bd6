"""Ticket types and presenters."""

from __future__ import annotations

import pytest

from tests.support.api import Api

BOTH = pytest.mark.parametrize(("path", "prefix"), [("/api/ticket-types", "tkt_"), ("/api/presenters", "prs_")])


@BOTH
async def test_they_are_made_listed_renamed_and_deleted(api: Api, path: str, prefix: str) -> None:
    made = await api.organizer.post(path, {"name": "Zed"})
    assert made.status_code == 201
    assert made.json()["id"].startswith(prefix)
    await api.organizer.post(path, {"name": "Abe"})
    reader = api.organizer if path == "/api/ticket-types" else await api.registrant()
    assert [each["name"] for each in (await reader.get(path)).json()["items"]] == ["Abe", "Zed"]

    first = (await reader.get(f"{path}?limit=1")).json()
    second = (await reader.get(f"{path}?limit=1&cursor={first['next']}")).json()
    assert [first["items"][0]["name"], second["items"][0]["name"], second["next"]] == ["Abe", "Zed", None]

    one = made.headers["location"]
    assert (await api.organizer.patch(one, {"name": "Zoe"})).json()["name"] == "Zoe"
    assert (await reader.get(one)).json()["name"] == "Zoe"
    assert (await api.organizer.delete(one)).status_code == 204
    assert (await reader.get(one)).status_code == 404


@BOTH
@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x" * 101}, {"name": 1}])
async def test_a_name_that_does_not_fit_is_named(api: Api, path: str, prefix: str, body: dict[str, object]) -> None:
    answer = await api.organizer.post(path, body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["name"]


async def test_two_ticket_types_cannot_be_called_the_same(api: Api) -> None:
    await api.ticket_type("Gold")
    silver = await api.ticket_type("Silver")
    again = await api.organizer.post("/api/ticket-types", {"name": " GOLD "})
    renamed = await api.organizer.patch(f"/api/ticket-types/{silver}", {"name": "gold"})
    for answer in (again, renamed):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "name"
    assert (await api.organizer.patch(f"/api/ticket-types/{silver}", {"name": "SILVER"})).status_code == 200


async def test_two_presenters_can_be_called_the_same(api: Api) -> None:
    for _ in range(2):
        assert (await api.organizer.post("/api/presenters", {"name": "Ada"})).status_code == 201


async def test_a_ticket_type_in_use_stays(api: Api) -> None:
    held, asked = await api.ticket_type("Held"), await api.ticket_type("Asked for")
    await api.registrant("Ada", ticket_type=held)
    await api.session("VIP", watch_policy="tickets", ticket_types=[asked])
    for each in (held, asked):
        answer = await api.organizer.delete(f"/api/ticket-types/{each}")
        assert (answer.status_code, answer.json()["code"]) == (409, "in_use")


async def test_a_deleted_presenter_leaves_their_sessions(api: Api) -> None:
    ada = (await api.organizer.post("/api/presenters", {"name": "Ada"})).json()["id"]
    zoe = (await api.organizer.post("/api/presenters", {"name": "Zoe"})).json()["id"]
    path = await api.session("Talk", presenters=[zoe, ada])
    await api.organizer.delete(f"/api/presenters/{zoe}")
    assert (await api.organizer.get(path)).json()["presenters"] == [ada]
