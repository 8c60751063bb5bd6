"""Worker processes: they serve, die, are replaced, and never outlive their parent."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from signaling.media.light_peer import LightPublisher, LightWatcher, tone_clip, video_clip
from signaling.media.plane import MediaSettings, WorkerPlane
from signaling.media.port import BadOffer, MediaUnavailable
from tests.support.media_listener import RecordingListener
from tests.support.media_room import camera
from tests.support.waiting import until

LOOPBACK = ("127.0.0.1",)
CLIP = video_clip(160, 90, 15, 80_000, 1)


@dataclass
class Running:
    plane: WorkerPlane
    heard: RecordingListener
    peers: list[LightPublisher | LightWatcher] = field(default_factory=list)

    async def speak(self, session: str = "room", seat: str = "s1") -> LightPublisher:
        publisher = LightPublisher(CLIP, tone_clip(), source="127.0.0.1")
        self.peers.append(publisher)
        await publisher.publish(lambda sdp: self.plane.publish(session, seat, sdp))
        return publisher

    async def watch(self, session: str = "room", watcher: str = "w1") -> LightWatcher:
        viewer = LightWatcher(3, 4, source="127.0.0.1")
        self.peers.append(viewer)
        await viewer.watch(lambda sdp: self.plane.watch(session, watcher, "bob", sdp))
        return viewer


@asynccontextmanager
async def running(settings: MediaSettings | None = None) -> AsyncIterator[Running]:
    heard = RecordingListener()
    plane = WorkerPlane(settings or MediaSettings(hosts=LOOPBACK))
    await plane.start(heard)
    stage = Running(plane, heard)
    try:
        yield stage
    finally:
        for peer in stage.peers:
            await peer.close()
        await plane.close()


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie doesn't)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_speaker_is_seen_and_the_hub_hears_of_it() -> None:
    async with running() as stage:
        stage.plane.stage("room", [camera("s1", 0)])
        await stage.speak()
        viewer = await stage.watch()
        picture = viewer.decode("v0")
        await until(lambda: picture.counts.decoded > 10, "pictures")
        await until(lambda: stage.heard.speaking == [("s1",)], "told who speaks")
        assert stage.heard.live == [("room", "s1", True)]
        assert "" in stage.heard.advice["s1"].layers
        await until(lambda: stage.plane.metrics()[0].get("packets_out", 0) > 50, "metrics")
        assert stage.plane.metrics()[0]["peers"] == 2


async def test_a_killed_worker_is_replaced_and_its_rooms_are_told() -> None:
    async with running() as stage:
        stage.plane.stage("room", [camera("s1", 0)])
        stage.plane.stage("other", [camera("s1", 0)])
        await stage.speak()
        await stage.watch()
        await until(lambda: stage.heard.live, "live")
        (pid,) = stage.plane.pids
        os.kill(pid, signal.SIGKILL)
        await until(lambda: len(stage.heard.resets) == 2, "replaced")
        assert set(stage.heard.resets) == {"room", "other"}
        assert stage.heard.live == [("room", "s1", True), ("room", "s1", False)]
        assert stage.plane.pids != [pid]
        await stage.speak()
        viewer = await stage.watch()
        picture = viewer.decode("v0")
        await until(lambda: picture.counts.decoded > 5, "pictures again, with the stage as it was")


async def test_what_a_watcher_shows_outlives_the_worker() -> None:
    async with running() as stage:
        stage.plane.stage("room", [camera("s1", 0), camera("s2", 1)])
        stage.plane.view("room", "w1", {0: "off"})
        os.kill(stage.plane.pids[0], signal.SIGKILL)
        await until(lambda: stage.heard.resets == ["room"], "replaced")
        await stage.speak()
        await stage.speak(seat="s2")
        viewer = await stage.watch()
        await until(lambda: viewer.slots["v1"].packets > 10, "the other one is seen")
        assert viewer.slots["v0"].packets == 0


async def test_an_offer_waits_for_a_worker_that_is_just_being_replaced() -> None:
    async with running() as stage:
        stage.plane.stage("room", [camera("s1", 0)])
        os.kill(stage.plane.pids[0], signal.SIGKILL)
        await until(lambda: stage.plane.pids == [], "the worker gone")
        await stage.speak()
        assert stage.heard.resets == ["room"]


async def test_a_worker_that_hangs_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.media.plane.SILENCE_SECONDS", 2.5)
    async with running() as stage:
        stage.plane.stage("room", [camera("s1", 0)])
        (pid,) = stage.plane.pids
        os.kill(pid, signal.SIGSTOP)
        await until(lambda: stage.heard.resets == ["room"], "replaced", 20.0)
        assert not alive(pid)


async def test_sigterm_says_good_bye_to_clients() -> None:
    async with running() as stage:
        stage.plane.stage("room", [camera("s1", 0)])
        publisher = await stage.speak()
        ended = asyncio.Event()
        publisher.connection.on_closed = ended.set
        os.kill(stage.plane.pids[0], signal.SIGTERM)
        async with asyncio.timeout(5):
            await ended.wait()


async def test_closing_the_plane_ends_its_workers() -> None:
    async with running(MediaSettings(workers=2, hosts=LOOPBACK)) as stage:
        pids = list(stage.plane.pids)
        assert len(pids) == 2
    assert not any(alive(pid) for pid in pids)


PARENT = """
import asyncio
from signaling.media.plane import MediaSettings, WorkerPlane
class Deaf:
    def __getattr__(self, name): return lambda *_: None
async def main():
    plane = WorkerPlane(MediaSettings(hosts=("127.0.0.1",)))
    await plane.start(Deaf())
    print(plane.pids[0], flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_a_worker_does_not_outlive_a_killed_parent() -> None:
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    worker = int(await parent.stdout.readline())
    assert alive(worker)
    parent.kill()
    await parent.wait()
    await until(lambda: not alive(worker), "the worker ended")


async def test_rooms_are_spread_over_the_workers() -> None:
    async with running(MediaSettings(workers=2, hosts=LOOPBACK)) as stage:
        for number in range(4):
            stage.plane.stage(f"room{number}", [camera("s1", 0)])
            await stage.speak(f"room{number}")
        await until(lambda: [m.get("publishers") for m in stage.plane.metrics()] == [2, 2], "two rooms each")


async def test_an_empty_room_leaves_no_trace() -> None:
    async with running() as stage:
        stage.plane.stage("room", [camera("s1", 0)])
        await stage.speak()
        viewer = await stage.watch()
        stage.plane.stage("room", [])
        stage.plane.unwatch("room", "w1")
        await until(lambda: not viewer.connection.open, "the watcher's connection ended")
        await until(lambda: stage.plane.metrics()[0].get("rooms") == 0, "the room forgotten")
        assert stage.plane.metrics()[0]["peers"] == 0


async def test_bad_offers_are_refused_with_a_sentence() -> None:
    async with running() as stage:
        with pytest.raises(BadOffer, match="not on screen"):
            await stage.plane.publish("room", "s1", "v=0")
        stage.plane.stage("room", [camera("s1", 0)])
        for text in ("", "v=0", "x" * 500_000, "v=0\r\nm=audio 9 \ud800", "v=0\r\n" + "m=audio 9 A/B 0\r\n" * 64):
            with pytest.raises(BadOffer, match=r"\w+.*\."):
                await stage.plane.publish("room", "s1", text)
            with pytest.raises(BadOffer, match=r"\w+.*\."):
                await stage.plane.watch("room", "w1", "bob", text)
        await stage.speak()


async def test_too_many_connections_are_refused() -> None:
    async with running(MediaSettings(hosts=LOOPBACK, max_peers=1)) as stage:
        stage.plane.stage("room", [camera("s1", 0)])
        await stage.speak()
        with pytest.raises(MediaUnavailable, match="as many connections"):
            await stage.watch()


async def test_a_chosen_port_is_used_and_junk_to_it_harms_nothing() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with running(MediaSettings(hosts=LOOPBACK, port_base=port)) as stage:
        stage.plane.stage("room", [camera("s1", 0)])
        publisher = await stage.speak()
        assert publisher.connection.remote == ("127.0.0.1", port)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as junk:
            for number in range(3000):
                junk.sendto(os.urandom(number % 1600), ("127.0.0.1", port))
        viewer = await stage.watch()
        await until(lambda: viewer.packets > 30, "media goes on")


async def test_a_plane_whose_workers_cannot_serve_says_why() -> None:
    plane = WorkerPlane(MediaSettings(hosts=("203.0.113.99",)))
    with pytest.raises(MediaUnavailable, match=r"No address for media can be used: .*assign"):
        await plane.start(RecordingListener())
    assert plane.pids == []
