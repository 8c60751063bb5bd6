"""The folder of what was captured."""

from __future__ import annotations

from pathlib import Path

import pytest

from recording.store import Captures


def test_only_folders_of_recordings_count(tmp_path: Path) -> None:
    captures = Captures(tmp_path / "recordings")
    assert captures.recordings() == set()
    for name in ("rec_1", "rec_2-abc", "other", ".deleted-rec_3"):
        (captures.path / name).mkdir(parents=True)
    (captures.path / "rec_file").write_text("")
    assert captures.recordings() == {"rec_1", "rec_2-abc"}


def test_a_recording_is_as_large_as_its_files(tmp_path: Path) -> None:
    captures = Captures(tmp_path)
    assert captures.size("rec_1") == 0
    (tmp_path / "rec_1").mkdir()
    (tmp_path / "rec_1" / "a.rtp").write_bytes(b"12345")
    (tmp_path / "rec_1" / "b.rtp").write_bytes(b"678")
    assert captures.size("rec_1") == 8


def test_deleting_leaves_nothing_also_when_it_was_interrupted(tmp_path: Path) -> None:
    captures = Captures(tmp_path)
    (tmp_path / "rec_1").mkdir()
    (tmp_path / "rec_1" / "a.rtp").write_bytes(b"12345")
    captures.remove("rec_1")
    captures.remove("rec_1")
    (tmp_path / ".deleted-rec_2").mkdir()
    captures.sweep()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["..", "rec_1/..", "rec_", "", "ses_1", "rec_" + "a" * 61, "rec_ü"])
def test_what_is_no_id_is_joined_to_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not the id of a recording"):
        Captures(tmp_path).folder(name)
