"""Short loops of real VP8 and Opus, encoded once, that a light publisher sends instead of a camera.

A picture is a drifting texture under one flat colour: the texture costs bits as a camera does, and the
colour survives coding so well that whoever decodes the picture can say whose it is.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from random import Random

import av

COLOURS = 12
"""Number of colours that `colour_of` tells apart; a clip's `colour` counts from 0."""

OPUS_RATE = 48000
VIDEO_RATE = 90_000
"""The RTP clocks, in ticks a second."""

OPUS_FRAME = 960
"""Samples in one Opus packet: 20 ms."""

_CHROMA_RADIUS = 80
_TEXTURE_CELL = 4
_DRIFT = 2
_LAYERS = {"l": (240, 136, 12, 100_000), "h": (640, 360, 24, 700_000)}


@dataclass(frozen=True, slots=True)
class VideoClip:
    """VP8 frames; the first is a keyframe and the only one, so that a loop restarts at index 0."""

    width: int
    height: int
    fps: int
    colour: int
    frames: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class AudioClip:
    """Opus packets of 20 ms each."""

    packets: tuple[bytes, ...]


def chroma_of(colour: int) -> tuple[int, int]:
    """The U and V of a colour (0 to COLOURS - 1), spread evenly round the colour circle."""
    angle = 2 * math.pi * (colour % COLOURS) / COLOURS
    return 128 + round(_CHROMA_RADIUS * math.cos(angle)), 128 + round(_CHROMA_RADIUS * math.sin(angle))


def colour_of(u: float, v: float) -> int:
    """The colour nearest to a decoded picture's mean U and V."""
    return round(math.atan2(v - 128, u - 128) / (2 * math.pi) * COLOURS) % COLOURS


def camera_layers(colour: int) -> dict[str, VideoClip]:
    """The two simulcast layers of the protocol, by RID: "l" small and slow, "h" large.

    The first call for a colour encodes for about 0.2 s: on an event loop, make them beforehand.
    """
    return {
        rid: video_clip(width, height, fps, bitrate, colour) for rid, (width, height, fps, bitrate) in _LAYERS.items()
    }


@cache
def video_clip(width: int, height: int, fps: int, bitrate: int, colour: int, *, seconds: float = 2.0) -> VideoClip:
    """Encode a clip in real-time mode, at constant `bitrate` (bits/s). Width and height must be even."""
    encoder = av.CodecContext.create("libvpx", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, fps), Fraction(fps)
    encoder.bit_rate = bitrate
    encoder.gop_size = 100_000
    encoder.thread_count = 1
    encoder.options = {
        "deadline": "realtime",
        "cpu-used": "8",
        "lag-in-frames": "0",
        "auto-alt-ref": "0",
        "minrate": str(bitrate),
        "maxrate": str(bitrate),
        "bufsize": str(bitrate),
    }
    picture = _Picture(width, height, colour)
    frames: list[bytes] = []
    for index in range(max(2, round(seconds * fps))):
        frame = picture.frame(index)
        frame.pts, frame.time_base = index, encoder.time_base
        frames += [bytes(packet) for packet in encoder.encode(frame)]
    frames += [bytes(packet) for packet in encoder.encode(None)]
    return VideoClip(width, height, fps, colour, tuple(frames))


@cache
def tone_clip(hertz: int = 440, seconds: float = 1.0) -> AudioClip:
    """Encode a mono sine tone; whole periods in `seconds` loop without a click."""
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = OPUS_RATE, av.AudioLayout("mono"), av.AudioFormat("s16")
    encoder.bit_rate = 32_000
    encoder.time_base = Fraction(1, OPUS_RATE)
    packets: list[bytes] = []
    for start in range(0, round(seconds * OPUS_RATE), OPUS_FRAME):
        samples = array(
            "h", (round(8000 * math.sin(2 * math.pi * hertz * n / OPUS_RATE)) for n in range(start, start + OPUS_FRAME))
        )
        frame = av.AudioFrame(format="s16", layout="mono", samples=OPUS_FRAME)
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = OPUS_RATE, start, encoder.time_base
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return AudioClip(tuple(packets))


class _Picture:
    """Draws the frames of one clip."""

    def __init__(self, width: int, height: int, colour: int) -> None:
        self._width, self._height = width, height
        self._chroma = chroma_of(colour)
        texture = Random(colour)  # noqa: S311 -- a picture, not a secret: the same clip every time
        self._rows = [self._row(texture) for _ in range(height // _TEXTURE_CELL + 1)]

    def _row(self, texture: Random) -> bytes:
        cells = (64 + texture.randrange(128) for _ in range(self._width // _TEXTURE_CELL + 1))
        return b"".join(bytes((cell,)) * _TEXTURE_CELL for cell in cells)

    def frame(self, index: int) -> av.VideoFrame:
        frame = av.VideoFrame(self._width, self._height, "yuv420p")
        shift = index * _DRIFT % self._width
        luma = [(row[shift:] + row)[: self._width] for row in self._rows]
        u, v = (bytes((value,)) * (self._width // 2) for value in self._chroma)
        _fill(frame.planes[0], [luma[y // _TEXTURE_CELL] for y in range(self._height)])
        _fill(frame.planes[1], [u] * (self._height // 2))
        _fill(frame.planes[2], [v] * (self._height // 2))
        return frame


def _fill(plane: av.video.plane.VideoPlane, rows: list[bytes]) -> None:
    # FFmpeg pads rows to an alignment of its own; a plane takes nothing but its whole buffer.
    plane.update(b"".join(row.ljust(plane.line_size, b"\0") for row in rows).ljust(plane.buffer_size, b"\0"))
