"""Recordings without media: stage logs as a recorder writes them, and a renderer that makes files of plain bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recording.jobs import BlockJob, OnProgress, Rendered, RenderFailed
from recording.stage_log import RecordedSeat, StageLog, read_stage_logs
from recording.store import Captures, FinishedFiles
from recording.timeline import make_timeline
from roomserver.catalog.recording_models import RecordingRow
from roomserver.catalog.recordings import find_recording
from roomserver.catalog.store import Catalog
from roomserver.recordings.keeper import Keeper
from roomserver.recordings.queue import QueueParts, RenderQueue
from signaling.clock import Clock
from tests.support.api import Api
from tests.support.stages import camera
from tests.support.waiting import until

ADA, BEN = camera(1, "Ada", participant="reg_ada"), camera(2, "Ben", participant="reg_ben")

Change = tuple[float, Sequence[RecordedSeat]]
"""Seconds since the start, and who is on screen from then on."""


def write_captured(
    folder: Path,
    recording: str,
    changes: Sequence[Change],
    *,
    start: float,
    until: float,
    ended: str | None = "switched_off",
    title: str = "Opening",
    run: str = "1",
) -> None:
    """What a recorder and a media worker leave of a recording: a log, and a track that holds nothing useful."""
    log = StageLog(
        folder / recording, node="a", run=run, recording=recording, session="ses_1", title=title, started_at=start
    )
    try:
        for sequence, (at, seats) in enumerate(changes, 1):
            log.state(start + at, sequence, seats)
        if ended is None:
            log.beat(start + until)
        else:
            log.end(start + until, ended)
    finally:
        log.close()
    (folder / recording / f"s1-audio-0-{run}-1.rtp").write_bytes(b"\0" * 1000)


@dataclass
class PlainRenderer:
    """Renders in no time, unless told to wait or to fail."""

    jobs: list[BlockJob] = field(default_factory=list)
    fail: str | RenderFailed | None = None
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: int = 0

    def __post_init__(self) -> None:
        self.go_on.set()

    async def render(self, job: BlockJob, on_progress: OnProgress) -> Rendered:
        self.jobs.append(job)
        timeline = make_timeline(read_stage_logs(job.folder), without=job.without)
        frames = timeline.blocks[job.number - 1].frames
        on_progress(frames // 2, frames)
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.fail is not None:
            raise self.fail if isinstance(self.fail, RenderFailed) else RenderFailed(self.fail)
        job.target.write_bytes(f"{job.layout} {job.number} {frames} {sorted(job.without)} ".encode() * 10)
        return Rendered(frames, frames * 1600, job.target.stat().st_size)


async def add_recording(api: Api, recording: str, *, rendered: bool = False) -> str:
    """A recording of a minute that has ended, known to the API; its id."""
    services = api.services
    house = RecordingHouse(services.catalog, services.files, services.clock, services.settings.data)
    start = services.clock.now() - 600
    write_captured(house.captures.path, recording, [(0, [ADA, BEN])], start=start, until=60)
    await house.keeper.look_at(recording)
    if rendered:
        await house.look_and_render()
    return recording


class RecordingHouse:
    """A data folder with what was captured, and those who look after it: one server's side of recordings."""

    def __init__(
        self, catalog: Catalog, files: FinishedFiles, clock: Clock, folder: Path, *, place: str = "here", jobs: int = 1
    ) -> None:
        self.catalog = catalog
        self.captures = Captures(folder / "recordings")
        self.renderer = PlainRenderer()
        self.keeper = Keeper(catalog, self.captures, place, clock)
        self.parts = QueueParts(
            catalog=catalog,
            captures=self.captures,
            files=files,
            render=self.renderer.render,
            clock=clock,
            place=place,
            worker=f"worker at {place}",
            scratch=folder / "scratch",
            spare_bytes=0,
        )
        self.ended = 0
        self.queue = RenderQueue(self.parts, jobs, self._job_ended)

    def _job_ended(self) -> None:
        self.ended += 1

    async def look(self, recording: str | None = None) -> None:
        """Look at the folders, and begin what can begin."""
        if recording is not None:
            self.keeper.look_soon(recording)
        await self.keeper.look()
        await self.queue.step()

    async def look_and_render(self, recording: str | None = None) -> None:
        """Look, and render all that is due now."""
        await self.look(recording)
        while self.queue.numbers.rendering:
            ended = self.ended
            await until(lambda before=ended: self.ended > before, "a job ends")  # type: ignore[misc]
            await self.queue.step()

    async def row(self, recording: str) -> RecordingRow:
        async with self.catalog.reading() as db:
            row = await find_recording(db, recording)
        assert row is not None
        return row
