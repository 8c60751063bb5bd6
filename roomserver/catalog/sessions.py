"""Sessions in the catalog: reading, listing and changing them, and who was invited or made a moderator."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, cast

from sqlalchemy import delete, exists, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.access import NO_STANDING, Doors, Standing, WatchPolicy
from roomserver.catalog.batches import batches
from roomserver.catalog.models import (
    LAST_MOMENT,
    Invitation,
    Moderator,
    Presenter,
    Registrant,
    Session,
    SessionPresenter,
    SessionTag,
    SessionTicketType,
    TicketType,
)
from roomserver.catalog.search_keys import search_key, sort_key
from roomserver.catalog.segments import set_start_order
from roomserver.catalog.store import new_id
from signaling.room.state import Overflow, RoomSettings, SharePolicy


class SessionValues(TypedDict, total=False):
    """What can be set on a session; the links are lists of ids or words."""

    title: str
    description: str
    additional_info: str
    tags: list[str]
    display_size: str
    rank: float
    picture_alt: str
    location: str
    presenters: list[str]
    kind: str
    watch_policy: str
    ticket_types: list[str]
    hidden: bool
    share_policy: str
    max_on_screen: int
    overflow: str
    availability: str
    starts_at: datetime | None
    ends_at: datetime | None
    youtube: bool
    record: bool
    rtmp: bool
    moderator_password_hash: str | None


def doors(session: Session) -> Doors:
    return Doors(
        watch_policy=cast(WatchPolicy, session.watch_policy),
        ticket_types=frozenset(link.ticket_type for link in session.ticket_links),
        hidden=session.hidden,
    )


def room_settings(session: Session) -> RoomSettings:
    return RoomSettings(
        title=session.title,
        share_policy=SharePolicy(session.share_policy),
        max_on_screen=session.max_on_screen,
        overflow=Overflow(session.overflow),
        youtube=session.youtube,
        record=session.record,
    )


async def find_session(db: AsyncSession, session: str, *, for_change: bool = False) -> Session | None:
    """A session with its links. `for_change` holds it until the transaction ends."""
    query = select(Session).where(Session.id == session)
    return (await db.execute(query.with_for_update() if for_change else query)).scalar_one_or_none()


async def standing_of(db: AsyncSession, session: str, participant: str) -> Standing:
    """What somebody was given in a session; of an organizer: nothing, they need nothing."""
    return (await standings(db, session, [participant])).get(participant, NO_STANDING)


async def standings(db: AsyncSession, session: str, participants: Sequence[str]) -> dict[str, Standing]:
    """What each of at most a few hundred people was given in a session; those given nothing are left out."""
    given: list[set[str]] = []
    for table in (Invitation, Moderator):
        query = select(table.registrant).where(table.session == session, table.registrant.in_(participants))
        given.append(set((await db.execute(query)).scalars()))
    invited, moderating = given
    return {each: Standing(each in invited, each in moderating) for each in invited | moderating}


async def add_session(db: AsyncSession, values: SessionValues, created_by: str, now: datetime) -> Session:
    """A new session; `values` must hold every field."""
    session = Session(id=new_id("ses"), version=1, created_by=created_by, created_at=now)
    db.add(session)
    assign_values(session, values)
    await db.flush()
    return session


async def change_session(db: AsyncSession, session: Session, values: SessionValues) -> None:
    """Set some fields of a session that was found `for_change`; its version grows by one."""
    assign_values(session, values)
    session.version += 1
    await db.flush()
    await set_start_order(db, [session.id])


async def set_picture(db: AsyncSession, session: Session, file: str | None) -> None:
    """Name the file of a session's picture; the session was found `for_change`."""
    session.picture = file
    session.version += 1
    await db.flush()


async def delete_session(db: AsyncSession, session: str) -> None:
    """Ends the session and all that hangs on it."""
    await db.execute(delete(Session).where(Session.id == session))


async def count_sessions(db: AsyncSession) -> int:
    return (await db.execute(select(func.count()).select_from(Session))).scalar_one()


def assign_values(session: Session, values: SessionValues) -> None:
    """Set fields and what follows from them, without a flush."""
    columns = cast(Mapping[str, Any], values)
    for name, value in columns.items():
        if name not in ("tags", "ticket_types", "presenters"):
            setattr(session, name, value)
    if "tags" in values:
        session.tag_links = [SessionTag(tag=tag, position=at) for at, tag in enumerate(values["tags"])]
    if "ticket_types" in values:
        session.ticket_links = [SessionTicketType(ticket_type=each) for each in sorted(values["ticket_types"])]
    if "presenters" in values:
        session.presenter_links = [
            SessionPresenter(presenter=each, position=at) for at, each in enumerate(values["presenters"])
        ]
    session.rank_order = 0 - session.rank
    session.sort_key = sort_key(session.title)
    session.search_key = search_key(session.title, session.description, session.location)
    session.start_order = session.starts_at or LAST_MOMENT


# --- people of a session ---------------------------------------------------------------------------------


async def listed_people(db: AsyncSession, table: type[Invitation | Moderator], session: str) -> list[str]:
    """Ids of the registrants who are invited, or who moderate."""
    query = select(table.registrant).where(table.session == session).order_by(table.registrant)
    return list((await db.execute(query)).scalars())


async def set_people(
    db: AsyncSession, table: type[Invitation | Moderator], session: str, registrants: Collection[str]
) -> set[str]:
    """Make `registrants` the whole list; returns those for whom something changed."""
    before = set(await listed_people(db, table, session))
    now = set(registrants)
    for gone in batches(before - now):
        await db.execute(delete(table).where(table.session == session, table.registrant.in_(gone)))
    for new in batches(now - before):
        await db.execute(insert(table), [{"session": session, "registrant": each} for each in new])
    return before ^ now


async def make_moderator(db: AsyncSession, session: str, registrant: str) -> None:
    """Does nothing for somebody who already is one."""
    already = exists().where(Moderator.session == session, Moderator.registrant == registrant)
    await db.execute(
        insert(Moderator).from_select(
            ["session", "registrant"], select(literal(session), literal(registrant)).where(~already)
        )
    )


async def known_ids(
    db: AsyncSession, table: type[Registrant | TicketType | Presenter], ids: Collection[str]
) -> set[str]:
    """Those of `ids` that exist."""
    known: set[str] = set()
    for batch in batches(ids):
        known.update((await db.execute(select(table.id).where(table.id.in_(batch)))).scalars())
    return known
