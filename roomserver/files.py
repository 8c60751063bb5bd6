"""Files that outlive a request: in a folder, or in object storage when several servers share them.

Names are made by the caller, never by clients, and a file never changes once it is put: whoever changes something
puts a file with another name.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import structlog
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStoreMethods, from_url

_log = structlog.get_logger("roomserver.files")

SCHEMES = frozenset({"s3", "gs", "az"})


class FilesUnavailable(Exception):
    """The store can't be reached or is full. The text is for the operator."""


class Files:
    """One store of files by name."""

    def __init__(self, store: ObjectStoreMethods) -> None:
        self._store = store

    async def put(self, name: str, content: bytes) -> None:
        """Keep a new file; it is there completely or not at all. Raises FilesUnavailable."""
        try:
            await self._store.put_async(name, content)
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

    async def discard(self, name: str | None) -> None:
        """Remove a file that nothing names any more; None: there was none. Where it can't be removed it stays as
        litter, of which the log tells."""
        if name is None:
            return
        try:
            await self._store.delete_async(name)
        except (FileNotFoundError, NotFoundError):
            return
        except (OSError, BaseError) as error:
            _log.warning("a file stays behind", file=name, reason=str(_unavailable(error)))


def open_files(address: str | None, folder: Path) -> Files:
    """The store that a setting names, else `folder`. Nothing is reached yet.

    Access to object storage comes from its own environment variables, such as AWS_ACCESS_KEY_ID. Raises
    FilesUnavailable."""
    try:
        if address is None:
            return Files(LocalStore(prefix=folder, mkdir=True))
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


def _unavailable(error: Exception) -> FilesUnavailable:
    lines = str(error).splitlines()
    return FilesUnavailable(f"files: {lines[0] if lines else type(error).__name__}")
