"""From people on screen to a file: a real server, bots with real media, the real renderer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import av
import numpy as np
import pytest

from roomserver.bots.party import Party
from roomserver.bots.plan import Plan
from tests.roomserver.recordings.test_render_command import download, reach
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.timeout(900)  # it renders, and starts and stops a server

SECONDS = 3.0


class Quiet:
    """Nobody reads how far the bots are."""

    def phase(self, what: str, total: int) -> None:
        pass

    def step(self) -> None:
        pass

    def show(self, **numbers: object) -> None:
        pass


async def test_a_session_becomes_a_file_with_picture_and_sound(tmp_path: Path) -> None:
    server = LiveServer(tmp_path / "data")
    await server.start()
    try:
        session = await server.session("Plenary", record=True)
        bots = Plan(
            url=server.url,
            session=session,
            organizer_token=server.organizer_token,
            speakers=2,
            viewers=0,
            media=True,
            watchers=0,
            large=1,
            seconds=SECONDS,
            rate=50.0,
            keep=False,
        )
        talking = asyncio.create_task(Party(bots, Quiet()).run())
        (recording,) = await appear(server)
        await talking
        await server.api("PATCH", f"/api/sessions/{session}", {"record": False})
        done = await reach(server, "ready", recording)
        assert (done["session"], done["title"]) == (session, "Plenary")
        assert done["seconds"] >= SECONDS - 1
        assert done["captured"]["bytes"] > 50_000
        file = tmp_path / "block.mp4"
        file.write_bytes((await download(server, done["blocks"][0]["file"])).content)
    finally:
        await server.stop()
    with av.open(str(file)) as opened:
        assert opened.streams.video[0].frames == round(done["seconds"] * 30)
        shown = [frame.to_ndarray(format="gray").std() for frame in opened.decode(video=0)]
    assert max(shown) > 10  # more than a dark stage
    with av.open(str(file)) as opened:
        loudest = max(float(np.abs(frame.to_ndarray()).max()) for frame in opened.decode(audio=0))
    assert loudest > 0.01


async def appear(server: LiveServer) -> list[str]:
    """The ids of the recordings, once there is one."""
    async with asyncio.timeout(30):
        while True:
            items = (await server.api("GET", "/api/recordings"))["items"]
            if items:
                return [str(item["id"]) for item in items]
            await asyncio.sleep(0.1)
