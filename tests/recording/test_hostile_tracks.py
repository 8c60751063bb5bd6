"""Whatever a sender sends, its pictures and its sound end as pictures and sound, in bounded time and memory."""

from __future__ import annotations

import struct
from pathlib import Path
from random import Random
from typing import Literal

import numpy as np
import pytest

from recording.packets import MAX_FRAME, Frames
from recording.pictures import SeatPictures
from recording.sound import SeatSound
from recording.timed_tracks import read_clock
from recording.track_file import PACKET, REPORT, TrackFile
from tests.support.recorded_media import (
    AUDIO_RATE,
    START,
    Network,
    Numbers,
    Sender,
    Sent,
    audio,
    flashes,
    video,
    write_track,
)
from tests.support.recorded_media import opus as encoded

SECONDS = 6


def hostile(folder: Path, kind: Literal["audio", "video"], seed: int) -> TrackFile:
    """Real media of which a part is changed at random, among packets and reports that are wholly made up."""
    random = Random(seed)
    if kind == "audio":
        noise = np.random.default_rng(1).standard_normal(SECONDS * AUDIO_RATE) / 9
        sent = audio(Numbers(), Sender(), encoded(noise.astype(np.float32)))
    else:
        sent = video(Numbers(), Sender(), flashes(SECONDS))
    changed = [_changed(each, random) for each in sent]
    for _ in range(200):
        time = START + random.random() * SECONDS
        head = struct.pack(
            "!BBHII", 0x80, random.choice([96, 224]), random.randrange(65536), random.randrange(1 << 32), 7
        )
        report = struct.pack("!BBHI", 0x80, 200, 6, 7) + random.randbytes(20)
        made_up = random.random() < 0.5
        changed.append(
            Sent(time, REPORT, report) if made_up else Sent(time, PACKET, head + random.randbytes(random.randrange(60)))
        )
    arrivals = Network(jitter=0.1, loss=0.05, repeated=0.05, random=random).arrivals(changed)
    return write_track(folder, kind, arrivals)


def _changed(sent: Sent, random: Random) -> Sent:
    data = bytearray(sent.data)
    if random.random() < 0.1:
        for _ in range(random.randrange(1, 8)):
            data[random.randrange(len(data))] = random.randrange(256)
    return Sent(sent.time, sent.kind, bytes(data[: random.randrange(len(data))] if random.random() < 0.02 else data))


@pytest.mark.parametrize("seed", range(4))
def test_hostile_video_is_shown_as_well_as_it_can_be(tmp_path: Path, seed: int) -> None:
    track = hostile(tmp_path, "video", seed)
    pictures = SeatPictures([track], read_clock([track]))

    seen = [pictures.at(START + tick / 30) for tick in range(SECONDS * 30)]

    assert all(each is None or each.frame.width > 0 for each in seen)


@pytest.mark.parametrize("seed", range(4))
def test_hostile_audio_is_heard_as_well_as_it_can_be(tmp_path: Path, seed: int) -> None:
    track = hostile(tmp_path, "audio", seed)
    sound = SeatSound([track], read_clock([track]))

    for tick in range(SECONDS * 30):
        heard = sound.read(int(START) * AUDIO_RATE + tick * 1600, 1600)
        assert heard.shape == (1600,)
        assert np.isfinite(heard).all()


def test_a_picture_too_large_to_hold_is_not_decoded(tmp_path: Path) -> None:
    clip = list(flashes(2, keyframes=30))
    clip[30] = clip[30][:6] + b"\xff\x3f\xff\x3f" + clip[30][10:]
    track = write_track(tmp_path, "video", Network(0.0).arrivals(video(Numbers(), Sender(), clip)))
    pictures = SeatPictures([track], read_clock([track]))

    seen = [pictures.at(START + (tick + 0.5) / 30) for tick in range(59)]

    assert {each.frame.width for each in seen if each} == {320}
    assert seen[58] == seen[30]


def test_a_frame_that_never_ends_is_given_up(tmp_path: Path) -> None:
    numbers = Numbers()
    endless = [
        Sent(START + at / 1000, PACKET, numbers.packet(0, b"\x90\x80\x80\x00" + bytes(1000))) for at in range(9000)
    ]
    later = video(numbers, Sender(), flashes(1), start=START + 10)
    track = write_track(tmp_path, "video", Network(0.0).arrivals(endless + later))

    timed = read_clock([track]).of([track])[0]
    assembled = Frames()
    frames = [frame for packet in timed.packets(0.0) for frame in assembled.push(packet)]

    assert max(len(frame.data) for frame in frames) < MAX_FRAME + 2000
    assert [frame.whole for frame in frames[-30:]] == [True] * 30
