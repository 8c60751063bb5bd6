"""Renders blocks by turns: as many at a time as the setting says, oldest recording first, on every server that has the
tracks. What is under way is claimed in the catalog; a file that is finished takes the old one's place at once."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from recording.jobs import BlockBusy, BlockJob, OnProgress, Rendered, RenderFailed
from recording.layout import Layout
from recording.store import Captures, FinishedFiles
from recording.timeline import FPS
from roomserver.catalog.recordings import UPLOAD_TIME, add_loose
from roomserver.catalog.render_jobs import (
    BUSY_DELAY,
    Claim,
    FinishedBlock,
    claim_block,
    count_waiting,
    fail_block,
    finish_block,
    give_back,
    renew_claim,
)
from roomserver.catalog.store import Catalog, CatalogUnavailable
from roomserver.files import FilesUnavailable
from roomserver.recordings.loose_files import remove_loose
from signaling.clock import Clock

_log = structlog.get_logger("roomserver.recordings")

RENEW_SECONDS = 2.0
"""Between two writings of a job's progress, with which its claim is renewed."""
PATIENCE_SECONDS, PATIENCE = 5.0, 120
"""How long a result that took hours waits for a database that can't be reached: ten minutes."""
BYTES_A_SECOND = 1_050_000
"""What a file takes at most, with a margin: 8 Mbit/s of picture, and sound."""

T = TypeVar("T")

_TROUBLE = (SQLAlchemyError, CatalogUnavailable)


Render = Callable[[BlockJob, OnProgress], Awaitable[Rendered]]
"""`recording.jobs.render`, or what stands for it in a test."""


@dataclass(frozen=True, slots=True)
class QueueParts:
    """What a queue works with."""

    catalog: Catalog
    captures: Captures
    files: FinishedFiles
    render: Render
    clock: Clock
    place: str
    """The data folder's name among those of all servers."""
    worker: str
    """This queue's name among all."""
    scratch: Path
    """Folder for files that aren't finished."""
    spare_bytes: int
    """Of that folder's disk, left free for what is being captured meanwhile."""


@dataclass(slots=True)
class QueueNumbers:
    """For operators."""

    waiting: int = 0
    rendering: int = 0
    rendered: int = 0
    failed: int = 0
    rendered_seconds: float = 0.0


class _NotWanted(Exception):
    """Somebody deleted the recording, or wants it otherwise."""


class RenderQueue:
    """Call `step` again and again; `close` ends what is under way, which begins anew at the next start."""

    def __init__(self, parts: QueueParts, jobs: int, job_ended: Callable[[], None], *, only: str | None = None) -> None:
        """At most `jobs` at a time, of one recording `only` if it is given. `job_ended` is called after each one."""
        self._parts = parts
        self._jobs = jobs
        self._only = only
        self._tasks: set[asyncio.Task[None]] = set()
        self._job_ended = job_ended
        self.numbers = QueueNumbers()

    async def step(self) -> None:
        """Begin what can begin. Raises SQLAlchemyError, CatalogUnavailable."""
        parts = self._parts
        async with parts.catalog.reading() as db:
            self.numbers.waiting = await count_waiting(db, parts.place, self._now(), self._only)
        while self.numbers.waiting and len(self._tasks) < self._jobs:
            async with parts.catalog.writing() as db:
                claim = await claim_block(db, parts.place, parts.worker, self._now(), self._only)
            if claim is None:
                return
            self.numbers.waiting -= 1
            task = asyncio.create_task(self._work(claim))
            self._tasks.add(task)
            task.add_done_callback(self._has_ended)
            self.numbers.rendering = len(self._tasks)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _has_ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.numbers.rendering = len(self._tasks)
        self._job_ended()
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a render job broke", exc_info=error)

    async def _work(self, claim: Claim) -> None:
        parts = self._parts
        log = _log.bind(recording=claim.recording, block=claim.number)
        target = parts.scratch / f"{claim.recording}-{claim.number}-{secrets.token_hex(4)}.mp4"
        try:
            done = await self._render(claim, target)
            await self._keep(claim, done, target)
            self.numbers.rendered += 1
            self.numbers.rendered_seconds += done.frames / FPS
            log.info("block rendered", seconds=round(done.frames / FPS, 1), bytes=done.bytes)
        except _NotWanted:
            log.info("block not wanted any more")
        except BlockBusy:
            # By a process whose claim was lost, such as a killed server's: it ends soon, and nothing is wrong.
            log.info("block is being rendered already: it waits")
            await self._write(lambda db: give_back(db, claim, self._now(), until=self._now() + BUSY_DELAY))
        except _TROUBLE as error:  # the claim ends by itself
            log.warning("the catalog failed under a render job", error=type(error).__name__)
        except asyncio.CancelledError:
            with suppress(*_TROUBLE):
                async with parts.catalog.writing() as db:
                    await give_back(db, claim, self._now())
            raise
        except Exception as error:
            # Whatever it is: one recording that can't be rendered must not keep the others from it.
            self.numbers.failed += 1
            expected = isinstance(error, RenderFailed | FilesUnavailable | OSError)
            log.warning("block not rendered", reason=str(error), exc_info=None if expected else error)
            reason = (str(error) if expected else "") or f"{type(error).__name__}: {error}"
            await self._write(lambda db: fail_block(db, claim, reason, self._now()))
        finally:
            await asyncio.to_thread(target.unlink, missing_ok=True)

    async def _render(self, claim: Claim, target: Path) -> Rendered:
        parts = self._parts
        await asyncio.to_thread(self._make_room, claim)
        job = BlockJob(
            folder=parts.captures.folder(claim.recording),
            number=claim.number,
            layout=cast(Layout, claim.layout),
            without=frozenset(claim.without),
            target=target,
        )
        progress = 0.0

        def on_progress(frames: int, of: int) -> None:
            nonlocal progress
            progress = min(1.0, frames / of) if of else 0.0

        async def render() -> Rendered:
            return await parts.render(job, on_progress)

        return await self._renewing(claim, render(), lambda: progress)

    async def _keep(self, claim: Claim, done: Rendered, target: Path) -> None:
        """Put the file into the store, under a name that is noted before and never used again, and only then let the
        block name it: whatever fails in between, no file is lost and none stays for ever."""
        parts = self._parts
        name = f"recordings/{claim.recording}/{claim.number}-{secrets.token_hex(12)}.mp4"
        await self._write(lambda db: add_loose(db, name, self._now() + UPLOAD_TIME))
        await self._renewing(claim, parts.files.take(name, target), lambda: 1.0)
        # A block that grew after it was planned is longer than that: it is kept, and known to be another.
        digest = claim.digest if done.frames == claim.frames else f"{claim.digest}+{done.frames}"
        finished = FinishedBlock(name, digest, done.frames, done.bytes)
        loose = await self._write(lambda db: finish_block(db, claim, finished, self._now()))
        await remove_loose(parts.catalog, parts.files, [name] if loose is None else loose)
        if loose is None:
            raise _NotWanted

    async def _renewing(self, claim: Claim, work: Coroutine[Any, Any, T], progress: Callable[[], float]) -> T:
        """Do something that takes its time, and keep the claim meanwhile. Raises _NotWanted when it is lost."""
        task = asyncio.create_task(work)
        try:
            while not task.done():
                await asyncio.wait([task], timeout=RENEW_SECONDS)
                try:
                    async with self._parts.catalog.writing() as db:
                        held = await renew_claim(db, claim, progress(), self._now())
                except _TROUBLE as error:  # the work goes on: the next renewal tells whether somebody else took it
                    _log.warning("a claim could not be renewed", error=type(error).__name__)
                else:
                    if not held:
                        raise _NotWanted
            return task.result()
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _write(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """One transaction, tried for some minutes: what it writes took hours to make."""
        for _ in range(PATIENCE):
            try:
                async with self._parts.catalog.writing() as db:
                    return await work(db)
            except _TROUBLE as error:
                _log.warning("a result could not be written yet", error=type(error).__name__)
                await asyncio.sleep(PATIENCE_SECONDS)
        async with self._parts.catalog.writing() as db:
            return await work(db)

    def _make_room(self, claim: Claim) -> None:
        """Raises RenderFailed if the disk has no room for the file while it is made."""
        self._parts.scratch.mkdir(parents=True, exist_ok=True)
        needed = round(claim.frames / FPS * BYTES_A_SECOND) + self._parts.spare_bytes
        free = shutil.disk_usage(self._parts.scratch).free
        if free < needed:
            raise RenderFailed(f"The disk has {free / 1e9:.1f} GB free, and up to {needed / 1e9:.1f} GB are needed.")

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._parts.clock.now(), UTC)
