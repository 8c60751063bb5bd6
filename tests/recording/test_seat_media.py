"""What people show and say in a block, and that one bad track costs nobody else their recording."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from recording.jobs import BlockJob
from recording.render import render_block
from recording.seat_media import SeatMedia
from recording.stage_log import RecordedSeat, read_stage_logs
from recording.timeline import FPS, SAMPLES_PER_FRAME, Block, make_timeline
from recording.track_file import TrackHeader, TrackWriter
from tests.support.flash_and_beep import Performer, perform, write_stage
from tests.support.recorded_media import START
from tests.support.stages import camera

ADA = Performer(camera(1, "Ada"), START, START + 2.0, 1000)
BEN = Performer(camera(2, "Ben"), START, START + 2.0, 1000)
LATER = START + 1.3
"""The first second tells the clocks."""


def block_of(folder: Path, *seats: RecordedSeat, until: float = START + 2.0) -> Block:
    write_stage(folder, "1", [(START, seats)], until=until)
    (block,) = make_timeline(read_stage_logs(folder)).blocks
    return block


def loudest(media: SeatMedia, seat: RecordedSeat) -> float:
    position = round(START * FPS) * SAMPLES_PER_FRAME
    return float(np.abs(media.sound(seat, position, 2 * 48_000)).max())


def shows(media: SeatMedia, seat: RecordedSeat) -> bool:
    return media.picture(seat, LATER) is not None


def test_each_seat_shows_and_says_what_was_captured_of_it(tmp_path: Path) -> None:
    perform(tmp_path, ADA)
    media = SeatMedia(tmp_path, block_of(tmp_path, ADA.seat, BEN.seat))
    assert shows(media, ADA.seat)
    assert loudest(media, ADA.seat) == pytest.approx(0.4, abs=0.1)
    assert not shows(media, BEN.seat)
    assert loudest(media, BEN.seat) == 0.0


def test_a_seat_shows_and_says_nothing_while_that_is_off(tmp_path: Path) -> None:
    perform(tmp_path, ADA)
    media = SeatMedia(tmp_path, block_of(tmp_path, ADA.seat))
    assert not shows(media, camera(1, "Ada", video=False))
    assert loudest(media, camera(1, "Ada", audio=False)) == 0.0
    assert loudest(media, camera(1, "Ada", muted=True)) == 0.0


def test_another_persons_tracks_of_the_same_seat_are_not_used(tmp_path: Path) -> None:
    perform(tmp_path, ADA)
    media = SeatMedia(tmp_path, block_of(tmp_path, ADA.seat))
    assert not shows(media, camera(1, "Eve", participant="reg_9"))
    assert loudest(media, camera(1, "Eve", participant="reg_9")) == 0.0


def test_a_seat_that_comes_again_after_it_was_closed_goes_on(tmp_path: Path) -> None:
    perform(tmp_path, ADA)
    media = SeatMedia(tmp_path, block_of(tmp_path, ADA.seat))
    assert shows(media, ADA.seat)
    media.keep([])
    assert shows(media, ADA.seat)
    assert loudest(media, ADA.seat) > 0.1


def test_tracks_that_vanish_leave_a_name_and_silence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    perform(tmp_path, ADA)
    media = SeatMedia(tmp_path, block_of(tmp_path, ADA.seat))
    for track in tmp_path.glob("*.rtp"):
        track.unlink()
    with caplog.at_level(logging.ERROR):
        assert not shows(media, ADA.seat)
        assert loudest(media, ADA.seat) == 0.0
    assert "nothing of s1" in caplog.text


def test_tracks_that_vanish_in_the_middle_leave_a_name_and_silence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    perform(tmp_path, ADA)
    media = SeatMedia(tmp_path, block_of(tmp_path, ADA.seat))
    assert not media.picture(ADA.seat, START - 1.0)
    for track in tmp_path.glob("*.rtp"):
        track.rename(track.with_suffix(".gone"))
    media.keep([])  # what it holds open is closed
    with caplog.at_level(logging.ERROR):
        assert not shows(media, ADA.seat)
        assert loudest(media, ADA.seat) == 0.0
        assert not shows(media, ADA.seat)
    assert len(caplog.records) == 2


def damage(folder: Path) -> None:
    """Tracks of Ben with all kinds of damage."""
    perform(folder, BEN)
    video, audio = (next(folder.glob(f"s2-{kind}-*.rtp")) for kind in ("video", "audio"))
    whole = video.read_bytes()
    half = bytearray(whole)
    half[len(whole) // 4 : len(whole) // 2] = bytes(len(whole) // 2 - len(whole) // 4)
    video.write_bytes(half[: len(whole) - 100])
    audio.write_bytes(audio.read_bytes()[:300])
    (folder / "s2-video-0-run-7.rtp").write_bytes(b"")
    (folder / "s2-video-0-run-8.rtp").write_bytes(b"no track at all\n" + bytes(1000))
    random = np.random.default_rng(5)
    for kind, codec, rate in (("audio", "opus", 48_000), ("video", "VP8", 90_000)):
        header = TrackHeader("s2", BEN.seat.participant, kind, "", codec, rate, 96)  # type: ignore[arg-type]
        with (folder / f"s2-{kind}-0-run-9.rtp").open("wb") as file:
            writer = TrackWriter(header, file.write)
            for number in range(200):
                payload = random.bytes(int(random.integers(0, 60)))
                head = b"\x80\xe0" + number.to_bytes(2, "big") + (number * 960).to_bytes(4, "big") + b"\0\0\0\7"
                writer.packet(head + payload, round((START + number / 100) * 1e9))
                writer.report(random.bytes(40), round((START + number / 100) * 1e9))
            writer.flush()


def test_damaged_and_missing_tracks_do_not_end_a_render(tmp_path: Path) -> None:
    folder = tmp_path / "rec_1"
    folder.mkdir()
    perform(folder, ADA)
    damage(folder)
    seats = [ADA.seat, BEN.seat, camera(3, "No tracks")]
    block = block_of(folder, *seats, until=START + 0.4)
    media = SeatMedia(folder, block)
    assert shows(media, ADA.seat)
    rendered = render_block(
        BlockJob(folder, 1, "speaker", frozenset(), tmp_path / "block.mp4"), lambda frames, of: None
    )
    assert rendered.frames == 12
