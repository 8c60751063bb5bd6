"""The stage log: what is written is read again, whatever happened to the writer or its disk."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from recording.stage_log import RecordedSeat, StageLog, StageRun, Statement, last_words, read_stage_logs

ADA = RecordedSeat("s1", "camera", "reg_1", "Ada", audio=True, video=True, muted=False, away=False)
BOB = replace(ADA, seat="s2", kind="screen", participant="reg_2", name="Bob", away=True)


def begin(folder: Path, run: str = "r1", node: str = "node-1", at: float = 100.0) -> StageLog:
    return StageLog(folder, node=node, run=run, recording="rec_1", session="ses_1", title="Talk", started_at=at)


def written(folder: Path) -> Path:
    """A log of two statements, a beat and an end; its file."""
    log = begin(folder)
    log.state(100.0, 7, (ADA,))
    log.beat(100.5)
    log.state(101.0, 9, (ADA, BOB))
    log.end(102.25, "nobody")
    log.close()
    (file,) = folder.iterdir()
    return file


def test_a_log_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert written(tmp_path / "rec_1").name == "stage-node-1-r1.jsonl"
    statements = (Statement(100.0, 7, (ADA,)), Statement(101.0, 9, (ADA, BOB)))
    assert read_stage_logs(tmp_path / "rec_1") == [
        StageRun("node-1", "r1", "Talk", "ses_1", 100.0, statements, alive_until=102.25, ended="nobody")
    ]


def test_runs_come_in_the_order_in_which_they_were_begun(tmp_path: Path) -> None:
    for run, at in (("c", 100.0), ("a", 300.0), ("b", 200.0)):
        begin(tmp_path, run, at=at).close()
    assert [run.run for run in read_stage_logs(tmp_path)] == ["c", "b", "a"]


def test_no_run_writes_into_the_log_of_another(tmp_path: Path) -> None:
    begin(tmp_path).close()
    with pytest.raises(FileExistsError):
        begin(tmp_path)


@pytest.mark.parametrize("name", ["李小龍", "عائشة", "👩‍👩‍👧", 'a "b"\n\x00', "\ud800"])
def test_names_may_hold_anything(tmp_path: Path, name: str) -> None:
    log = begin(tmp_path)
    log.state(100.0, 1, (replace(ADA, name=name),))
    log.close()
    assert read_stage_logs(tmp_path)[0].statements[0].seats[0].name == name


def test_times_never_go_back(tmp_path: Path) -> None:
    log = begin(tmp_path)
    log.beat(101.0)
    log.state(99.0, 1, (ADA,))
    log.close()
    (run,) = read_stage_logs(tmp_path)
    assert (run.statements[0].at, run.alive_until) == (101.0, 101.0)


def test_a_log_that_was_cut_anywhere_is_read_up_to_there(tmp_path: Path) -> None:
    file = written(tmp_path)
    whole = file.read_bytes()
    known_before = 0
    for length in range(len(whole) + 1):
        file.write_bytes(whole[:length])
        runs = read_stage_logs(tmp_path)
        known = sum(1 + len(run.statements) + (run.ended is not None) for run in runs)
        assert known >= known_before
        assert (last_words(tmp_path) is not None) is (whole[:length].count(b"\n") > 1), "the first line tells no time"
        known_before = known
    assert known_before == 4


DAMAGE = {
    "no JSON": b"\xff\xfe\n",
    "no object": b"[1]\n",
    "no time": b'{"sequence":1,"seats":[]}\n',
    "no seats": b'{"at":100.2,"sequence":1,"seats":[{"seat":"s1"}]}\n',
    "torn": b'{"at":100.2,"seque\n',
    "empty": b"\n",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_line_is_left_out(tmp_path: Path, damage: bytes) -> None:
    file = written(tmp_path)
    (whole,) = read_stage_logs(tmp_path)
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:2], damage, *lines[2:]]))
    assert read_stage_logs(tmp_path) == [whole]


@pytest.mark.parametrize("content", [b"", b"\n", b'{"format":2}\n', b'{"format":1,"node":"n"}\n', b'{"format":1'])
def test_a_log_without_its_first_line_is_left_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "stage-node1-r2.jsonl").write_bytes(content)
    written(tmp_path / "rec_1")
    assert read_stage_logs(tmp_path) == []


def test_after_a_torn_write_the_next_record_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = begin(tmp_path)
    real_write = os.write

    def half(descriptor: int, data: bytes) -> int:
        if bytes(data).startswith(b"{"):
            return real_write(descriptor, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", half)
        with pytest.raises(OSError, match="No space"):
            log.state(100.0, 1, (ADA,))
    log.end(101.0, "disk_full")
    log.close()
    (run,) = read_stage_logs(tmp_path)
    assert (run.statements, run.ended) == ((), "disk_full")


def test_the_last_words_are_those_of_all_runs_and_found_in_long_logs(tmp_path: Path) -> None:
    assert last_words(tmp_path) is None
    log = begin(tmp_path, "r1")
    crowd = [replace(ADA, seat=f"s{number}", name="N" * 200) for number in range(50)]
    for number in range(20):
        log.state(100.0 + number, number, crowd)
    assert last_words(tmp_path) == (119.0, False)
    begin(tmp_path, "r2", at=90.0).close()
    assert last_words(tmp_path) == (119.0, False)
    log.end(130.0, "closed")
    log.close()
    assert last_words(tmp_path) == (130.0, True)


def test_a_killed_process_has_lost_nothing_of_what_it_wrote(tmp_path: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from recording.stage_log import StageLog, RecordedSeat
log = StageLog(Path({str(tmp_path)!r}), node="n", run="r", recording="rec_1", session="s", title="T", started_at=1.0)
seat = RecordedSeat("s1", "camera", "p", "P", audio=True, video=True, muted=False, away=False)
log.state(1.0, 1, (seat,))
log.beat(2.5)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == -signal.SIGKILL
    (run,) = read_stage_logs(tmp_path)
    assert (len(run.statements), run.alive_until) == (1, 2.5)
