"""`roomserver render` and a server's own queue, with the real renderer, as an operator has them."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import obstore
import pytest

from tests.support.live_server import PROGRAM, LiveServer
from tests.support.recordings import ADA, BEN, write_captured
from tests.support.s3_server import S3Server

pytestmark = pytest.mark.timeout(900)  # it renders, and starts and stops servers

SECONDS = 2.0
READY_SECONDS = 400.0
"""Other work on the machine included."""


def capture(data: Path, recording: str = "rec_1", seconds: float = SECONDS) -> None:
    """A short recording that has ended, in which everybody's camera and microphone failed."""
    start = time.time() - 600
    write_captured(data / "recordings", recording, [(0, [ADA, BEN])], start=start, until=seconds)
    for track in (data / "recordings" / recording).glob("*.rtp"):
        track.unlink()


def render(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), "render", *arguments, "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd=data.parent,
    )


def probe(file: Path) -> str:
    """Size, frame rate and number of frames of a file's picture."""
    entries = "stream=width,height,r_frame_rate,nb_frames"
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", entries, "-of", "csv=p=0", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[LiveServer]:
    live = LiveServer(tmp_path / "data")
    yield live
    await live.stop()


async def reach(server: LiveServer, state: str, recording: str = "rec_1") -> Any:
    """The recording, once it is in a state."""

    deadline = time.monotonic() + READY_SECONDS
    while True:
        items = (await server.api("GET", "/api/recordings"))["items"]
        found = next((item for item in items if item["id"] == recording), None)
        if found is not None and found["state"] == state:
            return found
        assert time.monotonic() < deadline, f"not {state}: {found}\n{server.log.read_text()[-3000:]}"
        await asyncio.sleep(0.1)


async def download(server: LiveServer, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=server.url) as client:
        return await client.get(path, headers={"Authorization": f"Bearer {server.organizer_token}", **headers})


def test_it_renders_without_a_server(tmp_path: Path) -> None:
    data = tmp_path / "data"
    capture(data)
    done = render(data, "rec_1", "--layout", "speaker", "--without", "reg_ben")
    assert done.returncode == 0, done.stderr
    assert "Block 1 of 1: 0:00:02" in done.stdout
    (file,) = (data / "files").rglob("*.mp4")
    assert probe(file) == "1920,1080,30/1,60"
    assert list((data / "scratch").iterdir()) == []
    again = render(data, "rec_1")
    assert again.returncode == 0
    assert list((data / "files").rglob("*.mp4")) == [file]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rec_2"], "There is no recording rec_2."),
        (["../rec_1"], "There is no recording ../rec_1."),
        (
            ["rec_1", "--without", "reg_eve"],
            "reg_eve is not in this recording. In it are: reg_ada (Ada)",
        ),
        (["rec_1", "--without", "reg_ada", "--without", "reg_ben"], "Nobody would be left."),
    ],
)
def test_what_can_not_be_rendered_is_told_in_one_line(tmp_path: Path, arguments: list[str], told: str) -> None:
    capture(tmp_path / "data")
    done = render(tmp_path / "data", *arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_data_folder_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    done = render(tmp_path / "dtaa", "rec_1")
    assert done.returncode == 1
    assert "dtaa" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


async def test_it_renders_beside_a_server_that_does_not(server: LiveServer) -> None:
    server.settings = {"ROOMSERVER_RENDER_JOBS": "0"}
    capture(server.data)
    await server.start()
    await reach(server, "waiting")
    printed = await server.run("render", "rec_1", "--data", str(server.data))
    assert "Block 1 of 1: 0:00:02" in printed
    document = await reach(server, "ready")
    part = await download(server, document["blocks"][0]["file"], Range="bytes=4-7")
    assert (part.status_code, part.content) == (206, b"ftyp")


async def test_a_killed_server_renders_when_it_is_back_and_keeps_the_file_in_object_storage(
    server: LiveServer, s3_server: S3Server
) -> None:
    server.settings = {**s3_server.variables, "ROOMSERVER_FILES_URL": f"{s3_server.url}/killed"}
    await server.start()  # and get what lets one look, before there is something to see
    await server.stop()
    capture(server.data, seconds=20)
    await server.start()
    await reach(server, "rendering")
    server.kill()
    await server.start()
    document = await reach(server, "ready")
    (name,) = [each["path"] for batch in obstore.list(s3_server.store(), "event/killed") for each in batch]
    size = obstore.head(s3_server.store(), name)["size"]
    assert document["bytes"] == size
    assert not (server.data / "files").exists()
    whole = await download(server, document["blocks"][0]["file"])
    assert len(whole.content) == size
    file = server.data / "whole.mp4"
    file.write_bytes(whole.content)
    assert probe(file) == "1920,1080,30/1,600"
    last = await download(server, document["blocks"][0]["file"], Range="bytes=-5")
    assert last.content == whole.content[-5:]
    metrics = (await download(server, "/metrics")).text
    assert "roomserver_recordings_rendered_blocks_total 1.0" in metrics
