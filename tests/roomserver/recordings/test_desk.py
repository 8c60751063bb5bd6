"""What goes on around recordings while a server runs."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

from roomserver.recordings.desk import LEFT_SECONDS, RecordingsDesk, Retention, render_jobs, spare_bytes
from roomserver.settings import load_settings
from tests.support.fake_clock import FakeClock
from tests.support.recordings import ADA, RecordingHouse, write_captured
from tests.support.waiting import until


def test_one_core_is_left_for_the_rooms_unless_a_setting_says_otherwise() -> None:
    assert render_jobs(load_settings()) == max(1, len(os.sched_getaffinity(0)) - 1)
    assert render_jobs(load_settings({"render_jobs": 0})) == 0
    assert spare_bytes(load_settings({"recording_stop_gb": 3.5})) == 3_500_000_000


async def test_it_finds_renders_and_counts(house: RecordingHouse, clock: FakeClock) -> None:
    desk = RecordingsDesk(house.parts, 1, Retention())
    desk.start()
    write_captured(house.captures.path, "rec_1", [(0, [ADA])], start=clock.now() - 500, until=60)
    desk.changed("rec_1")
    try:
        await until(lambda: desk.numbers()["rendered_blocks_total"], "the block is rendered")
    finally:
        await desk.close()
    assert desk.numbers() == {
        "waiting_blocks": 0,
        "rendering_blocks": 0,
        "rendered_blocks_total": 1,
        "failed_renders_total": 0,
        "rendered_seconds_total": 60.0,
    }


async def test_without_jobs_it_only_looks(house: RecordingHouse, clock: FakeClock) -> None:
    desk = RecordingsDesk(house.parts, 0, Retention())
    write_captured(house.captures.path, "rec_1", [(0, [ADA])], start=clock.now() - 500, until=60)
    desk.start()
    try:
        await until(lambda: desk.numbers()["waiting_blocks"], "the block waits")
    finally:
        await desk.close()
    assert house.renderer.jobs == []


async def test_what_killed_runs_left_is_tidied_and_nothing_else(house: RecordingHouse, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    for name, age in (("mine", 0.0), ("other", 0.0), ("forgotten", LEFT_SECONDS + 60)):
        (scratch / name).mkdir(parents=True)
        (scratch / name / "block.mp4.part").write_bytes(b"half")
        for each in (scratch / name / "block.mp4.part", scratch / name):
            os.utime(each, (time.time() - age,) * 2)
    (house.captures.path / ".deleted-rec_9").mkdir(parents=True)
    desk = RecordingsDesk(replace(house.parts, scratch=scratch / "mine"), 0, Retention())
    desk.start()
    try:
        await until(lambda: not (house.captures.path / ".deleted-rec_9").exists(), "it is tidy")
    finally:
        await desk.close()
    assert [each.name for each in scratch.iterdir()] == ["other"]
