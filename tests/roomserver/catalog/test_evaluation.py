from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomserver.catalog.bulk.spreadsheets import read_spreadsheet, write_spreadsheet
from roomserver.catalog.evaluation import (
    MAX_QUESTIONS,
    Question,
    Submission,
    check_answers,
    check_form,
    is_open,
    keeps_answers,
    kept_answers,
    opens_at,
    result_rows,
)

NINE = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
FORM = (
    Question("q1", "rating", "How was it?", required=True),
    Question("q2", "choice", "Again?", choices=("Yes", "No")),
    Question("q3", "text", "What else?"),
)


@pytest.mark.parametrize(
    ("span", "minutes", "by_hand", "opening"),
    [
        ((NINE, TEN), 0, None, TEN),
        ((NINE, TEN), 3, None, TEN - timedelta(minutes=3)),
        ((NINE, TEN), 15, None, TEN - timedelta(minutes=15)),
        ((NINE, TEN), 15, NINE, NINE),
        ((NINE, TEN), 15, TEN, TEN - timedelta(minutes=15)),
        (None, 15, None, None),
        (None, 15, NINE, NINE),
    ],
)
def test_it_opens_by_itself_before_the_end_or_earlier_by_hand(
    span: tuple[datetime, datetime] | None, minutes: int, by_hand: datetime | None, opening: datetime | None
) -> None:
    assert opens_at(span, minutes, by_hand) == opening


def test_it_stays_open_from_the_second_of_its_opening_on() -> None:
    assert not is_open(None, TEN)
    assert not is_open(TEN, TEN - timedelta(microseconds=1))
    assert is_open(TEN, TEN)
    assert is_open(TEN, TEN + timedelta(days=9))


def test_a_good_form_has_no_faults() -> None:
    assert check_form(FORM) == []


@pytest.mark.parametrize(
    ("questions", "faults"),
    [
        ([], [("questions", "Ask 1 to 20 questions")]),
        ([Question(f"q{n}", "text", "?") for n in range(21)], [("questions", "Ask 1 to 20 questions")]),
        ([FORM[0], FORM[0]], [("questions.1.id", "An earlier question has the same id")]),
        ([Question("q1", "text", "  ")], [("questions.0.title", "This field is required")]),
        (
            [Question("q1", "text", "x" * 201)],
            [("questions.0.title", "At most 200 characters are allowed; there are 201")],
        ),
        ([Question("q1", "rating", "?", choices=("a", "b"))], [("questions.0.choices", "Only a choice has choices")]),
        ([Question("q1", "choice", "?", choices=("a",))], [("questions.0.choices", "Give 2 to 12 choices")]),
        (
            [Question("q1", "choice", "?", choices=tuple(map(str, range(13))))],
            [("questions.0.choices", "Give 2 to 12 choices")],
        ),
        (
            [Question("q1", "choice", "", choices=("a", "a", "", "x" * 101))],
            [
                ("questions.0.title", "This field is required"),
                ("questions.0.choices.1", "An earlier choice is the same"),
                ("questions.0.choices.2", "This field is required"),
                ("questions.0.choices.3", "At most 100 characters are allowed; there are 101"),
            ],
        ),
    ],
)
def test_all_faults_of_a_form_are_named_at_once(questions: list[Question], faults: list[tuple[str, str]]) -> None:
    assert [(fault.field, fault.message) for fault in check_form(questions)] == faults


@pytest.mark.parametrize(
    "answers",
    [
        {"q1": 1},
        {"q1": 5, "q2": "Yes", "q3": "Nothing"},
        {"q1": 3, "q2": None, "q3": ""},
        {"q1": 3, "q3": "x" * 2000},
    ],
)
def test_good_answers_are_taken(answers: dict[str, Any]) -> None:
    assert check_answers(FORM, answers) == []


@pytest.mark.parametrize(
    ("answers", "faults"),
    [
        ({}, [("answers.q1", "This question needs an answer")]),
        ({"q1": None}, [("answers.q1", "This question needs an answer")]),
        ({"q1": 0}, [("answers.q1", "Rate with a whole number from 1 to 5")]),
        ({"q1": 6}, [("answers.q1", "Rate with a whole number from 1 to 5")]),
        ({"q1": 2.5}, [("answers.q1", "Rate with a whole number from 1 to 5")]),
        ({"q1": True}, [("answers.q1", "Rate with a whole number from 1 to 5")]),
        ({"q1": "5"}, [("answers.q1", "Rate with a whole number from 1 to 5")]),
        ({"q1": 5, "q2": "Maybe"}, [("answers.q2", "Choose one of the choices")]),
        ({"q1": 5, "q2": ["Yes"]}, [("answers.q2", "Choose one of the choices")]),
        ({"q1": 5, "q3": 7}, [("answers.q3", "Answer in words")]),
        ({"q1": 5, "q3": "x" * 2001}, [("answers.q3", "At most 2000 characters are allowed; there are 2001")]),
        (
            {"q9": 5, "q2": "", "q3": {}},
            [
                ("answers.q9", "There is no such question"),
                ("answers.q1", "This question needs an answer"),
                ("answers.q3", "Answer in words"),
            ],
        ),
    ],
)
def test_all_faults_of_answers_are_named_at_once(answers: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    assert [(fault.field, fault.message) for fault in check_answers(FORM, answers)] == faults


def test_the_list_of_faults_is_bounded() -> None:
    faults = check_answers(FORM, {f"{n}" + "x" * 9999: n for n in range(10_000)})
    assert len(faults) <= MAX_QUESTIONS + len(FORM)
    assert all(len(fault.field) < 100 for fault in faults)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(["q1", "q2", "q3", "q4"]), json_values))
def test_any_answers_are_taken_or_named(answers: dict[str, Any]) -> None:
    if check_answers(FORM, answers) == []:
        kept = kept_answers(FORM, answers)
        assert set(kept) <= {"q1", "q2", "q3"}
        assert check_answers(FORM, kept) == []


@pytest.mark.parametrize(
    ("after", "keeps"),
    [
        (FORM, True),
        (FORM[::-1], True),
        ((*FORM, Question("q4", "text", "New?", required=True)), True),
        ((Question("q1", "rating", "Other words?"), *FORM[1:]), True),
        ((FORM[0], Question("q2", "choice", "Again?", choices=("Yes", "No", "Maybe")), FORM[2]), True),
        ((FORM[0], Question("q2", "choice", "Again?", choices=("Yes", "Never")), FORM[2]), False),
        (FORM[1:], False),
        ((Question("q1", "text", "How was it?"), *FORM[1:]), False),
    ],
)
def test_a_change_that_would_lose_answers_is_noticed(after: tuple[Question, ...], keeps: bool) -> None:
    assert keeps_answers(FORM, after) is keeps


def test_results_are_a_row_a_person() -> None:
    submissions = [
        Submission("reg_2", "Ben", TEN + timedelta(minutes=1), {"q1": 5, "q3": "=1+1"}),
        Submission("reg_1", "Ann", TEN, {"q1": 4, "q2": "Yes", "q0": "of a question that is gone"}),
    ]
    header, rows = result_rows(FORM, submissions)
    assert header == ["answered_at", "registrant", "name", "How was it?", "Again?", "What else?"]
    assert rows == [
        ["2026-06-01T10:00:00+00:00", "reg_1", "Ann", 4, "Yes", None],
        ["2026-06-01T10:01:00+00:00", "reg_2", "Ben", 5, None, "=1+1"],
    ]
    content = write_spreadsheet("csv", header, rows)
    assert b'"\'=1+1"' in content
    assert [row.cells[-1] for row in read_spreadsheet(content).rows] == ["Yes", "=1+1"]
