"""Which part of a file a request gets."""

from __future__ import annotations

import pytest

from roomserver.http.ranges import Part, Unsatisfiable, has_same, wanted_part

SIZE = 1000


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, 1000),
        ("bytes=100-199", 100, 200),
        ("bytes=999-", 999, 1000),
        ("bytes=990-2000", 990, 1000),
        ("bytes=-1", 999, 1000),
        ("bytes=-5000", 0, 1000),
        ("BYTES = 5-6", 5, 7),
    ],
)
def test_a_single_range_gets_its_part(asked: str, start: int, end: int) -> None:
    part = wanted_part({"range": asked}, '"a"', SIZE)
    assert part == Part(start, end, SIZE)
    assert part.content_range == f"bytes {start}-{end - 1}/1000"


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=99999999999999999-"])
def test_a_range_beyond_the_end_is_told(asked: str) -> None:
    with pytest.raises(Unsatisfiable):
        wanted_part({"range": asked}, '"a"', SIZE)


@pytest.mark.parametrize(
    "asked", ["", "bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "items=0-1", "bytes=0-1,5-6", "bytes=٠-١", "0-1"]
)
def test_anything_else_gets_the_whole(asked: str) -> None:
    assert wanted_part({"range": asked}, '"a"', SIZE) is None


@pytest.mark.parametrize(
    ("condition", "partly"),
    [('"a"', True), ('"b"', False), ('W/"a"', False), ("Sat, 21 Nov 2026 10:00:00 GMT", False)],
)
def test_a_range_of_another_version_gets_the_whole(condition: str, *, partly: bool) -> None:
    assert (wanted_part({"range": "bytes=0-1", "if-range": condition}, '"a"', SIZE) is not None) is partly


@pytest.mark.parametrize(
    ("tags", "same"), [("", False), ('"a"', True), ('W/"a"', True), ('"b", "a"', True), ('"b"', False), ("*", True)]
)
def test_a_client_that_has_this_version_is_known(tags: str, *, same: bool) -> None:
    assert has_same({"if-none-match": tags}, '"a"') is same
