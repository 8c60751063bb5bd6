"""Ends a file journal between two steps on the disk, as SIGKILL would, within the test's process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

from signaling.journal.files import FileJournal

CHANGING_THE_DISK = [
    (os, "write"),
    (os, "fsync"),
    (os, "ftruncate"),
    (Path, "replace"),
    (Path, "rename"),
    (Path, "unlink"),
]


class KilledError(BaseException):
    """Not an Exception: nothing may catch it and go on, as nothing does after SIGKILL."""


class _Steps:
    """Counts what changes the disk. From the step at which the process is killed on nothing happens any more;
    a write is cut in half by it."""

    def __init__(self, kill_at: int) -> None:
        self._left = kill_at
        self.names: list[str] = []

    def guard(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            if self._left == 0 and name == "write":
                real(arguments[0], arguments[1][: len(arguments[1]) // 2])
            if self._left <= 0:
                self._left = -1
                raise KilledError(name)
            self._left -= 1
            self.names.append(name)
            return real(*arguments, **options)

        return step


@contextmanager
def kill_at_step(number: int, journal: FileJournal) -> Iterator[list[str]]:
    """Run the body until it has done `number` steps; then `journal` is dead and its directory free for the next.

    Gives the names of the steps that were done.
    """
    steps = _Steps(number)
    with ExitStack() as patches:
        for owner, name in CHANGING_THE_DISK:
            patches.enter_context(mock.patch.object(owner, name, steps.guard(name, getattr(owner, name))))
        with suppress(KilledError):
            yield steps.names
    let_go(journal)


def let_go(journal: FileJournal) -> None:
    """What the kernel does with a dead process: its lock on the directory is gone, its threads are."""
    if journal._syncing is not None:
        journal._syncing.cancel()
        journal._syncing.add_done_callback(lambda task: task.cancelled() or task.exception())  # killed in a sync
    journal._closing.set()
    journal._threads.shutdown()
    if journal._directory_lock is not None:
        os.close(journal._directory_lock)
        journal._directory_lock = None
