"""A server that is killed with SIGKILL has every acknowledged entry when it comes back."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from signaling.journal.files import FileJournal
from signaling.journal.port import Entry
from tests.signaling.journal.appending_process import payload_of, snapshot_of

ROOT = Path(__file__).parents[3]


def append_until_killed(directory: Path, acknowledged: int) -> int:
    """Kill the process once it has acknowledged so many entries; return the last one that it acknowledged."""
    command = [sys.executable, "-m", "tests.signaling.journal.appending_process", str(directory), "s1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(acknowledged)]
        process.kill()
        lines += process.stdout.readlines()
    return max(int(line) for line in lines if line.endswith(b"\n"))


@pytest.mark.parametrize("seed", range(5))
async def test_every_acknowledged_entry_is_there_after_sigkill(tmp_path: Path, seed: int) -> None:
    chosen = random.Random(seed)
    acknowledged = 0
    for _ in range(3):
        acknowledged = append_until_killed(tmp_path, chosen.randint(1, 300))
        journal = FileJournal(tmp_path)
        loaded = await journal.load("s1")
        await journal.close()
        # One more may have been written than was told.
        assert loaded.position.sequence in (acknowledged, acknowledged + 1)
        base = loaded.position.sequence - len(loaded.entries)
        assert loaded.snapshot == (snapshot_of(base) if base else None)
        assert list(loaded.entries) == [
            Entry(sequence, payload_of(sequence)) for sequence in range(base + 1, loaded.position.sequence + 1)
        ]
