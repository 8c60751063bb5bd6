"""`roomserver render`: renders one recording here and now, beside a running server or without one.

It claims blocks like every server's queue does, so the two share the work and never do the same twice.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from recording.jobs import render
from recording.layout import Layout
from recording.store import Captures
from recording.timeline import FPS
from roomserver.catalog.access import Asker
from roomserver.catalog.audit import noted, write_audit
from roomserver.catalog.recording_models import RecordingRow
from roomserver.catalog.recordings import ask_rendering, find_recording
from roomserver.catalog.store import Catalog
from roomserver.data_folder import DataFolder
from roomserver.files import FilesUnavailable, open_files
from roomserver.recordings.asking import forget_missing, is_everybody, missing_files, unknown_people
from roomserver.recordings.desk import render_jobs, spare_bytes
from roomserver.recordings.keeper import LOOK_SECONDS, Keeper
from roomserver.recordings.queue import QueueParts, RenderQueue
from roomserver.settings import Settings
from signaling.clock import SystemClock

SHOW_SECONDS = 0.5
OPERATOR = Asker("operator", "roomserver render", organizer=True)
"""Who asks, in the audit trail."""


class NotRendered(Exception):
    """The recording can't be rendered. The text is for the person at the terminal."""


async def render_now(
    settings: Settings, recording: str, layout: Layout | None, without: Collection[str] | None, console: Console
) -> None:
    """Render a recording as it is captured until now and tell of the progress; None: as it was wanted before.

    Raises NotRendered, CatalogUnavailable, StartError."""
    if not settings.data.is_dir():
        raise NotRendered(f"There is no data folder {settings.data}: give the server's (--data).")
    parts = _parts(settings, DataFolder(settings))
    catalog = parts.catalog
    try:
        await catalog.open()
        await _ask(parts, recording, layout, without)
        row = await _follow(parts, settings, recording, console)
    except FilesUnavailable as error:
        raise NotRendered(str(error)) from error
    finally:
        await catalog.close()
        await asyncio.to_thread(shutil.rmtree, parts.scratch, ignore_errors=True)
    for block in row.blocks:
        length, size = _length(block.file_frames), block.file_bytes / 1e6
        console.print(f"Block {block.number} of {len(row.blocks)}: {length}, {size:,.1f} MB", highlight=False)


def _parts(settings: Settings, folder: DataFolder) -> QueueParts:
    name = f"render-{secrets.token_hex(4)}"
    try:
        files = open_files(settings.files_url, folder.files)
    except FilesUnavailable as error:
        raise NotRendered(str(error)) from error
    return QueueParts(
        catalog=Catalog(settings.database_url),
        captures=Captures(folder.recordings),
        files=files,
        render=render,
        clock=SystemClock(),
        place=folder.place(),
        worker=f"{folder.node()} {name}",
        scratch=folder.scratch / name,
        spare_bytes=spare_bytes(settings),
    )


async def _ask(parts: QueueParts, recording: str, layout: Layout | None, without: Collection[str] | None) -> None:
    """Want the recording, and plan it."""
    keeper = Keeper(parts.catalog, parts.captures, parts.place, parts.clock)
    with suppress(ValueError, FileNotFoundError):  # no such folder: the catalog knows whether there is a recording
        await keeper.look_at(recording)
    async with parts.catalog.reading() as db:
        row = _checked(parts, recording, await find_recording(db, recording), without)
    missing = await missing_files(parts.files, row)
    async with parts.catalog.writing() as db:
        row = _checked(parts, recording, await find_recording(db, recording, for_change=True), without)
        before = {"layout": row.layout, "without": list(row.without)}
        forget_missing(row, missing)
        now = datetime.fromtimestamp(parts.clock.now(), UTC)
        ask_rendering(row, layout or row.layout, row.without if without is None else without, now)
        after = {"layout": row.layout, "without": list(row.without), "rendering": "asked for"}
        change = noted("recording", row.id, before, after)
        if change is not None:
            await write_audit(db, OPERATOR, now, [change])
    await keeper.look_at(recording)


def _checked(
    parts: QueueParts, recording: str, row: RecordingRow | None, without: Collection[str] | None
) -> RecordingRow:
    if row is None:
        raise NotRendered(f"There is no recording {recording}. The dashboard and GET /api/recordings list them.")
    if row.tracks_deleted_at is not None:
        raise NotRendered("What was captured is deleted: nothing can be made from it any more.")
    if row.place != parts.place:
        raise NotRendered(f"The tracks of {recording} are in another data folder: run this where they are (--data).")
    if unknown := unknown_people(row, without or ()):
        known = ", ".join(f"{each['participant']} ({each['name']})" for each in row.people)
        raise NotRendered(f"{unknown[0]} is not in this recording. In it are: {known}.")
    if is_everybody(row, without or ()):
        raise NotRendered("Nobody would be left.")
    return row


async def _follow(parts: QueueParts, settings: Settings, recording: str, console: Console) -> RecordingRow:
    """Render until nothing is left to be done, by whomever."""
    news = asyncio.Event()
    jobs = max(1, render_jobs(settings))
    queue = RenderQueue(parts, jobs, news.set, only=recording)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console) as progress:
            bars: dict[int, TaskID] = {}
            looked = 0.0
            while True:
                if parts.clock.now() - looked >= LOOK_SECONDS or news.is_set():
                    news.clear()
                    looked = parts.clock.now()
                    await queue.step()
                async with parts.catalog.reading() as db:
                    row = await find_recording(db, recording)
                if row is None:
                    raise NotRendered("The recording was deleted meanwhile.")
                _show(progress, bars, row)
                if _is_done(row):
                    return row
                with suppress(TimeoutError):
                    async with asyncio.timeout(SHOW_SECONDS):
                        await news.wait()
    finally:
        await queue.close()


def _show(progress: Progress, bars: dict[int, TaskID], row: RecordingRow) -> None:
    for block in row.blocks:
        if block.number not in bars:
            bars[block.number] = progress.add_task(f"Block {block.number} ({_length(block.frames)})", total=1.0)
        progress.update(bars[block.number], completed=1.0 if block.state == "ready" else block.progress)


def _is_done(row: RecordingRow) -> bool:
    """Whether all is as it was wanted. Raises NotRendered for what failed."""
    wanted = [block for block in row.blocks if block.digest is not None]
    for block in wanted:
        if block.state == "failed":
            raise NotRendered(f"Block {block.number}: {block.error}")
    return row.asked_at is None and all(block.state == "ready" for block in wanted)


def _length(frames: int) -> str:
    minutes, seconds = divmod(round(frames / FPS), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
