"""What the catalog's code relies on, the same on SQLite and on PostgreSQL; and a PostgreSQL that is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from roomserver.catalog.event import change_event, read_event
from roomserver.catalog.models import TicketType
from roomserver.catalog.named import add_named, list_named
from roomserver.catalog.store import Catalog, CatalogUnavailable
from tests.support.api import running_api
from tests.support.postgres_server import PostgresServer


@pytest.fixture
async def catalog(database: str) -> AsyncIterator[Catalog]:
    catalog = Catalog(database)
    await catalog.open()
    yield catalog
    await catalog.close()


@pytest.fixture
async def other(database: str) -> AsyncIterator[Catalog]:
    """The same catalog in another process."""
    other = Catalog(database)
    yield other
    await other.close()


async def test_a_reader_sees_one_moment(catalog: Catalog, other: Catalog) -> None:
    async with catalog.reading() as db:
        before = (await read_event(db)).name
        async with other.writing() as writer:
            await change_event(writer, await read_event(writer, for_change=True), {"name": "Renamed meanwhile"})
        db.expire_all()
        assert (await read_event(db)).name == before
    async with catalog.reading() as db:
        assert (await read_event(db)).name == "Renamed meanwhile"


async def test_writers_of_all_processes_stand_in_a_line(catalog: Catalog, other: Catalog) -> None:
    async def count_up(one: Catalog) -> None:
        async with one.writing() as db:
            # Neither locks the row: whoever comes later must see what the one before wrote.
            event = await read_event(db)
            await asyncio.sleep(0)
            await change_event(db, event, {"margin_before_minutes": event.margin_before_minutes + 1})

    await asyncio.gather(*(count_up(one) for _ in range(10) for one in (catalog, other)))
    async with catalog.reading() as db:
        assert (await read_event(db)).margin_before_minutes == 5 + 20


async def test_lists_are_ordered_by_bytes_on_every_database(catalog: Catalog) -> None:
    names = ["b a", "ba", "b-c", "b c", "ß", "Z", "日本", "ø", "a"]
    async with catalog.writing() as db:
        for name in names:
            await add_named(db, TicketType, name)
    pages: list[str] = []
    cursor = None
    async with catalog.reading() as db:
        while True:
            page = await list_named(db, TicketType, cursor, 2)
            pages += [each.sort_key for each in page.items]
            cursor = page.next
            if cursor is None:
                break
    assert pages == sorted(pages, key=str.encode)
    assert len(pages) == len(names)


@pytest.mark.postgresql
async def test_several_servers_can_open_an_empty_database_at_the_same_time(postgres_server: PostgresServer) -> None:
    url = postgres_server.new_database()
    catalogs = [Catalog(url) for _ in range(4)]
    await asyncio.gather(*(each.open() for each in catalogs))
    async with catalogs[0].reading() as db:
        assert (await db.execute(text("SELECT count(*) FROM event"))).scalar_one() == 1
    for each in catalogs:
        await each.close()
    postgres_server.drop(url)


@pytest.mark.postgresql
async def test_a_transaction_that_reads_cannot_write(postgres_server: PostgresServer) -> None:
    url = postgres_server.new_catalog()
    catalog = Catalog(url)
    with pytest.raises(DBAPIError, match="read-only"):
        async with catalog.reading() as db:
            await db.execute(text("DELETE FROM event"))
    await catalog.close()
    postgres_server.give_back(url)


@pytest.mark.postgresql
@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
async def test_every_usual_way_to_write_the_address_works(postgres_server: PostgresServer, scheme: str) -> None:
    url = postgres_server.new_catalog()
    catalog = Catalog(f"{scheme}:{url.partition(':')[2]}?sslmode=disable")
    await catalog.open()
    await catalog.close()
    postgres_server.give_back(url)


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("/postgres", "/missing", 'database "missing" does not exist'),
        ("//postgres@", "//stranger@", 'role "stranger" does not exist'),
        ("?", "?sslmode=require&", "SSL"),
        ("?", "?nonsense=1&", "nonsense"),
    ],
)
async def test_what_postgresql_refuses_is_one_clear_line(
    postgres_server: PostgresServer, before: str, after: str, said: str
) -> None:
    address = f"{postgres_server.url('postgres')}?application_name=test"
    start, _, end = address.rpartition(before)
    catalog = Catalog(f"{start}{after}{end}")
    with pytest.raises(CatalogUnavailable) as problem:
        await catalog.open()
    await catalog.close()
    assert str(problem.value).startswith("database: ")
    assert said in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.postgresql
async def test_a_database_that_was_away_is_used_again(own_postgres: PostgresServer, tmp_path: Path) -> None:
    async with running_api(tmp_path, own_postgres.new_catalog()) as api:
        assert (await api.organizer.get("/api/me")).status_code == 200
        own_postgres.stop()
        away = await api.organizer.get("/api/me")
        assert (away.status_code, away.json()["code"]) == (503, "unavailable")
        assert (await api.stranger.get("/readyz")).json()["reasons"].keys() == {"database"}
        own_postgres.start()
        assert (await api.organizer.get("/api/me")).status_code == 200
        assert (await api.organizer.post("/api/ticket-types", {"name": "Gold"})).status_code == 201
        assert (await api.stranger.get("/readyz")).status_code == 200
