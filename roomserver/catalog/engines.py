"""SQLite or PostgreSQL: the one file that knows which, and makes both behave alike.

Either way readers see one moment and wait for nobody, and writers stand in a line: a transaction that writes sees
everything that was written before it, on whichever server, and nothing comes in between. So a rule like "names are
unique" or "a single-session event has one session" is checked and kept in one transaction, without retries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

WRITER_WAIT_MS = 10_000
"""How long a writer waits for another process, such as `roomserver token` beside a running server."""

CONNECT_SECONDS = 10
STATEMENT_SECONDS = 60
IDLE_WRITER_MS = 60_000
"""A server that went away in the middle of a transaction keeps the others from writing for so long at most."""

CONNECTIONS_KEPT, CONNECTIONS_MORE = 10, 10

WRITERS_LINE = 0x726F6F6D73
"""The advisory lock that PostgreSQL's writers stand in line for."""

_SQLITE_HEADER = b"SQLite format 3\0"


class CatalogUnavailable(Exception):
    """The database can't be opened or reached. The text is for the operator."""


@dataclass(frozen=True, slots=True)
class Database:
    """An engine and how transactions are begun on it."""

    engine: AsyncEngine
    reading: Mapping[str, Any]
    """Execution options of transactions that only read."""
    writing: Mapping[str, Any] = field(default_factory=lambda: {"writes": True})
    file: Path | None = None
    """SQLite's file."""

    def check_file(self) -> None:
        """Tell a file that can't be used before the driver tries: a connection that it can't open leaves a thread.

        Raises CatalogUnavailable."""
        if self.file is None:
            return
        try:
            with self.file.open("ab+") as handle:
                handle.seek(0)
                start = handle.read(len(_SQLITE_HEADER))
        except OSError as error:
            raise CatalogUnavailable(f"database: {self.file}: {error.strerror or error}") from error
        if start not in (b"", _SQLITE_HEADER):
            raise CatalogUnavailable(f"database: {self.file} isn't an SQLite database")


def make_database(url: str) -> Database:
    """The database at an address: `sqlite+aiosqlite:///FILE` or `postgresql://...`. Connects to nothing yet.

    Raises CatalogUnavailable for any other address."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise CatalogUnavailable(
            "database: this isn't an address like postgresql://USER:PASSWORD@HOST/DATABASE or sqlite+aiosqlite:///FILE"
        ) from error
    match parsed.drivername:
        case "sqlite" | "sqlite+aiosqlite":
            return _sqlite(parsed.set(drivername="sqlite+aiosqlite"))
        case "postgresql" | "postgres" | "postgresql+asyncpg":
            return _postgresql(url.replace(parsed.drivername, "postgresql", 1))
    raise CatalogUnavailable(f"database: {parsed.drivername!r} isn't supported; use postgresql or sqlite+aiosqlite")


# --- SQLite ------------------------------------------------------------------------------------------------


def _sqlite(url: URL) -> Database:
    engine = create_async_engine(url)

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would otherwise begin transactions of its own, too late
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {WRITER_WAIT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer asks for the lock at once: turning a reader into a writer later can fail without waiting.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    file = Path(url.database) if url.database and url.database != ":memory:" else None
    return Database(engine, reading={}, file=file)


# --- PostgreSQL --------------------------------------------------------------------------------------------


def _postgresql(url: str) -> Database:
    async def connect() -> asyncpg.Connection[asyncpg.Record]:
        # The driver reads the address itself: it knows all that PostgreSQL's own tools do (sslmode, host=/socket).
        try:
            return await asyncpg.connect(
                url,
                timeout=CONNECT_SECONDS,
                command_timeout=STATEMENT_SECONDS,
                server_settings={
                    "application_name": "roomserver",
                    "lock_timeout": str(WRITER_WAIT_MS),
                    "idle_in_transaction_session_timeout": str(IDLE_WRITER_MS),
                    "jit": "off",  # compiling costs more than these short queries take
                },
            )
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            raise CatalogUnavailable(f"database: {_one_line(error)}") from error

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=CONNECTIONS_KEPT,
        max_overflow=CONNECTIONS_MORE,
        pool_timeout=CONNECT_SECONDS,
        pool_pre_ping=True,  # after a restart of the database the pool's connections are dead
    )

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LINE})")

    @event.listens_for(engine.sync_engine, "handle_error")
    def _lost(context: ExceptionContext) -> BaseException | None:
        # A connection that breaks, or a statement that takes too long, is no error of SQL to the driver.
        error = context.original_exception
        return CatalogUnavailable(f"database: {_one_line(error)}") if isinstance(error, OSError) else None

    return Database(engine, reading={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
