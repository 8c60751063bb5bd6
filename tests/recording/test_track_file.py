"""Track files: what was written is read, whatever happened to the file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recording.track_file import (
    PACKET,
    PIECE,
    REPORT,
    TrackFile,
    TrackHeader,
    TrackRecord,
    TrackWriter,
    read_tracks,
    track_name,
)

HEADER = TrackHeader("s3", "reg_ada", "video", "h", "VP8", 90_000, 96)
START = 1_800_000_000


def record(step: int, payload: bytes, kind: int = PACKET) -> TrackRecord:
    return TrackRecord(kind, START + step / 64, payload)


SOME = [record(n, bytes([n]) * (17 * n)) for n in range(8)] + [record(8, b"report", REPORT)]


def written(records: Iterable[TrackRecord] = SOME, header: TrackHeader = HEADER) -> bytes:
    data = bytearray()
    writer = TrackWriter(header, data.extend)
    for each in records:
        # The float's exact value in nanoseconds, which reading makes the same float of.
        arrival = int(each.arrival * 64) * (10**9 // 64)
        (writer.packet if each.kind == PACKET else writer.report)(each.payload, arrival)
    writer.flush()
    return bytes(data)


def read(path: Path, data: bytes, since: float = 0.0) -> list[TrackRecord]:
    path.write_bytes(data)
    return list(TrackFile(path).records(since))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s3-video-h-run-1.rtp"


class TestReading:
    def test_what_was_written_is_read(self, path: Path) -> None:
        assert read(path, written()) == SOME
        assert TrackFile(path).header == HEADER

    def test_a_file_larger_than_what_is_read_at_once(self, path: Path) -> None:
        random = Random(1)
        many = [record(n, random.randbytes(random.randrange(1500))) for n in range(4000)]
        assert read(path, written(many)) == many

    def test_a_time_is_found_without_reading_all_before_it(self, path: Path) -> None:
        random = Random(2)
        many = [record(n, random.randbytes(1200)) for n in range(8000)]
        path.write_bytes(written(many))
        track = TrackFile(path)
        for place in (0, 1, 777, 4000, 7998, 7999):
            expected = many[place : place + 3]
            found = track.records(since=many[place].arrival)
            assert [each for each, _ in zip(found, expected, strict=False)] == expected
        assert list(track.records(since=START + 8000)) == []

    def test_reading_goes_on_where_a_file_has_grown(self, path: Path) -> None:
        whole = written()
        half = len(written(SOME[:4]))
        assert len(read(path, whole[:half])) == 4
        with path.open("ab") as file:
            file.write(whole[half:])
        assert len(list(TrackFile(path).records())) == len(SOME)


class TestWriting:
    def test_pieces_hold_whole_records(self, tmp_path: Path) -> None:
        pieces: list[bytearray] = []
        writer = TrackWriter(HEADER, pieces.append)
        for number in range(200):
            writer.packet(bytes(1200), (START + number) * 10**9)
        writer.flush()
        writer.flush()
        assert len(pieces) == 200 * 1216 // PIECE + 1
        for number in range(len(pieces)):
            left_out = b"".join(piece for place, piece in enumerate(pieces) if place != number or place == 0)
            # Any piece but the first may be missing.
            assert len(read(tmp_path / "a.rtp", left_out)) >= 200 - PIECE // 1216 - 1

    def test_files_are_named_after_their_tracks(self) -> None:
        assert track_name(HEADER, "r1", 7) == "s3-video-h-r1-7.rtp"
        assert track_name(replace(HEADER, kind="audio", rid=""), "r1", 8) == "s3-audio-0-r1-8.rtp"
        assert track_name(replace(HEADER, seat="../x", rid="a/b"), "r", 1) == ".._x-video-a_b-r-1.rtp"


class TestDamage:
    def test_a_file_torn_at_any_byte_gives_what_was_whole(self, path: Path) -> None:
        data = written()
        ends = [len(written(SOME[:count])) for count in range(len(SOME) + 1)]
        for size in range(ends[0], len(data) + 1):
            whole = sum(end <= size for end in ends) - 1
            assert read(path, data[:size]) == SOME[:whole]

    def test_a_torn_first_line_is_no_track(self, tmp_path: Path) -> None:
        data = written()
        (tmp_path / "good.rtp").write_bytes(data)
        (tmp_path / "stage.jsonl").write_bytes(b"{}\n")
        for size in range(len(written([])) - 1):
            (tmp_path / "torn.rtp").write_bytes(data[:size])
            assert [track.path.name for track in read_tracks(tmp_path)] == ["good.rtp"]

    @pytest.mark.parametrize("place", range(len(SOME)))
    def test_a_damaged_record_is_left_out_and_the_others_stay(self, path: Path, place: int) -> None:
        data = bytearray(written())
        data[len(written(SOME[: place + 1])) - 1] ^= 0x10
        assert read(path, bytes(data)) == SOME[:place] + SOME[place + 1 :]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_nothing_wrong_is_ever_read(self, path: Path, data: st.DataObject) -> None:
        payloads = data.draw(st.lists(st.binary(max_size=60), max_size=12))
        records = [record(n, payload) for n, payload in enumerate(payloads)]
        head = len(written([]))
        content = bytearray(written(records))[head:]
        for _ in range(data.draw(st.integers(0, 4))):
            at = data.draw(st.integers(0, len(content)))
            length = data.draw(st.integers(0, 20))
            content[at : at + length] = data.draw(st.binary(max_size=20))
        found = read(path, written([]) + bytes(content))
        assert all(each in records for each in found)
        later = read(path, written([]) + bytes(content), records[-1].arrival if records else START)
        assert later == [each for each in found if records and each == records[-1]]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(line=st.binary(max_size=200))
    def test_any_first_line_is_read_or_refused(self, path: Path, line: bytes) -> None:
        path.write_bytes(line + b"\n")
        with pytest.raises(ValueError, match="track"):
            TrackFile(path)

    @pytest.mark.parametrize(
        "change",
        [
            {"format": 2}, {"kind": "smell"}, {"seat": 3}, {"rid": None}, {"clock_rate": 0}, {"clock_rate": 1.5},
            {"payload_type": "96"}, {"payload_type": True}, {"more": 1},
        ],
    )  # fmt: skip
    def test_a_header_that_says_something_else_is_refused(self, path: Path, change: dict[str, object]) -> None:
        path.write_text(json.dumps({"format": 1, **asdict(HEADER), **change}) + "\n")
        with pytest.raises(ValueError, match=path.name):
            TrackFile(path)

    @pytest.mark.parametrize("text", ["[" * 4000, "[]", "", "{" * 5000, '{"format": 1}'])
    def test_a_header_that_is_none_is_refused(self, path: Path, text: str) -> None:
        path.write_text(text + "\n")
        with pytest.raises(ValueError, match=path.name):
            TrackFile(path)
