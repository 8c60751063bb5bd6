"""The folder that holds everything the embedded defaults keep: catalog, journal, secret key, this node's name."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from roomserver.settings import Settings

MAX_SERVERS = 64
"""Servers that can share one folder, if a Redis keeps their rooms: all else in it is made for several."""


class StartError(Exception):
    """The server, or a command, can't start. The text is for the operator."""


class DataFolderError(StartError):
    """The folder can't be used."""


class DataFolder:
    """Paths below one folder, which is made if it's missing."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.data
        self._node = settings.node
        self._shared = settings.redis is not None
        self._place = 1
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

    @property
    def recordings(self) -> Path:
        """What is captured here: one folder for each recording, of this server or of all that share the folder."""
        return self.path / "recordings"

    @property
    def scratch(self) -> Path:
        """For files that are being made; on the disk of `files`, so that finished ones can be moved there."""
        return self.path / "scratch"

    def place(self) -> str:
        """This folder's name among those of all servers; made at the first call."""
        return self._keep("place", f"place-{secrets.token_hex(8)}")

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
        """This server's name among those that share a journal: the same after a restart.

        Those that share the folder have one each, by the place that `owned` gave them."""
        if self._node:
            return self._node
        file = "node" if self._place == 1 else f"node-{self._place}"
        return self._keep(file, f"node-{secrets.token_hex(4)}")

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
        """Keep the folder to one server at a time, or to several that share their rooms by Redis.

        Raises DataFolderError if it is taken."""
        with ExitStack() as held:
            if not self._lock("server.lock", fcntl.LOCK_SH if self._shared else fcntl.LOCK_EX, held):
                raise DataFolderError(f"data: another server is running on {self.path}")
            if self._shared:
                self._place = self._free_place(held)
            yield

    def _free_place(self, held: ExitStack) -> int:
        for place in range(1, MAX_SERVERS + 1):
            if self._lock(f"server-{place}.lock", fcntl.LOCK_EX, held):
                return place
        raise DataFolderError(f"data: {MAX_SERVERS} servers are running on {self.path} already")

    def _lock(self, name: str, kind: int, held: ExitStack) -> bool:
        """Whether the lock was free; it is kept until `held` ends."""
        try:
            descriptor = os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise DataFolderError(f"data: {self.path}: {error.strerror or error}") from error
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        held.callback(os.close, descriptor)
        return True
