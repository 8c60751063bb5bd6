"""Evaluations in the catalog: forms, when each opens, and what people answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.batches import batches
from roomserver.catalog.evaluation import Question, Submission, opens_at
from roomserver.catalog.event import read_event
from roomserver.catalog.models import Registrant, Session
from roomserver.catalog.schedule import span
from roomserver.catalog.schedule_models import EvaluationAnswer, EvaluationForm
from roomserver.catalog.segments import segments_of, timed


@dataclass(frozen=True, slots=True)
class Opening:
    """When an evaluation that people were not told of yet opens."""

    session: str
    at: datetime | None
    """None while only a hand can open it."""
    announced_at: datetime | None


def questions_of(form: EvaluationForm) -> tuple[Question, ...]:
    return tuple(Question(**{**each, "choices": tuple(each["choices"])}) for each in form.questions)


async def find_form(db: AsyncSession, session: str, *, for_change: bool = False) -> EvaluationForm | None:
    """A session's evaluation. `for_change` holds it until the transaction ends."""
    query = select(EvaluationForm).where(EvaluationForm.session == session)
    return (await db.execute(query.with_for_update() if for_change else query)).scalar_one_or_none()


async def save_form(
    db: AsyncSession, session: str, form: EvaluationForm | None, questions: Sequence[Question]
) -> EvaluationForm:
    """Write a session's first form, or change the one that was found `for_change`: its version grows by one."""
    stored = [asdict(question) | {"choices": list(question.choices)} for question in questions]
    if form is None:
        form = EvaluationForm(session=session, version=1, questions=stored, unlocked_at=None, announced_at=None)
        db.add(form)
    else:
        form.questions = stored
        form.version += 1
    await db.flush()
    return form


async def opening_of(db: AsyncSession, session: Session, form: EvaluationForm) -> datetime | None:
    """When the evaluation opens or opened; None while only a hand can open it."""
    minutes = (await read_event(db)).evaluation_unlock_minutes
    return opens_at(span(timed(session), await segments_of(db, [session.id])), minutes, form.unlocked_at)


async def openings_since(db: AsyncSession, moment: datetime) -> list[Opening]:
    """The evaluations of which nobody was told before `moment`, and when they open or opened."""
    minutes = (await read_event(db)).evaluation_unlock_minutes
    query = select(EvaluationForm.session, EvaluationForm.unlocked_at, EvaluationForm.announced_at).where(
        or_(EvaluationForm.announced_at.is_(None), EvaluationForm.announced_at >= moment)
    )
    forms = {row[0]: (row[1], row[2]) for row in await db.execute(query)}
    segments = await segments_of(db, forms)
    found: list[Opening] = []
    for batch in batches(forms):
        times = select(Session.id, Session.availability, Session.starts_at, Session.ends_at)
        for session in await db.execute(times.where(Session.id.in_(batch))):
            unlocked_at, announced_at = forms[session.id]
            # The row has what `schedule` asks of a session.
            at = opens_at(span(timed(session), segments), minutes, unlocked_at)  # type: ignore[arg-type]
            found.append(Opening(session.id, at, announced_at))
    return found


async def mark_announced(db: AsyncSession, opening: Opening, now: datetime) -> None:
    """People were told. From now on it stays open, whatever becomes of the session's times."""
    await db.execute(
        update(EvaluationForm)
        .where(EvaluationForm.session == opening.session, EvaluationForm.announced_at.is_(None))
        .values(announced_at=now, unlocked_at=func.coalesce(EvaluationForm.unlocked_at, opening.at))
    )


async def unlock(db: AsyncSession, form: EvaluationForm, now: datetime) -> None:
    """Open an evaluation that was found `for_change`; one that was unlocked before stays as it is."""
    if form.unlocked_at is None:
        form.unlocked_at = now
        await db.flush()


async def find_answer(db: AsyncSession, session: str, registrant: str) -> EvaluationAnswer | None:
    query = select(EvaluationAnswer).filter_by(session=session, registrant=registrant)
    return (await db.execute(query)).scalar_one_or_none()


async def add_answer(
    db: AsyncSession, form: EvaluationForm, registrant: str, answers: Mapping[str, Any], now: datetime
) -> EvaluationAnswer:
    """Keep what somebody answered, who did not before. The form was found `for_change`, so that nobody answers twice
    at the same moment, and the form doesn't change meanwhile."""
    answer = EvaluationAnswer(session=form.session, registrant=registrant, answers=dict(answers), answered_at=now)
    db.add(answer)
    await db.flush()
    return answer


async def count_answers(db: AsyncSession, session: str) -> int:
    query = select(func.count()).select_from(EvaluationAnswer).where(EvaluationAnswer.session == session)
    return (await db.execute(query)).scalar_one()


async def submissions(db: AsyncSession, session: str) -> list[Submission]:
    """Everybody's answers."""
    query = (
        select(EvaluationAnswer.registrant, Registrant.name, EvaluationAnswer.answered_at, EvaluationAnswer.answers)
        .join(Registrant, Registrant.id == EvaluationAnswer.registrant)
        .where(EvaluationAnswer.session == session)
    )
    return [Submission(row[0], row[1], row[2], row[3]) for row in await db.execute(query)]
