"""What is too old goes, as settings say; never what isn't rendered."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from roomserver.catalog.audit import AuditFilter, list_audit
from roomserver.catalog.recording_models import LooseFile
from roomserver.catalog.recordings import find_recording, list_recordings
from roomserver.files import Files, FilesUnavailable
from roomserver.recordings.retention import keep_retention
from tests.support.fake_clock import FakeClock
from tests.support.recordings import ADA, RecordingHouse, write_captured

DAY = 86_400.0


async def two_recordings(house: RecordingHouse, clock: FakeClock) -> None:
    """One that is rendered, and one that can't be."""
    write_captured(house.captures.path, "rec_1", [(0, [ADA])], start=clock.now() - 500, until=60)
    await house.look_and_render()
    write_captured(house.captures.path, "rec_2", [(0, [ADA])], start=clock.now() - 500, until=60)
    house.renderer.fail = "Broken."
    await house.look_and_render()


async def retain(
    house: RecordingHouse, clock: FakeClock, *, tracks: float | None = None, recordings: float | None = None
) -> None:
    now = datetime.fromtimestamp(clock.now(), UTC)
    await keep_retention(house.catalog, house.parts.files, now, tracks_days=tracks, recordings_days=recordings)
    await house.keeper.look()


async def listed(house: RecordingHouse) -> set[str]:
    async with house.catalog.reading() as db:
        page = await list_recordings(db, session=None, state=None, cursor=None, limit=10)
    return {row.id for row in page.items}


async def test_without_settings_everything_stays(house: RecordingHouse, clock: FakeClock) -> None:
    await two_recordings(house, clock)
    await clock.advance(10_000 * DAY)
    await retain(house, clock)
    assert house.captures.recordings() == await listed(house) == {"rec_1", "rec_2"}


async def test_captured_tracks_go_some_days_after_everything_was_rendered(
    house: RecordingHouse, clock: FakeClock, tmp_path: Path
) -> None:
    await two_recordings(house, clock)
    await clock.advance(6 * DAY)
    await retain(house, clock, tracks=7)
    assert house.captures.recordings() == {"rec_1", "rec_2"}
    await clock.advance(2 * DAY)
    await retain(house, clock, tracks=7)
    assert house.captures.recordings() == {"rec_2"}
    row = await house.row("rec_1")
    assert (row.captured_bytes, row.state) == (0, "ready")
    assert row.tracks_deleted_at is not None
    assert len(list((tmp_path / "files").rglob("*.mp4"))) == 1


async def test_recordings_go_with_their_files_and_the_trail_says_so(
    house: RecordingHouse, clock: FakeClock, tmp_path: Path
) -> None:
    await two_recordings(house, clock)
    await clock.advance(400 * DAY)
    await retain(house, clock, recordings=365)
    assert await listed(house) == house.captures.recordings() == {"rec_2"}
    assert list((tmp_path / "files").rglob("*.mp4")) == []
    async with house.catalog.reading() as db:
        assert await find_recording(db, "rec_1") is None
        trail = (await list_audit(db, AuditFilter(thing="rec_1"), None, 10)).items
    assert [(entry.action, entry.who_name) for entry in trail] == [("delete", "Retention settings")]


async def test_files_that_can_not_be_removed_now_are_removed_later(
    house: RecordingHouse, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def out_of_reach(_self: Files, _name: str) -> None:
        raise FilesUnavailable("files: out of reach")

    await two_recordings(house, clock)
    await clock.advance(2 * DAY)
    with monkeypatch.context() as patched:
        patched.setattr(Files, "remove", out_of_reach)
        await retain(house, clock, recordings=1)
    assert len(list((tmp_path / "files").rglob("*.mp4"))) == 1
    await retain(house, clock, recordings=1)
    assert list((tmp_path / "files").rglob("*.mp4")) == []
    async with house.catalog.reading() as db:
        assert (await db.execute(select(LooseFile))).first() is None
