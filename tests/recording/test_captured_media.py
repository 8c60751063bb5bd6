"""Real publishers through real worker processes: what was sent is what was captured, also after a kill."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from recording.track_file import PACKET, REPORT, TrackFile, TrackRecord, read_tracks
from signaling.media.feedback import SenderReport, parse_compound
from signaling.media.light_peer import (
    LightPublisher,
    LightWatcher,
    Loss,
    VideoClip,
    camera_layers,
    tone_clip,
    video_clip,
)
from signaling.media.plane import MediaSettings, WorkerPlane
from signaling.media.port import StageSeat
from signaling.media.rtp import parse_header
from tests.support.media_listener import RecordingListener
from tests.support.media_room import camera
from tests.support.waiting import until

SESSION, REC = "ses_1", "rec_1"
CLIP = video_clip(160, 90, 15, 80_000, 1)
KILL_COSTS = 0.5
"""Seconds of media that a killed worker may lose."""


@dataclass
class Sent:
    """What one publisher put on the wire, and when."""

    publisher: LightPublisher
    packets: list[tuple[float, bytes]] = field(default_factory=list)
    """RTP packets that were not lost on the way."""
    lost: list[bytes] = field(default_factory=list)

    def of(self, ssrc: int) -> list[bytes]:
        return [data for _, data in self.packets if ssrc_of(data) == ssrc]


@dataclass
class Stage:
    plane: WorkerPlane
    captures: Path
    heard: RecordingListener = field(default_factory=RecordingListener)
    sent: list[Sent] = field(default_factory=list)

    def show(self, *seats: StageSeat, recording: str | None = REC) -> None:
        self.plane.stage(SESSION, seats or [camera("s1", 0, "ada")], recording)

    async def publish(
        self, video: VideoClip | Mapping[str, VideoClip] = CLIP, *, seat: str = "s1", loss: float = 0.0, seed: int = 1
    ) -> Sent:
        publisher = LightPublisher(video, tone_clip(), loss=Loss(outgoing=loss, seed=seed), source="127.0.0.1")
        sent = Sent(publisher)
        self.sent.append(sent)
        send = publisher.connection.send_rtp

        def noting(packet: bytes) -> None:
            before = publisher.connection.sent
            send(packet)
            if publisher.connection.sent > before:
                sent.packets.append((time.time(), packet))
            else:
                sent.lost.append(packet)

        publisher.connection.send_rtp = noting  # type: ignore[method-assign]
        await publisher.publish(lambda sdp: self.plane.publish(SESSION, seat, sdp))
        return sent

    async def finish(self) -> None:
        """End the publishers and wait until all that they sent is on disk."""
        for each in self.sent:
            await each.publisher.close()
        await self.plane.close()

    def tracks(self, kind: str, rid: str = "", recording: str = REC) -> list[TrackFile]:
        found = read_tracks(self.captures / recording)
        return [each for each in found if (each.header.kind, each.header.rid) == (kind, rid)]

    def packets(self, kind: str, rid: str = "") -> list[TrackRecord]:
        records = [record for track in self.tracks(kind, rid) for record in track.records() if record.kind == PACKET]
        return sorted(records, key=lambda record: record.arrival)

    def count(self, kind: str, rid: str = "") -> int:
        return len(self.packets(kind, rid))


@asynccontextmanager
async def running(captures: Path) -> AsyncIterator[Stage]:
    program = ("recording.media_worker", "--captures", str(captures))
    stage = Stage(WorkerPlane(MediaSettings(hosts=["127.0.0.1"], program=program)), captures)
    await stage.plane.start(stage.heard)
    try:
        yield stage
    finally:
        await stage.finish()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with running(tmp_path) as stage:
        yield stage


def ssrc_of(data: bytes) -> int:
    return int.from_bytes(data[8:12], "big")


def content(data: bytes) -> tuple[int, int, int, bytes]:
    """What of a packet is the same when it comes as a repair: sequence number, time, marker and payload."""
    header = parse_header(data, len(data))
    assert header is not None
    return header.sequence, header.timestamp, header.marker, data[header.payload : header.payload_end]


async def test_captured_is_what_was_sent_in_order_and_content(stage: Stage) -> None:
    stage.show()
    sent = await stage.publish()
    publisher = sent.publisher
    await until(lambda: len(sent.packets) > 200, "sent")
    assert publisher.audio is not None
    await stage.finish()
    for kind, ssrc in (("audio", publisher.audio.ssrc), ("video", publisher.layers[0].ssrc)):
        captured, expected = [record.payload for record in stage.packets(kind)], sent.of(ssrc)
        # The server may still be busy with the handshake when the client begins.
        assert len(expected) - len(captured) <= 3
        assert captured == expected[len(expected) - len(captured) :]
    (track,) = stage.tracks("video")
    assert (track.header.participant, track.header.codec, track.header.clock_rate) == ("ada", "VP8", 90_000)
    reports = [record for record in track.records() if record.kind == REPORT]
    (report,) = parse_compound(reports[0].payload)
    assert isinstance(report, SenderReport)
    assert report.ssrc == publisher.layers[0].ssrc
    arrivals = [record.arrival for record in track.records()]
    assert arrivals == sorted(arrivals)
    assert abs(arrivals[-1] - sent.packets[-1][0]) < 1


async def test_what_the_network_lost_is_captured_when_it_comes_again(stage: Stage) -> None:
    stage.show()
    sent = await stage.publish(video_clip(320, 180, 30, 400_000, 2), loss=0.08)
    layer = sent.publisher.layers[0]
    await until(lambda: layer.packets > 300, "sent")
    lost = {content(data) for data in sent.lost if ssrc_of(data) == layer.ssrc}
    assert len(lost) > 8
    await until(lambda: lost <= {content(record.payload) for record in stage.packets("video")}, "repaired")
    captured = [record.payload for record in stage.packets("video")]
    assert {ssrc_of(data) for data in captured} == {layer.ssrc}
    assert len({content(data) for data in captured}) == len(captured), "none twice"
    assert stage.plane.metrics()[0]["rtx_in"] > 8


async def test_both_layers_of_a_camera_flow_and_are_captured(stage: Stage) -> None:
    stage.show()
    sent = await stage.publish(camera_layers(3))
    await until(lambda: "s1" in stage.heard.advice, "advised")
    assert all(layer["active"] for layer in stage.heard.advice["s1"].layers.values())
    await until(lambda: min(stage.count("video", rid) for rid in ("l", "h")) > 30, "captured")
    await stage.finish()
    for layer in sent.publisher.layers:
        captured, expected = [each.payload for each in stage.packets("video", layer.rid or "")], sent.of(layer.ssrc)
        assert captured == expected[len(expected) - len(captured) :]


async def test_what_is_muted_or_off_is_nowhere(stage: Stage) -> None:
    stage.show()
    sent = await stage.publish()
    await until(lambda: min(stage.count(kind) for kind in ("audio", "video")) > 10, "captured")
    stage.show(camera("s1", 0, "ada", audio=False, video=False))
    # An answer to an offer comes after everything told before it: the worker has heard of the mute.
    await sent.publisher.restart_ice(lambda sdp: stage.plane.publish(SESSION, "s1", sdp))
    off = len(sent.packets)
    await until(lambda: len(sent.packets) > off + 100, "sent all the same")
    before = stage.count("audio"), stage.count("video")
    # Not the last ones, which the worker may read when it has heard of the end of the mute.
    secret = {data for at, data in sent.packets[off:] if at < time.time() - 0.5}
    stage.show()
    await until(lambda: stage.count("audio") > before[0] + 20 and stage.count("video") > before[1] + 10, "goes on")
    assert len(secret) > 50
    assert not secret & {record.payload for kind in ("audio", "video") for record in stage.packets(kind)}


async def test_a_room_that_is_recorded_from_the_middle_on(stage: Stage) -> None:
    stage.show(recording=None)
    sent = await stage.publish()
    await until(lambda: len(sent.packets) > 60, "sent")
    before = len(sent.packets)
    assert not (stage.captures / REC).exists()
    keyframes = sent.publisher.layers[0].keyframe_requests
    stage.show()
    await until(lambda: stage.count("video") > 20, "captured")
    assert sent.publisher.layers[0].keyframe_requests > keyframes
    unrecorded = {data for _, data in sent.packets[: before - 5]}
    assert not unrecorded & {record.payload for kind in ("audio", "video") for record in stage.packets(kind)}
    stage.show(recording=None)
    await until(lambda: stage.plane.metrics()[0]["captured_packets"] > 20, "counted")
    assert stage.plane.metrics()[0]["capture_failures"] == 0


async def test_another_connection_is_another_track(stage: Stage) -> None:
    stage.show()
    await stage.publish()
    await until(lambda: stage.count("video"), "captured")
    await stage.publish()
    await until(lambda: len(stage.tracks("video")) == 2, "a track of its own")
    one, two = stage.tracks("video")
    assert {ssrc_of(next(track.records()).payload) for track in (one, two)} == {
        each.publisher.layers[0].ssrc for each in stage.sent
    }


@pytest.mark.parametrize("seed", range(4))
async def test_a_killed_worker_loses_half_a_second_at_most(stage: Stage, seed: int) -> None:
    stage.show()
    sent = await stage.publish(video_clip(320, 180, 30, 400_000, 2))
    wanted = Random(seed).randrange(60, 400)
    await until(lambda: len(sent.packets) > wanted, "sent")
    os.kill(stage.plane.pids[0], signal.SIGKILL)
    killed = time.time()
    await until(lambda: stage.heard.resets, "replaced")
    due = [data for at, data in sent.packets if at < killed - KILL_COSTS]
    captured = {record.payload for kind in ("audio", "video") for record in stage.packets(kind)}
    missing = [number for number, data in enumerate(due) if data not in captured]
    assert all(number < 6 for number in missing), "but for what came before the handshake was done"
    assert captured <= {data for _, data in sent.packets}


async def test_a_worker_that_is_told_to_end_writes_what_it_has(stage: Stage) -> None:
    stage.show()
    sent = await stage.publish()
    await until(lambda: len(sent.packets) > 100, "sent")
    os.kill(stage.plane.pids[0], signal.SIGTERM)
    told = time.time()
    await until(lambda: stage.heard.resets, "replaced")
    captured = {record.payload for kind in ("audio", "video") for record in stage.packets(kind)}
    due = [data for at, data in sent.packets if at < told - 0.1]
    assert all(number < 6 for number, data in enumerate(due) if data not in captured)


async def test_media_goes_on_without_a_disk(tmp_path: Path) -> None:
    async with running(tmp_path / "unmounted") as stage:
        stage.show()
        await stage.publish()
        await until(lambda: stage.plane.metrics()[0].get("capture_failures", 0) >= 2, "noticed")
        viewer = LightWatcher(1, 1, source="127.0.0.1")
        await viewer.watch(lambda sdp: stage.plane.watch(SESSION, "w1", "bob", sdp))
        picture = viewer.decode("v0")
        await until(lambda: picture.counts.decoded > 10, "pictures")
        await viewer.close()
