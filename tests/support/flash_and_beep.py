"""People who flash and beep as each of their seconds begins, captured as a server does, and what files show of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from pathlib import Path
from random import Random

import av
import numpy as np
from numpy.typing import NDArray

from recording.layout import arrange
from recording.stage_log import RecordedSeat, StageLog
from recording.timeline import FPS, SAMPLE_RATE, SAMPLES_PER_FRAME, Scene, Timeline
from tests.support.recorded_media import (
    AUDIO_RATE,
    VIDEO_RATE,
    Network,
    Numbers,
    Sender,
    audio,
    beeps,
    flashes,
    opus,
    reports,
    video,
    write_track,
)

_WINDOW = 240
"""Samples over which a tone is told from others (5 ms)."""

_LEVEL = 0.4 / 2 / 2
"""Half of what a beep measures."""

_DELAY = 0.03
"""Seconds that a packet takes at least. A server can't tell them from a clock that is late: all of what a person does
comes so much later into their recording, picture and sound alike."""

_WHITE = 180
"""Mean brightness of a tile above which it flashes."""


@dataclass(frozen=True, slots=True)
class Performer:
    """Somebody with a camera and a microphone from Unix time `start` to `end`, seen in `seat`."""

    seat: RecordedSeat
    start: float
    end: float
    hertz: float
    """Of the beep, by which one hears who it is."""
    sender: Sender = field(default_factory=Sender)
    loss: float = 0.0
    talks: bool = False
    """Sounds all the time instead of beeping: a beep is too short to count as speech."""
    take: int = 1
    """A number of their own for the tracks of each start of the server."""

    @property
    def moments(self) -> list[float]:
        """When they flash and beep, as a server can tell; not the first time, as their tracks begin."""
        return [self.start + second + _DELAY for second in range(1, ceil(self.end - self.start))]


def perform(folder: Path, performer: Performer) -> None:
    """Write the tracks of a performer: sent through a network with delays, jitter and losses of which most are
    repaired."""
    seconds = performer.end - performer.start
    random = Random(performer.seat.seat + str(performer.take))
    names = {"seat": performer.seat.seat, "participant": performer.seat.participant}
    times = [performer.start + 0.2 + each for each in range(0, ceil(seconds), 2)]
    sender = performer.sender
    for kind, rate in (("video", VIDEO_RATE), ("audio", AUDIO_RATE)):
        numbers = Numbers(random.randrange(1 << 16), random.randrange(1 << 32), random.randrange(1 << 32))
        if kind == "video":
            frames = flashes(ceil(seconds), keyframes=FPS)[: round(seconds * FPS)]
            sent = video(numbers, sender, frames, start=performer.start)
        else:
            sound = beeps(seconds, sender, performer.hertz)
            if performer.talks:
                sound = np.resize(sound[: AUDIO_RATE // 10], len(sound))
            sent = audio(numbers, sender, opus(sound), start=performer.start)
        sent = sorted([*sent, *reports(numbers, sender, times, rate)], key=lambda each: each.time)
        network = Network(_DELAY, jitter=0.03, loss=performer.loss, repaired=0.9, repeated=0.01, random=random)
        write_track(folder, kind, network.arrivals(sent), number=performer.take, **names)  # type: ignore[arg-type]


def write_stage(
    folder: Path, run: str, statements: Sequence[tuple[float, Sequence[RecordedSeat]]], until: float, sequence: int = 1
) -> None:
    """Write what a recorder logs: statements and, until the recorder is gone, beats."""
    started_at = statements[0][0]
    log = StageLog(
        folder, node="a", run=run, recording="rec_1", session="ses_1", title="Flash and beep", started_at=started_at
    )
    ends = [*(at for at, _ in statements[1:]), until]
    for number, ((at, seats), end) in enumerate(zip(statements, ends, strict=True)):
        log.state(at, sequence + number, seats)
        for beat in np.arange(at + 0.5, end, 0.5):
            log.beat(float(beat))
    log.beat(until)
    log.close()


@dataclass(frozen=True, slots=True)
class Seen:
    """The decoded files of a recording, one after the other."""

    luma: list[NDArray[np.uint8]]
    """Of each frame, every fourth pixel both ways."""
    sound: NDArray[np.float32]


def watch(files: Sequence[Path]) -> Seen:
    """Decode pictures and sound; padding at the end of the last file's sound is left out."""
    luma: list[NDArray[np.uint8]] = []
    sounds: list[NDArray[np.float32]] = []
    for path in files:
        before = len(luma)
        with av.open(str(path)) as file:
            luma.extend(_rows(frame)[::4, ::4].copy() for frame in file.decode(video=0))
        with av.open(str(path)) as file:
            sound = np.concatenate([frame.to_ndarray().reshape(-1) for frame in file.decode(audio=0)])
        sounds.append(sound[: (len(luma) - before) * SAMPLES_PER_FRAME])
    return Seen(luma, np.concatenate(sounds))


def _rows(frame: av.VideoFrame) -> NDArray[np.uint8]:
    return frame.to_ndarray()[: frame.height].astype(np.uint8, copy=False)


def flash_errors(seen: Seen, timeline: Timeline, seat: RecordedSeat, moments: Sequence[float]) -> list[float]:
    """For each flash of a seat that is seen, the seconds by which it begins too late."""
    errors = []
    for scene, due in dues(timeline, moments):
        (tile,) = (each for each in arrange(scene.seats, "gallery", None) if each.seat.seat == seat.seat)
        # The upper half flashes; away from the tile's edges, where its frame is drawn.
        across = slice((tile.x + tile.width // 4) // 4, (tile.x + tile.width * 3 // 4) // 4)
        down = slice((tile.y + tile.height // 8) // 4, (tile.y + tile.height * 3 // 8) // 4)
        near = range(max(scene.start, round(due * FPS) - 10), min(scene.start + scene.frames, round(due * FPS) + 10))
        bright = [bool(seen.luma[number][down, across].mean() > _WHITE) for number in near]
        rises = [number for number, pair in zip(near[1:], pairwise(bright), strict=True) if pair == (False, True)]
        if rises:  # not after a flash during which the picture froze
            errors.append(rises[0] / FPS - due)
    return errors


def beep_errors(seen: Seen, timeline: Timeline, hertz: float, moments: Sequence[float]) -> list[float]:
    """For each beep of that height that is heard, the seconds by which it begins too late."""
    at = np.arange(len(seen.sound))
    turned = seen.sound * np.exp(-2j * np.pi * hertz * at / SAMPLE_RATE)
    heard = np.abs(np.convolve(turned, np.ones(_WINDOW) / _WINDOW, "same")) > _LEVEL
    errors = []
    for _, due in dues(timeline, moments):
        middle = round(due * SAMPLE_RATE)
        first = max(0, middle - SAMPLE_RATE // 5)
        found = np.flatnonzero(heard[first : middle + SAMPLE_RATE // 5])
        if len(found):
            errors.append(float(first + found[0]) / SAMPLE_RATE - due)
    return errors


def dues(timeline: Timeline, moments: Sequence[float]) -> list[tuple[Scene, float]]:
    """When flashes and beeps of these Unix times are due in the output, in seconds, and in which scenes.

    Those are left out of which a scene shows only a part."""
    places = [_place(timeline, moment) for moment in moments]
    return [
        (scene, due) for scene, due in filter(None, places) if 0.1 < due - scene.start / FPS < scene.frames / FPS - 0.2
    ]


def _place(timeline: Timeline, time: float) -> tuple[Scene, float] | None:
    """The scene in which Unix time `time` is, and where it is in the output, in seconds; None: it isn't."""
    for scene in timeline.scenes:
        into = time - scene.source / FPS
        if 0 <= into < scene.frames / FPS:
            return scene, scene.start / FPS + into
    return None
