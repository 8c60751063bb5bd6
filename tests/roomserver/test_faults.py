"""What is said of a wrong field: in every language of the pages, naming the same."""

from __future__ import annotations

import json
from pathlib import Path
from string import Formatter

import pytest

from roomserver.faults import SENTENCES, Fault, shortened

MESSAGES = Path(__file__).parents[2] / "roomserver/web/src/messages"

UNTRANSLATED = {"what"}
"""English nouns: other languages do without, for their sentences would have to agree with them."""


def names_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_sentence_is_in_every_language(language: str) -> None:
    translated: dict[str, str] = json.loads((MESSAGES / language / "faults.json").read_text())
    assert list(translated) == list(SENTENCES)
    for code, sentence in SENTENCES.items():
        assert names_in(translated[code]) == names_in(sentence) - UNTRANSLATED, code


def test_a_fault_is_told_with_what_it_names() -> None:
    assert Fault("title", "required").document() == {
        "field": "title",
        "message": "This field is required",
        "code": "required",
    }
    assert Fault("presenters", "too_long", {"most": 100, "given": 101}, part="Ada").document() == {
        "field": "presenters",
        "message": "“Ada”: At most 100 characters are allowed; there are 101",
        "code": "too_long",
        "values": {"most": 100, "given": 101},
        "part": "Ada",
    }


def test_what_was_sent_is_repeated_shortened() -> None:
    assert shortened("x" * 60) == "x" * 60
    assert shortened("x" * 61) == "x" * 59 + "…"
