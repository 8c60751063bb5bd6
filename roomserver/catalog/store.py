"""The catalog's storage: one engine, read and write transactions, schema at its newest version.

SQLite in WAL mode is the embedded default; PostgreSQL serves several nodes. `engines` makes them behave alike.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from roomserver.catalog.engines import CatalogUnavailable, make_database
from roomserver.catalog.models import ONE_EVENT, Event

__all__ = ["Catalog", "CatalogUnavailable", "new_id", "sqlite_url"]


def new_id(prefix: str) -> str:
    """An id with a readable prefix (`ses`, `reg`...), unique without asking the database."""
    return f"{prefix}_{secrets.token_hex(8)}"


def sqlite_url(file: Path) -> str:
    """The address of an embedded catalog."""
    return f"sqlite+aiosqlite:///{file}"


class Catalog:
    """Everything the organizers set up. Call `open` first and `close` at the end."""

    def __init__(self, url: str) -> None:
        """Connects to nothing yet. Raises CatalogUnavailable for an address that can't be used."""
        self._database = make_database(url)
        self._engine = self._database.engine
        self._read = async_sessionmaker(
            self._engine.execution_options(**self._database.reading), expire_on_commit=False
        )
        self._writer_engine = self._engine.execution_options(**self._database.writing)
        self._write = async_sessionmaker(self._writer_engine, expire_on_commit=False)
        # SQLite lets waiting writers poll for the lock, and the unlucky ones starve: here they stand in a line. With
        # PostgreSQL it keeps those who wait from taking every connection.
        self._writer = asyncio.Lock()

    async def open(self) -> None:
        """Bring the schema to its newest version and make sure that there is an event.

        Safe when several processes do it at the same time. Raises CatalogUnavailable."""
        self._database.check_file()
        try:
            async with self._writer_engine.begin() as connection:
                await connection.run_sync(_migrate)
            async with self.writing() as db:
                if await db.get(Event, ONE_EVENT) is None:
                    db.add(_first_event())
        except SQLAlchemyError as error:
            raise CatalogUnavailable(f"database: {_first_line(error)}") from error

    async def ping(self) -> None:
        """Raises CatalogUnavailable if the database doesn't answer."""
        try:
            async with self._engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            raise CatalogUnavailable(f"database: {_first_line(error)}") from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A consistent view; nothing is written."""
        async with self._read() as db, db.begin():
            yield db

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A transaction: committed when the block ends well, undone when it raises."""
        async with self._writer, self._write() as db, db.begin():
            yield db

    async def close(self) -> None:
        await self._engine.dispose()


def _first_event() -> Event:
    return Event(
        id=ONE_EVENT,
        name="My event",
        time_zone="UTC",
        kind="multi_session",
        margin_before_minutes=5,
        margin_after_minutes=0,
        attendee_sessions=False,
        evaluation_unlock_minutes=0,
        moderator_password_hash=None,
    )


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "roomserver.catalog:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _first_line(error: Exception) -> str:
    cause = error.__cause__ or error  # the driver's own words
    return (str(cause).splitlines() or [type(cause).__name__])[0]
