"""Cursors: what a list makes it reads again, and nothing else."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomserver.catalog.paging import BadCursor, decode_cursor, encode_cursor

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(st.one_of(_TEXT, st.floats(allow_nan=False, allow_infinity=False)), min_size=1, max_size=4))
def test_a_cursor_gives_back_the_sort_key_that_it_was_made_from(key: list[str | float]) -> None:
    assert decode_cursor(encode_cursor(key), [type(part) for part in key]) == key


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "!!!!",
        "äöü",
        encode_cursor(["one"]),
        encode_cursor(["one", 2.0]),
        encode_cursor(["one", "two", "three"]),
        urlsafe_b64encode(b'{"a": 1}').decode(),
        urlsafe_b64encode(b"[" * 900).decode(),
        urlsafe_b64encode(b'["a", null]').decode(),
        "A" * 5_000,
        encode_cursor(["one", "t\0o"]),  # PostgreSQL stores no zero bytes
        urlsafe_b64encode(b'["a", "\\ud800"]').decode(),
    ],
)
def test_a_cursor_that_the_list_did_not_make_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(cursor, (str, str))


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(cursor: str) -> None:
    with suppress(BadCursor):
        decode_cursor(cursor, (str, str))
