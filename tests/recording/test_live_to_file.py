"""From a real publisher through a real media worker to the file: what was sent is seen and heard in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

from recording.jobs import BlockJob, render
from recording.stage_log import read_stage_logs
from recording.timeline import FPS, SAMPLES_PER_FRAME, make_timeline
from signaling.media.light_peer import AudioClip, LightPublisher, VideoClip
from signaling.media.light_peer.sender import AudioSender, VideoSender
from signaling.media.plane import MediaSettings, WorkerPlane
from signaling.media.port import StageSeat
from tests.support import stages
from tests.support.flash_and_beep import beep_errors, dues, flash_errors, watch, write_stage
from tests.support.media_listener import RecordingListener
from tests.support.media_room import camera
from tests.support.recorded_media import BEEP_HERTZ, Sender, beeps, flashes, opus
from tests.support.waiting import until

SESSION, REC = "ses_1", "rec_1"
ADA = stages.camera(1, "Ada", participant="ada")
FLASHES, LENGTH = 5, 4.0
"""Seconds of the recording, and flashes after which it may end."""


def note_beginnings(publisher: LightPublisher, sender: AudioSender | VideoSender) -> list[float]:
    """The Unix times at which the sender's clip begins anew, with a flash or a beep."""
    began: list[float] = []
    offset = time.time() - asyncio.get_running_loop().time()
    send = sender.frame

    def frame(elapsed: float) -> Iterator[bytes]:
        if sender._next == 0:
            began.append(publisher._start + elapsed + offset)
        return send(elapsed)

    sender.frame = frame  # type: ignore[method-assign]
    return began


async def capture(captures: Path, *seats: StageSeat) -> tuple[list[float], list[float]]:
    """Record Ada for some seconds; when she flashed, and when she beeped."""
    program = ("recording.media_worker", "--captures", str(captures))
    plane = WorkerPlane(MediaSettings(hosts=["127.0.0.1"], program=program))
    await plane.start(RecordingListener())
    publisher = LightPublisher(
        VideoClip(320, 180, FPS, 0, flashes(1, keyframes=FPS)),
        AudioClip(tuple(opus(beeps(1, Sender())))),
        source="127.0.0.1",
    )
    try:
        plane.stage(SESSION, seats, REC)
        assert publisher.audio is not None
        flashed, beeped = (note_beginnings(publisher, each) for each in (publisher.layers[0], publisher.audio))
        await publisher.publish(lambda sdp: plane.publish(SESSION, "s1", sdp))
        await until(lambda: len(flashed) >= FLASHES and len(beeped) >= FLASHES, "flashed and beeped", seconds=30)
    finally:
        await publisher.close()
        await plane.close()
    return flashed, beeped


async def test_what_was_sent_is_seen_and_heard_in_time(tmp_path: Path) -> None:
    folder = tmp_path / REC
    flashed, beeped = await capture(tmp_path, camera("s1", 0, "ada"))
    write_stage(folder, "1", [(flashed[0], [ADA])], until=flashed[0] + LENGTH)
    timeline = make_timeline(read_stage_logs(folder))
    job = BlockJob(folder, 1, "gallery", frozenset(), tmp_path / "block.mp4")
    rendered = await render(job, lambda frames, of: None)
    assert rendered.samples == timeline.frames * SAMPLES_PER_FRAME
    seen = watch([job.target])
    for errors, moments in (
        (flash_errors(seen, timeline, ADA, flashed), flashed),
        (beep_errors(seen, timeline, BEEP_HERTZ, beeped), beeped),
    ):
        # A clip that begins anew twice within a second, because a keyframe was asked for, flashes on.
        assert len(errors) >= 2
        assert len(errors) >= len(dues(timeline, moments)) - 2
        assert max(map(abs, errors)) <= 1 / FPS
