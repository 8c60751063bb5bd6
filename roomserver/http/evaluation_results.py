"""Evaluations as the dashboard shows them: which sessions have one, what was answered, and taking one away."""

from __future__ import annotations

from collections import Counter

from pydantic import BaseModel, Field
from sqlalchemy import delete, func, select
from starlette.responses import Response

from roomserver.catalog.batches import batches
from roomserver.catalog.evaluation import Question, QuestionKind, Submission, is_open
from roomserver.catalog.evaluations import count_answers, find_form, opening_of, questions_of, submissions
from roomserver.catalog.models import Session
from roomserver.catalog.paging import BadCursor, after, decode_cursor, encode_cursor
from roomserver.catalog.schedule_models import EvaluationAnswer, EvaluationForm
from roomserver.http.answers import json_answer
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint
from roomserver.http.lists import ItemList, ListQuery, Query, bad_cursor
from roomserver.http.problem import Problem, not_found
from roomserver.http.sessions import visible_session
from roomserver.http.texts import Moment
from roomserver.http.trail import note_change

MOST_TEXTS = 200


class EvaluationItem(BaseModel):
    session: str
    title: str
    questions: int
    open: bool
    opens_at: Moment | None = Field(description="When it opens or opened; null while only a hand can open it.")
    answered: int = Field(description="People who answered.")


class QuestionResult(BaseModel):
    id: str
    kind: QuestionKind
    title: str
    answered: int = Field(description="People who answered this question.")
    average: float | None = Field(description="Of a rating.")
    counts: dict[str, int] = Field(description="People by rating or choice; every one that could be given.")
    texts: list[str] = Field(description=f"Of a text: the newest {MOST_TEXTS} at most; the CSV has all.")


class ResultsAnswer(BaseModel):
    answered: int
    questions: list[QuestionResult]


class DeleteQuery(Query):
    answers: bool = Field(False, description="Delete it although people answered: their answers go too.")


_ORDER = (Session.sort_key, Session.id)


@endpoint("GET", "/api/evaluations", who=Who.ORGANIZER, answers={200: ItemList[EvaluationItem]}, problems=(422,))
async def list_evaluations(call: Call, query: ListQuery) -> Response:
    """The sessions that have an evaluation, by title."""
    now = call.services.now()
    async with call.services.catalog.reading() as db:
        found = select(Session, EvaluationForm).join(EvaluationForm, EvaluationForm.session == Session.id)
        if query.cursor is not None:
            try:
                found = found.where(after(_ORDER, decode_cursor(query.cursor, (str, str))))
            except BadCursor:
                raise bad_cursor() from None
        rows = (await db.execute(found.order_by(*_ORDER).limit(query.limit + 1))).all()
        shown = rows[: query.limit]
        counts: dict[str, int] = {}
        for batch in batches([session.id for session, _ in shown]):
            answered = select(EvaluationAnswer.session, func.count()).group_by(EvaluationAnswer.session)
            counts.update(
                (session, count)
                for session, count in await db.execute(answered.where(EvaluationAnswer.session.in_(batch)))
            )
        items = []
        for session, form in shown:
            opening = await opening_of(db, session, form)
            items.append(
                EvaluationItem(
                    session=session.id,
                    title=session.title,
                    questions=len(form.questions),
                    open=is_open(opening, now),
                    opens_at=opening,
                    answered=counts.get(session.id, 0),
                )
            )
    last = shown[-1][0] if len(rows) > query.limit else None
    following = None if last is None else encode_cursor([last.sort_key, last.id])
    return json_answer(ItemList[EvaluationItem](items=items, next=following))


@endpoint(
    "GET", "/api/sessions/{id}/evaluation/results", who=Who.ORGANIZER, answers={200: ResultsAnswer}, problems=(404,)
)
async def get_summary(call: Call) -> Response:
    """The answers, counted by question."""
    async with call.services.catalog.reading() as db:
        session = await visible_session(call, db)
        form = await find_form(db, session.id)
        if form is None:
            raise not_found("The session has no evaluation.")
        questions = questions_of(form)
        answered = await submissions(db, session.id)
    return json_answer(
        ResultsAnswer(answered=len(answered), questions=[_counted(each, answered) for each in questions])
    )


@endpoint(
    "DELETE", "/api/sessions/{id}/evaluation", who=Who.ORGANIZER, answers={204: None}, problems=(403, 404, 409, 422)
)
async def delete_evaluation(call: Call, query: DeleteQuery) -> Response:
    """Take the session's evaluation away.

    409 `has_answers` if people answered, unless `answers=true` says that these may go too."""
    async with call.services.catalog.writing() as db:
        session = await visible_session(call, db, for_change=True)
        form = await find_form(db, session.id, for_change=True)
        if form is None:
            raise not_found("The session has no evaluation.")
        answered = await count_answers(db, session.id)
        if answered and not query.answers:
            raise Problem(409, "has_answers", f"{answered} people answered already, and their answers would be lost.")
        before = {"questions": form.questions, "answered": answered}
        await db.execute(delete(EvaluationAnswer).where(EvaluationAnswer.session == session.id))
        await db.delete(form)
        await note_change(call, db, "evaluation", session.id, before=before, after=None)
    call.services.rooms.evaluation_changed()
    return Response(status_code=204)


def _counted(question: Question, answered: list[Submission]) -> QuestionResult:
    given = [each.answers[question.id] for each in answered if question.id in each.answers]
    options: list[str] = {"rating": ["1", "2", "3", "4", "5"], "choice": list(question.choices), "text": []}[
        question.kind
    ]
    counted = Counter(str(each) for each in given) if options else Counter[str]()
    newest = sorted(answered, key=lambda each: each.at, reverse=True)
    texts = [str(each.answers[question.id]) for each in newest if question.id in each.answers]
    return QuestionResult(
        id=question.id,
        kind=question.kind,
        title=question.title,
        answered=len(given),
        average=round(sum(given) / len(given), 2) if question.kind == "rating" and given else None,
        counts={option: counted[option] for option in options},
        texts=texts[:MOST_TEXTS] if question.kind == "text" else [],
    )


ENDPOINTS: tuple[Endpoint, ...] = (list_evaluations, get_summary, delete_evaluation)
