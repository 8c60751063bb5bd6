"""Names on request, page by page (protocol, `people.list`)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.room import commands as c
from signaling.room.people import list_people
from signaling.room.state import Role
from tests.support.rooms import SMALL_CAPS, Stage


def named(stage: Stage, *names: str) -> None:
    for number, name in enumerate(names):
        stage.do(c.Enter(f"p{number}", f"k{number}", "n1", name, Role.ATTENDEE, False))


def names(answer: dict[str, Any]) -> list[str]:
    return [person["name"] for person in answer["people"]]


def test_people_are_listed_by_name_with_what_shows_who_they_are() -> None:
    stage = Stage()
    stage.enter("bob")
    stage.enter("ada", role="organizer")
    stage.share("bob")
    assert list_people(stage.room) == {
        "people": [
            {"participant": "ada", "name": "Ada", "role": "organizer", "on_screen": False},
            {"participant": "bob", "name": "Bob", "role": "attendee", "on_screen": True},
        ]
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ada", "ÉMILE", "Émilie", "Straße"]),
        ("emil", []),
        ("émil", ["ÉMILE", "Émilie"]),
        ("E\u0301MIL", ["ÉMILE", "Émilie"]),
        ("STRASSE", ["Straße"]),
        ("da", ["Ada"]),
        ("zzz", []),
    ],
)
def test_a_search_finds_parts_of_names_in_any_case_and_encoding(query: str, found: list[str]) -> None:
    stage = Stage()
    named(stage, "Émilie", "Straße", "ÉMILE", "Ada")
    assert sorted(names(list_people(stage.room, query))) == sorted(found)


def test_pages_follow_each_other_to_the_end() -> None:
    stage = Stage()
    named(stage, *(f"Person {number:03}" for number in range(250)))
    first = list_people(stage.room, limit=100)
    second = list_people(stage.room, after=first["next"], limit=100)
    third = list_people(stage.room, after=second["next"], limit=100)
    assert [len(page["people"]) for page in (first, second, third)] == [100, 100, 50]
    assert "next" not in third
    assert names(first) + names(second) + names(third) == [f"Person {number:03}" for number in range(250)]


def test_people_of_one_name_are_all_listed() -> None:
    stage = Stage()
    named(stage, *["Alex"] * 5)
    listed, after = [], None
    while True:
        page = list_people(stage.room, after=after, limit=2)
        listed += [person["participant"] for person in page["people"]]
        if (after := page.get("next")) is None:
            break
    assert listed == ["p0", "p1", "p2", "p3", "p4"]


def test_a_cursor_stays_good_when_its_person_leaves() -> None:
    stage = Stage()
    named(stage, "Ada", "Bob", "Cyd")
    cursor = list_people(stage.room, limit=2)["next"]
    stage.leave("p1")
    assert names(list_people(stage.room, after=cursor)) == ["Cyd"]


@given(st.text())
def test_any_text_is_a_cursor_and_a_query(text: str) -> None:
    stage = Stage()
    named(stage, "Ada", "Bob")
    list_people(stage.room, after=text)
    list_people(stage.room, text)


@pytest.mark.parametrize(("limit", "given_out"), [(-5, 1), (0, 1), (3, 3), (100, 100), (10_000, 100)])
def test_a_page_has_1_to_100_people(limit: int, given_out: int) -> None:
    stage = Stage()
    named(stage, *(f"Person {number}" for number in range(120)))
    assert len(list_people(stage.room, limit=limit)["people"]) == given_out


def test_who_waits_or_was_lost_is_not_in_the_room_but_a_speaker_who_may_be_back_is() -> None:
    stage = Stage(caps=SMALL_CAPS)
    stage.enter("ada", "bob", "cyd", "dan", "eve")
    stage.share("ada")
    stage.drop("ada", "bob")
    assert names(list_people(stage.room)) == ["Ada", "Cyd", "Dan"]


def test_a_new_name_on_entering_again_is_the_one_listed() -> None:
    stage = Stage()
    stage.enter("ada")
    stage.do(c.Enter("ada", "ada/2", "n1", "Zoe", Role.ATTENDEE, False))
    assert names(list_people(stage.room)) == ["Zoe"]
    stage.leave("ada")
    assert list_people(stage.room) == {"people": []}
