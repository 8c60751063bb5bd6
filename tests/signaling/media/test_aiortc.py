"""Clients made with stock aiortc publish and watch, also while the picture never changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, MediaStreamTrack, VideoStreamTrack

from signaling.media.plane import MediaSettings, WorkerPlane
from tests.support.media_listener import RecordingListener
from tests.support.media_room import camera
from tests.support.waiting import until


class Frames:
    """Decodes what comes on each track, and counts it."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def take(self, track: MediaStreamTrack) -> None:
        self.counts[track.id] = 0
        self._tasks.append(asyncio.create_task(self._decode(track)))

    async def _decode(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                await track.recv()
                self.counts[track.id] += 1
        except MediaStreamError:
            return

    async def more(self, slot: str, frames: int) -> None:
        """Return once so many more frames of a slot were decoded."""
        goal = self.counts[slot] + frames
        await until(lambda: self.counts[slot] >= goal, f"{frames} more frames on {slot}", 20)

    async def close(self) -> None:
        await asyncio.gather(*self._tasks)


@asynccontextmanager
async def peer() -> AsyncIterator[RTCPeerConnection]:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def stage() -> AsyncIterator[WorkerPlane]:
    plane = WorkerPlane(MediaSettings(hosts=("127.0.0.1",)))
    await plane.start(RecordingListener())
    try:
        yield plane
    finally:
        await plane.close()


async def watch(plane: WorkerPlane, viewer: RTCPeerConnection) -> None:
    await viewer.setLocalDescription(await viewer.createOffer())
    answer = await plane.watch("room", "w1", "bob", viewer.localDescription.sdp)
    await viewer.setRemoteDescription(RTCSessionDescription(answer, "answer"))


async def test_sound_and_a_still_picture_go_on_also_after_another_offer() -> None:
    frames = Frames()
    async with stage() as plane, peer() as speaker, peer() as viewer:
        viewer.on("track", frames.take)
        for kind in ["audio"] * 3 + ["video"] * 4:
            viewer.addTransceiver(kind, direction="recvonly")
        await watch(plane, viewer)
        plane.stage("room", [camera("s1", 1)])
        speaker.addTrack(AudioStreamTrack())
        speaker.addTrack(VideoStreamTrack())
        await speaker.setLocalDescription(await speaker.createOffer())
        answer = await plane.publish("room", "s1", speaker.localDescription.sdp)
        await speaker.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await frames.more("a0", 20)
        # Long enough for the client's first estimates, which follow the few bits that a still picture has.
        await frames.more("v1", 180)
        for _ in range(5):
            viewer.addTransceiver("video", direction="recvonly")
        await watch(plane, viewer)
        assert list(frames.counts) == [*(f"a{n}" for n in range(3)), *(f"v{n}" for n in range(9))]
        await frames.more("v1", 20)
    await frames.close()
