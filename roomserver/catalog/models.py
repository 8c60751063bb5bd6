"""The catalog's tables: what organizers set up.

Types are portable between SQLite (embedded) and PostgreSQL. A row that people edit carries `version`, which its
ETag shows: it grows by one with each change, so that an edit based on an older one is noticed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    JSON,
    Boolean,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

LAST_MOMENT = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands for "no start" where sessions are ordered by their start."""


class UtcTime(TypeDecorator[datetime]):
    """A moment. SQLite keeps no offset, so everything is stored in UTC and comes back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.replace(tzinfo=UTC)


SortText = Annotated[str, "ordered by its bytes, as SQLite does anyway: no language's rules, so pages can't shift"]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcTime(),
        str: String(),
        SortText: String().with_variant(String(collation="C"), "postgresql"),
        bool: Boolean(),
        float: Float(),
        int: Integer(),
        list[str]: JSON(),
    }


ONE_EVENT = 1
"""A catalog holds one event; its row has this id."""


class Event(Base):
    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    time_zone: Mapped[str]
    kind: Mapped[str]
    margin_before_minutes: Mapped[int]
    margin_after_minutes: Mapped[int]
    attendee_sessions: Mapped[bool]
    evaluation_unlock_minutes: Mapped[int]
    moderator_password_hash: Mapped[str | None]


class TicketType(Base):
    __tablename__ = "ticket_types"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    sort_key: Mapped[SortText] = mapped_column(unique=True)


class Presenter(Base):
    __tablename__ = "presenters"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    sort_key: Mapped[SortText]

    __table_args__ = (Index(None, "sort_key", "id"),)


class Registrant(Base):
    __tablename__ = "registrants"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    email: Mapped[str | None]
    ticket_type: Mapped[str | None] = mapped_column(ForeignKey("ticket_types.id"), index=True)
    tags: Mapped[list[str]]
    sort_key: Mapped[SortText]
    search_key: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    # The order of lists; with what is searched in the index, a search reads nothing else.
    __table_args__ = (Index(None, "sort_key", "id", "search_key"),)


class Session(Base):
    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str]
    description: Mapped[str]
    additional_info: Mapped[str] = mapped_column(Text)
    display_size: Mapped[str]
    rank: Mapped[float]
    picture: Mapped[str | None]
    """Name of the stored file."""
    picture_alt: Mapped[str]
    location: Mapped[str]
    kind: Mapped[str]
    watch_policy: Mapped[str]
    hidden: Mapped[bool]
    share_policy: Mapped[str]
    max_on_screen: Mapped[int]
    overflow: Mapped[str]
    availability: Mapped[str]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    youtube: Mapped[bool]
    record: Mapped[bool]
    rtmp: Mapped[bool]
    moderator_password_hash: Mapped[str | None]
    created_by: Mapped[str | None]
    created_at: Mapped[datetime]

    start_order: Mapped[datetime]
    """`starts_at`, or LAST_MOMENT: what lists are ordered by after the rank."""
    sort_key: Mapped[SortText]
    search_key: Mapped[str] = mapped_column(Text)
    rank_order: Mapped[float]
    """0 - `rank`: with it all that lists are ordered by ascends, and one index has that order."""

    __table_args__ = (Index(None, "rank_order", "start_order", "sort_key", "id", "search_key"),)

    tag_links: Mapped[list[SessionTag]] = relationship(
        order_by="SessionTag.position", cascade="all, delete-orphan", lazy="selectin", passive_deletes=True
    )
    ticket_links: Mapped[list[SessionTicketType]] = relationship(
        order_by="SessionTicketType.ticket_type", cascade="all, delete-orphan", lazy="selectin", passive_deletes=True
    )
    presenter_links: Mapped[list[SessionPresenter]] = relationship(
        order_by="SessionPresenter.position", cascade="all, delete-orphan", lazy="selectin", passive_deletes=True
    )


def _session_key() -> Mapped[str]:
    return mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)


class SessionTag(Base):
    __tablename__ = "session_tags"

    session: Mapped[str] = _session_key()
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]


class SessionTicketType(Base):
    __tablename__ = "session_ticket_types"

    session: Mapped[str] = _session_key()
    ticket_type: Mapped[str] = mapped_column(ForeignKey("ticket_types.id"), primary_key=True, index=True)


class SessionPresenter(Base):
    __tablename__ = "session_presenters"

    session: Mapped[str] = _session_key()
    presenter: Mapped[str] = mapped_column(
        ForeignKey("presenters.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]


class Invitation(Base):
    __tablename__ = "invitations"

    session: Mapped[str] = _session_key()
    registrant: Mapped[str] = mapped_column(
        ForeignKey("registrants.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Moderator(Base):
    __tablename__ = "moderators"

    session: Mapped[str] = _session_key()
    registrant: Mapped[str] = mapped_column(
        ForeignKey("registrants.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Organizer(Base):
    """An account that manages the whole event; in rooms it is a participant by this id."""

    __tablename__ = "organizers"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class Token(Base):
    """What lets somebody in. Only a digest is kept: whoever reads the database can't sign in with it."""

    __tablename__ = "tokens"

    digest: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    """`api` (a bearer token), `link` (a sign-in link), `browser` (a session cookie), `calendar` (a feed address)."""
    name: Mapped[str | None]
    """What its owner calls it."""
    read_only: Mapped[bool] = mapped_column(default=False)
    organizer: Mapped[str | None] = mapped_column(ForeignKey("organizers.id", ondelete="CASCADE"), index=True)
    registrant: Mapped[str | None] = mapped_column(ForeignKey("registrants.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """Of an organizer's token only, and only to a few minutes."""


class AuditEntry(Base):
    """One change, written in the same transaction. It outlives whoever made it and what was changed."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    who_name: Mapped[str]
    action: Mapped[str]
    """`create`, `update` or `delete`."""
    kind: Mapped[str]
    thing: Mapped[str] = mapped_column(index=True)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
