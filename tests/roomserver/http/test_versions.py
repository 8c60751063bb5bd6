"""Several organizers at once: an edit based on an older version is refused, with both versions shown."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.support.api import Api


async def thing(api: Api, kind: str) -> tuple[str, str]:
    """The path of something that is edited, and a field of it."""
    if kind == "event":
        return "/api/event", "name"
    if kind == "session":
        return await api.session("Before"), "title"
    if kind == "registrant":
        return f"/api/registrants/{(await api.registrant('Before')).id}", "name"
    if kind == "ticket type":
        return f"/api/ticket-types/{await api.ticket_type('Before')}", "name"
    made = await api.organizer.post("/api/presenters", {"name": "Before"})
    return str(made.headers["location"]), "name"


KINDS = ["event", "session", "registrant", "ticket type", "presenter"]


@pytest.mark.parametrize("kind", KINDS)
async def test_an_edit_needs_the_version_that_it_is_based_on(api: Api, kind: str) -> None:
    path, field = await thing(api, kind)
    answer = await api.organizer.patch(path, {field: "After"}, etag="")
    assert answer.status_code == 428
    assert answer.json()["code"] == "if_match_needed"


@pytest.mark.parametrize("kind", KINDS)
async def test_an_outdated_edit_changes_nothing_and_shows_both_versions(api: Api, kind: str) -> None:
    path, field = await thing(api, kind)
    old = (await api.organizer.get(path)).headers["etag"]
    first = await api.organizer.patch(path, {field: "First"}, etag=old)
    assert first.status_code == 200
    assert first.headers["etag"] != old

    second = await api.organizer.patch(path, {field: "Second"}, etag=old)

    assert second.status_code == 412
    assert second.headers["etag"] == first.headers["etag"]
    problem = second.json()
    assert problem["code"] == "changed_meanwhile"
    assert problem["current"] == (await api.organizer.get(path)).json()
    assert problem["current"][field] == "First"
    assert problem["yours"] == {field: "Second"}
    assert (problem["your_etag"], problem["current_etag"]) == (old, first.headers["etag"])


@pytest.mark.parametrize("kind", KINDS)
async def test_of_many_edits_at_the_same_moment_one_wins(api: Api, kind: str) -> None:
    path, field = await thing(api, kind)
    etag = (await api.organizer.get(path)).headers["etag"]
    answers = await asyncio.gather(
        *(api.organizer.patch(path, {field: f"Edit {number}"}, etag=etag) for number in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]


@pytest.mark.parametrize(
    ("header", "status"),
    [("*", 200), ('"7", {etag}', 200), ("{etag}", 200), ("W/{etag}", 412), ('"7"', 412), ("garbage", 412)],
)
async def test_if_match_takes_a_list_and_a_star(api: Api, header: str, status: int) -> None:
    path = await api.session("Before")
    etag = (await api.organizer.get(path)).headers["etag"]
    answer = await api.organizer.patch(path, {"title": "After"}, etag=header.replace("{etag}", etag))
    assert answer.status_code == status


@pytest.mark.parametrize("kind", ["session", "registrant", "ticket type", "presenter"])
async def test_deleting_can_name_a_version(api: Api, kind: str) -> None:
    path, field = await thing(api, kind)
    old = (await api.organizer.get(path)).headers["etag"]
    await api.organizer.patch(path, {field: "After"}, etag=old)
    assert (await api.organizer.delete(path, headers={"If-Match": old})).status_code == 412
    assert (await api.organizer.delete(path)).status_code == 204


async def test_secrets_are_not_shown_in_a_conflict(api: Api) -> None:
    for path in ("/api/event", await api.session("Before")):
        answer = await api.organizer.patch(path, {"moderator_password": "s3cret"}, etag='"99"')
        assert answer.status_code == 412
        assert "s3cret" not in answer.text
        assert answer.json()["yours"] == {}


@pytest.mark.parametrize("people", ["invitations", "moderators"])
async def test_lists_of_people_can_be_guarded_too(api: Api, people: str) -> None:
    path = f"{await api.session('Opening')}/{people}"
    ada, ben = await api.registrant("Ada"), await api.registrant("Ben")
    etag = (await api.organizer.get(path)).headers["etag"]
    set_ada: Any = await api.organizer.put(path, {"registrants": [ada.id]}, headers={"If-Match": etag})
    assert set_ada.status_code == 200

    late = await api.organizer.put(path, {"registrants": [ben.id]}, headers={"If-Match": etag})

    assert late.status_code == 412
    assert late.json()["current"] == {"registrants": [ada.id]}
    assert late.json()["yours"] == {"registrants": [ben.id]}
    assert late.headers["etag"] == set_ada.headers["etag"]
    assert (await api.organizer.put(path, {"registrants": [ben.id]})).json() == {"registrants": [ben.id]}
