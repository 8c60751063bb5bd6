"""Thousands of connections need thousands of file descriptors."""

from __future__ import annotations

import resource

_OTHERS = 200
"""What the program has open besides its connections."""


class NotEnoughFiles(Exception):
    """The system doesn't allow so many connections. Says what to do."""


def allow_open_files(connections: int) -> None:
    """Raise this process's limit as far as needed and allowed. Raises NotEnoughFiles."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + _OTHERS
    if soft >= needed:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise NotEnoughFiles(f"{connections} connections need {needed} open files, and {hard} are allowed: ulimit -Hn")
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
