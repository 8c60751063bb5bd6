"""Rendering in a process of its own: it tells how far it is, can be ended, and never outlives who asked for it."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recording.jobs import BadJob, BlockBusy, BlockJob, Rendered, RenderFailed, render
from recording.render import BAD_JOB, FAILED, render_block
from recording.verify import verify
from tests.support.flash_and_beep import Performer, perform, write_stage
from tests.support.recorded_media import START
from tests.support.stages import camera
from tests.support.waiting import until

LONG = 3600.0
"""Seconds that nobody waits for: the render is ended before."""


def captured(folder: Path, seconds: float) -> BlockJob:
    """One person on screen, who is in the picture during the first second."""
    performer = Performer(camera(1, "Ada"), START, START + 1.0, 1000)
    perform(folder, performer)
    write_stage(folder, "1", [(START, [performer.seat])], until=START + seconds)
    return BlockJob(folder, 1, "gallery", frozenset(), folder.parent / "block.mp4")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "rec_1"
    folder.mkdir()
    return folder


def files_beside(job: BlockJob) -> set[str]:
    return {each.name for each in job.target.parent.iterdir() if each.is_file()}


async def begun(job: BlockJob) -> asyncio.Task[Rendered]:
    """A render that is under way: some of its file is there."""
    reported = asyncio.Event()
    task = asyncio.create_task(render(job, lambda frames, of: reported.set() if frames else None))
    waiting = asyncio.create_task(reported.wait())
    await asyncio.wait([task, waiting], timeout=60, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    assert not task.done()
    return task


async def test_a_block_is_rendered_and_verified(folder: Path) -> None:
    job = captured(folder, 1.6)
    told: list[tuple[int, int]] = []
    rendered = await render(job, lambda frames, of: told.append((frames, of)), threads=1)
    assert rendered.frames == 48
    assert rendered.samples == 48 * 1600
    assert verify(job.target, 48, 1920, 1080).bytes == rendered.bytes
    assert told[0] == (0, 48)
    assert told == sorted(told)
    assert files_beside(job) == {"block.mp4"}


async def test_cancelling_ends_the_process_and_removes_what_it_wrote(folder: Path) -> None:
    job = captured(folder, LONG)
    job.target.write_bytes(b"what was rendered before")
    task = await begun(job)
    assert job.partial.exists()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert files_beside(job) == {"block.mp4"}
    assert job.target.read_bytes() == b"what was rendered before"


async def test_a_block_is_rendered_by_one_process_at_a_time(folder: Path) -> None:
    job = captured(folder, LONG)
    task = await begun(job)
    with pytest.raises(BlockBusy, match="Block 1 is being rendered already"):
        await render(job, lambda frames, of: None)
    assert job.partial.exists()
    task.cancel()
    await asyncio.wait([task])


async def test_a_process_that_is_killed_leaves_no_file(folder: Path) -> None:
    job = captured(folder, LONG)
    task = await begun(job)
    os.kill(renderer_of(os.getpid()), signal.SIGKILL)
    with pytest.raises(RenderFailed, match="SIGKILL"):
        await task
    assert files_beside(job) == set()


def renderer_of(parent: int) -> int:
    """The process that renders for another."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    (found,) = (int(each) for each in children if b"recording.render" in Path(f"/proc/{each}/cmdline").read_bytes())
    return found


async def test_a_render_is_nicer_than_everything_else(folder: Path) -> None:
    task = await begun(captured(folder, LONG))
    assert os.getpriority(os.PRIO_PROCESS, renderer_of(os.getpid())) == 19
    task.cancel()
    await asyncio.wait([task])


PARENT = """
import asyncio, sys
from recording.jobs import BlockJob, render
job, _ = BlockJob.from_json(sys.argv[1])
asyncio.run(render(job, lambda frames, of: print(frames, flush=True)))
"""


async def test_a_render_ends_with_who_asked_for_it(folder: Path) -> None:
    job = captured(folder, LONG)
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, job.to_json(threads=1), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert parent.stdout is not None
    while int(await parent.stdout.readline()) == 0:
        pass
    renderer = renderer_of(parent.pid)
    assert job.partial.exists()
    parent.kill()
    await parent.wait()
    await until(lambda: not Path(f"/proc/{renderer}/cmdline").exists() or ended(renderer), "the render ended")
    assert files_beside(job) == set()


def ended(process: int) -> bool:
    """Whether a process has ended, though nobody may have asked how."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def run(argument: Path, before: Callable[[], None] | None = None) -> tuple[int, dict[str, Any]]:
    """Run the command; its exit status and the last line that it wrote. `before` is done in its process."""
    done = subprocess.run(
        [sys.executable, "-m", "recording.render", argument],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        preexec_fn=before,
    )
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def test_the_command_takes_its_job_from_a_file(folder: Path, tmp_path: Path) -> None:
    job = captured(folder, 0.2)
    told = tmp_path / "job.json"
    told.write_text(job.to_json(threads=1))
    status, last = run(told)
    assert (status, last) == (0, {"done": {"frames": 6, "samples": 9600, "bytes": job.target.stat().st_size}})


def test_what_goes_wrong_is_one_clear_line(folder: Path, tmp_path: Path) -> None:
    job, told = captured(folder, 0.2), tmp_path / "job.json"
    told.write_text(replace(job, target=tmp_path / "missing" / "block.mp4").to_json(threads=1))
    assert run(told) == (FAILED, {"error": "A file can't be read or written: No such file or directory."})
    told.write_text("[1]")
    assert run(told) == (BAD_JOB, {"error": "the job is no JSON object"})


def test_a_disk_that_fills_up_ends_a_render_without_a_trace(folder: Path, tmp_path: Path) -> None:
    job, told = captured(folder, 1.6), tmp_path / "job.json"
    told.write_text(job.to_json(threads=1))
    files = files_beside(job)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))

    assert run(told, limit) == (FAILED, {"error": "A file can't be read or written: File too large."})
    assert files_beside(job) == files


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"number": 2}, "There is no block 2: what was captured makes 1."),
        ({"without": frozenset({"reg_1"})}, "There is no block 1: what was captured makes 0."),
        ({"folder": Path("missing")}, "What was captured isn't there."),
    ],
)
def test_what_was_not_captured_is_not_rendered(folder: Path, change: dict[str, Any], text: str) -> None:
    job = captured(folder, 0.2)
    with pytest.raises(RenderFailed, match=f"^{text}$"):
        render_block(replace(job, **change), lambda frames, of: None)
    assert files_beside(job) == set()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"number": 0}, "number: must be the number of a block, from 1"),
        ({"number": True}, "number: must be the number of a block, from 1"),
        ({"layout": "mosaic"}, 'layout: must be either "gallery" or "speaker"'),
        ({"without": "reg_1"}, "without: must be a list of participants"),
        ({"without": [1]}, "without: must be a list of participants"),
        ({"threads": 0}, "threads: must be a number of threads from 1 to 64"),
        ({"target": ""}, "target: must be the name of the file to make"),
        ({"folder": None}, "folder: must be the folder of a recording's tracks"),
        ({"colour": "red"}, "colour: there is no such field"),
    ],
)
def test_a_bad_job_is_refused_with_the_field(tmp_path: Path, change: dict[str, Any], text: str) -> None:
    job = {"folder": str(tmp_path), "number": 1, "target": str(tmp_path / "block.mp4")}
    BlockJob.from_json(json.dumps(job))
    with pytest.raises(BadJob, match=f"^{text}$"):
        BlockJob.from_json(json.dumps({**job, **change}))


def test_a_job_is_the_same_after_its_way(tmp_path: Path) -> None:
    job = BlockJob(tmp_path, 3, "speaker", frozenset({"reg_2", "reg_1"}), tmp_path / "3.mp4")
    assert BlockJob.from_json(job.to_json(threads=3)) == (job, 3)
