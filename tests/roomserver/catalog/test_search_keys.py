"""Names are found however they are written."""

from __future__ import annotations

import pytest

from roomserver.catalog.search_keys import like_pattern, search_key


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("José Álvarez", "jose alv"),
        ("ADA Lovelace", "ada"),
        ("Ada  Lovelace", "ada lovelace"),
        ("Straße", "STRASSE"),
        ("Łukasz", "łukasz"),
        ("ﬁnance", "finance"),
        ("王小明", "小明"),
    ],
)
def test_typed_text_is_found_without_case_accents_or_double_blanks(written: str, typed: str) -> None:
    assert search_key(typed) in search_key(written)


def test_several_texts_make_one_key() -> None:
    assert search_key("Ada", None, "ada@example.org") == "ada ada@example.org"


def test_wildcards_that_somebody_types_stand_for_themselves() -> None:
    assert like_pattern("100%_\\") == "%100\\%\\_\\\\%"
