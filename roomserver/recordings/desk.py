"""Everything that goes on around recordings in a running server: looking, rendering, deleting what is too old."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from roomserver.catalog.render_jobs import release_claims
from roomserver.catalog.store import CatalogUnavailable
from roomserver.files import FilesUnavailable
from roomserver.metrics import Numbers
from roomserver.recordings.keeper import LOOK_SECONDS, Keeper
from roomserver.recordings.queue import QueueParts, RenderQueue
from roomserver.recordings.retention import keep_retention
from roomserver.settings import Settings

_log = structlog.get_logger("roomserver.recordings")

RETENTION_SECONDS = 3600.0
LEFT_SECONDS = 86_400.0
"""A file that is being made grows all the time; what didn't for so long is nobody's any more."""
GB = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after which something is deleted; None: never."""

    tracks_days: float | None = None
    recordings_days: float | None = None


def render_jobs(settings: Settings) -> int:
    """How many blocks are rendered at a time: unless the setting says so, one core is left for the rooms."""
    return max(1, len(os.sched_getaffinity(0)) - 1) if settings.render_jobs is None else settings.render_jobs


def spare_bytes(settings: Settings) -> int:
    """What rendering leaves of the disk: as much as recordings need to go on."""
    return int(settings.recording_stop_gb * GB)


class RecordingsDesk:
    """Call `start` once the catalog is open, and `close` before it is closed."""

    def __init__(self, parts: QueueParts, jobs: int, retention: Retention) -> None:
        self._parts = parts
        self._retention = retention
        self._keeper = Keeper(parts.catalog, parts.captures, parts.place, parts.clock)
        self._wake = asyncio.Event()
        self._queue = RenderQueue(parts, jobs, self._wake.set)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._look()), asyncio.create_task(self._retain())]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._queue.close()

    def changed(self, recording: str) -> None:
        """Somebody asked for a rendering of this one, or deleted something of it."""
        self._keeper.look_soon(recording)
        self._wake.set()

    def numbers(self) -> Numbers:
        queue = self._queue.numbers
        return {
            "waiting_blocks": queue.waiting,
            "rendering_blocks": queue.rendering,
            "rendered_blocks_total": queue.rendered,
            "failed_renders_total": queue.failed,
            "rendered_seconds_total": queue.rendered_seconds,
        }

    async def _look(self) -> None:
        await self._begin()
        while True:
            try:
                await self._keeper.look()
                await self._queue.step()
            except (SQLAlchemyError, CatalogUnavailable, OSError) as error:
                _log.warning("recordings could not be looked at", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._wake.wait()
            self._wake.clear()

    async def _begin(self) -> None:
        """Tidy up what a killed run of this server left."""
        parts = self._parts
        try:
            async with parts.catalog.writing() as db:
                await release_claims(db, parts.worker, datetime.fromtimestamp(parts.clock.now(), UTC))
            await asyncio.to_thread(_tidy, parts.scratch)
            await asyncio.to_thread(parts.captures.sweep)
        except (SQLAlchemyError, CatalogUnavailable, OSError) as error:  # claims end by themselves, only later
            _log.warning("recordings could not be tidied", error=type(error).__name__)

    async def _retain(self) -> None:
        while True:
            parts, kept = self._parts, self._retention
            try:
                await keep_retention(
                    parts.catalog,
                    parts.files,
                    datetime.fromtimestamp(parts.clock.now(), UTC),
                    tracks_days=kept.tracks_days,
                    recordings_days=kept.recordings_days,
                )
            except (SQLAlchemyError, CatalogUnavailable, FilesUnavailable) as error:
                _log.warning("old recordings could not be looked through", error=type(error).__name__)
            await asyncio.sleep(RETENTION_SECONDS)


def _tidy(scratch: Path) -> None:
    """Remove what a former run of this server left, and what others left so long ago that they can't be at it."""
    shutil.rmtree(scratch, ignore_errors=True)
    for other in scratch.parent.glob("*"):
        newest = max((each.stat().st_mtime for each in (other, *other.glob("*"))), default=0.0)
        if time.time() - newest > LEFT_SECONDS:
            shutil.rmtree(other, ignore_errors=True)
