"""The folder that holds everything the embedded defaults keep: catalog, journal, secret key, this node's name."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from roomserver.settings import Settings


class StartError(Exception):
    """The server, or a command, can't start. The text is for the operator."""


class DataFolderError(StartError):
    """The folder can't be used."""


class DataFolder:
    """Paths below one folder, which is made if it's missing."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.data
        self._node = settings.node
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise DataFolderError(f"data: {self.path}: {error.strerror or error}") from error

    @property
    def journal(self) -> Path:
        return self.path / "journal"

    @property
    def files(self) -> Path:
        return self.path / "files"

    def secret(self) -> bytes:
        """The key that signs tickets; made at the first call."""
        text = self._keep("secret", secrets.token_hex(32))
        try:
            key = bytes.fromhex(text)
        except ValueError:
            key = b""
        if len(key) < 32:
            raise DataFolderError(f"data: {self.path / 'secret'} doesn't hold a key: restore it, or remove it")
        return key

    def node(self) -> str:
        """This server's name among those that share a journal: the same after a restart."""
        return self._node or self._keep("node", f"node-{secrets.token_hex(4)}")

    def _keep(self, name: str, fresh: str) -> str:
        """The content of a file that is written once, by whichever process comes first, and readable by its owner
        only. It appears complete or not at all."""
        file = self.path / name
        try:
            if not file.exists():
                draft = self.path / f".{name}.{secrets.token_hex(8)}"
                descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                try:
                    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
                        handle.write(fresh)
                        handle.flush()
                        os.fsync(handle.fileno())
                    with suppress(FileExistsError):  # another process was first, and its file is the one that counts
                        os.link(draft, file)
                finally:
                    draft.unlink()
            return file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise DataFolderError(f"data: {file}: {error}") from error

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Keep the folder to one server at a time. Raises DataFolderError if another one has it."""
        try:
            descriptor = os.open(self.path / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise DataFolderError(f"data: {self.path}: {error.strerror or error}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise DataFolderError(f"data: another server is running on {self.path}") from error
        finally:
            os.close(descriptor)
