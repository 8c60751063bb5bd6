"""Files that outlive a request: in a folder, or in object storage when several servers share them.

Names are made by the caller, never by clients, and a file never changes once it is put: whoever changes something
puts a file with another name.
"""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStoreMethods, from_url

_log = structlog.get_logger("roomserver.files")

SCHEMES = frozenset({"s3", "gs", "az"})

PORTION = 4 * 1024 * 1024
"""Bytes that are read with one request. One request for all would be ended by a timeout if whoever reads is slow."""
PART, PARTS_AT_ONCE = 5 * 1024 * 1024, 2
"""How a large file is sent: in the smallest parts that object storage takes, and few at once, because each has a
timeout (30 s, if the storage's own variables don't say otherwise). 10,000 parts are allowed: ten times a block."""


class FilesUnavailable(Exception):
    """The store can't be reached or is full. The text is for the operator."""


class Files:
    """One store of files by name; it is the recordings' `FinishedFiles` too."""

    def __init__(self, store: ObjectStoreMethods, folder: Path | None = None) -> None:
        """`folder` is where a store on this machine keeps its files."""
        self._store = store
        self._folder = folder

    async def put(self, name: str, content: bytes) -> None:
        """Keep a new file; it is there completely or not at all. Raises FilesUnavailable."""
        try:
            await self._store.put_async(name, content)
        except (OSError, BaseError) as error:
            raise _unavailable(error) from error

    async def take(self, name: str, file: Path) -> None:
        """Move a local file of any size into the store: it is there completely or not at all, also after a power
        failure. Nothing of it is held in memory but a few parts. Raises FilesUnavailable."""
        try:
            moved = self._folder is not None and await asyncio.to_thread(_move, file, self._folder / name)
            if not moved:
                await self._store.put_async(name, file, chunk_size=PART, max_concurrency=PARTS_AT_ONCE)
            if self._folder is not None:
                await asyncio.to_thread(_make_durable, self._folder / name, self._folder)
            if not moved:
                await asyncio.to_thread(file.unlink)
        except (OSError, BaseError) as error:
            raise _unavailable(error) from error

    async def get(self, name: str) -> bytes | None:
        """The file's content; None: there is none. Raises FilesUnavailable."""
        try:
            result = await self._store.get_async(name)
            return bytes(await result.bytes_async())
        except (FileNotFoundError, NotFoundError):
            return None
        except (OSError, BaseError) as error:
            raise _unavailable(error) from error

    async def size(self, name: str) -> int | None:
        """Bytes of the file; None: there is none. Raises FilesUnavailable."""
        try:
            return (await self._store.head_async(name))["size"]
        except (FileNotFoundError, NotFoundError):
            return None
        except (OSError, BaseError) as error:
            raise _unavailable(error) from error

    async def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Bytes `start` to `end`, exclusive, in portions of a few MB, each read when it is asked for.

        Raises FilesUnavailable, also if the file is gone or shorter."""
        while start < end:
            try:
                portion = await self._store.get_range_async(name, start=start, end=min(end, start + PORTION))
            except (OSError, BaseError) as error:
                raise _unavailable(error) from error
            if not len(portion):
                raise FilesUnavailable(f"files: {name} ends at {start:,} bytes")
            start += len(portion)
            yield bytes(portion)

    async def remove(self, name: str) -> None:
        """Remove a file; does nothing where there is none. Raises FilesUnavailable."""
        try:
            await self._store.delete_async(name)
        except (FileNotFoundError, NotFoundError):
            return
        except (OSError, BaseError) as error:
            raise _unavailable(error) from error

    async def discard(self, name: str | None) -> None:
        """Remove a file that nothing names any more; None: there was none. Where it can't be removed it stays as
        litter, of which the log tells."""
        if name is None:
            return
        try:
            await self.remove(name)
        except FilesUnavailable as error:
            _log.warning("a file stays behind", file=name, reason=str(error))


def open_files(address: str | None, folder: Path) -> Files:
    """The store that a setting names, else `folder`. Nothing is reached yet.

    Access to object storage comes from its own environment variables, such as AWS_ACCESS_KEY_ID. Raises
    FilesUnavailable."""
    try:
        if address is None:
            return Files(LocalStore(prefix=folder, mkdir=True), folder)
        return Files(from_url(address))
    except (OSError, ValueError, BaseError) as error:
        raise _unavailable(error) from error


def check_address(address: str) -> str:
    """The address of a store, as a setting gives it. Raises ValueError."""
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES or not parts.netloc:
        raise ValueError("write it like s3://bucket/folder (or gs://, az://)")
    if parts.username or parts.password or parts.query:
        raise ValueError("keys don't belong here: give them in the storage's own environment variables")
    return address


def _move(file: Path, target: Path) -> bool:
    """Rename a file, which takes no space and no time. False: `target` is on another disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        file.replace(target)
    except OSError as error:
        if error.errno == errno.EXDEV:
            return False
        raise
    return True


def _make_durable(file: Path, store: Path) -> None:
    """See that a file outlives a power failure, with its name and those of its folders, which may be new."""
    for path in (file, *file.parents):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if path == store:
            return


def _unavailable(error: Exception) -> FilesUnavailable:
    lines = str(error).splitlines()
    return FilesUnavailable(f"files: {lines[0] if lines else type(error).__name__}")
