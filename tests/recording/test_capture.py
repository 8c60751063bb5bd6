"""Capturing: what is tapped is in files soon, and no disk holds the media up."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from recording.capture import HELD_SECONDS, Capture
from recording.track_file import PACKET, REPORT, TrackHeader, read_tracks
from signaling.media.feedback import SenderReport, parse_compound
from tests.support.waiting import until

REC = "rec_1"
VIDEO = TrackHeader("s1", "ada", "video", "h", "VP8", 90_000, 96)
AUDIO = TrackHeader("s1", "ada", "audio", "", "opus", 48_000, 111)


@pytest.fixture
def captures(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def capture(captures: Path) -> Iterator[Capture]:
    capture = Capture(captures)
    yield capture
    capture.close()


class SlowDisk:
    """Takes no bytes until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._write = os.write
        self._free = Event()
        monkeypatch.setattr("recording.capture.os.write", self)

    def __call__(self, file: int, data: bytes) -> int:
        self._free.wait(30)
        return self._write(file, data)

    def go_on(self) -> None:
        self._free.set()


def sizes(folder: Path) -> list[int]:
    """Of all files below a folder."""
    return [path.stat().st_size for path in folder.rglob("*") if path.is_file()]


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def packets(folder: Path) -> list[bytes]:
    return [record.payload for track in read_tracks(folder) for record in track.records()]


async def test_packets_are_in_files_of_their_recordings_and_tracks(capture: Capture, captures: Path) -> None:
    now = time.monotonic()
    tapped = [capture.track(REC, VIDEO), capture.track(REC, AUDIO), capture.track("rec_2", VIDEO)]
    for number in range(5):
        for place, track in enumerate(tapped):
            assert track is not None
            track.packet(memoryview(b"packet %d of %d" % (number, place)), now + number / 10)
    capture.close()
    for place, (recording, header) in enumerate([(REC, VIDEO), (REC, AUDIO), ("rec_2", VIDEO)]):
        (track_file,) = [each for each in read_tracks(captures / recording) if each.header == header]
        records = list(track_file.records())
        assert [record.payload for record in records] == [b"packet %d of %d" % (n, place) for n in range(5)]
        arrivals = [record.arrival for record in records]
        assert arrivals == pytest.approx([arrivals[0] + number / 10 for number in range(5)], abs=1e-6)
        assert abs(arrivals[0] - time.time()) < 30
    assert capture.metrics() == {
        "captured_packets": 15,
        "captured_bytes": sum(sizes(captures)),
        "capture_drops": 0,
        "capture_failures": 0,
    }


async def test_they_are_held_back_for_a_short_time_only(capture: Capture, captures: Path) -> None:
    track = capture.track(REC, VIDEO)
    assert track is not None
    track.packet(b"first", 100.0)
    capture.tick(100.0 + HELD_SECONDS * 0.9)
    track.packet(b"second", 100.0 + HELD_SECONDS * 0.95)
    assert not capture.metrics()["captured_bytes"]
    capture.tick(100.0 + HELD_SECONDS * 1.01)
    await until(lambda: packets(captures / REC) == [b"first", b"second"], "written")
    track.packet(b"third", 101.0)
    track.close()
    await until(lambda: packets(captures / REC) == [b"first", b"second", b"third"], "written")


async def test_sender_reports_are_kept_from_the_first_packet_on(capture: Capture, captures: Path) -> None:
    track = capture.track(REC, VIDEO)
    assert track is not None
    track.report(SenderReport(7, 1 << 32, 90), 100.0)
    track.packet(b"packet", 101.0)
    track.report(SenderReport(7, 3 << 32, 270), 102.0)
    capture.close()
    (track_file,) = read_tracks(captures / REC)
    first, second = track_file.records()
    assert (first.kind, second.kind) == (PACKET, REPORT)
    assert list(parse_compound(second.payload)) == [SenderReport(7, 3 << 32, 270)]


async def test_a_track_without_packets_leaves_no_file(capture: Capture, captures: Path) -> None:
    track = capture.track(REC, VIDEO)
    assert track is not None
    track.close()
    capture.close()
    assert sizes(captures) == []


async def test_many_tracks_need_no_more_open_files_than_one(capture: Capture, captures: Path) -> None:
    before = open_files()
    for number in range(600):
        track = capture.track(REC, VIDEO)
        assert track is not None
        track.packet(b"packet %d" % number, 100.0)
        capture.tick(200.0)
    assert open_files() <= before + 2
    capture.close()
    assert len(read_tracks(captures / REC)) == 600


async def test_two_processes_write_two_files(captures: Path) -> None:
    for text in (b"one", b"two"):
        capture = Capture(captures)
        track = capture.track(REC, VIDEO)
        assert track is not None
        track.packet(text, 100.0)
        capture.close()
    assert sorted(packets(captures / REC)) == [b"one", b"two"]


class TestTrouble:
    async def test_a_missing_folder_ends_the_track_and_says_so(
        self, captures: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        capture = Capture(captures / "unmounted")
        track = capture.track(REC, VIDEO)
        assert track is not None
        track.packet(b"packet", 100.0)
        capture.tick(200.0)
        await until(lambda: capture.metrics()["capture_failures"] == 1, "noticed")
        track.packet(b"packet", 300.0)
        track.report(SenderReport(7, 1, 1), 300.0)
        track.close()
        capture.close()
        assert "No such file or directory" in caplog.text
        assert capture.metrics()["captured_packets"] == 1
        assert sizes(captures) == []

    async def test_a_full_disk_ends_a_track_and_what_it_took_is_kept(
        self, capture: Capture, captures: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        write, left = os.write, 50_000

        def limited(file: int, data: bytes) -> int:
            nonlocal left
            if left == 0:
                raise OSError(28, "No space left on device")
            size = min(left, len(data))
            left -= size
            return write(file, data[:size])

        monkeypatch.setattr("recording.capture.os.write", limited)
        track = capture.track(REC, VIDEO)
        assert track is not None
        for number in range(200):
            track.packet(number.to_bytes(2, "big") * 500, 100.0 + number)
            capture.tick(101.0 + number)
        await until(lambda: capture.metrics()["capture_failures"] == 1, "noticed")
        capture.close()
        taken = packets(captures / REC)
        assert taken == [number.to_bytes(2, "big") * 500 for number in range(len(taken))]
        assert 45 <= len(taken) <= 50
        assert "No space left on device" in caplog.text

    async def test_a_slow_disk_holds_nobody_up_and_loses_only_what_is_too_much(
        self, capture: Capture, captures: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr("recording.capture.MOST_WAITING", 100_000)
        disk = SlowDisk(monkeypatch)
        first = capture.track(REC, AUDIO)
        assert first is not None
        began = time.monotonic()
        for number in range(400):
            first.packet(number.to_bytes(2, "big") * 500, 100.0 + number)
            capture.tick(101.0 + number)
        late = capture.track(REC, VIDEO)
        assert late is not None
        late.packet(b"dropped", 600.0)
        capture.tick(601.0)
        assert time.monotonic() - began < 5
        assert capture.metrics()["capture_drops"] > 200
        disk.go_on()
        await until(lambda: capture.metrics()["captured_bytes"] > 90_000, "written")
        late.packet(b"taken", 700.0)
        capture.close()
        audio, video = read_tracks(captures / REC)
        assert [record.payload for record in video.records()] == [b"taken"]
        kept = [int.from_bytes(record.payload[:2], "big") for record in audio.records()]
        assert kept == list(range(len(kept)))
        assert caplog.text.count("the disk is too slow") == 1

    async def test_a_disk_that_hangs_does_not_keep_the_process_from_ending(
        self, captures: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr("recording.capture.CLOSE_SECONDS", 0.1)
        disk = SlowDisk(monkeypatch)
        capture = Capture(captures)
        track = capture.track(REC, VIDEO)
        assert track is not None
        track.packet(b"packet", 100.0)
        capture.close()
        assert "captured bytes are lost" in caplog.text
        disk.go_on()
        await until(lambda: packets(captures / REC) == [b"packet"], "written after all")

    @pytest.mark.parametrize("recording", ["../rec_1", "", "a/b", ".", "x" * 200, "rec_1\n"])
    async def test_ids_that_are_no_names_are_not_captured(
        self, capture: Capture, captures: Path, recording: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert capture.track(recording, VIDEO) is None
        assert "is no id" in caplog.text
        assert sizes(captures) == []
