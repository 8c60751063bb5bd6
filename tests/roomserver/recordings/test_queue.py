"""Blocks are rendered by turns, and a file takes another's place only once it is there."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from recording.jobs import BlockBusy
from roomserver.catalog.recordings import ask_rendering, find_recording, forget_recording
from roomserver.catalog.render_jobs import BUSY_DELAY, CLAIM_TIME, RETRY_DELAYS, claim_block, release_claims
from roomserver.catalog.store import Catalog
from roomserver.files import Files
from roomserver.recordings import queue as queue_module
from roomserver.recordings.loose_files import sweep_loose
from tests.support.fake_clock import FakeClock
from tests.support.recordings import ADA, BEN, RecordingHouse, write_captured
from tests.support.waiting import until

HOUR = 3600.0


def capture(house: RecordingHouse, clock: FakeClock, recording: str = "rec_1", *, ago: float = 50_000) -> None:
    """Ada and Ben for 90 minutes, then Ben for an hour: two blocks."""
    changes = [(0.0, [ADA, BEN]), (1.5 * HOUR, [BEN])]
    write_captured(house.captures.path, recording, changes, start=clock.now() - ago, until=2.5 * HOUR)


async def ask(house: RecordingHouse, layout: str, without: list[str], recording: str = "rec_1") -> None:
    async with house.catalog.writing() as db:
        row = await find_recording(db, recording, for_change=True)
        assert row is not None
        ask_rendering(row, layout, without, house.queue._now())


def stored(tmp_path: Path) -> list[str]:
    return sorted(each.name for each in (tmp_path / "files").rglob("*.mp4"))


async def test_all_blocks_become_files(house: RecordingHouse, clock: FakeClock, files: Files, tmp_path: Path) -> None:
    capture(house, clock)
    await house.look_and_render()
    row = await house.row("rec_1")
    assert row.state == "ready"
    assert row.rendered_at is not None
    assert [job.number for job in house.renderer.jobs] == [1, 2]
    for block in row.blocks:
        assert block.file is not None
        assert await files.size(block.file) == block.file_bytes
        assert block.file_frames == block.frames
    assert len(stored(tmp_path)) == 2
    assert list((tmp_path / "scratch").iterdir()) == []
    await house.look_and_render()
    assert len(house.renderer.jobs) == 2


async def test_the_oldest_recording_comes_first_and_no_more_than_allowed_at_a_time(
    house: RecordingHouse, clock: FakeClock
) -> None:
    capture(house, clock, "rec_new", ago=30_000)
    capture(house, clock, "rec_old", ago=90_000)
    house.renderer.go_on.clear()
    await house.look()
    await until(lambda: house.renderer.jobs, "a job begins")
    await house.look()
    assert [(job.folder.name, job.number) for job in house.renderer.jobs] == [("rec_old", 1)]
    assert (house.queue.numbers.rendering, house.queue.numbers.waiting) == (1, 3)
    assert (await house.row("rec_old")).state == "rendering"
    assert (await house.row("rec_new")).state == "waiting"
    house.renderer.go_on.set()
    await house.look_and_render()
    assert [job.folder.name for job in house.renderer.jobs] == ["rec_old"] * 2 + ["rec_new"] * 2


async def test_progress_is_in_the_row_while_it_renders(
    house: RecordingHouse, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "RENEW_SECONDS", 0.01)
    capture(house, clock)
    house.renderer.go_on.clear()
    await house.look()
    progress = 0.0
    while not progress:
        progress = (await house.row("rec_1")).blocks[0].progress
    assert progress == 0.5


async def test_a_new_layout_replaces_a_file_once_the_new_one_is_there(
    house: RecordingHouse, clock: FakeClock, tmp_path: Path
) -> None:
    capture(house, clock)
    await house.look_and_render()
    before = stored(tmp_path)
    house.renderer.go_on.clear()
    await ask(house, "speaker", [])
    await house.look("rec_1")
    row = await house.row("rec_1")
    assert row.state == "rendering"
    assert stored(tmp_path) == before
    assert all(block.file is not None for block in row.blocks)
    house.renderer.go_on.set()
    await house.look_and_render()
    after = stored(tmp_path)
    assert len(after) == 2
    assert not set(after) & set(before)
    assert (await house.row("rec_1")).state == "ready"


async def test_blocks_that_are_too_many_go_when_the_others_are_ready(
    house: RecordingHouse, clock: FakeClock, tmp_path: Path
) -> None:
    capture(house, clock)
    await house.look_and_render()
    await ask(house, "gallery", ["reg_ben"])
    await house.look_and_render("rec_1")
    row = await house.row("rec_1")
    assert [(block.number, block.frames / 30 / HOUR) for block in row.blocks] == [(1, 1.5)]
    assert len(stored(tmp_path)) == 1
    await ask(house, "gallery", [])
    await house.look_and_render("rec_1")
    assert [block.state for block in (await house.row("rec_1")).blocks] == ["ready", "ready"]


async def test_what_is_wanted_otherwise_while_it_renders_begins_anew(
    house: RecordingHouse, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "RENEW_SECONDS", 0.01)
    capture(house, clock)
    house.renderer.go_on.clear()
    await house.look()
    await until(lambda: house.renderer.jobs, "a job begins")
    await ask(house, "speaker", [])
    await house.look("rec_1")
    await until(lambda: house.renderer.cancelled, "the first rendering is given up")
    house.renderer.go_on.set()
    await house.look_and_render()
    row = await house.row("rec_1")
    assert row.state == "ready"
    assert [job.layout for job in house.renderer.jobs] == ["gallery", "speaker", "speaker"]


async def test_a_recording_deleted_while_it_renders_leaves_nothing(
    house: RecordingHouse, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "RENEW_SECONDS", 0.01)
    capture(house, clock)
    house.renderer.go_on.clear()
    await house.look()
    await until(lambda: house.renderer.jobs, "a job begins")
    async with house.catalog.writing() as db:
        row = await find_recording(db, "rec_1", for_change=True)
        assert row is not None
        await forget_recording(db, row, house.queue._now())
    await until(lambda: not house.queue.numbers.rendering, "the rendering is given up")
    await house.look_and_render()
    assert house.captures.recordings() == set()
    assert stored(tmp_path) == []
    assert list((tmp_path / "scratch").iterdir()) == []


async def test_a_failure_is_told_and_tried_again_later_and_later(house: RecordingHouse, clock: FakeClock) -> None:
    write_captured(house.captures.path, "rec_1", [(0, [ADA])], start=clock.now() - 500, until=60)
    house.renderer.fail = "The tracks are damaged."
    await house.look_and_render()
    for attempt, delay in enumerate(RETRY_DELAYS, 1):
        row = await house.row("rec_1")
        assert (row.state, row.blocks[0].error, row.blocks[0].failures) == (
            "failed",
            "The tracks are damaged.",
            attempt,
        )
        await clock.advance(delay.total_seconds() - 1)
        await house.look_and_render()
        assert len(house.renderer.jobs) == attempt
        await clock.advance(1)
        await house.look_and_render()
    await clock.advance(1_000_000)
    await house.look_and_render()
    assert len(house.renderer.jobs) == 1 + len(RETRY_DELAYS)
    house.renderer.fail = None
    await ask(house, "gallery", [])
    await house.look_and_render("rec_1")
    row = await house.row("rec_1")
    assert (row.state, row.blocks[0].error, row.blocks[0].failures) == ("ready", None, 0)


async def test_a_block_that_somebody_renders_already_waits_and_has_not_failed(
    house: RecordingHouse, clock: FakeClock
) -> None:
    write_captured(house.captures.path, "rec_1", [(0, [ADA])], start=clock.now() - 500, until=60)
    house.renderer.fail = BlockBusy("Block 1 is being rendered already.")
    for attempt in range(1, 6):
        await house.look_and_render()
        assert len(house.renderer.jobs) == attempt
        row = await house.row("rec_1")
        assert (row.state, row.blocks[0].error, row.blocks[0].failures) == ("waiting", None, 0)
        await clock.advance(BUSY_DELAY.total_seconds() - 1)
        await house.look_and_render()
        assert len(house.renderer.jobs) == attempt
        await clock.advance(1)
    assert house.queue.numbers.failed == 0
    house.renderer.fail = None
    await house.look_and_render()
    assert (await house.row("rec_1")).state == "ready"


async def test_a_full_disk_is_told_before_anything_is_rendered(
    house: RecordingHouse, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1_000_000_000))
    capture(house, clock)
    await house.look_and_render()
    row = await house.row("rec_1")
    assert house.renderer.jobs == []
    assert row.blocks[0].error == "The disk has 1.0 GB free, and up to 7.6 GB are needed."


async def test_a_file_that_can_not_be_kept_fails_and_is_removed(
    house: RecordingHouse, clock: FakeClock, tmp_path: Path
) -> None:
    (tmp_path / "files" / "recordings").write_text("in the way")
    capture(house, clock)
    await house.look()
    await until(lambda: house.ended, "the first job ends")
    row = await house.row("rec_1")
    assert row.state == "failed"
    assert "files: " in str(row.blocks[0].error)
    assert list((tmp_path / "scratch").iterdir()) == []


async def test_a_server_that_stops_gives_its_jobs_back(house: RecordingHouse, clock: FakeClock) -> None:
    capture(house, clock)
    house.renderer.go_on.clear()
    await house.look()
    await until(lambda: house.renderer.jobs, "a job begins")
    await house.queue.close()
    assert house.renderer.cancelled == 1
    assert (await house.row("rec_1")).blocks[0].state == "waiting"


async def test_the_job_of_a_killed_server_is_taken_over(
    house: RecordingHouse, clock: FakeClock, catalog: Catalog, files: Files, tmp_path: Path
) -> None:
    capture(house, clock)
    house.renderer.go_on.clear()
    await house.look()
    await until(lambda: house.renderer.jobs, "a job begins")
    other = RecordingHouse(catalog, files, clock, tmp_path, jobs=4)
    other.renderer.go_on.clear()
    await other.look()
    await until(lambda: other.renderer.jobs, "another server begins")
    assert [job.number for job in other.renderer.jobs] == [2]
    await clock.advance(CLAIM_TIME.total_seconds() + 1)
    await other.look()
    await until(lambda: len(other.renderer.jobs) == 2, "it takes the first block too")
    await other.queue.close()


async def test_a_server_that_starts_again_takes_its_own_jobs_at_once(house: RecordingHouse, clock: FakeClock) -> None:
    capture(house, clock)
    house.renderer.go_on.clear()
    await house.look()
    await until(lambda: house.renderer.jobs, "a job begins")
    async with house.catalog.writing() as db:
        await release_claims(db, house.parts.worker, house.queue._now())
    row = await house.row("rec_1")
    assert (row.state, [block.state for block in row.blocks]) == ("waiting", ["waiting", "waiting"])


class Killed(BaseException):
    """Nothing of the server runs any more."""


async def test_a_file_that_was_put_by_a_killed_server_is_removed_after_a_day(
    house: RecordingHouse, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_given: object) -> None:
        raise Killed

    capture(house, clock)
    await house.keeper.look()
    async with house.catalog.writing() as db:
        claim = await claim_block(db, house.parts.place, house.parts.worker, house.queue._now())
    assert claim is not None
    monkeypatch.setattr(queue_module, "finish_block", killed)
    with pytest.raises(Killed):
        await house.queue._work(claim)
    assert len(stored(tmp_path)) == 1
    await sweep_loose(house.catalog, house.parts.files, house.queue._now())
    assert len(stored(tmp_path)) == 1  # it might have been on its way still
    await clock.advance(86_401)
    await sweep_loose(house.catalog, house.parts.files, house.queue._now())
    assert stored(tmp_path) == []
