"""A page of the lists of a large event: 10,000 sessions and 100,000 registrants, on SQLite and on PostgreSQL.

The limit beside it reads as many rows of the same table by its primary key, on the same connection, and makes no
objects of them. The plan of every query is looked at: the bench fails where one reads a whole table.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import event, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bench.measure import Result, main, summarize
from roomserver.catalog.access import Asker
from roomserver.catalog.engines import make_database
from roomserver.catalog.models import (
    LAST_MOMENT,
    Base,
    Invitation,
    Presenter,
    Registrant,
    Session,
    SessionPresenter,
    SessionTag,
    SessionTicketType,
    TicketType,
)
from roomserver.catalog.paging import encode_cursor
from roomserver.catalog.registrants import list_registrants
from roomserver.catalog.schedule_models import SegmentRow, SegmentSession
from roomserver.catalog.search_keys import search_key, sort_key
from roomserver.catalog.session_list import SessionFilter, list_sessions
from roomserver.catalog.store import Catalog, sqlite_url
from tests.support.postgres_server import PostgresServer  # the one way to have a real PostgreSQL at hand

BENCH = "catalog_lists"
REGISTRANTS = 100_000
SESSIONS = 10_000
INVITED = 5
"""Registrants invited to each private session."""
PAGE = 50
ROUNDS = 15
NOW = datetime(2026, 3, 1, tzinfo=UTC)
LIMIT_IS = "as many rows of the same table by primary key, as plain tuples"

FIRST_NAMES = (
    *("Ada", "Ben", "Çelik", "Dora", "Émile", "Fatma", "Grace", "Hans", "Ines"),
    *("Jürgen", "Kenji", "Lena", "Mona", "Noor", "Olga", "Pavel", "Rosa", "Søren"),
)
LAST_NAMES = (
    *("Ångström", "Becker", "Costa", "Dubois", "Eriksen", "Fischer", "García"),
    *("Hopper", "Ivanova", "Jansen", "Kovač", "Lovelace", "Müller"),
)

# Reading all of one of these where a page was asked for is what must not happen.
LARGE = (
    *("registrants", "sessions", "invitations", "session_ticket_types", "session_tags", "session_presenters"),
    *("segments", "segment_sessions"),
)
_SQLITE_SCAN = re.compile(rf"^SCAN ({'|'.join(LARGE)})(?! USING)")
_POSTGRESQL_SCAN = re.compile(rf"Seq Scan on ({'|'.join(LARGE)})\b")

Ask = Callable[[AsyncSession], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Case:
    what: str
    table: str
    ask: Ask


# --- the event -----------------------------------------------------------------------------------------------


Row = dict[str, Any]


@cache
def registrants() -> Sequence[Row]:
    return list(_registrants())


@cache
def sessions() -> Sequence[Row]:
    return list(_sessions())


def _registrants() -> Iterator[Row]:
    chance = random.Random(1)
    for number in range(REGISTRANTS):
        name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)} {number}"
        email = f"person{number}@example.org"
        yield {
            "id": f"reg_{number:08}",
            "version": 1,
            "name": name,
            "email": email,
            "ticket_type": "tkt_gold" if number % 3 == 0 else None,
            "tags": [],
            "sort_key": sort_key(name),
            "search_key": search_key(name, email),
            "created_at": NOW,
        }


def _sessions() -> Iterator[Row]:
    chance = random.Random(2)
    policies = ("anyone", "anyone", "private", "private", "private", "tickets", "unlisted")
    for number in range(SESSIONS):
        title = f"Talk {chance.randrange(10**6)} on {chance.choice(LAST_NAMES)}"
        yield {
            "id": f"ses_{number:08}",
            "version": 1,
            "title": title,
            "description": "What it is about, in a sentence or two. " * 3,
            "additional_info": "A long text. " * 200,
            "display_size": "large",
            "rank": 0.0,
            "rank_order": 0.0,
            "picture_alt": "",
            "location": f"Hall {number % 40}",
            "kind": "session",
            "watch_policy": policies[number % len(policies)],
            "hidden": number % 11 == 0,
            "share_policy": "anyone",
            "max_on_screen": 50,
            "overflow": "keep",
            "availability": "scheduled" if number % 5 == 0 else "always_open",
            "youtube": False,
            "record": False,
            "rtmp": False,
            "created_at": NOW,
            "start_order": LAST_MOMENT,
            "sort_key": sort_key(title),
            "search_key": search_key(title, f"Hall {number % 40}"),
        }


def links() -> Iterator[tuple[type[Base], list[Row]]]:
    """What hangs on the sessions."""
    chance = random.Random(3)
    ids = [each["id"] for each in sessions()]
    people = range(REGISTRANTS)
    invited = [(each, number) for each in ids for number in chance.sample(people, INVITED)]
    yield Invitation, [{"session": each, "registrant": f"reg_{number:08}"} for each, number in invited]
    yield SessionTicketType, [{"session": each, "ticket_type": "tkt_gold"} for each in ids[::2]]
    yield SessionTag, [{"session": each, "tag": f"tag {at}", "position": at} for each in ids for at in range(3)]
    yield SessionPresenter, [{"session": each, "presenter": "prs_1", "position": 0} for each in ids]
    hours = [(each, NOW + timedelta(hours=number - 100)) for number, each in enumerate(ids[::5])]
    yield (
        SegmentRow,
        [
            {
                "id": f"seg_{each}",
                "version": 1,
                "title": "Talk",
                "description": "",
                "location": "",
                "starts_at": hour,
                "ends_at": hour + timedelta(hours=1),
                "sort_key": "talk",
                "created_at": NOW,
                "updated_at": NOW,
            }
            for each, hour in hours
        ],
    )
    yield SegmentSession, [{"segment": f"seg_{each}", "session": each, "position": 0} for each, _ in hours]


async def fill(catalog: Catalog) -> None:
    async with catalog.writing() as db:
        await db.execute(insert(TicketType), [{"id": "tkt_gold", "version": 1, "name": "Gold", "sort_key": "gold"}])
        await db.execute(insert(Presenter), [{"id": "prs_1", "version": 1, "name": "Grace", "sort_key": "grace"}])
        everything: list[tuple[type[Base], Sequence[Row]]] = [(Registrant, registrants()), (Session, sessions())]
        for table, rows in (*everything, *links()):
            for start in range(0, len(rows), 10_000):
                await db.execute(insert(table), rows[start : start + 10_000])


# --- what is asked ---------------------------------------------------------------------------------------------


def people(q: str | None = None, at: float | None = None) -> Ask:
    cursor = None
    if at is not None:
        keys = sorted((each["sort_key"], each["id"]) for each in registrants())
        cursor = encode_cursor(keys[int(len(keys) * at)])
    return lambda db: list_registrants(db, q, cursor, PAGE)


def listed(asker: Asker, q: str | None = None, at: float | None = None) -> Ask:
    cursor = None
    if at is not None:
        keys = sorted((each["sort_key"], each["id"]) for each in sessions())
        cursor = encode_cursor([0.0, LAST_MOMENT.isoformat(), *keys[int(len(keys) * at)]])
    return lambda db: list_sessions(db, asker, SessionFilter(q=q), NOW, cursor=cursor, limit=PAGE)


def cases() -> list[Case]:
    organizer = Asker("org_1", "Olga", organizer=True)
    attendee = Asker("reg_00000003", "Ada", ticket_type="tkt_gold")
    return [
        Case("registrants: first page", "registrants", people()),
        Case("registrants: page from the middle", "registrants", people(at=0.5)),
        Case("registrants: last page", "registrants", people(at=0.9995)),
        Case("registrants: q of many names", "registrants", people(q="müll")),
        Case("registrants: q of one name", "registrants", people(q=f"person{REGISTRANTS - 7}@")),
        Case("registrants: q of no name", "registrants", people(q="nobody at all")),
        Case("sessions: organizer, first page", "sessions", listed(organizer)),
        Case("sessions: organizer, page from the middle", "sessions", listed(organizer, at=0.5)),
        Case("sessions: organizer, q of no title", "sessions", listed(organizer, q="nothing at all")),
        Case("sessions: attendee, first page", "sessions", listed(attendee)),
        Case("sessions: attendee, page from the middle", "sessions", listed(attendee, at=0.5)),
    ]


# --- looking at plans ------------------------------------------------------------------------------------------


@contextmanager
def noted(connection: AsyncConnection) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed meanwhile, as the driver gets them."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        statements.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection.sync_connection, "before_cursor_execute", note)


async def plan_of(connection: AsyncConnection, statement: str, parameters: Any) -> list[str]:
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = (await connection.exec_driver_sql(f"{explain} {statement}", parameters)).all()
    return [str(row[-1]) for row in rows]


async def look_at_plans(db: AsyncSession, database: str, case: Case) -> bool:
    """Print the plans of a case's queries; whether none of them has to read a whole table."""
    connection = await db.connection()
    with noted(connection) as statements:
        await case.ask(db)
    whole: list[str] = []
    for statement, parameters in statements:
        plan = await plan_of(connection, statement, parameters)
        if not any(table in line for table in LARGE for line in plan):
            continue
        print(f"{database}, {case.what}:", *(line[:160] for line in plan), sep="\n    ", file=sys.stderr)
        if connection.dialect.name == "postgresql":
            # It reads a table of a hundred pages faster than its index. The question is whether there is an index.
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = await plan_of(connection, statement, parameters)
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = on")
        whole += [line for line in plan if _SQLITE_SCAN.search(line) or _POSTGRESQL_SCAN.search(line)]
    for line in whole:
        print(f"{database}, {case.what}: NO INDEX SERVES: {line.strip()}", file=sys.stderr)
    return not whole


# --- measuring -------------------------------------------------------------------------------------------------


async def measure(db: AsyncSession, database: str, case: Case) -> Result:
    connection = await db.connection()
    bare = text(f"SELECT * FROM {case.table} WHERE id >= :start ORDER BY id LIMIT {PAGE + 1}")
    start = {"registrants": f"reg_{REGISTRANTS // 2:08}", "sessions": f"ses_{SESSIONS // 2:08}"}[case.table]
    rounds: list[tuple[float, float]] = []
    for _ in range(ROUNDS + 1):
        begun = perf_counter()
        await case.ask(db)
        asked = perf_counter()
        db.expunge_all()  # the next round must make its objects anew
        limit_begun = perf_counter()
        (await connection.execute(bare, {"start": start})).all()
        rounds.append(((asked - begun) * 1e3, (perf_counter() - limit_begun) * 1e3))
    return summarize(BENCH, f"{database}, {case.what}", "ms/page", LIMIT_IS, rounds[1:])


async def run_on(url: str) -> list[Result]:
    """Raises SystemExit if a query reads a whole table."""
    catalog = Catalog(url)
    await catalog.open()
    await fill(catalog)
    name = "SQLite"
    if url.startswith("postgresql:"):
        name = "PostgreSQL"
        await tidy(url)
    results: list[Result] = []
    good = True
    async with catalog.reading() as db:
        for case in cases():
            good = await look_at_plans(db, name, case) and good
            results.append(await measure(db, name, case))
    await catalog.close()
    if not good:
        raise SystemExit(f"{BENCH}: a query has to read a whole table where an index should serve")
    return results


async def tidy(url: str) -> None:
    """What PostgreSQL does by itself some time after many rows came in."""
    engine = make_database(url).engine
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
    await engine.dispose()


def run() -> list[Result]:
    server = PostgresServer()
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            on_sqlite = asyncio.run(run_on(sqlite_url(Path(folder) / "catalog.sqlite")))
        return [*on_sqlite, *asyncio.run(run_on(server.new_database()))]
    finally:
        server.remove()


if __name__ == "__main__":
    main(run, __doc__ or "")
