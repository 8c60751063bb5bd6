"""An event to try things out: sessions of every kind, a few people, and a link to be each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.auth import hash_password
from roomserver.catalog.event import change_event, read_event
from roomserver.catalog.models import Invitation, Moderator, Organizer, Registrant, Session, TicketType
from roomserver.catalog.named import add_named
from roomserver.catalog.registrants import RegistrantValues, add_registrant
from roomserver.catalog.sessions import SessionValues, add_session, count_sessions, set_people
from roomserver.catalog.store import Catalog
from roomserver.catalog.tokens import add_organizer, issue_token
from roomserver.data_folder import StartError
from roomserver.http.session_fields import default_values, stored_values
from roomserver.links import sign_in_link
from roomserver.settings import Settings

MODERATOR_PASSWORD = "round-table"  # noqa: S105 - of an event without secrets, and printed for everybody
LINK_DAYS = 30.0
ORGANIZER = "Olga Organizer"


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    email: str
    says: str
    ticket: str
    moderates: Sequence[str] = ()
    invited_to: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Session:
    title: str
    fields: dict[str, Any] = field(default_factory=dict)


OPEN, MODERATED, STAGE, PRIVATE, TICKETS = (
    "Open round table",
    "Ask the experts",
    "Main stage",
    "Speakers' green room",
    "VIP fireside chat",
)

_SESSIONS = (
    _Session(
        OPEN,
        {"description": "Everybody may go on screen; it is recorded.", "rank": 40.0, "youtube": True, "record": True},
    ),
    _Session(
        MODERATED,
        {
            "description": "Ask to go on screen; a moderator lets you in.",
            "share_policy": "moderated",
            "rank": 30.0,
            "youtube": True,
        },
    ),
    _Session(
        STAGE,
        {
            "description": "Invited speakers only; everybody watches.",
            "kind": "stage",
            "share_policy": "invite_only",
            "rank": 20.0,
        },
    ),
    _Session(PRIVATE, {"description": "Only for those who are invited.", "watch_policy": "private", "rank": 10.0}),
    _Session(TICKETS, {"description": "For VIP tickets.", "watch_policy": "tickets", "display_size": "medium"}),
)

_PEOPLE = (
    _Person("Mona Moderator", "mona@demo.example", f"moderator of “{MODERATED}”", "Standard", [MODERATED], [PRIVATE]),
    _Person("Ada Attendee", "ada@demo.example", f"attendee, invited to “{STAGE}”", "Standard", [], [STAGE, PRIVATE]),
    _Person("Ben Attendee", "ben@demo.example", "attendee", "Standard"),
    _Person("Vera VIP", "vera@demo.example", "attendee with a VIP ticket", "VIP"),
)


@dataclass(frozen=True, slots=True)
class DemoLink:
    """Somebody to be, and the secret half of the link that signs a browser in as them."""

    name: str
    says: str
    token: str
    session: str | None


async def prepare_demo(settings: Settings, now: datetime) -> list[DemoLink]:
    """Make the demo event, or find the one made before, and fresh links to its people.

    Raises StartError if the data folder holds another event, CatalogUnavailable."""
    catalog = Catalog(settings.database_url)
    try:
        await catalog.open()
        async with catalog.writing() as db:
            if not await _people(db):
                if await count_sessions(db):
                    raise StartError(f"data: {settings.data} holds another event; give --data another folder")
                await _make_event(db, now)
            return await _links(db, now)
    finally:
        await catalog.close()


def describe_links(address: str, links: Sequence[DemoLink]) -> str:
    """What is printed: whom one can be, and how."""
    lines = [f"The demo event runs at {address} — stop it with Ctrl+C.", ""]
    for link in links:
        lines += [f"  {link.name}, {link.says}:", f"    {sign_in_link(address, link.token, link.session)}", ""]
    lines += [
        "Each link signs its browser in as that person. One browser holds one person at a time: open the links in",
        "different browsers, in different profiles of one, or in private windows.",
        f"The moderator password of the event is: {MODERATOR_PASSWORD}",
    ]
    return "\n".join(lines)


async def _people(db: AsyncSession) -> dict[str, Registrant]:
    query = select(Registrant).where(Registrant.email.in_([each.email for each in _PEOPLE]))
    return {each.email: each for each in (await db.execute(query)).scalars() if each.email is not None}


async def _make_event(db: AsyncSession, now: datetime) -> None:
    event = await read_event(db, for_change=True)
    hashed = await hash_password(MODERATOR_PASSWORD)
    await change_event(db, event, {"name": "Demo event", "moderator_password_hash": hashed})
    organizer = await add_organizer(db, ORGANIZER, now)
    tickets = {name: (await add_named(db, TicketType, name)).id for name in ("Standard", "VIP")}
    sessions: dict[str, str] = {}
    for each in _SESSIONS:
        values: dict[str, Any] = {**default_values(), "moderator_password": None, "title": each.title, **each.fields}
        if each.title == TICKETS:
            values["ticket_types"] = [tickets["VIP"]]
        stored: SessionValues = stored_values(values, None)
        sessions[each.title] = (await add_session(db, stored, organizer, now)).id
    people: dict[str, str] = {}
    for person in _PEOPLE:
        fields: RegistrantValues = {
            "name": person.name,
            "email": person.email,
            "ticket_type": tickets[person.ticket],
            "tags": [],
        }
        people[person.email] = (await add_registrant(db, fields, now)).id
    for title, session in sessions.items():
        await set_people(db, Moderator, session, [people[each.email] for each in _PEOPLE if title in each.moderates])
        await set_people(db, Invitation, session, [people[each.email] for each in _PEOPLE if title in each.invited_to])


async def _links(db: AsyncSession, now: datetime) -> list[DemoLink]:
    until = now + timedelta(days=LINK_DAYS)
    links: list[DemoLink] = []
    query = select(Organizer.id).where(Organizer.name == ORGANIZER).order_by(Organizer.created_at).limit(1)
    organizer = (await db.execute(query)).scalar_one_or_none()
    if organizer is not None:
        token = await issue_token(db, "link", now, organizer=organizer, expires_at=until)
        links.append(DemoLink(ORGANIZER, "organizer of the whole event", token, None))
    found = await _people(db)
    moderated = await db.execute(select(Session.id).where(Session.title == MODERATED).limit(1))
    entrance = moderated.scalar_one_or_none()
    for person in _PEOPLE:
        if (registrant := found.get(person.email)) is not None:
            token = await issue_token(db, "link", now, registrant=registrant.id, expires_at=until)
            links.append(DemoLink(person.name, person.says, token, entrance))
    return links
