"""Fixtures: one server's side of recordings, over a fresh catalog of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from roomserver.catalog.store import Catalog
from roomserver.files import Files, open_files
from tests.support.fake_clock import FakeClock
from tests.support.recordings import RecordingHouse


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def catalog(database: str) -> AsyncIterator[Catalog]:
    catalog = Catalog(database)
    await catalog.open()
    yield catalog
    await catalog.close()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return open_files(None, tmp_path / "files")


@pytest.fixture
async def house(catalog: Catalog, files: Files, clock: FakeClock, tmp_path: Path) -> AsyncIterator[RecordingHouse]:
    house = RecordingHouse(catalog, files, clock, tmp_path)
    yield house
    await house.queue.close()
