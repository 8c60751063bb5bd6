"""Knows of recordings: brings the catalog's rows in line with the folders of what was captured, and deletes folders
that nobody wants any more. The folders are the truth: whatever a crash left there is found and planned."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from recording.layout import Layout
from recording.stage_log import read_stage_logs
from recording.store import Captures
from roomserver.catalog.recording_models import BlockRow, RecordingRow
from roomserver.catalog.recordings import find_recording, prune_blocks, reset_block, settle_state, statuses
from roomserver.catalog.store import Catalog, CatalogUnavailable
from roomserver.recordings.planning import Options, Plan, PlannedBlock, plan_recording
from signaling.clock import Clock

_log = structlog.get_logger("roomserver.recordings")

LOOK_SECONDS = 2.0
"""Between looks at the folders. A look lists them, and reads the logs of those that still grow."""
_READING_SHARE = 0.005
"""Of a core that reading one recording's logs may take: the rooms are served by the same process."""
_LONGEST_REST = 60.0
"""Seconds between readings at most: who looks at the list expects it to move."""

DEFAULT_LAYOUT: Layout = "gallery"


@dataclass(frozen=True, slots=True)
class _Found:
    """What is in one recording's folder."""

    plan: Plan
    captured_bytes: int


class Keeper:
    """Looks after the recordings whose tracks are in one data folder."""

    def __init__(self, catalog: Catalog, captures: Captures, place: str, clock: Clock) -> None:
        """`place` is the data folder's name among those of all servers."""
        self._catalog = catalog
        self._captures = captures
        self._place = place
        self._clock = clock
        self._next_look: dict[str, float] = {}
        self._told: set[str] = set()

    async def look(self) -> None:
        """Bring everything in line once. Errors with one recording are logged and keep no other from its turn.

        Raises SQLAlchemyError, CatalogUnavailable, OSError."""
        here = await asyncio.to_thread(self._captures.recordings)
        async with self._catalog.reading() as db:
            known = await statuses(db, here)
        now = self._clock.now()
        for recording in sorted(here):
            status = known.get(recording)
            if status is not None and status.tracks_deleted:
                await self._guarded(recording, self._remove)
            elif status is not None and status.place != self._place:
                self._tell_elsewhere(recording, status.place)
            elif (status is None or not status.settled) and self._next_look.get(recording, 0.0) <= now:
                await self._guarded(recording, self.look_at)

    async def look_at(self, recording: str) -> None:
        """Bring one recording in line with its folder. Raises what `look` does."""
        async with self._catalog.reading() as db:
            row = await find_recording(db, recording)
        asked_at = None if row is None else row.asked_at
        options = _options(row)
        found, cost = await asyncio.to_thread(self._read, recording, options, asked_at is not None)
        if found is not None:
            async with self._catalog.writing() as db:
                await self._write(db, recording, found, options, asked_at)
        self._next_look[recording] = self._clock.now() + min(cost / _READING_SHARE, _LONGEST_REST)

    def look_soon(self, recording: str) -> None:
        """Something is new about this one."""
        self._next_look.pop(recording, None)

    def _read(self, recording: str, options: Options, asked: bool) -> tuple[_Found | None, float]:
        """What is there, and the seconds of a core that it took to find out; None if no log can be read."""
        began = time.thread_time()
        runs = read_stage_logs(self._captures.folder(recording))
        plan = plan_recording(runs, options, self._clock.now(), asked=asked)
        found = None if plan is None else _Found(plan, self._captures.size(recording))
        return found, time.thread_time() - began

    async def _write(
        self, db: AsyncSession, recording: str, found: _Found, options: Options, asked_at: datetime | None
    ) -> None:
        row = await db.get(RecordingRow, recording, with_for_update=True)
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        if row is None:
            row = _new_row(recording, found.plan, self._place)
            db.add(row)
        elif row.tracks_deleted_at is not None or _options(row) != options or row.asked_at != asked_at:
            return  # changed while the logs were read: the next look knows better
        row.asked_at = None
        row.stage = found.plan.stage
        row.ended_at = _moment(found.plan.ended_at)
        row.people = [{"participant": participant, "name": name} for participant, name in found.plan.people]
        row.captured_bytes = found.captured_bytes
        plan_blocks(row, found.plan.blocks)
        await prune_blocks(db, row, now)
        settle_state(row, now)

    async def _remove(self, recording: str) -> None:
        await asyncio.to_thread(self._captures.remove, recording)
        _log.info("captured tracks deleted", recording=recording)

    async def _guarded(self, recording: str, work: Callable[[str], Awaitable[None]]) -> None:
        try:
            await work(recording)
        except (SQLAlchemyError, CatalogUnavailable):
            raise
        except Exception as error:
            # Whatever it is, and whatever is in the folder.
            expected = isinstance(error, OSError | ValueError)
            _log.warning(
                "a recording could not be looked at",
                recording=recording,
                reason=str(error),
                exc_info=None if expected else error,
            )

    def _tell_elsewhere(self, recording: str, place: str) -> None:
        if recording not in self._told:
            self._told.add(recording)
            _log.warning("tracks of one recording are in two data folders", recording=recording, other=place)


def plan_blocks(row: RecordingRow, planned: tuple[PlannedBlock, ...]) -> None:
    """Want what is planned and due. What is being rendered and is wanted otherwise now begins anew."""
    blocks = {block.number: block for block in row.blocks}
    for each in planned:
        block = blocks.pop(each.number, None)
        if block is None:
            block = _new_block(row.id, each.number)
            row.blocks.append(block)
        block.frames = each.frames
        if each.due and block.digest != each.digest:
            block.digest = each.digest
            reset_block(block)
            if block.file_digest == each.digest:  # what was wanted in between is wanted no more
                block.state = "ready"
    for surplus in blocks.values():
        surplus.frames, surplus.digest = 0, None
        reset_block(surplus)
        surplus.state = "ready"


def _options(row: RecordingRow | None) -> Options:
    if row is None:
        return Options(DEFAULT_LAYOUT, frozenset())
    return Options(cast(Layout, row.layout), frozenset(row.without))


def _new_row(recording: str, plan: Plan, place: str) -> RecordingRow:
    return RecordingRow(
        id=recording,
        session=plan.session,
        title=plan.title,
        people=[],
        stage=plan.stage,
        state=plan.stage,
        started_at=datetime.fromtimestamp(plan.started_at, UTC),
        ended_at=None,
        layout=DEFAULT_LAYOUT,
        without=[],
        asked_at=None,
        rendered_at=None,
        place=place,
        captured_bytes=0,
        tracks_deleted_at=None,
        deleted_at=None,
        blocks=[],
    )


def _new_block(recording: str, number: int) -> BlockRow:
    return BlockRow(
        recording=recording,
        number=number,
        state="waiting",
        frames=0,
        digest=None,
        file=None,
        file_digest=None,
        file_frames=0,
        file_bytes=0,
        progress=0.0,
        worker=None,
        claimed_until=None,
        failures=0,
        retry_at=None,
        error=None,
    )


def _moment(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
