"""The tables of the schedule, of people's agendas and of evaluations; in the manner of `models`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from roomserver.catalog.models import Base, SortText


class SegmentRow(Base):
    """`schedule.Segment` as it is stored."""

    __tablename__ = "segments"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(Text)
    location: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    sort_key: Mapped[SortText]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    session_links: Mapped[list[SegmentSession]] = relationship(
        order_by="SegmentSession.position", cascade="all, delete-orphan", lazy="selectin", passive_deletes=True
    )


class SegmentSession(Base):
    __tablename__ = "segment_sessions"

    segment: Mapped[str] = mapped_column(ForeignKey("segments.id", ondelete="CASCADE"), primary_key=True)
    session: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]


class AgendaEntry(Base):
    """A segment that somebody put on their own agenda."""

    __tablename__ = "agenda"

    registrant: Mapped[str] = mapped_column(ForeignKey("registrants.id", ondelete="CASCADE"), primary_key=True)
    segment: Mapped[str] = mapped_column(ForeignKey("segments.id", ondelete="CASCADE"), primary_key=True, index=True)


class EvaluationForm(Base):
    """A session's evaluation."""

    __tablename__ = "evaluations"

    session: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Each as `evaluation.Question`, in the form's order."""
    unlocked_at: Mapped[datetime | None]
    """Since when it is open, whether by hand or by itself: it stays open, also if the session's times move."""
    announced_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the people in the room were told; None while that is still to be done."""


class EvaluationAnswer(Base):
    """What one person answered; never changed."""

    __tablename__ = "evaluation_answers"

    session: Mapped[str] = mapped_column(ForeignKey("evaluations.session", ondelete="CASCADE"), primary_key=True)
    registrant: Mapped[str] = mapped_column(
        ForeignKey("registrants.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By question id."""
    answered_at: Mapped[datetime]
