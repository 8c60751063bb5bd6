"""Organizers edit the same thing at the same moment, on two servers that share a catalog: one wins, the others are
shown both versions, nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.api import Api, Caller, running_api

ORGANIZERS = 5


@pytest.fixture
async def servers(api: Api, tmp_path: Path, database: str) -> AsyncIterator[list[Api]]:
    """Two servers over one catalog; the first is `api`."""
    (tmp_path / "second").mkdir()
    async with running_api(tmp_path / "second", database) as second:
        yield [api, second]


def spread(servers: list[Api], callers: int) -> list[Api]:
    return [servers[number % len(servers)] for number in range(callers)]


async def at_once(servers: list[Api], method: str, path: str, bodies: list[dict[str, Any]]) -> list[httpx.Response]:
    """Each body from an organizer of their own, all of whom read the same version before."""
    organizers = [await each.new_organizer() for each in spread(servers, len(bodies))]
    reads = [await each.get(path) for each in organizers]
    assert len({each.headers["etag"] for each in reads}) == 1
    etag = reads[0].headers["etag"]

    async def edit(organizer: Caller, body: dict[str, Any]) -> httpx.Response:
        return await organizer.call(method, path, body, headers={"If-Match": etag})

    return await asyncio.gather(*(edit(*each) for each in zip(organizers, bodies, strict=True)))


async def the_one_who_won(api: Api, path: str, bodies: list[dict[str, Any]], answers: list[httpx.Response]) -> int:
    """Whose edit was taken. Everybody else was told what is there now and what they sent."""
    assert sorted(each.status_code for each in answers) == [200] + [412] * (len(answers) - 1)
    won = next(at for at, each in enumerate(answers) if each.status_code == 200)
    now = await api.organizer.get(path)
    for at, answer in enumerate(answers):
        if at == won:
            assert answer.headers["etag"] == now.headers["etag"]
            continue
        problem = answer.json()
        assert problem["code"] == "changed_meanwhile"
        assert problem["current"] == now.json()
        assert problem["current_etag"] == answer.headers["etag"] == now.headers["etag"]
        assert problem["yours"] == bodies[at]
    for name, value in bodies[won].items():
        assert now.json()[name] == value
    return won


async def thing(api: Api, what: str) -> str:
    """The path of something new."""
    made = {
        "session": ("/api/sessions", {"title": "Opening"}),
        "registrant": ("/api/registrants", {"name": "Ada"}),
        "ticket type": ("/api/ticket-types", {"name": "Gold"}),
        "presenter": ("/api/presenters", {"name": "Grace"}),
        "segment": (
            "/api/segments",
            {"title": "Break", "starts_at": "2026-03-01T13:00:00Z", "ends_at": "2026-03-01T14:00:00Z"},
        ),
    }
    if what == "event":
        return "/api/event"
    collection, body = made[what]
    answer = await api.organizer.post(collection, body)
    return f"{collection}/{answer.json()['id']}"


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ("event", "name"),
        ("session", "title"),
        ("registrant", "name"),
        ("ticket type", "name"),
        ("presenter", "name"),
        ("segment", "title"),
    ],
)
async def test_one_edit_wins_and_the_others_are_shown_both_versions(servers: list[Api], what: str, field: str) -> None:
    api = servers[0]
    path = await thing(api, what)
    bodies = [{field: f"Version {number}"} for number in range(ORGANIZERS)]
    await the_one_who_won(api, path, bodies, await at_once(servers, "PATCH", path, bodies))


async def test_edits_of_different_fields_are_refused_as_well(api: Api, servers: list[Api]) -> None:
    # Both fields may belong together: whoever comes second decides again, knowing what the first did.
    path = await api.session("Opening", description="Before")
    bodies: list[dict[str, Any]] = [{"title": "After"}, {"description": "After"}]
    won = await the_one_who_won(api, path, bodies, await at_once(servers, "PATCH", path, bodies))
    other = bodies[1 - won]
    assert (await api.organizer.patch(path, other)).status_code == 200
    now = (await api.organizer.get(path)).json()
    assert (now["title"], now["description"]) == ("After", "After")


@pytest.mark.parametrize("people", ["invitations", "moderators"])
async def test_lists_of_people_lose_nobody(api: Api, servers: list[Api], people: str) -> None:
    session = await api.session("Opening")
    path = f"{session}/{people}"
    everybody = [(await api.registrant(f"Person {number}")).id for number in range(ORGANIZERS + 1)]
    first, *others = everybody
    assert (await api.organizer.put(path, {"registrants": [first]})).status_code == 200
    bodies = [{"registrants": sorted([first, each])} for each in others]
    answers = await at_once(servers, "PUT", path, bodies)
    await the_one_who_won(api, path, bodies, answers)
    # The others look at what is there, add theirs, and try again until they are in.
    for each in others:
        while True:
            read = await api.organizer.get(path)
            wanted = {"registrants": sorted({*read.json()["registrants"], each})}
            answer = await api.organizer.put(path, wanted, headers={"If-Match": read.headers["etag"]})
            if answer.status_code == 200:
                break
    assert sorted((await api.organizer.get(path)).json()["registrants"]) == sorted(everybody)


async def test_two_who_add_the_same_name_get_one_ticket_type(api: Api, servers: list[Api]) -> None:
    answers = await asyncio.gather(
        *(each.organizer.post("/api/ticket-types", {"name": "Gold"}) for each in spread(servers, 4))
    )
    assert sorted(each.status_code for each in answers) == [201, 422, 422, 422]
    assert len((await api.organizer.get("/api/ticket-types")).json()["items"]) == 1


async def test_a_single_session_event_never_gets_a_second_session(api: Api, servers: list[Api]) -> None:
    await api.organizer.patch("/api/event", {"kind": "single_session"})
    answers = await asyncio.gather(
        *(each.organizer.post("/api/sessions", {"title": "Only"}) for each in spread(servers, 4))
    )
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]


async def test_deleting_and_changing_at_once_ends_in_one_of_the_two(api: Api, servers: list[Api]) -> None:
    path = await api.session("Opening")
    etag = (await api.organizer.get(path)).headers["etag"]
    deleted, changed = await asyncio.gather(
        servers[1].organizer.delete(path, headers={"If-Match": etag}),
        api.organizer.patch(path, {"title": "After"}, etag=etag),
    )
    assert (deleted.status_code, changed.status_code) in ((204, 404), (412, 200))
