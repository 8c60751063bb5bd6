"""What the door asks when somebody comes to a session: one prepared query, because thousands come in a minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy import String, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.access import Asker, Doors, Standing, WatchPolicy
from roomserver.catalog.models import Invitation, Moderator, Session, SessionTicketType

_session = bindparam("session", type_=String)
_asker = bindparam("asker", type_=String)
_ticket_type = bindparam("ticket_type", type_=String)

_QUERY = select(
    Session.watch_policy,
    exists().where(Invitation.session == _session, Invitation.registrant == _asker).label("invited"),
    exists().where(Moderator.session == _session, Moderator.registrant == _asker).label("moderator"),
    exists()
    .where(SessionTicketType.session == _session, SessionTicketType.ticket_type == _ticket_type)
    .label("holds_ticket"),
).where(Session.id == _session)


@dataclass(frozen=True, slots=True)
class Entrance:
    """A session as one person stands before it: enough for `access` to decide whether they may come in."""

    doors: Doors
    """`ticket_types` holds the person's own type or nothing: others' don't matter here."""
    standing: Standing


async def find_entrance(db: AsyncSession, session: str, asker: Asker) -> Entrance | None:
    """None if there is no such session."""
    values = {"session": session, "asker": asker.id, "ticket_type": asker.ticket_type}
    row = (await db.execute(_QUERY, values)).one_or_none()
    if row is None:
        return None
    tickets = frozenset([asker.ticket_type]) if row.holds_ticket and asker.ticket_type else frozenset[str]()
    return Entrance(
        doors=Doors(watch_policy=cast(WatchPolicy, row.watch_policy), ticket_types=tickets),
        standing=Standing(invited=bool(row.invited), moderator=bool(row.moderator)),
    )
