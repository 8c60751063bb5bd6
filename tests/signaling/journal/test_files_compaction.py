"""New files take old ones' names without losing an entry, whenever the process is killed or an entry comes."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from signaling.journal.files import FileJournal
from signaling.journal.port import Entry, Position
from tests.signaling.journal.killing import kill_at_step
from tests.support.journals import append_all, payloads_in

MANY_STEPS = 100


async def test_a_compaction_killed_at_any_step_loses_nothing(tmp_path: Path) -> None:
    for step in range(MANY_STEPS):
        directory = tmp_path / str(step)
        journal = FileJournal(directory)
        at = await append_all(journal, "s1", b"one", b"two")
        await append_all(journal, "s1", b"three")
        with kill_at_step(step, journal) as steps:
            await journal.save_snapshot("s1", at, b"state at two")
        again = FileJournal(directory)
        loaded = await again.load("s1")
        swapped = "replace" in steps
        assert loaded.position == Position(at.epoch, 3)
        assert loaded.snapshot == (b"state at two" if swapped else None)
        assert [entry.payload for entry in loaded.entries] == ([b"three"] if swapped else [b"one", b"two", b"three"])
        assert (await again.append("s1", loaded.position, b"four")).sequence == 4
        await again.close()
        assert not list(directory.glob("*.torn"))
        if len(steps) < step:
            break
    # The new file is whole and on the disk before it takes the name, and the name is on the disk before it is told.
    assert steps == ["write", "write", "fsync", "replace", "fsync", "unlink"]


async def test_entries_that_come_while_a_snapshot_is_written_are_in_the_new_file(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    at = await append_all(journal, "s1", b"one")
    written = asyncio.Event()
    loop = asyncio.get_running_loop()
    real = os.fsync

    def slow(descriptor: int) -> None:
        real(descriptor)
        asyncio.run_coroutine_threadsafe(wait_for_more(), loop).result(10)

    async def wait_for_more() -> None:
        if not written.is_set():
            written.set()
            await journal.append("s1", at, b"two")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", slow)
        await journal.save_snapshot("s1", at, b"state at one")
    loaded = await journal.load("s1")
    assert (loaded.snapshot, list(loaded.entries)) == (b"state at one", [Entry(2, b"two")])
    await journal.close()
    assert await payloads_in(tmp_path, "s1") == [b"two"]


async def test_an_entry_that_comes_while_the_files_are_swapped_waits_and_is_in_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = FileJournal(tmp_path)
    at = await append_all(journal, "s1", b"one")
    loop = asyncio.get_running_loop()
    appending: list[asyncio.Task[Position]] = []
    real = Path.replace

    async def begin_to_append() -> None:
        appending.append(asyncio.create_task(journal.append("s1", at, b"two")))
        for _ in range(10):
            await asyncio.sleep(0)

    def replace(new: Path, old: Path) -> Path:
        asyncio.run_coroutine_threadsafe(begin_to_append(), loop).result(10)
        return real(new, old)

    monkeypatch.setattr(Path, "replace", replace)
    await journal.save_snapshot("s1", at, b"state at one")
    assert (await appending[0]).sequence == 2
    await journal.close()
    assert await payloads_in(tmp_path, "s1") == [b"two"]


async def test_a_first_append_killed_at_any_step_leaves_the_entry_or_nothing(tmp_path: Path) -> None:
    for step in range(MANY_STEPS):
        directory = tmp_path / str(step)
        journal = FileJournal(directory)
        position = (await journal.load("s1")).position
        acknowledged = False
        with kill_at_step(step, journal) as steps:
            await journal.append("s1", position, b"one")
            acknowledged = True
        assert await payloads_in(directory, "s1") == ([b"one"] if "replace" in steps else [])
        assert not list(directory.glob("*.new"))
        if acknowledged:
            break
    assert steps == ["write", "write", "fsync", "replace", "fsync"]


async def test_what_a_killed_compaction_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "s1.journal.new").write_bytes(b"half a file")
    journal = FileJournal(tmp_path)
    assert await journal.sessions() == ()
    await journal.close()
    assert not list(tmp_path.glob("*.new"))  # noqa: ASYNC240 - a look after the act
