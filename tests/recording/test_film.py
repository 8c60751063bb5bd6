"""What a block's moments depend on: the recording, never where a block begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from recording.film import play
from recording.layout import Layout, Tile
from recording.pictures import Shown
from recording.seat_media import SeatMedia
from recording.stage_log import read_stage_logs
from recording.timeline import FPS, SAMPLES_PER_FRAME, Timeline, make_timeline
from tests.support.flash_and_beep import Performer, perform, write_stage
from tests.support.recorded_media import START
from tests.support.stages import camera

ADA = Performer(camera(1, "Ada"), START, START + 2.0, 1000, talks=True)
BEN = Performer(camera(2, "Ben"), START + 3.25, START + 4.25, 700, talks=True)
SILENT = camera(3, "Cy")

Drawn = tuple[tuple[str, ...], tuple[str, ...], str | None]
"""The seats of the tiles in their order, those with a picture, and the active speaker."""


class NotedCanvas:
    """Takes what would be drawn."""

    drawn: list[Drawn]

    def draw(self, tiles: Sequence[Tile], pictures: Mapping[str, Shown | None], active: str | None) -> av.VideoFrame:
        seats = tuple(tile.seat.seat for tile in tiles)
        self.drawn.append((seats, tuple(seat for seat in seats if pictures[seat] is not None), active))
        return av.VideoFrame(16, 16, "yuv420p")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    perform(tmp_path, ADA)
    perform(tmp_path, BEN)
    seats = [ADA.seat, BEN.seat, SILENT]
    write_stage(tmp_path, "1", [(START + 0.5, seats), (START + 3.0, seats[1:])], until=START + 4.5)
    return tmp_path


def played(
    folder: Path, patch: pytest.MonkeyPatch, layout: Layout, block_frames: int
) -> tuple[Timeline, list[Drawn], np.ndarray[tuple[int], np.dtype[np.float32]]]:
    """Play all blocks, each by itself; what was drawn and what was heard."""
    patch.setattr("recording.film.Canvas", NotedCanvas)
    patch.setattr("recording.timeline.BLOCK_FRAMES", block_frames)
    NotedCanvas.drawn = []
    timeline = make_timeline(read_stage_logs(folder))
    samples = [
        moment.samples
        for block in timeline.blocks
        for moment in play(timeline, block, layout, SeatMedia(folder, block))
    ]
    return timeline, NotedCanvas.drawn, np.concatenate(samples)


def test_blocks_show_and_sound_the_same_wherever_they_begin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    timeline, drawn, heard = played(folder, monkeypatch, "speaker", 10_000)
    assert len(drawn) == timeline.frames
    assert len(heard) == timeline.frames * SAMPLES_PER_FRAME
    _, drawn_in_pieces, heard_in_pieces = played(folder, monkeypatch, "speaker", 17)
    assert drawn_in_pieces == drawn
    # A decoder of Opus remembers what it decoded before, for ever but ever less.
    assert float(np.abs(heard_in_pieces - heard).max()) < 0.01


def test_who_spoke_last_is_large_until_they_leave(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, drawn, _ = played(folder, monkeypatch, "speaker", 10_000)
    present = drawn[FPS : round(2.5 * FPS)]
    assert {(seats, active) for seats, _, active in present} == {(("s1", "s2", "s3"), "s1")}
    assert (drawn[-1][0], drawn[-1][2]) == (("s2", "s3"), "s2")


def test_who_has_no_camera_on_has_no_picture(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, drawn, _ = played(folder, monkeypatch, "gallery", 10_000)
    assert drawn[FPS][1] == ("s1",)
    assert drawn[-1][1] == ("s2",)


@pytest.mark.parametrize("block_frames", [10_000, 7])
def test_sound_that_is_cut_falls_and_rises_without_a_click(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block_frames: int
) -> None:
    perform(tmp_path, ADA)
    silenced = replace(ADA.seat, audio=False, muted=True)
    # Muted for a while, and a pause: cuts in the middle of a tone.
    at = [0.51, 0.84, 1.17, 1.49, 1.63]
    seats = [[ADA.seat], [silenced], [ADA.seat], [], [ADA.seat]]
    write_stage(tmp_path, "1", [(START + each, who) for each, who in zip(at, seats, strict=True)], until=START + 1.93)
    _, _, heard = played(tmp_path, monkeypatch, "gallery", block_frames)
    steps = np.abs(np.diff(heard, prepend=0.0, append=0.0))
    tone = heard[SAMPLES_PER_FRAME : 4 * SAMPLES_PER_FRAME]
    assert float(np.abs(tone).max()) > 0.2
    assert float(steps.max()) < 1.3 * float(np.abs(np.diff(tone)).max())
