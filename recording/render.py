"""Tracks and stage logs -> one block's MP4: `python -m recording.render JOB.json`, or `-` for a job on standard input.

Frame by frame from the block's first to its last, never in pieces put together. Nothing is carried over from one block
to the next: blocks can be rendered in any order, again, and at the same time.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from recording.compose import HEIGHT, WIDTH
from recording.encode import BlockEncoder
from recording.film import play
from recording.jobs import BUSY, THREADS, BadJob, BlockBusy, BlockJob, OnProgress, Rendered, RenderFailed
from recording.seat_media import SeatMedia
from recording.stage_log import read_stage_logs
from recording.timeline import Block, Timeline, make_timeline
from recording.verify import Unverified, verify

FAILED, BAD_JOB = 1, 2
"""Exit statuses beside 0 and BUSY."""

REPORT_SECONDS = 0.5
"""Between two lines of progress."""

_NICENESS = 19
"""Rooms go first: a render takes what they leave."""


def render_block(job: BlockJob, on_progress: OnProgress, *, threads: int = THREADS) -> Rendered:
    """Make, verify and put in its place a block's file; what was there stays until then.

    As much is rendered as has been captured when this is called. Raises RenderFailed, BlockBusy, and OSError where
    the folder can't be read or the file can't be written; no partial file is left then.
    """
    with _alone(job):
        timeline, block = _planned(job)
        frames = block.frames
        on_progress(0, frames)
        try:
            with BlockEncoder(job.partial, WIDTH, HEIGHT, threads=threads) as encoder:
                media = SeatMedia(job.folder, block)
                for moment in play(timeline, block, job.layout, media):
                    encoder.add(moment.picture, moment.samples)
                    on_progress(encoder.frames, frames)
                encoder.finish()
            verified = verify(job.partial, frames, WIDTH, HEIGHT)
            job.partial.replace(job.target)
        except Unverified as error:
            raise RenderFailed(f"The file that was made is not right. {error}") from error
        finally:
            job.partial.unlink(missing_ok=True)
    return Rendered(verified.frames, verified.samples, verified.bytes)


def _planned(job: BlockJob) -> tuple[Timeline, Block]:
    timeline = make_timeline(read_stage_logs(job.folder), without=job.without)
    if job.number > len(timeline.blocks):
        raise RenderFailed(f"There is no block {job.number}: what was captured makes {len(timeline.blocks)}.")
    return timeline, timeline.blocks[job.number - 1]


@contextmanager
def _alone(job: BlockJob) -> Iterator[None]:
    """Keep others from rendering the block. The lock ends with the process, whatever ends that."""
    try:
        lock = (job.folder / f"render-{job.number}.lock").open("wb")
    except FileNotFoundError:
        raise RenderFailed("What was captured isn't there.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BlockBusy(f"Block {job.number} is being rendered already.") from None
        yield


def main(arguments: Sequence[str]) -> int:
    """Render the job and write lines of JSON: progress, at last `done` or `error`; returns the exit status."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    os.nice(_NICENESS)
    logging.basicConfig(level=logging.WARNING, format="render: %(message)s")
    try:
        job, threads = BlockJob.from_json(_job_text(arguments))
        rendered = render_block(job, _Reporter().report, threads=threads)
    except BadJob as error:
        return _fail(str(error), BAD_JOB)
    except BlockBusy as error:
        return _fail(str(error), BUSY)
    except RenderFailed as error:
        return _fail(str(error), FAILED)
    except OSError as error:
        return _fail(f"A file can't be read or written: {error.strerror or error}.", FAILED)
    except Exception as error:
        logging.exception("the render broke")
        return _fail(f"Rendering broke: {type(error).__name__}: {error}", FAILED)
    _say({"done": asdict(rendered)})
    return 0


def _job_text(arguments: Sequence[str]) -> str:
    if len(arguments) != 1:
        raise BadJob("usage: python -m recording.render JOB.json, or - for a job on standard input")
    if arguments[0] != "-":
        try:
            return Path(arguments[0]).read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise BadJob(f"{arguments[0]}: {error}") from error
    with open(0, "rb", buffering=0, closefd=False) as stdin:
        text = stdin.readline().decode(errors="replace")
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    return text


def _leave_with_parent() -> None:
    """End when standard input closes: nobody waits for the file any more."""
    # Not through sys.stdin: a thread that waits in it when the interpreter ends would crash that.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    # An exception of its own kind passes all handlers of errors on its way out, and the file is removed.
    raise SystemExit(128 + number)


class _Reporter:
    """Writes progress, not too often."""

    def __init__(self) -> None:
        self._next = 0.0

    def report(self, frames: int, of: int) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + REPORT_SECONDS
            _say({"frames": frames, "of": of})


def _say(message: Mapping[str, Any]) -> None:
    with suppress(BrokenPipeError):  # nobody listens any more
        print(json.dumps(message), flush=True)


def _fail(text: str, status: int) -> int:
    _say({"error": text})
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
