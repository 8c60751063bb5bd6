from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomserver.catalog.bulk.cells import CellError
from roomserver.catalog.bulk.names import Names, read_list, write_list
from roomserver.faults import Fault

PEOPLE = {"prs_1": "Jane Doe", "prs_2": "John Roe", "prs_3": "John Roe", "prs_4": "prs_1", "prs_5": "Doe, Jane"}


def test_a_name_or_an_id_finds_its_owner() -> None:
    names = Names("presenter", PEOPLE)
    assert [names.resolve(token) for token in ("Jane Doe", "prs_2", "prs_1", "Doe, Jane")] == [
        "prs_1",
        "prs_2",
        "prs_1",
        "prs_5",
    ]


def test_what_cannot_be_told_is_refused() -> None:
    names = Names("ticket type", PEOPLE)
    with pytest.raises(CellError, match="There is no ticket type “jane doe”"):
        names.resolve("jane doe")
    with pytest.raises(CellError, match="Several are called “John Roe”; write an id, like prs_2 or prs_3"):
        names.resolve("John Roe")


def test_an_unknown_name_is_created_once() -> None:
    def refuse_long(name: str) -> Fault | None:
        return Fault("", "too_long", {"most": 20, "given": len(name)}) if len(name) > 20 else None

    names = Names("presenter", PEOPLE, create=refuse_long)
    assert names.resolve("New Person") == names.resolve("New Person") == "new_1"
    assert names.resolve("Other") == "new_2"
    assert names.created == {"new_1": "New Person", "new_2": "Other"}
    assert names.label("new_1") == "New Person"
    with pytest.raises(CellError, match=r"“x{30}”: At most 20 characters are allowed; there are 30"):
        names.resolve("x" * 30)


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(["a", "b", "x", "y", "z, z"])))
def test_every_label_finds_its_id_again(people: dict[str, str]) -> None:
    names = Names("presenter", people)
    assert [names.resolve(names.label(each)) for each in people] == list(people)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("", []),
        ("a, b,c", ["a", "b", "c"]),
        ('"Doe, Jane", Bob', ["Doe, Jane", "Bob"]),
        ('"the ""x""",b', ['the "x"', "b"]),
        ("a,,b,", ["a", "b"]),
        ("a\nb, c\n", ["a", "b", "c"]),
        ('the "x", b', ['the "x"', "b"]),
    ],
)
def test_lists_are_read_as_people_write_them(cell: str, parts: list[str]) -> None:
    assert read_list(cell) == parts


def test_a_quote_that_does_not_close_is_refused() -> None:
    with pytest.raises(CellError, match="A double quote in the list doesn't close"):
        read_list('"Doe, Jane')


@given(st.lists(st.text(st.sampled_from("ab,\" \n\r\t'=;"), min_size=1, max_size=6).map(str.strip).filter(bool)))
def test_every_list_comes_back(parts: list[str]) -> None:
    assert read_list(write_list(parts)) == parts
