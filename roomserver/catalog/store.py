"""The catalog's storage: one engine, read and write transactions, schema at its newest version.

SQLite in WAL mode is the embedded default: many readers, one writer at a time, safe against a killed process.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from roomserver.catalog.models import ONE_EVENT, Event

SQLITE_BUSY_MS = 10_000
"""How long a writer waits for another process, such as `roomserver token` beside a running server."""


class CatalogUnavailable(Exception):
    """The database can't be opened or reached. The text is for the operator."""


def new_id(prefix: str) -> str:
    """An id with a readable prefix (`ses`, `reg`...), unique without asking the database."""
    return f"{prefix}_{secrets.token_hex(8)}"


def sqlite_url(file: Path) -> str:
    """The address of an embedded catalog."""
    return f"sqlite+aiosqlite:///{file}"


class Catalog:
    """Everything the organizers set up. Call `open` first and `close` at the end."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise CatalogUnavailable("database: this isn't an address like sqlite+aiosqlite:///FILE") from error
        if parsed.get_backend_name() != "sqlite":
            raise CatalogUnavailable(f"database: {parsed.get_backend_name()!r} isn't supported; use sqlite+aiosqlite")
        self._engine: AsyncEngine = create_async_engine(parsed)
        _prepare_sqlite(self._engine)
        self._read = async_sessionmaker(self._engine, expire_on_commit=False)
        self._write = async_sessionmaker(self._engine.execution_options(writes=True), expire_on_commit=False)
        # SQLite lets waiting writers poll for the lock, and the unlucky ones starve: here they stand in a line.
        self._writer = asyncio.Lock()

    async def open(self) -> None:
        """Bring the schema to its newest version and make sure that there is an event.

        Safe when several processes do it at the same time. Raises CatalogUnavailable."""
        try:
            async with self._engine.execution_options(writes=True).begin() as connection:
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


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would otherwise begin transactions of its own, too late
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer asks for the lock at once: turning a reader into a writer later can fail without waiting.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "roomserver.catalog:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
