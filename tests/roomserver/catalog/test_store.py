"""The catalog's storage: schema, transactions, several processes at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, select, text

from roomserver.catalog.event import read_event
from roomserver.catalog.models import Base, TicketType
from roomserver.catalog.named import add_named
from roomserver.catalog.store import Catalog, CatalogUnavailable, sqlite_url


async def opened(folder: Path) -> Catalog:
    catalog = Catalog(sqlite_url(folder / "catalog.sqlite"))
    await catalog.open()
    return catalog


async def test_a_fresh_catalog_has_an_event(tmp_path: Path) -> None:
    catalog = await opened(tmp_path)
    async with catalog.reading() as db:
        assert (await read_event(db)).kind == "multi_session"
    await catalog.close()


async def test_the_migrations_lead_to_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    await (await opened(tmp_path)).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'catalog.sqlite'}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    assert differences == []


def test_the_migrations_lead_back_to_nothing(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'catalog.sqlite'}")
    config = Config()
    config.set_main_option("script_location", "roomserver.catalog:migrations")
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        command.downgrade(config, "base")
        left = set(inspect(connection).get_table_names())
    engine.dispose()
    assert left == {"alembic_version"}


async def test_several_processes_can_open_a_fresh_catalog_at_the_same_time(tmp_path: Path) -> None:
    catalogs = [Catalog(sqlite_url(tmp_path / "catalog.sqlite")) for _ in range(4)]
    await asyncio.gather(*(each.open() for each in catalogs))
    async with catalogs[0].reading() as db:
        assert (await db.execute(text("SELECT count(*) FROM event"))).scalar_one() == 1
    for each in catalogs:
        await each.close()


async def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    catalog = await opened(tmp_path)

    async def fail_half_way() -> None:
        async with catalog.writing() as db:
            await add_named(db, TicketType, "Gold")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    async with catalog.reading() as db:
        assert (await db.execute(select(TicketType))).all() == []
    await catalog.close()


async def test_writers_wait_for_each_other_and_readers_for_nobody(tmp_path: Path) -> None:
    catalog = await opened(tmp_path)
    async with catalog.writing() as db:
        await add_named(db, TicketType, "Gold")
        async with catalog.reading() as other:
            assert (await other.execute(select(TicketType))).all() == []

    async def add(number: int) -> None:
        async with catalog.writing() as db:
            await add_named(db, TicketType, f"Type {number}")

    await asyncio.gather(*(add(number) for number in range(12)))
    async with catalog.reading() as db:
        assert len((await db.execute(select(TicketType))).all()) == 13
    await catalog.close()


@pytest.mark.parametrize("address", ["nonsense", "mysql://localhost/x", "sqlite+aiosqlite:////dev/null/none/catalog"])
async def test_a_database_that_cannot_be_used_is_one_clear_line(address: str) -> None:
    async def open_it() -> None:
        catalog = Catalog(address)
        try:
            await catalog.open()
        finally:
            await catalog.close()

    with pytest.raises(CatalogUnavailable) as problem:
        await open_it()
    assert str(problem.value).startswith("database: ")
    assert "\n" not in str(problem.value)


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    file.write_text("my diary")
    catalog = Catalog(sqlite_url(file))
    with pytest.raises(CatalogUnavailable, match="isn't an SQLite database"):
        await catalog.open()
    await catalog.close()
    assert file.read_text() == "my diary"
