"""Whether a session is recorded, on a real server: everybody sees it, organizers switch it, and it outlives a kill."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from recording.stage_log import read_stage_logs
from signaling.client import RoomClient, join
from tests.support.live_server import LiveServer
from tests.support.waiting import until

ENTERED = 10.0


@pytest_asyncio.fixture
async def server(tmp_path: Path) -> AsyncIterator[LiveServer]:
    live = LiveServer(tmp_path / "data")
    await live.start()
    try:
        yield live
    finally:
        await live.stop()


async def enter(server: LiveServer, session: str, name: str) -> RoomClient:
    person = await server.registrant(name)
    joined = await join(server.url, session, person.token)
    return RoomClient(joined.url, joined.ticket)


def logged(server: LiveServer) -> Path:
    """The folder of the only recording."""
    (folder,) = (server.data / "recordings").iterdir()
    return folder


async def test_organizers_switch_it_and_everybody_sees_it(server: LiveServer) -> None:
    session = await server.session("Talk", record=True)
    async with await enter(server, session, "Ada") as ada:
        await ada.welcomed(ENTERED)
        assert ada.room["recording"] == "armed"
        await ada.share_start("camera")
        await ada.until(lambda client: client.room["recording"] == "recording")
        numbers = await server.api("GET", f"/api/sessions/{session}/room")
        assert numbers["recording"] == "recording"
        async with httpx.AsyncClient() as http:
            text = (await http.get(f"{server.url}/metrics")).text
        assert "roomserver_hub_rooms_recording 1.0" in text
        assert "roomserver_recorder_recordings 1.0" in text
        assert "roomserver_recorder_free_bytes" in text
        first = logged(server)
        await server.api("PATCH", f"/api/sessions/{session}", {"record": False})
        await ada.until(lambda client: client.room["recording"] == "off")
        assert [run.ended for run in read_stage_logs(first)] == ["switched_off"]
        await server.api("PATCH", f"/api/sessions/{session}", {"record": True})
        await ada.until(lambda client: client.room["recording"] == "recording")
        assert len(list((server.data / "recordings").iterdir())) == 2


async def test_after_a_kill_the_same_recording_goes_on(server: LiveServer) -> None:
    session = await server.session("Talk", record=True)
    async with await enter(server, session, "Ada") as ada:
        await ada.welcomed(ENTERED)
        await ada.share_start("camera")
        await until(lambda: len(list((server.data / "recordings").iterdir())) == 1, "a recording is begun")
        began = time.time()
        await until(lambda: read_stage_logs(logged(server))[0].alive_until > began + 1, "the recorder beats")
        killed = time.time()
        server.kill()
        (run,) = read_stage_logs(logged(server))
        assert killed - run.alive_until < 2, "half a second, on a machine that isn't busy"
        await server.start()
        await until(lambda: len(read_stage_logs(logged(server))) == 2, "the second run", seconds=30)
        await ada.until(lambda client: client.room.get("recording") == "recording")
        before, after = read_stage_logs(logged(server))
        assert before.node == after.node
        assert before.alive_until < after.statements[0].at
        assert after.statements[-1].seats == before.statements[-1].seats
