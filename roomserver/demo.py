"""An event to try things out: sessions of every kind, a schedule around now, a few people, and a link to be each of
them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.auth import hash_password
from roomserver.catalog.event import change_event, read_event
from roomserver.catalog.models import Invitation, Moderator, Organizer, Presenter, Registrant, Session, TicketType
from roomserver.catalog.named import add_named
from roomserver.catalog.pictures import Picture
from roomserver.catalog.registrants import RegistrantValues, add_registrant
from roomserver.catalog.schedule_models import SegmentRow
from roomserver.catalog.segments import SegmentValues, add_segment
from roomserver.catalog.sessions import SessionValues, add_session, count_sessions, set_people, set_picture
from roomserver.catalog.store import Catalog
from roomserver.catalog.tokens import add_organizer, issue_token
from roomserver.data_folder import DataFolder, StartError
from roomserver.demo_pictures import round_table_picture, stage_picture
from roomserver.files import Files, open_files
from roomserver.http.session_fields import default_values, stored_values
from roomserver.links import sign_in_link
from roomserver.settings import Settings

MODERATOR_PASSWORD = "round-table"  # noqa: S105 - of an event without secrets, and printed for everybody
LINK_DAYS = 30.0
ORGANIZER = "Olga Organizer"
TIME_ZONE = "Europe/Berlin"


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
    presenters: Sequence[str] = ()
    picture: Callable[[], Picture] | None = None


@dataclass(frozen=True, slots=True)
class _Segment:
    """An entry of the schedule, in hours from the one in which the demo is made."""

    title: str
    starts: float
    ends: float
    sessions: Sequence[str] = ()
    description: str = ""
    location: str = ""


OPEN, MODERATED, STAGE, PRIVATE, TICKETS, FIRST_STEPS, GOOD_SOUND = (
    "Open round table",
    "Ask the experts",
    "Main stage",
    "Speakers' green room",
    "VIP fireside chat",
    "Workshop: moderate a round table",
    "Workshop: sound as good as it gets",
)

_SESSIONS = (
    _Session(
        OPEN,
        {
            "description": "Everybody may go on screen; it is recorded.",
            "rank": 40.0,
            "youtube": True,
            "record": True,
            "tags": ["welcome", "networking"],
            "picture_alt": "People around a table, seen from above",
        },
        ["Li Na"],
        round_table_picture,
    ),
    _Session(
        MODERATED,
        {
            "description": "Ask to go on screen; a moderator lets you in.",
            "share_policy": "moderated",
            "rank": 30.0,
            "youtube": True,
            "display_size": "medium",
            "tags": ["questions"],
        },
        ["Dr. Amina Yusuf", "Jonas Weber"],
    ),
    _Session(
        STAGE,
        {
            "description": "Invited speakers only; everybody watches.",
            "kind": "stage",
            "share_policy": "invite_only",
            "availability": "scheduled",
            "rank": 20.0,
            "display_size": "medium",
            "tags": ["keynote"],
            "location": "Hall 1",
            "picture_alt": "A speaker in the light of a stage, and the heads of those who watch",
        },
        ["Dr. Amina Yusuf"],
        stage_picture,
    ),
    _Session(
        PRIVATE,
        {
            "description": "Only for those who are invited.",
            "watch_policy": "private",
            "rank": 10.0,
            "display_size": "medium",
        },
    ),
    _Session(
        TICKETS,
        {
            "description": "For VIP tickets.",
            "watch_policy": "tickets",
            "display_size": "medium",
            "tags": ["networking"],
        },
        ["Jonas Weber"],
    ),
    _Session(
        FIRST_STEPS,
        {
            "description": "Requests, approvals and a calm hand: try it with each other.",
            "availability": "scheduled",
            "display_size": "medium",
            "tags": ["workshop"],
        },
        ["Mona Moderator"],
    ),
    _Session(
        GOOD_SOUND,
        {
            "description": "Microphones, rooms and what to do about echo.",
            "availability": "scheduled",
            "display_size": "medium",
            "tags": ["workshop"],
        },
        ["Li Na", "Jonas Weber"],
    ),
)

_SCHEDULE = (
    _Segment("Doors open", -3, -2),
    _Segment("Welcome", -2, -1, [STAGE], "Who is here, and what the two days bring.", "Hall 1"),
    _Segment("Rooms that work", -1, 2, [STAGE], "What makes people stay, speak and come back: a talk and a panel."),
    _Segment("Coffee break", 2, 2.5, description="The open round table is a good place to have it."),
    _Segment("Workshops", 2.5, 4, [FIRST_STEPS, GOOD_SOUND], "Two at the same time: choose one."),
    _Segment("The day in ten minutes", 4, 4.25, [STAGE], location="Hall 1"),
    _Segment("Good morning", 22, 23, [STAGE], "Questions that were left from yesterday."),
    _Segment("Workshop again: moderate a round table", 23, 24.5, [FIRST_STEPS]),
    _Segment("Lunch", 24.5, 25.5),
    _Segment("Closing panel", 25.5, 27, [STAGE], "Everybody who was on stage, once more.", "Hall 1"),
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
                await _hang_pictures(db, open_files(settings.files_url, DataFolder(settings).files))
            await _keep_schedule_going(db, now)
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
    own = {"name": "Demo event", "time_zone": TIME_ZONE, "attendee_sessions": True, "moderator_password_hash": hashed}
    await change_event(db, event, own)
    organizer = await add_organizer(db, ORGANIZER, now)
    tickets = {name: (await add_named(db, TicketType, name)).id for name in ("Standard", "VIP")}
    sessions = await _add_sessions(db, organizer, tickets["VIP"], now)
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


async def _add_sessions(db: AsyncSession, organizer: str, vip: str, now: datetime) -> dict[str, str]:
    """Their ids by title."""
    presenters = {
        name: (await add_named(db, Presenter, name)).id
        for name in dict.fromkeys(name for each in _SESSIONS for name in each.presenters)
    }
    sessions: dict[str, str] = {}
    for each in _SESSIONS:
        values: dict[str, Any] = {**default_values(), "moderator_password": None, "title": each.title, **each.fields}
        values["presenters"] = [presenters[name] for name in each.presenters]
        if each.title == TICKETS:
            values["ticket_types"] = [vip]
        stored: SessionValues = stored_values(values, None)
        sessions[each.title] = (await add_session(db, stored, organizer, now)).id
    return sessions


async def _hang_pictures(db: AsyncSession, files: Files) -> None:
    found = await _sessions_by_title(db)
    for each in _SESSIONS:
        if each.picture is not None:
            picture = await asyncio.to_thread(each.picture)
            name = f"pictures/{secrets.token_urlsafe(16)}.webp"
            await files.put(name, picture.content)
            await set_picture(db, found[each.title], name)


async def _keep_schedule_going(db: AsyncSession, now: datetime) -> None:
    """A demo that is started days later has something happening too."""
    left = await db.execute(select(SegmentRow.id).where(SegmentRow.ends_at > now).limit(1))
    if left.first() is not None:
        return
    found = await _sessions_by_title(db)
    hour = now.replace(minute=0, second=0, microsecond=0)
    for each in _SCHEDULE:
        values: SegmentValues = {
            "title": each.title,
            "description": each.description,
            "location": each.location,
            "starts_at": hour + timedelta(hours=each.starts),
            "ends_at": hour + timedelta(hours=each.ends),
            # Whoever tries things out may have deleted some, or opened them for good.
            "sessions": [found[title].id for title in each.sessions if _is_scheduled(found, title)],
        }
        await add_segment(db, values, now)


async def _sessions_by_title(db: AsyncSession) -> dict[str, Session]:
    titles = [each.title for each in _SESSIONS]
    return {each.title: each for each in (await db.execute(select(Session).where(Session.title.in_(titles)))).scalars()}


def _is_scheduled(found: Mapping[str, Session], title: str) -> bool:
    return title in found and found[title].availability == "scheduled"


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
