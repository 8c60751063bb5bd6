"""Where recordings live: finished files in a store that all servers share, captured tracks in a local folder.

A finished file has a name that is never used again and never changes once it is there, so a reader needs no lock. What
is captured is appended to by several processes and too much to send anywhere while a room is live: it stays on the
disk of the machine that captured it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

RECORDING_ID = re.compile(r"rec_[A-Za-z0-9_-]{1,60}")
"""What a folder of captured tracks is called, and thus what may be joined to a path."""


class FinishedFiles(Protocol):
    """Finished files by name, like `recordings/rec_1/1-x.mp4`. Any method may raise an error of the store's own."""

    async def take(self, name: str, file: Path) -> None:
        """Move a local file into the store: it is there completely or not at all. `file` is gone afterwards."""

    async def size(self, name: str) -> int | None:
        """Bytes; None: there is no such file."""

    def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Bytes `start` to `end`, exclusive, in portions: as slowly as they are asked for."""

    async def remove(self, name: str) -> None:
        """Does nothing where there is no such file."""


class Captures:
    """The folder with one folder of captured tracks and stage logs for each recording. Every method may raise
    OSError, and all of them read the disk: call them in a thread."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def folder(self, recording: str) -> Path:
        """Where a recording's tracks are, if they are here. Raises ValueError for what is no recording's id."""
        if not RECORDING_ID.fullmatch(recording):
            raise ValueError(f"{recording!r} is not the id of a recording")
        return self.path / recording

    def recordings(self) -> set[str]:
        """Ids of the recordings of which something is here."""
        try:
            with os.scandir(self.path) as entries:
                return {each.name for each in entries if RECORDING_ID.fullmatch(each.name) and each.is_dir()}
        except FileNotFoundError:  # nothing was recorded yet
            return set()

    def size(self, recording: str) -> int:
        """Bytes of all that was captured; 0 where nothing is."""
        total = 0
        try:
            with os.scandir(self.folder(recording)) as entries:
                for each in entries:
                    total += each.stat(follow_symlinks=False).st_size
        except FileNotFoundError:
            return 0
        return total

    def remove(self, recording: str) -> None:
        """Delete all that was captured. Does nothing where nothing is."""
        folder = self.folder(recording)
        if folder.is_dir():
            # Renamed first: a deletion that is interrupted leaves nothing that looks like half a recording.
            doomed = self.path / f".deleted-{recording}"
            shutil.rmtree(doomed, ignore_errors=True)
            folder.rename(doomed)
            shutil.rmtree(doomed)

    def sweep(self) -> None:
        """Finish deletions that were interrupted."""
        for each in self.path.glob(".deleted-*"):
            shutil.rmtree(each, ignore_errors=True)
