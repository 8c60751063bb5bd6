"""One room's journal file on the disk: reading, appending, and swapping in a whole new one.

Everything here blocks, and the owner (`signaling.journal.files`) lets one call at a time touch a file. Steps
are ordered so that a process killed, or a machine that loses power, between any two of them leaves a file
that holds every entry: a new file is complete and synced before it takes the old one's name.

No descriptor is kept open between calls: opening costs a few microseconds, and thousands of rooms would reach
the limit of open files.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import structlog

from signaling.journal.log_format import EPOCH_LENGTH, Contents, Damaged, Head, decode, encode_head, encode_record

NEW_SUFFIX: Final = ".new"
TORN_SUFFIX: Final = ".torn"

log = structlog.get_logger(__name__)


class Replaced(Exception):
    """The file is not as this process left it: somebody removed or changed it."""


class Unsettled(Exception):
    """The new file took its name, but whether that survives a power cut is unknown."""


@dataclass(slots=True)
class RoomFile:
    """What is known of a file since it was last read. `size` 0: there is none yet."""

    path: Path
    epoch: str
    base: int
    last: int
    size: int


def fresh_epoch() -> str:
    return secrets.token_hex(EPOCH_LENGTH // 2)


def read_room(path: Path) -> tuple[RoomFile, Contents]:
    """Read a file; cut off what is torn or corrupt, keeping that part beside it.

    What was cut gets a fresh epoch, so that a sequence number of before is not taken for one that will be
    given out anew. Raises OSError, UnknownVersion.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return _no_file(path)
    try:
        contents = decode(data)
    except Damaged as damaged:
        return _put_aside(path, len(data), str(damaged))
    if contents.records_end < len(data):
        if contents.last == 0:
            return _put_aside(path, len(data), "no sound entry")
        contents = _cut(path, data, contents)
    return RoomFile(path, contents.head.epoch, contents.head.base, contents.last, contents.records_end), contents


def create(file: RoomFile, payload: bytes) -> None:
    """Make the file of a room that has none, with its first entry. Raises OSError (nothing was written), Unsettled."""
    record = encode_record(file.last + 1, payload)
    file.size = write_whole(file.path, (encode_head(Head(file.epoch, file.base, None)), record))
    file.last += 1


def append(file: RoomFile, payload: bytes) -> None:
    """Add an entry, in the page cache when this returns: it survives the end of the process.

    Raises OSError (nothing was written, unless `in_doubt`), Replaced.
    """
    record = encode_record(file.last + 1, payload)
    try:
        descriptor = os.open(file.path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Replaced(f"{file.path.name} is gone") from None
    try:
        if os.fstat(descriptor).st_size != file.size:
            raise Replaced(f"{file.path.name} was changed by somebody else")
        try:
            _write_all(descriptor, record)
        except OSError:
            # Half an entry must not stay: what follows it would be cut off with it. If this fails too, the
            # next append sees another size, and reading the file anew cuts it.
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, file.size)
            raise
    finally:
        os.close(descriptor)
    file.size += len(record)
    file.last += 1


class Compaction:
    """A new file: a snapshot and the entries after it. `prepare` may run while entries are appended to the
    old file, `finish` may not; between them the old file is the valid one."""

    def __init__(self, file: RoomFile, at: int, snapshot: bytes) -> None:
        self._file = file
        self._before = replace(file)  # what `prepare` copies; entries may follow while it runs in a thread
        self._at = at
        self._snapshot = snapshot
        self._new = file.path.with_name(file.path.name + NEW_SUFFIX)
        self._size = 0

    def prepare(self) -> None:
        """Write and sync the new file with what the old one held at the start. Raises OSError, Replaced."""
        data, contents = _read_sound(self._before)
        head = encode_head(Head(self._before.epoch, self._at, self._snapshot))
        self._size = _write_new(self._new, (head, data[contents.offset_after(self._at) :]))

    def finish(self) -> None:
        """Copy what was appended since, and swap. Raises OSError (the old file is valid), Replaced, Unsettled."""
        rest = _read(self._file.path, self._before.size, self._file.size - self._before.size)
        if rest:
            descriptor = os.open(self._new, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
            try:
                _write_all(descriptor, rest)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        self._new.replace(self._file.path)
        self._file.base = self._at
        self._file.size = self._size + len(rest)
        _settle(self._file.path.parent)

    def discard(self) -> None:
        with contextlib.suppress(OSError):
            self._new.unlink(missing_ok=True)


def write_whole(path: Path, chunks: Iterable[bytes]) -> int:
    """Replace a file by a new one, atomically, and return its size. Raises OSError (nothing changed), Unsettled."""
    new = path.with_name(path.name + NEW_SUFFIX)
    try:
        size = _write_new(new, chunks)
        new.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    _settle(path.parent)
    return size


def sync(path: Path) -> None:
    """Put a file's entries on the disk. One that is gone was deleted, and needs none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rewrite(file: RoomFile) -> None:
    """Write a file anew after a failed sync: the kernel may have dropped the pages that it couldn't write,
    and another sync of the same file would report success (see fsync(2), EIO). Raises OSError, Replaced, Unsettled."""
    if file.size:
        data, _ = _read_sound(file)
        write_whole(file.path, (data,))


def remove(path: Path) -> None:
    """Delete a room's file and what was cut from it."""
    for torn in path.parent.glob(f"{path.name}.*{TORN_SUFFIX}"):
        torn.unlink(missing_ok=True)
    path.unlink(missing_ok=True)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _no_file(path: Path) -> tuple[RoomFile, Contents]:
    epoch = fresh_epoch()
    return RoomFile(path, epoch, 0, 0, 0), Contents(Head(epoch, 0, None), (), 0, 0)


def _put_aside(path: Path, size: int, reason: str) -> tuple[RoomFile, Contents]:
    aside = _free_name(path)
    path.rename(aside)
    sync_directory(path.parent)
    log.error("journal_put_aside", file=path.name, aside=aside.name, bytes=size, reason=reason)
    return _no_file(path)


def _cut(path: Path, data: bytes, contents: Contents) -> Contents:
    """Keep the sound part under a fresh epoch, the rest in a file of its own (first, so that it is never lost)."""
    aside = _free_name(path)
    try:
        _write_new(aside, (data[contents.records_end :],))
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)
    head = Head(fresh_epoch(), contents.head.base, contents.head.snapshot)
    write_whole(path, (encode_head(head), data[contents.records_start : contents.records_end]))
    log.warning(
        "journal_cut",
        file=path.name,
        aside=aside.name,
        bytes=len(data) - contents.records_end,
        entries_kept=len(contents.entries),
        last_sequence=contents.last,
    )
    return Contents(head, contents.entries, contents.records_start, contents.records_end)


def _free_name(path: Path) -> Path:
    number = 1
    while (free := path.with_name(f"{path.name}.{number}{TORN_SUFFIX}")).exists():
        number += 1
    return free


def _settle(directory: Path) -> None:
    try:
        sync_directory(directory)
    except OSError as error:
        raise Unsettled(f"{directory}: {error.strerror}") from error


def _write_new(path: Path, chunks: Iterable[bytes]) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        size = sum(_write_all(descriptor, chunk) for chunk in chunks)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return size


def _write_all(descriptor: int, data: bytes) -> int:
    view = memoryview(data)
    while view:
        written = os.write(descriptor, view)
        if written == 0:
            raise OSError(errno.EIO, "the disk took nothing")
        view = view[written:]
    return len(data)


def _read_sound(file: RoomFile) -> tuple[bytes, Contents]:
    """What the file held when `file` was its description. Raises Replaced if it holds something else."""
    data = _read(file.path, 0, file.size)
    try:
        contents = decode(data)
    except Damaged as damaged:
        raise Replaced(f"{file.path.name}: {damaged}") from damaged
    if (contents.head.epoch, contents.last, contents.records_end) != (file.epoch, file.last, file.size):
        raise Replaced(f"{file.path.name} was changed by somebody else")
    return data, contents


def _read(path: Path, offset: int, length: int) -> bytes:
    """Exactly that part of a file. Raises Replaced if it isn't there."""
    try:
        with path.open("rb") as source:
            source.seek(offset)
            data = source.read(length)
    except FileNotFoundError:
        raise Replaced(f"{path.name} is gone") from None
    if len(data) != length:
        raise Replaced(f"{path.name} is shorter than it was")
    return data
