"""A real Chromium's camera and microphone, captured by a real worker, are pictures and sound again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recording.pictures import SeatPictures
from recording.sound import SeatSound
from recording.timed_tracks import read_clock
from recording.track_file import PACKET, read_tracks
from signaling.media.plane import MediaSettings
from signaling.media.rtp import parse_header, parse_vp8
from tests.support.chromium import chromium
from tests.support.media_house import media_house
from tests.support.media_room import camera
from tests.support.waiting import until

pytestmark = pytest.mark.browser

LAYERS = [
    {"rid": "l", "scaleResolutionDownBy": 2, "maxBitrate": 150_000, "maxFramerate": 15},
    {"rid": "h", "maxBitrate": 900_000},
]
SECONDS = 3.0


async def test_what_chromium_sent_can_be_seen_and_heard(tmp_path: Path) -> None:
    program = ("recording.media_worker", "--captures", str(tmp_path))
    settings = MediaSettings(hosts=("127.0.0.1",), program=program)
    folder = tmp_path / "rec_1"

    def captured(rid: str) -> float:
        """Seconds of a layer."""
        arrivals = [
            record.arrival for track in read_tracks(folder) if track.header.rid == rid for record in track.records()
        ]
        return max(arrivals) - min(arrivals) if arrivals else 0.0

    async with media_house(settings) as house, chromium(tmp_path) as browser:
        house.plane.stage("room", [camera("s1", 0, "ada")], "rec_1")
        page = await browser.new_page()
        await page.goto(house.url)
        await page.evaluate("layers => publish('room', 's1', {encodings: layers})", LAYERS)
        await until(lambda: min(map(captured, ("h", "l", ""))) > SECONDS, "captured", 30)

    tracks = read_tracks(folder)
    assert sorted((track.header.kind, track.header.rid) for track in tracks) == [
        ("audio", ""), ("video", "h"), ("video", "l"),
    ]  # fmt: skip
    for track in tracks:
        packets = [record.payload for record in track.records() if record.kind == PACKET]
        headers = [header for data in packets if (header := parse_header(data, len(data))) is not None]
        assert {header.payload_type for header in headers} == {track.header.payload_type}
        numbers = {(header.sequence - headers[0].sequence) & 0xFFFF for header in headers}
        assert len(numbers) > 0.98 * (max(numbers) + 1), "hardly one is missing"
        if track.header.kind == "video":
            vp8 = [
                parse_vp8(data[head.payload : head.payload_end]) for data, head in zip(packets, headers, strict=True)
            ]
            assert any(each is not None and each.keyframe for each in vp8[:30]), "a keyframe near the beginning"

    clock = read_clock(tracks)
    sound = SeatSound([track for track in tracks if track.header.kind == "audio"], clock)
    pictures = SeatPictures([track for track in tracks if track.header.kind == "video"], clock)
    end = min([record.arrival for record in track.records()][-1] for track in tracks)
    times = [end - 2 + number / 30 for number in range(60)]
    shown = [picture for time in times if (picture := pictures.at(time)) is not None]
    assert {(picture.frame.width, picture.frame.height) for picture in shown[-20:]} == {(640, 360)}
    assert len({picture.serial for picture in shown}) > 20
    heard = sound.read(round((end - 2) * 48_000), 48_000)
    assert float(np.sqrt(np.mean(heard**2))) > 0.05
