"""The file journal's own duties: damage, full disks, failing syncs, one owner."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from signaling.journal.files import FileJournal
from signaling.journal.port import Conflict, Entry, JournalUnavailable, Position
from tests.support.journals import append_all, payloads_in


@pytest_asyncio.fixture
async def journal(tmp_path: Path) -> AsyncIterator[FileJournal]:
    opened = FileJournal(tmp_path)
    yield opened
    await opened.close()


async def append_until_refused(journal: FileJournal, position: Position) -> tuple[Position, JournalUnavailable]:
    while True:
        try:
            position = await journal.append("s1", position, b"more")
        except JournalUnavailable as refusal:
            return position, refusal
        await asyncio.sleep(0)


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@contextmanager
def disk_full_beyond(size: int) -> Iterator[None]:
    """The kernel takes no byte of any file beyond `size`: it writes what fits, then fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fail(error: int) -> Any:
    def failing(*_: Any) -> Any:
        raise OSError(error, os.strerror(error))

    return failing


async def test_corruption_in_the_middle_cuts_what_follows_and_keeps_it_aside(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    before = await append_all(journal, "s1", b"first", b"second", b"third")
    await journal.close()
    path = tmp_path / "s1.journal"
    data = path.read_bytes()
    start = data.index(b"second") - 16
    path.write_bytes(data.replace(b"second", b"sEcond"))
    again = FileJournal(tmp_path)
    with capture_logs() as logs:
        loaded = await again.load("s1")
    assert list(loaded.entries) == [Entry(1, b"first")]
    assert loaded.position.epoch != before.epoch, "2 and 3 will be given out anew"
    assert [(line["event"], line["log_level"], line["bytes"]) for line in logs] == [
        ("journal_cut", "warning", len(data) - start)
    ]
    assert (tmp_path / "s1.journal.1.torn").read_bytes() == data[start:].replace(b"second", b"sEcond")
    await again.append("s1", loaded.position, b"another second")
    await again.close()
    assert await payloads_in(tmp_path, "s1") == [b"first", b"another second"]


async def test_each_cut_is_kept_in_a_file_of_its_own_until_the_room_is_deleted(tmp_path: Path) -> None:
    for _ in range(2):
        journal = FileJournal(tmp_path)
        await append_all(journal, "s1", b"sound", b"torn")
        await journal.close()
        path = tmp_path / "s1.journal"
        path.write_bytes(path.read_bytes()[:-1])
    assert await payloads_in(tmp_path, "s1") == [b"sound", b"sound"]
    assert names_in(tmp_path) == ["lock", "s1.journal", "s1.journal.1.torn", "s1.journal.2.torn"]
    journal = FileJournal(tmp_path)
    await journal.delete("s1")
    await journal.close()
    assert names_in(tmp_path) == ["lock"]


async def test_a_file_with_a_damaged_head_is_put_aside_whole(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    before = await append_all(journal, "s1", b"one")
    await journal.close()
    path = tmp_path / "s1.journal"
    damaged = b"????" + path.read_bytes()[4:]
    path.write_bytes(damaged)
    again = FileJournal(tmp_path)
    with capture_logs() as logs:
        loaded = await again.load("s1")
    assert (loaded.position.sequence, list(loaded.entries)) == (0, [])
    assert loaded.position.epoch != before.epoch
    assert [(line["event"], line["log_level"]) for line in logs] == [("journal_put_aside", "error")]
    assert (tmp_path / "s1.journal.1.torn").read_bytes() == damaged
    await again.append("s1", loaded.position, b"new")
    await again.close()
    assert await payloads_in(tmp_path, "s1") == [b"new"]


async def test_a_file_of_a_newer_format_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.journal.log_format.VERSION", 2)
    journal = FileJournal(tmp_path)
    await append_all(journal, "s1", b"one")
    await journal.close()
    monkeypatch.undo()
    data = (tmp_path / "s1.journal").read_bytes()
    again = FileJournal(tmp_path)
    with pytest.raises(JournalUnavailable, match="version 2"):
        await again.load("s1")
    await again.close()
    assert (tmp_path / "s1.journal").read_bytes() == data


async def test_a_full_disk_refuses_the_entry_and_leaves_no_half_of_it(journal: FileJournal, tmp_path: Path) -> None:
    position = await append_all(journal, "s1", b"x" * 1_000_000)
    path = tmp_path / "s1.journal"
    size = path.stat().st_size
    with disk_full_beyond(size + 100), pytest.raises(JournalUnavailable, match=r"s1\.journal"):
        await journal.append("s1", position, b"y" * 1000)
    assert path.stat().st_size == size
    with disk_full_beyond(size + 100):
        assert (await journal.append("s1", position, b"fits")).sequence == 2
    assert [entry.payload for entry in (await journal.load("s1")).entries][1:] == [b"fits"]


async def test_a_full_disk_refuses_first_entries_and_snapshots_too(journal: FileJournal, tmp_path: Path) -> None:
    start = (await journal.load("s1")).position
    large = b"x" * 1_000_000
    with disk_full_beyond(500_000), pytest.raises(JournalUnavailable):
        await journal.append("s1", start, large)
    assert names_in(tmp_path) == ["lock"]
    position = await journal.append("s1", start, b"one")
    with disk_full_beyond(500_000), pytest.raises(JournalUnavailable):
        await journal.save_snapshot("s1", position, large)
    assert names_in(tmp_path) == ["lock", "s1.journal"]
    await journal.save_snapshot("s1", position, b"small")
    assert (await journal.load("s1")).snapshot == b"small"


async def test_half_an_entry_that_cannot_be_taken_back_is_never_built_upon(
    journal: FileJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    position = await append_all(journal, "s1", b"one")
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, data[:10]) if len(data) > 10 else fail(errno.EIO)())
    monkeypatch.setattr(os, "ftruncate", fail(errno.EIO))
    with pytest.raises(JournalUnavailable):
        await journal.append("s1", position, b"x")
    monkeypatch.undo()
    with pytest.raises(Conflict):
        await journal.append("s1", position, b"x")
    loaded = await journal.load("s1")
    assert list(loaded.entries) == [Entry(1, b"one")]
    assert (await journal.append("s1", loaded.position, b"two")).sequence == 2


async def test_a_file_that_somebody_removed_is_another_journal(journal: FileJournal, tmp_path: Path) -> None:
    position = await append_all(journal, "s1", b"one", b"two")
    (tmp_path / "s1.journal").unlink()
    with pytest.raises(Conflict):
        await journal.append("s1", position, b"three")
    loaded = await journal.load("s1")
    assert loaded.position.sequence == 0
    assert loaded.position.epoch != position.epoch


async def test_entries_reach_the_disk_without_anybody_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = FileJournal(tmp_path, sync_interval=0.01)
    position = await append_all(journal, "s1", b"one")
    synced = asyncio.Event()
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(os, "fsync", lambda _: loop.call_soon_threadsafe(synced.set))
    await journal.append("s1", position, b"two")
    async with asyncio.timeout(10):
        await synced.wait()
    await journal.close()


async def test_a_failed_sync_stops_appends_until_the_room_is_whole_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = FileJournal(tmp_path, sync_interval=0.01)
    position = await append_all(journal, "s1", b"one")
    with capture_logs() as logs:
        monkeypatch.setattr(os, "fsync", fail(errno.EIO))
        position = await journal.append("s1", position, b"two")
        async with asyncio.timeout(10):
            position, refusal = await append_until_refused(journal, position)
        assert "synced" in str(refusal)
        monkeypatch.undo()
        async with asyncio.timeout(10):
            while True:
                try:
                    position = await journal.append("s1", position, b"after")
                    break
                except JournalUnavailable:
                    await asyncio.sleep(0.005)
    assert {"journal_sync_failed", "journal_sync_recovered"} <= {line["event"] for line in logs}
    await journal.close()
    payloads = await payloads_in(tmp_path, "s1")
    assert len(payloads) == position.sequence
    assert [payloads[0], payloads[1], payloads[-1]] == [b"one", b"two", b"after"]


async def test_close_tells_of_a_sync_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = FileJournal(tmp_path)
    position = await append_all(journal, "s1", b"one")
    monkeypatch.setattr(os, "fsync", fail(errno.EIO))
    await journal.append("s1", position, b"two")
    with pytest.raises(JournalUnavailable, match="s1"):
        await journal.close()
    monkeypatch.undo()
    assert await payloads_in(tmp_path, "s1") == [b"one", b"two"]


async def test_a_caller_who_gives_up_halfway_leaves_nothing_half_done(journal: FileJournal) -> None:
    """Cancelled at any step of the event loop, an append happened or not, and the next one goes on from there."""
    for pauses in range(12):
        session = f"s{pauses}"
        start = (await journal.load(session)).position
        appending = asyncio.create_task(journal.append(session, start, b"one"))
        for _ in range(pauses):
            await asyncio.sleep(0)
        appending.cancel()
        await asyncio.gather(appending, return_exceptions=True)
        position = (await journal.load(session)).position
        position = await journal.append(session, position, b"two")
        saving = asyncio.create_task(journal.save_snapshot(session, position, b"state"))
        for _ in range(pauses):
            await asyncio.sleep(0)
        saving.cancel()
        assert (await journal.append(session, position, b"three")).sequence == position.sequence + 1
        await asyncio.gather(saving, return_exceptions=True)
        assert (await journal.load(session)).entries[-1].payload == b"three"


async def test_a_second_owner_of_the_directory_is_refused_by_name(journal: FileJournal, tmp_path: Path) -> None:
    await journal.open()
    second = FileJournal(tmp_path)
    with pytest.raises(
        JournalUnavailable, match=rf"{tmp_path}: in use by another roomserver \(process {os.getpid()}\)"
    ):
        await second.open()
    await journal.close()
    await second.open()
    await second.close()


def test_the_directory_is_taken_from_other_processes_too(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys, pathlib\n"
        "from signaling.journal.files import FileJournal\n"
        "from signaling.journal.port import JournalUnavailable\n"
        "try:\n"
        "    asyncio.run(FileJournal(pathlib.Path(sys.argv[1])).open())\n"
        "except JournalUnavailable as refusal:\n"
        "    print(refusal)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]

    async def own_and_try() -> str:
        journal = FileJournal(tmp_path)
        await journal.open()
        trying = asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
        output = (await trying).stdout
        await journal.close()
        return output

    assert "in use by another roomserver" in asyncio.run(own_and_try())
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == ""


async def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    journal = FileJournal(tmp_path / "file" / "journals")
    with pytest.raises(JournalUnavailable, match=str(tmp_path / "file")):
        await journal.open()
    await journal.close()


async def test_other_people_cannot_read_the_files(journal: FileJournal, tmp_path: Path) -> None:
    position = await append_all(journal, "s1", b"one")
    await journal.save_snapshot("s1", position, b"state")
    assert names_in(tmp_path) == ["lock", "s1.journal"]
    assert {(tmp_path / name).stat().st_mode & 0o077 for name in names_in(tmp_path)} == {0}


@pytest.mark.parametrize("interval", [0, -1, float("nan")])
def test_a_sync_interval_that_is_no_time_is_refused(tmp_path: Path, interval: float) -> None:
    with pytest.raises(ValueError, match="sync_interval"):
        FileJournal(tmp_path, interval)
