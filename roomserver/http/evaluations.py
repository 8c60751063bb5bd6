"""A session's evaluation: its form, opening it, answering, and the results."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, WithJsonSchema
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from roomserver.catalog.bulk.spreadsheets import MEDIA_TYPES, write_spreadsheet
from roomserver.catalog.evaluation import (
    BEST_RATING,
    MAX_TEXT_CHARACTERS,
    Question,
    QuestionKind,
    check_answers,
    check_form,
    is_open,
    keeps_answers,
    kept_answers,
    result_rows,
)
from roomserver.catalog.evaluations import (
    add_answer,
    count_answers,
    find_answer,
    find_form,
    opening_of,
    questions_of,
    save_form,
    submissions,
    unlock,
)
from roomserver.catalog.models import Session
from roomserver.catalog.schedule_models import EvaluationForm
from roomserver.catalog.sessions import standing_of
from roomserver.catalog.store import new_id
from roomserver.http.answers import json_answer
from roomserver.http.body import Body, Draft
from roomserver.http.endpoint import Call, Endpoint, IfMatch, Who, endpoint
from roomserver.http.lists import Query
from roomserver.http.problem import Problem, not_allowed, not_found
from roomserver.http.sessions import visible_session
from roomserver.http.texts import Id, Line, Moment
from roomserver.http.trail import note_change
from roomserver.http.versions import check_version, version_tag

CSV = MEDIA_TYPES["csv"].partition(";")[0]


class QuestionFields(Body):
    id: Id | None = Field(None, description="Of a question that was there before; a new one gets its own.")
    kind: QuestionKind = Field(description=f"rating: 1 to {BEST_RATING}; choice: one of the choices; text: words.")
    title: Line
    required: bool = False
    choices: list[Line] = Field(default_factory=list, description="Of a choice: 2 to 12.")


class FormFields(Body):
    questions: Annotated[list[QuestionFields], Field(max_length=200)] = Field(description="1 to 20, in order.")


class QuestionDocument(BaseModel):
    id: str
    kind: QuestionKind
    title: str
    required: bool
    choices: list[str]


AnswerValues = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": {
                "anyOf": [
                    {"type": "integer", "minimum": 1, "maximum": BEST_RATING},
                    {"type": "string", "maxLength": MAX_TEXT_CHARACTERS},
                    {"type": "null"},
                ]
            },
        }
    ),
]


class AnswerFields(Body):
    answers: AnswerValues = Field(description="By question id; one left out or null is not answered.")


class AnswerDocument(BaseModel):
    answers: AnswerValues
    answered_at: Moment


class EvaluationDocument(BaseModel):
    open: bool = Field(description="It can be answered.")
    opens_at: Moment | None = Field(description="When it opens or opened; null while only a hand can open it.")
    questions: list[QuestionDocument] | None = Field(
        description="Null while it isn't open, except for organizers and the session's moderators."
    )
    mine: AnswerDocument | None = Field(description="What you answered.")
    answered: int | None = Field(description="How many people answered; for organizers.")


class EvaluationQuery(Query):
    if_any: bool = Field(False, description="Answer 204 instead of 404 where the session has no evaluation.")


@endpoint(
    "GET",
    "/api/sessions/{id}/evaluation",
    who=Who.SIGNED_IN,
    answers={200: EvaluationDocument, 204: None},
    problems=(404, 422),
)
async def get_evaluation(call: Call, query: EvaluationQuery) -> Response:
    """The session's evaluation, for whoever may watch.

    404 also if it has none, unless `if_any` says that this is no mistake: browsers report each 404 as one."""
    async with call.services.catalog.reading() as db:
        session = await visible_session(call, db)
        form = await find_form(db, session.id)
        if form is None and query.if_any:
            return Response(status_code=204)
        return await _answer(call, db, session, form or await _form(db, session))


@endpoint(
    "PUT",
    "/api/sessions/{id}/evaluation",
    who=Who.ORGANIZER,
    answers={200: EvaluationDocument, 201: EvaluationDocument},
    problems=(400, 404, 409, 412, 413, 415, 422, 428),
    if_match=IfMatch.OPTIONAL,
)
async def put_evaluation(call: Call, body: Draft[FormFields]) -> Response:
    """Write the form; If-Match is needed to change one that is there.

    After the first answer 409 `has_answers` refuses what would lose answers: leaving out a question or a choice, or
    making another kind of a question."""
    async with call.services.catalog.writing() as db:
        session = await visible_session(call, db, for_change=True)
        form = await find_form(db, session.id, for_change=True)
        if form is not None:
            await _check_version(call, db, session, form, body)
        questions = _questions(body.fields.get("questions", ()))
        if "questions" in body.fields:
            body.errors += check_form(questions)
        body.checked()
        loses = form is not None and not keeps_answers(questions_of(form), questions)
        if loses and await count_answers(db, session.id):
            raise Problem(
                409, "has_answers", "People answered already, and this form would lose some of their answers."
            )
        before = None if form is None else {"questions": form.questions}
        saved = await save_form(db, session.id, form, questions)
        await note_change(call, db, "evaluation", session.id, before=before, after={"questions": saved.questions})
        answer = await _answer(call, db, session, saved, 200 if form is not None else 201)
    call.services.rooms.evaluation_changed()
    return answer


@endpoint(
    "POST",
    "/api/sessions/{id}/evaluation/answers",
    who=Who.SIGNED_IN,
    answers={201: AnswerDocument},
    problems=(400, 403, 404, 409, 413, 415, 422),
)
async def answer_evaluation(call: Call, body: Draft[AnswerFields]) -> Response:
    """Answer, once: answers can't be changed.

    409 `not_open` before the evaluation opens, `already_answered` afterwards. Organizers don't answer."""
    now = call.services.now()
    async with call.services.catalog.writing() as db:
        session = await visible_session(call, db)
        if call.me.organizer:
            raise not_allowed("Evaluations are for registrants; an organizer's account doesn't answer.")
        form = await _form(db, session, for_change=True)
        if not is_open(await opening_of(db, session, form), now):
            raise Problem(409, "not_open", "The evaluation isn't open yet.")
        if await find_answer(db, session.id, call.me.id) is not None:
            raise Problem(409, "already_answered", "You answered already; answers can't be changed.")
        questions = questions_of(form)
        if "answers" in body.fields:
            body.errors += check_answers(questions, body.fields["answers"])
        kept = kept_answers(questions, body.checked().answers)
        answer = await add_answer(db, form, call.me.id, kept, now)
    return json_answer(AnswerDocument(answers=answer.answers, answered_at=answer.answered_at), 201)


@endpoint(
    "POST",
    "/api/sessions/{id}/evaluation/unlock",
    who=Who.SIGNED_IN,
    answers={200: EvaluationDocument},
    problems=(403, 404),
)
async def unlock_evaluation(call: Call) -> Response:
    """Open the evaluation now. For organizers and the session's moderators; people in the room are told.

    One that is open stays as it is. An evaluation never closes again."""
    async with call.services.catalog.writing() as db:
        session = await visible_session(call, db)
        if not await _runs(call, db, session):
            raise not_allowed("Only organizers and the session's moderators may do this.")
        form = await _form(db, session, for_change=True)
        before = {"unlocked_at": form.unlocked_at}
        await unlock(db, form, call.services.now())
        await note_change(call, db, "evaluation", session.id, before=before, after={"unlocked_at": form.unlocked_at})
        answer = await _answer(call, db, session, form)
    call.services.rooms.evaluation_changed()
    return answer


@endpoint("GET", "/api/sessions/{id}/evaluation/results.csv", who=Who.ORGANIZER, answers={200: CSV}, problems=(404,))
async def get_results(call: Call) -> Response:
    """Everybody's answers, a row a person, earliest first."""
    async with call.services.catalog.reading() as db:
        session = await visible_session(call, db)
        questions = questions_of(await _form(db, session))
        answered = await submissions(db, session.id)

    def write() -> bytes:
        header, rows = result_rows(questions, answered)
        return write_spreadsheet("csv", header, rows)

    return Response(
        await asyncio.to_thread(write),
        media_type=MEDIA_TYPES["csv"],
        headers={"Content-Disposition": f'attachment; filename="evaluation-{session.id}.csv"'},
    )


async def _form(db: AsyncSession, session: Session, *, for_change: bool = False) -> EvaluationForm:
    form = await find_form(db, session.id, for_change=for_change)
    if form is None:
        raise not_found("The session has no evaluation.")
    return form


async def _runs(call: Call, db: AsyncSession, session: Session) -> bool:
    """Whether this is somebody who looks after the session."""
    return call.me.organizer or (await standing_of(db, session.id, call.me.id)).moderator


async def _check_version(
    call: Call, db: AsyncSession, session: Session, form: EvaluationForm, body: Draft[FormFields]
) -> None:
    if not call.if_match:
        raise Problem(
            428, "if_match_needed", "Send If-Match with the ETag that you last read, so that no change is lost."
        )
    document = (await _document(call, db, session, form)).model_dump(mode="json")
    yours = {"questions": [each.model_dump(mode="json") for each in body.fields.get("questions", ())]}
    check_version(call.if_match, version_tag(form.version), document, yours)


def _questions(sent: Sequence[QuestionFields]) -> list[Question]:
    return [
        Question(each.id or new_id("que"), each.kind, each.title, each.required, tuple(each.choices)) for each in sent
    ]


async def _answer(call: Call, db: AsyncSession, session: Session, form: EvaluationForm, status: int = 200) -> Response:
    document = await _document(call, db, session, form)
    return json_answer(document, status, {"ETag": version_tag(form.version)})


async def _document(call: Call, db: AsyncSession, session: Session, form: EvaluationForm) -> EvaluationDocument:
    me = call.me
    opening: datetime | None = await opening_of(db, session, form)
    opened = is_open(opening, call.services.now())
    shown = opened or await _runs(call, db, session)
    mine = None if me.organizer else await find_answer(db, session.id, me.id)
    return EvaluationDocument(
        open=opened,
        opens_at=opening,
        questions=[QuestionDocument(**each) for each in form.questions] if shown else None,
        mine=AnswerDocument(answers=mine.answers, answered_at=mine.answered_at) if mine is not None else None,
        answered=await count_answers(db, session.id) if me.organizer else None,
    )


ENDPOINTS: tuple[Endpoint, ...] = (
    get_evaluation,
    put_evaluation,
    answer_evaluation,
    unlock_evaluation,
    get_results,
)
