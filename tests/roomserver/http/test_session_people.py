"""Invitations and moderators of a session."""

from __future__ import annotations

import pytest

from tests.support.api import Api


async def test_a_list_replaces_the_one_before_and_tells_the_room_whom_it_concerns(api: Api) -> None:
    path = await api.session("Opening")
    session = path.rpartition("/")[2]
    ada, ben, eve = [await api.registrant(name) for name in ("Ada", "Ben", "Eve")]
    first = await api.organizer.put(f"{path}/invitations", {"registrants": [ben.id, ada.id, ben.id]})
    assert first.status_code == 200
    assert first.json() == {"registrants": sorted([ada.id, ben.id])}
    second = await api.organizer.put(f"{path}/invitations", {"registrants": [ben.id, eve.id]})
    assert second.json() == (await api.organizer.get(f"{path}/invitations")).json()
    assert api.rooms.told == [
        ("rights", session, *sorted([ada.id, ben.id])),
        ("rights", session, *sorted([ada.id, eve.id])),
    ]


@pytest.mark.parametrize("people", ["invitations", "moderators"])
async def test_unknown_registrants_are_named_by_their_place(api: Api, people: str) -> None:
    path = await api.session("Opening")
    ada = await api.registrant("Ada")
    body = {"registrants": [ada.id, "reg_unknown", "not an id", api.organizer.id]}
    answer = await api.organizer.put(f"{path}/{people}", body)
    assert answer.status_code == 422
    named = [error["field"] for error in answer.json()["errors"]]
    assert named == ["registrants.2"]  # what is no id at all keeps the whole list from being looked up
    body["registrants"].remove("not an id")
    answer = await api.organizer.put(f"{path}/{people}", body)
    assert [error["field"] for error in answer.json()["errors"]] == ["registrants.1", "registrants.2"]
    assert (await api.organizer.get(f"{path}/{people}")).json() == {"registrants": []}


@pytest.mark.parametrize("people", ["invitations", "moderators"])
@pytest.mark.parametrize("body", [{}, {"registrants": None}, {"registrants": "reg_1"}, {"people": []}, []])
async def test_a_body_of_another_form_is_refused(api: Api, people: str, body: object) -> None:
    path = await api.session("Opening")
    assert (await api.organizer.put(f"{path}/{people}", body)).status_code == 422


async def test_somebody_who_may_not_watch_cannot_moderate(api: Api) -> None:
    gold = await api.ticket_type("Gold")
    ada, vera = await api.registrant("Ada"), await api.registrant("Vera", ticket_type=gold)
    private = await api.session("Private", watch_policy="private")
    tickets = await api.session("Gold only", watch_policy="tickets", ticket_types=[gold])

    refused = await api.organizer.put(f"{private}/moderators", {"registrants": [ada.id]})
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {
            "field": "registrants.0",
            "message": "Ada can't moderate this session: the session is private and they are not invited; "
            "invite them first.",
            "code": "not_invited",
            "values": {"name": "Ada"},
        }
    ]
    await api.organizer.put(f"{private}/invitations", {"registrants": [ada.id]})
    assert (await api.organizer.put(f"{private}/moderators", {"registrants": [ada.id]})).status_code == 200

    both = await api.organizer.put(f"{tickets}/moderators", {"registrants": [vera.id, ada.id]})
    assert [error["field"] for error in both.json()["errors"]] == ["registrants.1"]
    assert (await api.organizer.put(f"{tickets}/moderators", {"registrants": [vera.id]})).status_code == 200


async def test_thousands_are_set_in_one_go(api: Api) -> None:
    path = await api.session("Opening")
    async with api.services.catalog.writing() as db:
        from roomserver.catalog.registrants import add_registrant

        ids = [
            (
                await add_registrant(
                    db, {"name": f"P{n}", "email": None, "ticket_type": None, "tags": []}, api.services.now()
                )
            ).id
            for n in range(1_200)
        ]
    answer = await api.organizer.put(f"{path}/moderators", {"registrants": ids})
    assert answer.status_code == 200
    assert answer.json()["registrants"] == sorted(ids)
    assert (await api.organizer.put(f"{path}/moderators", {"registrants": []})).json() == {"registrants": []}
