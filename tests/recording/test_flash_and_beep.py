"""The acceptance test of recordings: people flash and beep each second, and the files show and sound it in time.

Captured with everything that happens: clocks that drift, networks that delay and lose, people who come late, a time
without anybody, a server that is killed and started again, and the borders of blocks.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from recording.jobs import BlockJob
from recording.render import render_block
from recording.stage_log import read_stage_logs
from recording.timeline import FPS, SAMPLES_PER_FRAME, Timeline, make_timeline
from tests.support.flash_and_beep import (
    Performer,
    Seen,
    beep_errors,
    dues,
    flash_errors,
    perform,
    watch,
    write_stage,
)
from tests.support.recorded_media import START, Sender
from tests.support.stages import camera

FRAME = 1 / FPS
BLOCK = 96
"""Frames of a block in this test: like two hours, a whole number of AAC frames."""

ADA = Performer(camera(1, "Ada"), START + 0.013, START + 5.0, 800, Sender(1e6, media_drift=300e-6, ntp_drift=20e-6))
BEN = Performer(camera(2, "Ben"), START + 2.31, START + 5.0, 1300, Sender(-50.0, media_drift=-300e-6), loss=0.02)
CY = Performer(camera(3, "Cy"), START + 9.5, START + 11.2, 2100)
CY_AGAIN = Performer(CY.seat, START + 11.9, START + 15.2, 2100, Sender(3.0), take=2)
DEE = Performer(camera(4, "Dee"), START + 11.9, START + 15.2, 2900, Sender(media_drift=100e-6), loss=0.02, take=2)
PERFORMERS = (ADA, BEN, CY, CY_AGAIN, DEE)


@dataclass(frozen=True, slots=True)
class Recording:
    folder: Path
    timeline: Timeline
    blocks: list[Path]
    in_one: Path
    """The same, rendered as if a block were as long."""


def job(folder: Path, number: int, target: Path) -> BlockJob:
    return BlockJob(folder, number, "gallery", frozenset(), target)


def render(folder: Path, number: int, target: Path) -> Path:
    render_block(job(folder, number, target), lambda done, of: None)
    return target


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recording]:
    folder, files = tmp_path_factory.mktemp("rec_1"), tmp_path_factory.mktemp("files")
    for performer in PERFORMERS:
        perform(folder, performer)
    first = [(ADA.start, [ADA.seat]), (BEN.start, [ADA.seat, BEN.seat]), (ADA.end, []), (CY.start, [CY.seat])]
    write_stage(folder, "1", first, until=CY.end)
    write_stage(folder, "2", [(DEE.start, [CY.seat, DEE.seat]), (DEE.end, [])], until=DEE.end, sequence=5)
    in_one = render(folder, 1, files / "one.mp4")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recording.timeline.BLOCK_FRAMES", BLOCK)
        timeline = make_timeline(read_stage_logs(folder))
        blocks = [render(folder, block.number, files / f"{block.number}.mp4") for block in timeline.blocks]
        yield Recording(folder, timeline, blocks, in_one)


@pytest.fixture(scope="module")
def seen(recording: Recording) -> Seen:
    return watch(recording.blocks)


def test_dead_space_is_not_in_the_files(recording: Recording) -> None:
    shown = [(ADA.start, ADA.end), (CY.start, CY.end), (DEE.start, DEE.end)]
    assert recording.timeline.frames == sum(round(end * FPS) - round(start * FPS) for start, end in shown)
    *full, last = (block.frames for block in recording.timeline.blocks)
    assert full == [BLOCK] * 3
    assert last == recording.timeline.frames - 3 * BLOCK


def test_every_block_is_played_as_promised(recording: Recording) -> None:
    for block, path in zip(recording.timeline.blocks, recording.blocks, strict=True):
        video = probe(path, "v", "codec_name,width,height,r_frame_rate,avg_frame_rate,start_pts,nb_read_frames")
        assert video == f"h264,1920,1080,30/1,30/1,0,{block.frames}"
        audio = probe(path, "a", "codec_name,sample_rate,channels,start_pts,duration_ts")
        assert audio == f"aac,48000,1,0,{block.frames * SAMPLES_PER_FRAME}"


def probe(path: Path, stream: str, entries: str) -> str:
    asked = ["-select_streams", stream, "-show_entries", f"stream={entries}", "-of", "csv=p=0"]
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", *asked, path], check=True, capture_output=True, text=True
    )
    return shown.stdout.strip()


@pytest.mark.parametrize("performer", PERFORMERS, ids=lambda each: f"{each.seat.name}-{each.take}")
def test_picture_and_sound_are_in_time_over_the_whole_recording(
    recording: Recording, seen: Seen, performer: Performer
) -> None:
    flashes = flash_errors(seen, recording.timeline, performer.seat, performer.moments)
    beeps = beep_errors(seen, recording.timeline, performer.hertz, performer.moments)
    expected = len(dues(recording.timeline, performer.moments))
    assert expected >= 1
    # Where a packet of a flash is lost for good, the picture before it stays until the next keyframe.
    assert len(flashes) >= (expected - 1 if performer.loss else expected)
    assert len(beeps) == expected
    assert max(map(abs, flashes)) <= FRAME
    assert max(map(abs, beeps)) <= FRAME


def test_blocks_follow_each_other_without_a_seam(recording: Recording, seen: Seen) -> None:
    whole = watch([recording.in_one])
    assert len(seen.luma) == len(whole.luma) == recording.timeline.frames
    pictures = [
        float(np.abs(one.astype(np.int16) - other).mean()) for one, other in zip(seen.luma, whole.luma, strict=True)
    ]
    assert max(pictures) < 2.0
    assert len(seen.sound) == len(whole.sound)
    errors = np.sqrt(np.mean((seen.sound - whole.sound).reshape(-1, SAMPLES_PER_FRAME) ** 2, axis=1))
    for border in range(BLOCK, recording.timeline.frames, BLOCK):
        assert errors[border - 2 : border + 2].max() <= max(np.percentile(errors, 95), 0.003)


def test_a_block_rendered_again_is_the_same(recording: Recording, tmp_path: Path) -> None:
    again = render(recording.folder, 2, tmp_path / "again.mp4")
    assert again.read_bytes() == recording.blocks[1].read_bytes()
