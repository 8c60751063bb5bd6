"""Fixtures of the application's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.api import Api, fresh_catalog, running_api
from tests.support.postgres_server import PostgresServer


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh catalog, on each database by turns: whatever uses this is tested on both."""
    if request.param == "sqlite":
        yield fresh_catalog(tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.new_catalog()
    yield url
    server.give_back(url)


@pytest.fixture
async def api(tmp_path: Path, database: str) -> AsyncIterator[Api]:
    async with running_api(tmp_path, database) as running:
        yield running
