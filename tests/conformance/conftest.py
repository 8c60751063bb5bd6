"""Storages for the journal's conformance suite, made from the parameter of the fixture `storage`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from signaling.journal.port import Journal
from tests.support.journals import Storage, make_storage
from tests.support.redis_server import RedisServer


@pytest_asyncio.fixture
async def storage(request: pytest.FixtureRequest, tmp_path: Path, redis_server: RedisServer) -> AsyncIterator[Storage]:
    made = make_storage(request.param, tmp_path / "journals", redis_server)
    yield made
    await made.close()


@pytest.fixture
def journal(storage: Storage) -> Journal:
    return storage.node()
