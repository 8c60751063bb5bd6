"""Blocks as files: counted to the frame and the sample, and without a seam between one and the next."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from recording.encode import AAC_FRAME, BlockEncoder, Samples
from recording.timeline import SAMPLES_PER_FRAME
from recording.verify import Unverified, verify

WIDTH, HEIGHT = 320, 180
BLOCK = 48
"""Frames: as many samples as fill AAC frames, as in a whole block of two hours."""


def picture(number: int) -> av.VideoFrame:
    planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    planes[:HEIGHT] = 40 + 4 * (number % 40)
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")


def tone(frames: int) -> Samples:
    at = np.arange(frames * SAMPLES_PER_FRAME)
    noise = np.random.default_rng(1).standard_normal(len(at))
    return (0.4 * np.sin(2 * np.pi * 441.3 * at / 48_000) + 0.02 * noise).astype(np.float32)


def chord(frames: int) -> Samples:
    at = np.arange(frames * SAMPLES_PER_FRAME) / 48_000
    return (0.3 * np.sin(2 * np.pi * 300 * at + 1) + 0.1 * np.sin(2 * np.pi * 5200 * at)).astype(np.float32)


def noise(frames: int) -> Samples:
    return (0.2 * np.random.default_rng(2).standard_normal(frames * SAMPLES_PER_FRAME)).astype(np.float32)


def write(target: Path, sound: Samples) -> Path:
    with BlockEncoder(target, WIDTH, HEIGHT, threads=1) as encoder:
        for number, samples in enumerate(sound.reshape(-1, SAMPLES_PER_FRAME)):
            encoder.add(picture(number), samples)
        encoder.finish()
    return target


def heard(path: Path) -> NDArray[np.float32]:
    with av.open(str(path)) as file:
        return np.concatenate([frame.to_ndarray().reshape(-1) for frame in file.decode(audio=0)])


def probe(path: Path) -> dict[str, dict[str, Any]]:
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-count_frames", "-of", "json", path],
        check=True,
        capture_output=True,
    )
    return {stream["codec_type"]: stream for stream in json.loads(shown.stdout)["streams"]}


@pytest.mark.parametrize("frames", [BLOCK, 50, 1])
def test_a_block_has_exactly_its_frames_and_samples(tmp_path: Path, frames: int) -> None:
    path = write(tmp_path / "block.mp4.part", tone(frames))
    verified = verify(path, frames, WIDTH, HEIGHT)
    assert (verified.frames, verified.samples) == (frames, frames * SAMPLES_PER_FRAME)
    assert verified.seconds == frames / 30
    assert verified.bytes == path.stat().st_size
    told = probe(path)
    assert int(told["video"]["nb_read_frames"]) == frames
    assert told["video"]["start_pts"] == told["audio"]["start_pts"] == 0
    assert told["audio"]["duration_ts"] == frames * SAMPLES_PER_FRAME
    assert {told["video"]["duration"], told["audio"]["duration"]} == {f"{frames / 30:.6f}"}
    padding = len(heard(path)) - frames * SAMPLES_PER_FRAME
    assert padding == -frames * SAMPLES_PER_FRAME % AAC_FRAME


def test_players_are_told_codecs_and_colours(tmp_path: Path) -> None:
    told = probe(write(tmp_path / "block.mp4", tone(2)))
    video, audio = told["video"], told["audio"]
    assert (video["codec_name"], video["pix_fmt"], video["r_frame_rate"]) == ("h264", "yuv420p", "30/1")
    colours = [video[f"color_{each}"] for each in ("primaries", "transfer", "space", "range")]
    assert colours == ["bt709", "bt709", "smpte170m", "tv"]
    assert (audio["codec_name"], audio["sample_rate"], audio["channels"]) == ("aac", "48000", 1)


@pytest.mark.parametrize("sound", [tone, chord, noise])
def test_sound_goes_on_over_the_border_of_two_blocks_as_anywhere_else(
    tmp_path: Path, sound: Callable[[int], Samples]
) -> None:
    source = sound(2 * BLOCK)
    border = BLOCK * SAMPLES_PER_FRAME

    def errors(path: Path, truth: Samples) -> NDArray[np.float32]:
        """How far each AAC frame is from what it should sound like."""
        error: NDArray[np.float32] = np.sqrt(np.mean((heard(path) - truth).reshape(-1, AAC_FRAME) ** 2, axis=1))
        return error

    in_one = errors(write(tmp_path / "both.mp4", source), source)
    first = errors(write(tmp_path / "1.mp4", source[:border]), source[:border])
    second = errors(write(tmp_path / "2.mp4", source[border:]), source[border:])
    inaudible = 0.003
    for error in (first[-1], second[0], second[1]):
        assert error < 1.25 * np.mean(in_one) + inaudible
    assert np.mean(second) < 1.25 * np.mean(in_one) + inaudible


def test_the_same_input_gives_the_same_file(tmp_path: Path) -> None:
    assert write(tmp_path / "a", tone(70)).read_bytes() == write(tmp_path / "b", tone(70)).read_bytes()


def test_a_file_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write(tmp_path / "missing" / "block.mp4", tone(1))


def test_a_file_cut_off_is_not_verified(tmp_path: Path) -> None:
    path = write(tmp_path / "block.mp4", tone(10))
    whole = path.read_bytes()
    for length in (0, 7, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(Unverified):
            verify(path, 10, WIDTH, HEIGHT)


def test_a_file_of_other_length_size_or_kind_is_not_verified(tmp_path: Path) -> None:
    path = write(tmp_path / "block.mp4", tone(10))
    for frames, width, height in ((9, WIDTH, HEIGHT), (11, WIDTH, HEIGHT), (10, HEIGHT, WIDTH)):
        with pytest.raises(Unverified):
            verify(path, frames, width, height)
    path.write_bytes(b"\0\0\0\x10moov\0\0\0\0\0\0\0\0\0\0\0\x10mdat\0\0\0\0\0\0\0\0")
    with pytest.raises(Unverified, match="one picture track"):
        verify(path, 10, WIDTH, HEIGHT)


def test_a_file_whose_index_is_last_is_not_verified(tmp_path: Path) -> None:
    path, late = write(tmp_path / "block.mp4", tone(10)), tmp_path / "late.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-c", "copy", late], check=True)
    with pytest.raises(Unverified, match="before its media"):
        verify(late, 10, WIDTH, HEIGHT)


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        verify(tmp_path / "none.mp4", 1, WIDTH, HEIGHT)
