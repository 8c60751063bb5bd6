"""Is a block's file what was asked for? Read without decoding.

In H.264 and AAC as they are encoded here a packet is a frame, and the packets' times and durations in the MP4 are
exact: counting packets counts frames and samples, at the speed of the disk. A decoder would tell the same for a
quarter of what the render cost. Every byte of the file is accounted for: the boxes fill it, and the packets are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from struct import Struct

import av
from av.container import InputContainer

from recording.timeline import FPS, SAMPLE_RATE, SAMPLES_PER_FRAME

_BOX = Struct(">I4s")
_LARGE_SIZE = Struct(">Q")


class Unverified(Exception):
    """The file isn't what was asked for; the text says in what."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a file was found to hold."""

    frames: int
    samples: int
    bytes: int

    @property
    def seconds(self) -> float:
        return self.frames / FPS


def verify(path: Path, frames: int, width: int, height: int) -> Verified:
    """Check that the MP4 has `frames` frames of that size from time 0 on, 1600 samples for each, and plays while it
    loads. Raises Unverified, and OSError if it can't be read."""
    _check_boxes(path)
    try:
        with av.open(str(path), "r", format="mp4") as file:
            _check_codecs(file, width, height)
            samples = _count(file, frames)
    except av.FFmpegError as error:
        raise Unverified(f"It can't be read as MP4: {error.strerror}.") from error
    return Verified(frames, samples, path.stat().st_size)


def _check_boxes(path: Path) -> None:
    """The index is before the media, and nothing is cut off (ISO/IEC 14496-12, section 4.2)."""
    size, order = path.stat().st_size, []
    with path.open("rb") as file:
        at = 0
        while at + _BOX.size <= size:
            file.seek(at)
            length, kind = _BOX.unpack(file.read(_BOX.size))
            if length == 1:
                (length,) = _LARGE_SIZE.unpack(file.read(_LARGE_SIZE.size).ljust(_LARGE_SIZE.size, b"\0"))
            if length < _BOX.size:
                break
            order.append(kind)
            at += length
    if at != size:
        raise Unverified("Its boxes don't fill it: it is cut off.")
    if b"moov" not in order or b"mdat" not in order or order.index(b"moov") > order.index(b"mdat"):
        raise Unverified("Its index isn't before its media: it would not play while it loads.")


def _check_codecs(file: InputContainer, width: int, height: int) -> None:
    if [stream.type for stream in file.streams] != ["video", "audio"]:
        raise Unverified("It must have one picture track and one sound track.")
    video, audio = file.streams.video[0], file.streams.audio[0]
    if (video.codec_context.name, audio.codec_context.name) != ("h264", "aac"):
        raise Unverified(
            f"Its codecs are {video.codec_context.name} and {audio.codec_context.name}, not H.264 and AAC."
        )
    if (video.width, video.height) != (width, height):
        raise Unverified(f"Its pictures are {video.width}x{video.height}, not {width}x{height}.")
    if video.average_rate != FPS:
        raise Unverified(f"It has {video.average_rate} frames a second, not {FPS}.")
    if audio.rate != SAMPLE_RATE:
        raise Unverified(f"It has {audio.rate} samples a second, not {SAMPLE_RATE}.")


def _count(file: InputContainer, frames: int) -> int:
    """Check every packet's time; returns the number of samples."""
    video, audio = file.streams.video[0], file.streams.audio[0]
    assert video.time_base is not None
    assert audio.time_base is not None
    frame, sample = 1 / (video.time_base * FPS), 1 / (audio.time_base * SAMPLE_RATE)
    shown = set()
    heard = 0
    for packet in file.demux(video, audio):
        if packet.pts is None:
            continue  # the end of a track
        if packet.is_corrupt or not packet.size:
            raise Unverified("A part of it is damaged.")
        if packet.stream_index == video.index:
            shown.add(packet.pts / frame)
        elif packet.pts >= 0:  # before it are the samples that primed the encoder
            if packet.pts != heard * sample:
                raise Unverified(f"Its sound has a gap after {heard} samples.")
            heard += round((packet.duration or 0) / sample)
    if shown != set(range(frames)):
        raise Unverified(f"It has {len(shown)} frames, or others, where it must have {frames} from time 0 on.")
    if heard != frames * SAMPLES_PER_FRAME:
        raise Unverified(f"It has {heard} samples where it must have {frames * SAMPLES_PER_FRAME}.")
    return heard
