"""The catalog follows the folders of what was captured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from roomserver.catalog.recordings import (
    ask_rendering,
    find_recording,
    forget_recording,
    forget_tracks,
    list_recordings,
)
from roomserver.catalog.store import Catalog
from roomserver.files import Files
from roomserver.recordings.keeper import Keeper
from tests.support.fake_clock import FakeClock
from tests.support.recordings import ADA, BEN, RecordingHouse, write_captured


async def capture(
    house: RecordingHouse, clock: FakeClock, recording: str = "rec_1", *, ended: bool = True, ago: float = 500
) -> None:
    """Ada for 60 s, from `ago` seconds before now on."""
    write_captured(
        house.captures.path,
        recording,
        [(0, [ADA]), (60, [])],
        start=clock.now() - ago,
        until=60,
        ended="switched_off" if ended else None,
    )


async def test_what_is_found_is_listed(house: RecordingHouse, clock: FakeClock) -> None:
    await house.look()  # the folder isn't there yet
    await capture(house, clock)
    await house.keeper.look()
    row = await house.row("rec_1")
    assert (row.session, row.title, row.stage, row.state, row.layout) == (
        "ses_1",
        "Opening",
        "ended",
        "waiting",
        "gallery",
    )
    assert row.people == [{"participant": "reg_ada", "name": "Ada"}]
    assert [(block.number, block.frames, block.state) for block in row.blocks] == [(1, 1800, "waiting")]
    assert row.captured_bytes > 1000
    assert row.ended_at is not None
    assert (row.ended_at - row.started_at).total_seconds() == 60


async def test_a_growing_recording_grows_in_the_list(house: RecordingHouse, clock: FakeClock) -> None:
    start = clock.now()
    folder = house.captures.path
    write_captured(folder, "rec_1", [(0, [ADA])], start=start, until=1, ended=None)
    await clock.advance(1)
    await house.keeper.look()
    assert (await house.row("rec_1")).state == "recording"
    write_captured(folder, "rec_1", [(30, [ADA, BEN]), (40, [])], start=start, until=40, ended=None, run="2")
    await clock.advance(39)
    await house.look("rec_1")
    row = await house.row("rec_1")
    assert (row.state, len(row.people), row.blocks[0].digest) == ("paused", 2, None)
    await clock.advance(61)  # long enough for a pause to be worth a file
    await house.look("rec_1")
    assert (await house.row("rec_1")).blocks[0].digest is not None
    await clock.advance(3600)
    await house.look("rec_1")
    assert (await house.row("rec_1")).stage == "ended"


async def test_logs_of_long_recordings_are_not_read_all_the_time(
    house: RecordingHouse, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.thread_time", iter(range(99)).__next__)
    await capture(house, clock, ended=False, ago=60)
    await house.keeper.look()
    write_captured(house.captures.path, "rec_1", [(60, [BEN])], start=clock.now() - 60, until=90, ended=None, run="2")
    await house.keeper.look()
    assert len((await house.row("rec_1")).people) == 1
    await clock.advance(600)
    await house.keeper.look()
    assert len((await house.row("rec_1")).people) == 2


async def test_a_busy_machine_keeps_nobody_from_seeing_an_end(
    house: RecordingHouse, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only work counts as reading, not waiting for others' work."""
    monkeypatch.setattr("time.thread_time", lambda: 1.0)
    await capture(house, clock, ended=False, ago=60)
    await house.keeper.look()
    write_captured(house.captures.path, "rec_1", [(60, [BEN])], start=clock.now() - 60, until=90, ended=None, run="2")
    await house.keeper.look()
    assert len((await house.row("rec_1")).people) == 2


async def test_asking_for_a_recording_that_goes_on_plans_what_there_is(house: RecordingHouse, clock: FakeClock) -> None:
    write_captured(house.captures.path, "rec_1", [(0, [ADA])], start=clock.now(), until=20, ended=None)
    await clock.advance(20)
    await house.keeper.look()
    async with house.catalog.writing() as db:
        row = await find_recording(db, "rec_1", for_change=True)
        assert row is not None
        ask_rendering(row, "speaker", [], house.queue._now())
    await house.look_and_render("rec_1")
    row = await house.row("rec_1")
    assert (row.state, row.asked_at, row.blocks[0].state) == ("recording", None, "ready")
    assert house.renderer.jobs[0].layout == "speaker"


async def test_folders_that_nobody_wants_are_deleted(house: RecordingHouse, clock: FakeClock) -> None:
    for recording in ("rec_1", "rec_2", "rec_3"):
        await capture(house, clock, recording)
    await house.look_and_render()
    async with house.catalog.writing() as db:
        first, second = await find_recording(db, "rec_1"), await find_recording(db, "rec_2")
        assert first is not None
        assert second is not None
        await forget_recording(db, first, house.queue._now())
        forget_tracks(second, house.queue._now())
    await house.keeper.look()
    assert house.captures.recordings() == {"rec_3"}
    await house.keeper.look()
    async with house.catalog.reading() as db:
        page = await list_recordings(db, session=None, state=None, cursor=None, limit=10)
    assert {each.id for each in page.items} == {"rec_2", "rec_3"}


async def test_a_server_leaves_alone_what_another_place_looks_after(
    house: RecordingHouse, clock: FakeClock, catalog: Catalog, files: Files, tmp_path: Path
) -> None:
    await capture(house, clock, ended=False, ago=60)
    await house.keeper.look()
    other = RecordingHouse(catalog, files, clock, tmp_path / "other", place="there")
    write_captured(other.captures.path, "rec_1", [(0, [BEN])], start=clock.now() - 30, until=20)
    await clock.advance(5000)
    await other.look()
    await other.look()
    row = await house.row("rec_1")
    assert row.people == [{"participant": "reg_ada", "name": "Ada"}]
    assert other.queue.numbers.rendering == 0


async def test_one_damaged_recording_keeps_no_other_from_its_turn(house: RecordingHouse, clock: FakeClock) -> None:
    await capture(house, clock, "rec_2")
    damaged = house.captures.path / "rec_1" / "stage-a-1.jsonl"
    damaged.mkdir(parents=True)  # can't be read as a file
    (house.captures.path / "rec_0").mkdir()
    write_captured(house.captures.path, "rec_00", [(0, [replace(ADA, seat=["s1"])])], start=clock.now(), until=9)  # type: ignore[arg-type]
    (house.captures.path / "something else").mkdir()
    await house.keeper.look()
    async with house.catalog.reading() as db:
        page = await list_recordings(db, session=None, state=None, cursor=None, limit=10)
    assert [each.id for each in page.items] == ["rec_2"]


async def test_what_has_ended_is_not_read_again_after_a_restart(house: RecordingHouse, clock: FakeClock) -> None:
    await capture(house, clock)
    await house.look_and_render()
    write_captured(house.captures.path, "rec_1", [(60, [BEN])], start=clock.now() - 60, until=90, run="2")
    await Keeper(house.catalog, house.captures, "here", clock).look()
    assert len((await house.row("rec_1")).people) == 1
