"""A block's moments: the picture of each frame, with the 1600 samples that sound during it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

import av
import numpy as np

from recording.compose import Canvas
from recording.layout import Layout, Tile, arrange
from recording.mixing import mix
from recording.pictures import Shown
from recording.seat_media import SeatMedia
from recording.sound import Samples
from recording.speaking import MEMORY, Speakers, loudness
from recording.timeline import FPS, SAMPLE_RATE, SAMPLES_PER_FRAME, Block, Scene, Timeline

_STRIDE = 15
"""Frames whose sound is read at once: for each alone it would cost twice as much."""

_RUN_UP = round(MEMORY * FPS)
"""Frames before the block in which is heard who speaks as it begins."""

_FADE = SAMPLE_RATE // 200
"""Samples over which a sound rises or falls where it is cut, because a seat is muted, leaves or comes back (5 ms): a
sound that begins or ends at once clicks."""

_Cuts = Mapping[int, frozenset[str]]
"""By the frame at which a scene begins or ends: the seats whose sound goes on there."""


class Moment(NamedTuple):
    """One frame of output. The picture is drawn over when the next moment is asked for."""

    picture: av.VideoFrame
    samples: Samples


def play(timeline: Timeline, block: Block, layout: Layout, media: SeatMedia) -> Iterator[Moment]:
    """Compose a block of the timeline, moment by moment. It doesn't depend on what was composed before."""
    speakers = Speakers()
    cuts = _cuts(timeline.scenes)
    for scene in _before(timeline, block.start):
        for _, levels in _hear(scene, media, cuts):
            speakers.hear(levels)
    canvas = Canvas()
    for scene in block.scenes:
        media.keep(seat.seat for seat in scene.seats)
        tiles: tuple[Tile, ...] = ()
        arranged_for: tuple[str | None] | None = None
        for number, (samples, levels) in enumerate(_hear(scene, media, cuts)):
            speakers.hear(levels)
            if arranged_for != (speakers.active,):
                arranged_for = (speakers.active,)
                tiles = arrange(scene.seats, layout, speakers.active)
            pictures = _look(scene, number, media)
            yield Moment(canvas.draw(tiles, pictures, speakers.active), samples)


def _before(timeline: Timeline, start: int) -> Iterator[Scene]:
    """What is played in the run-up to frame `start`."""
    for scene in timeline.scenes:
        first, end = max(scene.start, start - _RUN_UP), min(scene.start + scene.frames, start)
        if first < end:
            yield Scene(first, end - first, scene.source + first - scene.start, scene.seats)


def _cuts(scenes: Iterable[Scene]) -> _Cuts:
    cuts: dict[int, frozenset[str]] = {}
    for before, after in pairwise([None, *scenes, None]):
        if after is not None and before is not None and before.source + before.frames == after.source:
            cuts[after.start] = _sounding(before) & _sounding(after)
        elif after is not None:
            cuts[after.start] = frozenset()
        elif before is not None:
            cuts[before.start + before.frames] = frozenset()
    return cuts


def _sounding(scene: Scene) -> frozenset[str]:
    return frozenset(seat.seat for seat in scene.seats if seat.audio)


def _hear(scene: Scene, media: SeatMedia, cuts: _Cuts) -> Iterator[tuple[Samples, dict[str, float]]]:
    """For each frame the mixed sound, and how loud everybody with a camera is (dBFS)."""
    cameras = [seat.seat for seat in scene.seats if seat.kind == "camera"]
    for first in range(0, scene.frames, _STRIDE):
        frames = min(_STRIDE, scene.frames - first)
        position, samples = (scene.source + first) * SAMPLES_PER_FRAME, frames * SAMPLES_PER_FRAME
        sounds = {seat.seat: media.sound(seat, position, samples) for seat in scene.seats}
        _fade(sounds, cuts.get(scene.start + first), cuts.get(scene.start + first + frames))
        mixed = mix(sounds.values(), samples)
        for start in range(0, samples, SAMPLES_PER_FRAME):
            during = slice(start, start + SAMPLES_PER_FRAME)
            yield mixed[during], {seat: loudness(sounds[seat][during]) for seat in cameras}


def _fade(sounds: Mapping[str, Samples], start: frozenset[str] | None, end: frozenset[str] | None) -> None:
    """Let sounds rise at the start and fall at the end, but for the seats that go on there; None: all do."""
    rise = np.linspace(0, 1, _FADE, dtype=np.float32)
    for seat, sound in sounds.items():
        if start is not None and seat not in start:
            sound[:_FADE] *= rise
        if end is not None and seat not in end:
            sound[-_FADE:] *= rise[::-1]


def _look(scene: Scene, number: int, media: SeatMedia) -> dict[str, Shown | None]:
    # A frame is on the screen for 1/30 s: it shows the middle of that time, so that it is never a whole frame off.
    time = (scene.source + number + 0.5) / FPS
    return {seat.seat: media.picture(seat, time) for seat in scene.seats}
