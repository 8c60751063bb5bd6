"""POST /api/sessions/{id}/moderate: becoming a moderator by password, and guessing it slowly."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from roomserver.auth import PER_ADDRESS, PER_PERSON
from tests.support.api import Api, Caller


async def guess(caller: Caller, path: str, password: str) -> httpx.Response:
    return await caller.post(f"{path}/moderate", {"password": password})


async def test_the_sessions_own_password_makes_a_moderator(api: Api) -> None:
    await api.organizer.patch("/api/event", {"moderator_password": "global"})
    path = await api.session("Talk", share_policy="moderated", moderator_password="own")
    ada = await api.registrant()

    assert (await guess(ada, path, "global")).status_code == 403
    answer = await guess(ada, path, "own")

    assert answer.status_code == 200
    assert answer.json() == {"role": "moderator"}
    assert (await api.organizer.get(f"{path}/moderators")).json() == {"registrants": [ada.id]}
    assert api.rooms.told[-1] == ("rights", path.rpartition("/")[2], ada.id)
    ticket = api.services.tickets.read_ticket((await ada.post(f"{path}/join")).json()["ticket"])
    assert ticket.rights.role == "moderator"


async def test_without_one_the_events_password_serves(api: Api) -> None:
    await api.organizer.patch("/api/event", {"moderator_password": "global"})
    path = await api.session("Talk", share_policy="moderated")
    ada = await api.registrant()
    assert (await guess(ada, path, "global")).status_code == 200
    assert (await guess(ada, path, "global")).status_code == 200


async def test_nobody_signs_in_by_password_before_there_is_one(api: Api) -> None:
    path = await api.session("Talk")
    ada = await api.registrant()
    answer = await guess(ada, path, "anything")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_password")


async def test_a_wrong_password_changes_nothing(api: Api) -> None:
    path = await api.session("Talk", moderator_password="own")
    ada = await api.registrant()
    answer = await guess(ada, path, "wrong")
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_password")
    assert "wrong" not in answer.json()["detail"]
    assert (await api.organizer.get(f"{path}/moderators")).json() == {"registrants": []}
    assert api.rooms.told == []


async def test_organizers_need_no_password(api: Api) -> None:
    path = await api.session("Talk")
    assert (await guess(api.organizer, path, "x")).json() == {"role": "organizer"}


async def test_whoever_may_not_watch_cannot_guess(api: Api) -> None:
    path = await api.session("Secret", watch_policy="private", moderator_password="own")
    ada = await api.registrant()
    assert (await guess(ada, path, "own")).status_code == 404


@pytest.mark.parametrize("body", [{}, {"password": ""}, {"password": None}, {"password": "x" * 201}, {"pass": "own"}])
async def test_a_body_of_another_form_is_refused(api: Api, body: dict[str, object]) -> None:
    path = await api.session("Talk", moderator_password="own")
    ada = await api.registrant()
    assert (await ada.post(f"{path}/moderate", body)).status_code == 422


async def test_guessing_is_slowed_per_person_in_all_sessions_together(api: Api) -> None:
    paths = [await api.session(f"Talk {number}", moderator_password="own") for number in range(2)]
    ada, ben = await api.registrant("Ada"), await api.registrant("Ben")
    for number in range(PER_PERSON.free):
        assert (await guess(ada, paths[number % 2], "wrong")).status_code == 403

    slowed = await guess(ada, paths[0], "own")

    assert (slowed.status_code, slowed.json()["code"]) == (429, "too_many_guesses")
    assert slowed.headers["retry-after"] == "2"
    assert (await guess(ada, paths[1], "own")).status_code == 429
    assert (await guess(ben, paths[0], "own")).status_code == 200
    api.pass_time(seconds=2)
    assert (await guess(ada, paths[0], "wrong")).status_code == 403
    assert (await guess(ada, paths[0], "own")).headers["retry-after"] == "4"
    api.pass_time(seconds=4)
    assert (await guess(ada, paths[0], "own")).status_code == 200
    assert (await guess(ada, paths[1], "own")).status_code == 200


async def test_many_guesses_at_the_same_moment_count_each(api: Api) -> None:
    path = await api.session("Talk", moderator_password="own")
    ada = await api.registrant()
    answers = await asyncio.gather(*(guess(ada, path, f"wrong {number}") for number in range(12)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(403) == PER_PERSON.free
    assert statuses.count(429) == 12 - PER_PERSON.free


def test_a_venue_behind_one_address_has_more_tries_than_a_person() -> None:
    assert PER_ADDRESS.free > PER_PERSON.free
