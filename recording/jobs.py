"""Rendering a block in a process of its own: niced, cancelled by ending it, and never outliving its parent.

The process is `python -m recording.render -`. It reads its job from standard input, which stays open: when that closes,
whoever wanted the file is gone. It writes lines of JSON: how far it is, at last `done` or `error`.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, get_args

from recording.layout import Layout

THREADS = 2
"""Threads that encode pictures, unless told otherwise: one render makes use of two cores, and leaves others theirs."""

MOST_THREADS = 64

PARTIAL = ".part"
"""Added to the target's name until the file is verified."""

END_SECONDS = 10.0
"""How long a process may take to clean up before it is killed."""

BUSY = 3
"""Exit status of a process that found the block busy."""

_LONGEST_LINE = 1 << 16

OnProgress = Callable[[int, int], None]
"""Called with the number of frames done, and of all."""


class RenderFailed(Exception):
    """A block could not be rendered. The text is a sentence for organizers."""


class BlockBusy(RenderFailed):
    """Another process renders the same block of the same recording."""


class BadJob(ValueError):
    """The text names the field that is wrong."""


@dataclass(frozen=True, slots=True)
class BlockJob:
    """One block of one recording, to be made into a file."""

    folder: Path
    """Of what was captured."""
    number: int
    """Of the block, from 1."""
    layout: Layout
    without: frozenset[str]
    """Participants left out."""
    target: Path
    """Replaced by the new file once that is verified."""

    @property
    def partial(self) -> Path:
        return self.target.with_name(self.target.name + PARTIAL)

    def to_json(self, threads: int) -> str:
        facts = {"folder": str(self.folder), "number": self.number, "layout": self.layout}
        return json.dumps({**facts, "without": sorted(self.without), "target": str(self.target), "threads": threads})

    @classmethod
    def from_json(cls, text: str) -> tuple[Self, int]:
        """The job and the number of threads; `layout`, `without` and `threads` may be left out. Raises BadJob."""
        try:
            facts: Any = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadJob("the job is no JSON") from error
        if not isinstance(facts, dict):
            raise BadJob("the job is no JSON object")
        facts = {"layout": "gallery", "without": [], "threads": THREADS, **facts}
        for name, right, what in _FIELDS:
            if name not in facts or not right(facts[name]):
                raise BadJob(f"{name}: must be {what}")
        if unknown := facts.keys() - {name for name, _, _ in _FIELDS}:
            raise BadJob(f"{min(unknown)}: there is no such field")
        folder, target = Path(facts["folder"]), Path(facts["target"])
        job = cls(folder, facts["number"], facts["layout"], frozenset(facts["without"]), target)
        return job, facts["threads"]


def _is_path(value: object) -> bool:
    return isinstance(value, str) and len(value) > 0 and "\0" not in value


_FIELDS: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("folder", _is_path, "the folder of a recording's tracks"),
    ("number", lambda value: type(value) is int and value >= 1, "the number of a block, from 1"),
    ("layout", lambda value: value in get_args(Layout), 'either "gallery" or "speaker"'),
    (
        "without",
        lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
        "a list of participants",
    ),
    ("target", _is_path, "the name of the file to make"),
    (
        "threads",
        lambda value: type(value) is int and 1 <= value <= MOST_THREADS,
        f"a number of threads from 1 to {MOST_THREADS}",
    ),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file that was made and verified."""

    frames: int
    samples: int
    bytes: int


async def render(job: BlockJob, on_progress: OnProgress, *, threads: int = THREADS) -> Rendered:
    """Make and verify a block's file in a process of its own. Cancelling ends the process and leaves no partial file.

    Raises BlockBusy and RenderFailed.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "recording.render", "-"), stdin=PIPE, stdout=PIPE, limit=_LONGEST_LINE
        )
    except OSError as error:
        raise RenderFailed(f"No process could be started to render: {error.strerror}.") from error
    try:
        assert process.stdin is not None
        process.stdin.write(job.to_json(threads).encode() + b"\n")
        last = await _last_words(process, on_progress)
        status = await process.wait()
    finally:
        await asyncio.shield(_end(process, job))
    if status == 0 and "done" in last:
        return Rendered(**last["done"])
    raise (BlockBusy if status == BUSY else RenderFailed)(last.get("error") or _ending(status))


async def _last_words(process: Process, on_progress: OnProgress) -> dict[str, Any]:
    """Tell of the progress until the process has nothing more to say; its last line, empty without."""
    assert process.stdout is not None
    last: dict[str, Any] = {}
    while line := await process.stdout.readline():
        try:
            last = json.loads(line)
        except ValueError:  # cut off with the process
            return {}
        if "frames" in last:
            on_progress(last["frames"], last["of"])
    return last


async def _end(process: Process, job: BlockJob) -> None:
    """See to it that the process has ended, and what it left with it."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(END_SECONDS):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    assert process.stdin is not None
    process.stdin.close()
    with suppress(ConnectionError):
        await process.stdin.wait_closed()
    if process.returncode is not None and process.returncode < 0:
        # It was killed: otherwise it removes the file itself.
        await asyncio.to_thread(job.partial.unlink, missing_ok=True)


def _ending(status: int) -> str:
    if status < 0:
        return f"The process that rendered was ended ({signal.Signals(-status).name})."
    return f"The process that rendered ended with status {status}."
