"""The light peers against a real media worker process: two implementations that know nothing of each other."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest

from signaling.media.light_peer import (
    LightPublisher,
    LightWatcher,
    Loss,
    PictureDecoder,
    VideoClip,
    camera_layers,
    tone_clip,
    video_clip,
)
from signaling.media.plane import MediaSettings, WorkerPlane
from signaling.media.port import SendAdvice, StageSeat
from tests.support.waiting import until

SESSION = "ses_light"
SMALL = (160, 90, 15, 80_000)


@dataclass
class Heard:
    """What the hub would hear."""

    publishers: dict[str, LightPublisher] = field(default_factory=dict)
    live: set[str] = field(default_factory=set)

    def media_live(self, session: str, seat: str, live: bool) -> None:
        (self.live.add if live else self.live.discard)(seat)

    def media_speaking(self, session: str, seats: Sequence[str]) -> None:
        pass

    def media_send(self, session: str, seat: str, advice: SendAdvice) -> None:
        if seat in self.publishers:
            self.publishers[seat].advise(advice.layers)

    def media_reset(self, session: str) -> None:
        pass


@dataclass
class Stage:
    plane: WorkerPlane
    heard: Heard
    peers: list[LightPublisher | LightWatcher] = field(default_factory=list)

    def show(self, *seats: int) -> None:
        """Put the seats s0, s1, ... with these numbers on screen, each on the slot of its number."""
        on_screen = [StageSeat(f"s{n}", "camera", f"p{n}", n, audio=True, video=True) for n in seats]
        self.plane.stage(SESSION, on_screen)

    def publishing(self, seat: int) -> Callable[[str], Awaitable[str]]:
        return lambda sdp: self.plane.publish(SESSION, f"s{seat}", sdp)

    def watching(self, watcher: str = "w") -> Callable[[str], Awaitable[str]]:
        return lambda sdp: self.plane.watch(SESSION, watcher, "viewer", sdp)

    async def publisher(self, seat: int, video: VideoClip | dict[str, VideoClip], *, loss: float = 0) -> LightPublisher:
        peer = LightPublisher(video, tone_clip(), loss=Loss(outgoing=loss, seed=seat))
        self.peers.append(peer)
        self.heard.publishers[f"s{seat}"] = peer
        await peer.publish(self.publishing(seat))
        return peer

    async def watcher(self, *, loss: float = 0, headers_only: bool = False) -> LightWatcher:
        peer = LightWatcher(3, 4, loss=Loss(incoming=loss), headers_only=headers_only)
        self.peers.append(peer)
        await peer.watch(self.watching())
        return peer


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    plane, heard = WorkerPlane(MediaSettings(hosts=["127.0.0.1"])), Heard()
    await plane.start(heard)
    made = Stage(plane, heard)
    try:
        yield made
    finally:
        await asyncio.gather(*(peer.close() for peer in made.peers))
        await plane.close()


async def decoded(picture: PictureDecoder, frames: int) -> None:
    target = picture.counts.decoded + frames
    await until(lambda: picture.counts.decoded >= target, f"{frames} more pictures, {picture.counts}")


async def test_each_speaker_is_seen_on_their_slot_and_heard_by_name(stage: Stage) -> None:
    stage.show(1, 2)
    await stage.publisher(1, video_clip(*SMALL, 4))
    await stage.publisher(2, video_clip(*SMALL, 9))
    watcher = await stage.watcher()
    pictures = [watcher.decode(name) for name in ("v1", "v2")]
    for picture in pictures:
        await decoded(picture, 20)
    assert [picture.colour for picture in pictures] == [4, 9]
    assert [picture.counts.errors for picture in pictures] == [0, 0]
    heard = [watcher.slots[name] for name in ("a0", "a1", "a2")]
    await until(lambda: {slot.speaker for slot in heard} >= {1, 2}, "both speakers are heard")
    assert watcher.slots["v0"].packets == 0
    assert watcher.lost == watcher.unknown == 0


async def test_both_layers_of_a_camera_can_be_seen(stage: Stage) -> None:
    stage.show(0)
    await stage.publisher(0, camera_layers(2))
    watcher = await stage.watcher()
    picture = watcher.decode("v0")
    await decoded(picture, 5)
    assert picture.counts.width == 240
    stage.plane.view(SESSION, "w", {0: "high"})
    await until(lambda: picture.counts.width == 640, "the large layer")
    stage.plane.view(SESSION, "w", {0: "low"})
    await until(lambda: picture.counts.width == 240, "the small layer")
    assert (picture.counts.errors, picture.counts.skips) == (0, 0)


async def test_loss_on_the_way_down_is_repaired(stage: Stage) -> None:
    stage.show(0)
    await stage.publisher(0, video_clip(320, 180, 25, 600_000, 6))
    watcher = await stage.watcher(loss=0.05)
    picture = watcher.decode("v0")
    await decoded(picture, 60)
    slot = watcher.slots["v0"]
    await until(lambda: slot.recovered > 3, "lost packets come again")
    assert watcher.nacks > 0
    assert (picture.counts.errors, picture.counts.skips) == (0, 0)


async def test_loss_on_the_way_up_is_repaired(stage: Stage) -> None:
    stage.show(0)
    publisher = await stage.publisher(0, video_clip(320, 180, 25, 600_000, 6), loss=0.05)
    watcher = await stage.watcher()
    picture = watcher.decode("v0")
    await decoded(picture, 60)
    await until(lambda: publisher.resent > 3, "the publisher sends again what is asked for")
    assert picture.counts.errors == 0


async def test_a_watcher_of_headers_counts_packets_and_frames(stage: Stage) -> None:
    stage.show(0)
    await stage.publisher(0, video_clip(*SMALL, 1))
    watcher = await stage.watcher(headers_only=True)
    slot = watcher.slots["v0"]
    await until(lambda: slot.frames >= 10, "frames")
    await until(lambda: watcher.slots["a0"].speaker == 0, "the speaker's number")
    assert watcher.lost == 0


async def test_reports_tell_a_publisher_of_loss(stage: Stage) -> None:
    stage.show(0)
    publisher = await stage.publisher(0, video_clip(320, 180, 25, 600_000, 6), loss=0.3)
    await until(lambda: publisher.fraction_lost > 0.1, "a receiver report with loss")
    await until(lambda: publisher.bitrate_limit is not None, "a REMB")


async def test_a_peer_that_moves_to_another_address_goes_on(stage: Stage) -> None:
    stage.show(0)
    publisher = await stage.publisher(0, video_clip(*SMALL, 3))
    watcher = await stage.watcher()
    picture = watcher.decode("v0")
    await decoded(picture, 5)
    for peer in (watcher, publisher):
        peer.connection.move()
        await decoded(picture, 20)
    assert picture.counts.errors == 0


async def test_ice_restarts_on_the_same_connection(stage: Stage) -> None:
    stage.show(0)
    publisher = await stage.publisher(0, video_clip(*SMALL, 3))
    watcher = await stage.watcher()
    picture = watcher.decode("v0")
    await publisher.restart_ice(stage.publishing(0))
    await watcher.restart_ice(stage.watching())
    before = {name: slot.ssrc for name, slot in watcher.slots.items()}
    watcher.connection.move()
    publisher.connection.move()
    await decoded(picture, 20)
    assert {name: slot.ssrc for name, slot in watcher.slots.items()} == before


async def test_slots_are_added_on_the_same_connection(stage: Stage) -> None:
    stage.show(0, 7)
    await stage.publisher(0, video_clip(*SMALL, 3))
    await stage.publisher(7, video_clip(*SMALL, 5))
    watcher = await stage.watcher()
    first = watcher.decode("v0")
    await decoded(first, 5)
    await watcher.grow(stage.watching(), 9)
    added = watcher.decode("v7")
    await decoded(added, 10)
    await decoded(first, 10)
    assert added.colour == 5
    assert first.counts.errors == 0


async def test_a_removed_publisher_is_told_so(stage: Stage) -> None:
    stage.show(0)
    publisher = await stage.publisher(0, video_clip(*SMALL, 3))
    await until(lambda: "s0" in stage.heard.live, "media arrives")
    told = asyncio.Event()
    publisher.connection.on_closed = told.set
    stage.show()
    await asyncio.wait_for(told.wait(), 5)
    assert not publisher.connection.open


async def test_one_who_vanishes_is_noticed_by_the_server(stage: Stage) -> None:
    stage.show(0)
    publisher = await stage.publisher(0, video_clip(*SMALL, 3))
    await until(lambda: "s0" in stage.heard.live, "media arrives")
    publisher.abandon()
    await until(lambda: "s0" not in stage.heard.live, "the seat's media ceases")


async def test_without_a_server_connecting_fails_in_time(stage: Stage) -> None:
    stage.show(0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]

        async def elsewhere(sdp: str) -> str:
            lines = (await stage.plane.watch(SESSION, "w", "viewer", sdp)).split("\r\n")
            return "\r\n".join(
                f"a=candidate:1 1 udp 1 127.0.0.1 {port} typ host" if line.startswith("a=candidate:") else line
                for line in lines
            )

        watcher = LightWatcher(1, 1)
        stage.peers.append(watcher)
        with pytest.raises(ConnectionError, match="in time"):
            await watcher.watch(elsewhere, seconds=0.5)


async def test_a_server_with_another_certificate_is_refused(stage: Stage) -> None:
    async def forged(sdp: str) -> str:
        answer = await stage.plane.watch(SESSION, "w", "viewer", sdp)
        start = answer.index("a=fingerprint:sha-256 ") + len("a=fingerprint:sha-256 ")
        original = answer[start : start + 95]
        return answer.replace(original, original[::-1].replace("::", ":"))

    watcher = LightWatcher(1, 1)
    stage.peers.append(watcher)
    with pytest.raises(ConnectionError, match="handshake"):
        await watcher.watch(forged)
