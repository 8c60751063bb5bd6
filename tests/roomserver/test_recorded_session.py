"""A session with `record` on, on a real server: who is on screen is logged, and what they send is captured."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from recording.stage_log import read_stage_logs
from recording.track_file import read_tracks
from signaling.client import RoomClient, join
from signaling.media.light_peer import LightPublisher, tone_clip, video_clip
from tests.support.live_server import LiveServer
from tests.support.waiting import until


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    live = LiveServer(tmp_path_factory.mktemp("recorded") / "data")
    await live.start()
    try:
        yield live
    finally:
        await live.stop()


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def go_on_screen(
    server: LiveServer, session: str, stack: AsyncExitStack
) -> tuple[RoomClient, str, LightPublisher]:
    """Ada, with camera and microphone: her connection, her seat and her media."""
    ada = await server.registrant("Ada")
    joined = await join(server.url, session, ada.token)
    client = await stack.enter_async_context(RoomClient(joined.url, joined.ticket, reconnect=False))
    await client.welcomed(10)
    seat = await client.share_start("camera")
    publisher = LightPublisher(video_clip(160, 90, 15, 80_000, 1), tone_clip(), source="127.0.0.1")
    stack.push_async_callback(publisher.close)
    await publisher.publish(lambda sdp: client.media_publish(seat, sdp))
    return client, seat, publisher


def recording_of(server: LiveServer, session: str) -> Path | None:
    folders = (server.data / "recordings").glob("rec_*")
    return next((each for each in folders if any(run.session == session for run in read_stage_logs(each))), None)


def captured(server: LiveServer, session: str) -> dict[str, int]:
    """Records of each kind of track."""
    folder = recording_of(server, session)
    counts: dict[str, int] = {}
    for track in read_tracks(folder) if folder is not None else ():
        counts[track.header.kind] = counts.get(track.header.kind, 0) + sum(1 for _ in track.records())
    return counts


async def test_it_is_captured_until_nobody_is_on_screen(server: LiveServer) -> None:
    session = await server.session("Recorded", record=True)
    async with AsyncExitStack() as stack:
        client, seat, _ = await go_on_screen(server, session, stack)
        await until(lambda: min(captured(server, session).get(kind, 0) for kind in ("audio", "video")) > 20, "captured")
        async with httpx.AsyncClient() as http:
            text = (await http.get(f"{server.url}/metrics")).text
        assert "roomserver_media_captured_packets " in text
        assert "roomserver_media_capture_failures 0.0" in text
        await client.share_stop(seat)
        await client.until(lambda each: each.room["recording"] == "paused")
    folder = recording_of(server, session)
    assert folder is not None
    (run,) = read_stage_logs(folder)
    assert next(each.name for statement in run.statements for each in statement.seats if each.seat == seat) == "Ada"
    assert {track.header.seat for track in read_tracks(folder)} == {seat}


async def test_without_the_switch_nothing_is_kept(server: LiveServer) -> None:
    session = await server.session("Not recorded", record=False)
    async with AsyncExitStack() as stack:
        *_, publisher = await go_on_screen(server, session, stack)
        await until(lambda: publisher.connection.sent > 150, "sent")
    assert recording_of(server, session) is None


async def test_what_was_captured_outlives_a_killed_server(server: LiveServer) -> None:
    session = await server.session("Recorded", record=True)
    async with AsyncExitStack() as stack:
        await go_on_screen(server, session, stack)
        await until(lambda: min(captured(server, session).get(kind, 0) for kind in ("audio", "video")) > 20, "captured")
        before = captured(server, session)
        server.kill()
    after = captured(server, session)
    assert all(after[kind] >= count for kind, count in before.items())
    folder = recording_of(server, session)
    assert folder is not None
    (run,) = read_stage_logs(folder)
    last = max(record.arrival for track in read_tracks(folder) for record in track.records())
    assert abs(run.alive_until - last) < 2
    assert run.ended is None
