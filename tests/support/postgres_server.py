"""A real PostgreSQL for tests: its own process, temporary directory and ephemeral loopback port."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from roomserver.catalog.store import Catalog

START_SECONDS = 30.0
ACCOUNT = "postgres"
"""Whom the server runs as when the tests run as root, which it refuses."""

TEMPLATE = "migrated"

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
REMEMBER = f"""
    DO $$ DECLARE name text; BEGIN
        CREATE SCHEMA fresh;
        FOR name IN {_TABLES} LOOP EXECUTE format('CREATE TABLE fresh.%1$I AS TABLE public.%1$I', name); END LOOP;
    END $$
"""
"""Copies of the rows that a fresh catalog has."""
RESTORE = f"""
    SET session_replication_role = replica;  -- in any order: no foreign key is checked meanwhile
    DO $$ DECLARE name text; BEGIN
        FOR name IN {_TABLES} LOOP
            EXECUTE format('DELETE FROM public.%I', name);
            EXECUTE format('INSERT INTO public.%1$I SELECT * FROM fresh.%1$I', name);
        END LOOP;
    END $$
"""


class PostgresServer:
    """Reachable between `start` and `stop`. Fast and forgetful: nothing is synced to the disk."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._directory = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self._template_made = False
        self._idle: list[str] = []
        self._prefix: list[str] = []
        if os.geteuid() == 0:
            account = pwd.getpwnam(ACCOUNT)
            os.chown(self._directory, account.pw_uid, account.pw_gid)
            ids = (f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups", "--inh-caps=-all")
            self._prefix = ["setpriv", *ids]  # exec: the process that is started is PostgreSQL itself

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{ACCOUNT}@127.0.0.1:{self._port}/{database}"

    def start(self) -> None:
        """Start, again on the same port if there was one, and return when it answers."""
        assert self._process is None
        if not self._data.exists():
            options = ["--auth=trust", f"--username={ACCOUNT}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
            self._run("initdb", "-D", str(self._data), *options)
        for _ in range(5):  # the free port may be taken by somebody else before PostgreSQL binds it
            self._port = self._port or _free_port()
            self._process = subprocess.Popen(
                [*self._prefix, str(self._programs / "postgres"), *self._settings()],
                cwd=self._directory,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if self._wait_until_ready(self._process):
                return
            self._process = None
            self._port = 0
        raise RuntimeError("postgres does not start")

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"empty_{next(self._numbers)}"
        self.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def new_catalog(self) -> str:
        """The address of a fresh catalog. Give it back: making the next one from it is much cheaper than making one."""
        if self._idle:
            return self._idle.pop()
        if not self._template_made:
            self.execute(f'CREATE DATABASE "{TEMPLATE}"')
            in_thread(_migrate(self.url(TEMPLATE)))
            in_thread(_execute(self.url(TEMPLATE), REMEMBER))
            self._template_made = True
        name = f"catalog_{next(self._numbers)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
        return self.url(name)

    def give_back(self, url: str) -> None:
        """Make a catalog fresh again for the next test. Nobody may be connected to it any more."""
        try:
            in_thread(_execute(url, RESTORE))
        except asyncpg.PostgresError:  # the test left it with another schema
            self.drop(url)
        else:
            self._idle.append(url)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        """Give the server a statement beside the code under test."""
        in_thread(_execute(self.url(), statement))

    def stop(self) -> None:
        """End it at once, with every connection."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown"
        self._process.wait(timeout=30)
        self._process = None

    def remove(self) -> None:
        if self._process is not None:
            self.stop()
        shutil.rmtree(self._directory)

    @property
    def _data(self) -> Path:
        return self._directory / "data"

    def _settings(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "autovacuum": "off",
            "max_connections": "100",
            "shared_buffers": "64MB",
        }
        return [
            "-D",
            str(self._data),
            *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
        ]

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [*self._prefix, str(self._programs / program), *words],
            cwd=self._directory,
            capture_output=True,
            check=False,
            timeout=60,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.decode(errors='replace')}")

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                self.execute("SELECT 1")
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                time.sleep(0.02)  # a poll with a deadline: PostgreSQL tells nobody that it is ready
            else:
                return True
        process.kill()
        process.wait()
        return False


def in_thread(work: Coroutine[Any, Any, None]) -> None:
    """Carry out something asynchronous from a function that isn't, whether or not a loop is running here."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _migrate(url: str) -> None:
    catalog = Catalog(url)
    await catalog.open()
    await catalog.close()


def _programs() -> Path:
    """Where Debian keeps the newest PostgreSQL's programs, which are not on the path; else beside `postgres` there."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda each: int(each.parts[-3]))
    on_path = shutil.which("postgres")
    if not found and on_path is None:
        raise RuntimeError("there is no PostgreSQL here: install Debian's postgresql")
    return found[-1].parent if found else Path(str(on_path)).parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for the whole run. Tests keep apart by databases and leave it running."""
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A server that a test may stop and restart."""
    server = PostgresServer()
    server.start()
    yield server
    server.remove()
