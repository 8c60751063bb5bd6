"""A session's evaluation (product section 5): its form, when it is open, what may be answered, the results. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from roomserver.faults import Fault

MAX_QUESTIONS = 20
MAX_CHOICES = 12
MAX_QUESTION_CHARACTERS = 200
MAX_CHOICE_CHARACTERS = 100
MAX_TEXT_CHARACTERS = 2_000
"""Of an answer in words."""
BEST_RATING = 5
"""Ratings are whole numbers from 1 to this."""

QuestionKind = Literal["rating", "choice", "text"]


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    """Unique in its form, and the same as long as the question means the same: answers are kept by it."""
    kind: QuestionKind
    title: str
    required: bool = False
    choices: tuple[str, ...] = ()
    """What can be chosen, one of them; only of a choice."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What one person answered. There is one of each person."""

    registrant: str
    name: str
    at: datetime
    answers: Mapping[str, Any] = field(default_factory=dict)
    """By question: a whole number, one of the choices, or text."""


def check_form(questions: Sequence[Question]) -> list[Fault]:
    """Return all that is wrong with a form that an organizer wrote."""
    faults: list[Fault] = []
    if not 1 <= len(questions) <= MAX_QUESTIONS:
        faults.append(Fault("questions", "questions_count", {"least": 1, "most": MAX_QUESTIONS}))
    ids: set[str] = set()
    for at, question in enumerate(questions[:MAX_QUESTIONS]):
        path = f"questions.{at}"
        if question.id in ids:
            faults.append(Fault(f"{path}.id", "same_question"))
        ids.add(question.id)
        faults += _check_text(f"{path}.title", question.title, MAX_QUESTION_CHARACTERS)
        faults += _check_choices(path, question)
    return faults


def _check_choices(path: str, question: Question) -> list[Fault]:
    choices = question.choices
    if question.kind != "choice":
        return [Fault(f"{path}.choices", "choices_not_asked")] if choices else []
    if not 2 <= len(choices) <= MAX_CHOICES:
        return [Fault(f"{path}.choices", "choices_count", {"least": 2, "most": MAX_CHOICES})]
    faults: list[Fault] = []
    for at, choice in enumerate(choices):
        faults += _check_text(f"{path}.choices.{at}", choice, MAX_CHOICE_CHARACTERS)
        if choice in choices[:at]:
            faults.append(Fault(f"{path}.choices.{at}", "same_choice"))
    return faults


def _check_text(path: str, text: str, most: int) -> list[Fault]:
    if not text.strip():
        return [Fault(path, "required")]
    return [Fault(path, "too_long", {"most": most, "given": len(text)})] if len(text) > most else []


def keeps_answers(before: Sequence[Question], after: Sequence[Question]) -> bool:
    """Whether answers to the form `before` are answers to `after` as well; if not, changing it would lose some."""
    now = {question.id: question for question in after}
    return all(
        (kept := now.get(old.id)) is not None and kept.kind == old.kind and set(old.choices) <= set(kept.choices)
        for old in before
    )


def opens_at(
    span: tuple[datetime, datetime] | None, minutes_before_end: int, unlocked_at: datetime | None
) -> datetime | None:
    """Return when an evaluation opens, None while only a hand can open it.

    `span` is when the session begins and ends, None unless both are known. `unlocked_at` is when somebody
    unlocked it by hand, which counts if it is earlier.
    """
    by_itself = None if span is None else span[1].astimezone(UTC) - timedelta(minutes=minutes_before_end)
    return min((moment for moment in (by_itself, unlocked_at) if moment is not None), default=None)


def is_open(opening: datetime | None, now: datetime) -> bool:
    """Whether it can be answered: from its opening on, also after the session."""
    return opening is not None and opening <= now


def check_answers(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[Fault]:
    """Return all that is wrong with what somebody sends; a question left out or null is not answered."""
    known = {question.id for question in questions}
    faults: list[Fault] = [
        Fault(f"answers.{each[:64]}", "no_such_question") for each in list(answers)[:MAX_QUESTIONS] if each not in known
    ]
    for question in questions:
        faults += _check_answer(f"answers.{question.id}", question, answers.get(question.id))
    return faults


def _check_answer(path: str, question: Question, answer: Any) -> list[Fault]:
    if _is_blank(answer):
        return [Fault(path, "answer_required")] if question.required else []
    match question.kind:
        case "rating":
            fits = isinstance(answer, int) and not isinstance(answer, bool) and 1 <= answer <= BEST_RATING
            return [] if fits else [Fault(path, "not_a_rating", {"most": BEST_RATING})]
        case "choice":
            return [] if answer in question.choices else [Fault(path, "not_offered")]
        case "text":
            if not isinstance(answer, str):
                return [Fault(path, "answer_in_words")]
            if any(unicodedata.category(char) == "Cc" and char not in "\t\n\r" for char in answer):
                return [Fault(path, "control_characters")]
            if len(answer) > MAX_TEXT_CHARACTERS:
                return [Fault(path, "too_long", {"most": MAX_TEXT_CHARACTERS, "given": len(answer)})]
            return []


def kept_answers(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to store of answers that `check_answers` found nothing wrong with."""
    given = {question.id: answers.get(question.id) for question in questions}
    return {each: answer for each, answer in given.items() if not _is_blank(answer)}


def _is_blank(answer: Any) -> bool:
    return answer is None or (isinstance(answer, str) and not answer.strip())


def result_rows(
    questions: Sequence[Question], submissions: Iterable[Submission]
) -> tuple[list[str], list[list[str | int | float | None]]]:
    """Return the header and the rows of the results, earliest answers first, for a spreadsheet."""
    header = ["answered_at", "registrant", "name", *(question.title for question in questions)]
    rows: list[list[str | int | float | None]] = [
        [
            each.at.astimezone(UTC).isoformat(timespec="seconds"),
            each.registrant,
            each.name,
            *(each.answers.get(question.id) for question in questions),
        ]
        for each in sorted(submissions, key=lambda each: (each.at, each.registrant))
    ]
    return header, rows
