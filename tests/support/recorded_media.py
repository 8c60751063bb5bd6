"""Track files as a server captures them: real VP8 and Opus of a sender with clocks of its own, over a bad network."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Literal

import av
import numpy as np
from numpy.typing import NDArray

from recording.track_file import PACKET, REPORT, TrackFile, TrackHeader, TrackWriter, track_name
from signaling.media.feedback import build_sender_report

START = 1_790_000_000.0
"""The Unix time at which the tests' media begin."""

VIDEO_RATE, AUDIO_RATE = 90_000, 48_000
_NTP_EPOCH = 2_208_988_800
_PAYLOAD_BYTES = 1100


@dataclass(frozen=True, slots=True)
class Sender:
    """A device: its NTP clock reads `ntp_offset` more and runs fast by `ntp_drift`; its media clock, too."""

    ntp_offset: float = 0.0
    ntp_drift: float = 0.0
    media_drift: float = 0.0

    def ntp(self, time: float) -> int:
        reading = time + self.ntp_offset + self.ntp_drift * (time - START)
        return round((reading + _NTP_EPOCH) * 2**32)

    def ticks(self, time: float, rate: int) -> int:
        return round((time - START) * (1 + self.media_drift) * rate)

    def time(self, ticks: float, rate: int) -> float:
        return START + ticks / rate / (1 + self.media_drift)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a sender sent at Unix time `time`."""

    time: float
    kind: int
    data: bytes


@dataclass(slots=True)
class Numbers:
    """Where a track's numbers begin, and how they go on."""

    sequence: int = 65_000
    timestamp: int = 0xFFFF_0000
    ssrc: int = 7

    def packet(self, ticks: int, payload: bytes, *, marker: bool = False) -> bytes:
        second = 96 | (0x80 if marker else 0)
        head = struct.pack(
            "!BBHII", 0x80, second, self.sequence & 0xFFFF, (self.timestamp + ticks) & 0xFFFFFFFF, self.ssrc
        )
        self.sequence += 1
        return head + payload

    def report(self, sender: Sender, time: float, rate: int, jitter: float = 0.0) -> bytes:
        ticks = self.timestamp + sender.ticks(time + jitter, rate)
        return build_sender_report(self.ssrc, sender.ntp(time), ticks & 0xFFFFFFFF, 0, 0)


def reports(
    numbers: Numbers, sender: Sender, times: Iterable[float], rate: int, jitter: Callable[[], float] = lambda: 0.0
) -> list[Sent]:
    return [Sent(time, REPORT, numbers.report(sender, time, rate, jitter())) for time in times]


def video(
    numbers: Numbers, sender: Sender, frames: Sequence[bytes], *, fps: int = 30, start: float = START
) -> list[Sent]:
    """Frames of VP8 as packets, the first made at `start`."""
    sent = []
    for number, data in enumerate(frames):
        time = start + number / fps
        ticks = sender.ticks(time, VIDEO_RATE)
        for at in range(0, len(data), _PAYLOAD_BYTES):
            last = at + _PAYLOAD_BYTES >= len(data)
            descriptor = b"\x80\x80\x80\x00" if at else b"\x90\x80\x80\x00"
            sent.append(
                Sent(time, PACKET, numbers.packet(ticks, descriptor + data[at : at + _PAYLOAD_BYTES], marker=last))
            )
    return sent


def audio(
    numbers: Numbers, sender: Sender, packets: Sequence[bytes], *, start: float = START, samples: int = 960
) -> list[Sent]:
    """Packets of Opus; they leave when the last of their samples has been made."""
    first = sender.ticks(start, AUDIO_RATE)
    return [
        Sent(
            sender.time(first + (number + 1) * samples, AUDIO_RATE),
            PACKET,
            numbers.packet(first + number * samples, data),
        )
        for number, data in enumerate(packets)
        if data
    ]


@dataclass(slots=True)
class Network:
    """Delays and loses; the least delay is `delay`."""

    delay: float = 0.02
    jitter: float = 0.0
    loss: float = 0.0
    repaired: float = 0.0
    """The part of what is lost that comes up to a second later."""
    repeated: float = 0.0
    random: Random = field(default_factory=lambda: Random(4))

    def arrivals(self, sent: Iterable[Sent]) -> list[tuple[float, Sent]]:
        came: list[tuple[float, Sent]] = []
        for each in sent:
            late = each.time + self.delay + self.random.random() * self.jitter
            if each.kind == PACKET and self.random.random() < self.loss:
                if self.random.random() >= self.repaired:
                    continue
                late += 0.05 + self.random.random()
            came.append((late, each))
            if self.random.random() < self.repeated:
                came.append((late + 0.03, each))
        return sorted(came, key=lambda pair: pair[0])


def write_track(
    folder: Path,
    kind: Literal["audio", "video"],
    arrivals: Sequence[tuple[float, Sent]],
    *,
    rid: str = "",
    number: int = 1,
    seat: str = "s1",
    participant: str = "reg_1",
) -> TrackFile:
    codec, rate = ("opus", AUDIO_RATE) if kind == "audio" else ("VP8", VIDEO_RATE)
    header = TrackHeader(seat, participant, kind, rid, codec, rate, 96)
    path = folder / track_name(header, "run", number)
    with path.open("wb") as file:
        writer = TrackWriter(header, file.write)
        for arrival, sent in arrivals:
            add = writer.report if sent.kind == REPORT else writer.packet
            add(sent.data, round(arrival * 1e9))
        writer.flush()
    return TrackFile(path)


FLASH_FRAMES, BEEP_SECONDS, BEEP_HERTZ = 3, 0.1, 1000
_BARS = 10


@cache
def flashes(
    seconds: int, *, fps: int = 30, width: int = 320, height: int = 180, keyframes: int = 90, first: int = 0
) -> tuple[bytes, ...]:
    """VP8 whose upper half is white for the first three frames of each second; below are bars, the frame's number.

    A keyframe comes every `keyframes` frames. Frames are numbered from `first` on; see `number_of`."""
    encoder = av.CodecContext.create("libvpx", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, fps)
    encoder.framerate = Fraction(fps)
    encoder.bit_rate, encoder.thread_count = 600_000, 1  # its threads spin while they wait
    encoder.options = {
        "deadline": "realtime", "cpu-used": "-8", "lag-in-frames": "0",
        "g": str(keyframes), "keyint_min": str(keyframes), "error-resilient": "default",
    }  # fmt: skip
    noise = np.random.default_rng(1).integers(0, 40, (height // 2, width), np.uint8)
    data = []
    for number in range(seconds * fps):
        planes = np.full((height * 3 // 2, width), 128, np.uint8)
        planes[: height // 2] = 235 if number % fps < FLASH_FRAMES else 60 + np.roll(noise, number * 3, 1)
        bits = [(first + number) >> bit & 1 for bit in range(_BARS)]
        planes[height // 2 : height] = np.repeat(np.array([30, 220], np.uint8)[bits], width // _BARS)
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, fps)
        data += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(data + [bytes(packet) for packet in encoder.encode(None)])


def is_flash(frame: av.VideoFrame) -> bool:
    """Whether the upper half of a picture of `flashes` is white."""
    return float(_luma(frame)[frame.height // 4].mean()) > 180


def number_of(frame: av.VideoFrame) -> int:
    """The number that a picture of `flashes` shows."""
    return number_in(frame, 0, frame.height * 3 // 4, frame.width)


def number_in(frame: av.VideoFrame, x: int, y: int, width: int) -> int:
    """The number that the bars show which lie `width` wide in row `y` of a picture."""
    row = _luma(frame)[y]
    middles = x + (np.arange(_BARS) + 0.5) * width / _BARS
    return sum(1 << bit for bit, value in enumerate(row[middles.astype(int)]) if value > 125)


def _luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    plane = frame.planes[0]
    rows: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[
        :, : plane.width
    ]
    return rows


def opus(sound: NDArray[np.float32], *, stereo: bool = False, samples: int = 960, bitrate: int = 48_000) -> list[bytes]:
    """Packets of Opus, the first of which begins with the first sample."""
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    layout = "stereo" if stereo else "mono"
    encoder.sample_rate, encoder.layout, encoder.format = AUDIO_RATE, av.AudioLayout(layout), av.AudioFormat("flt")
    encoder.bit_rate = bitrate
    encoder.options = {"application": "voip", "frame_duration": str(samples * 1000 / AUDIO_RATE)}
    packets = []
    for start in range(0, len(sound) - samples + 1, samples):
        part = np.repeat(sound[start : start + samples], 2 if stereo else 1).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(part.reshape(1, -1), format="flt", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = AUDIO_RATE, start, Fraction(1, AUDIO_RATE)
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets


def beeps(seconds: float, sender: Sender, hertz: float = BEEP_HERTZ) -> NDArray[np.float32]:
    """Sound as the sender samples it: 100 ms of a tone as each second of true time begins."""
    ticks = np.arange(int(seconds * AUDIO_RATE * (1 + sender.media_drift)))
    time = ticks / AUDIO_RATE / (1 + sender.media_drift)
    return np.where(time % 1.0 < BEEP_SECONDS, 0.4 * np.sin(2 * np.pi * hertz * time), 0.0).astype(np.float32)


def onsets(sound: NDArray[np.float32], *, level: float = 0.1) -> list[int]:
    """Where sound begins after at least 0.3 s of quiet."""
    found: list[int] = []
    last = -AUDIO_RATE
    for at in np.flatnonzero(np.abs(sound) > level):
        if at - last > 0.3 * AUDIO_RATE:
            found.append(int(at))
        last = int(at)
    return found
