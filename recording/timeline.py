"""Stage logs -> scenes -> blocks: which frame of the files shows which moment, and who is in it. Pure.

Two clocks count frames of 1/30 s, each with its 1600 samples: the source clock from the Unix epoch (frame k shows the
moment k/30 s), the output from the recording's first frame. A scene says how they meet. Every cut is a rounded time on
the source clock, never a sum of rounded lengths, so nothing drifts however many pauses there are.
"""

from __future__ import annotations

import hashlib
import heapq
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from recording.stage_log import RecordedSeat, StageRun

FPS = 30
SAMPLE_RATE = 48_000
SAMPLES_PER_FRAME = SAMPLE_RATE // FPS
BLOCK_FRAMES = 2 * 3600 * FPS
LONGEST_PAUSE = 3600.0
"""Seconds without anybody after which a recording has ended for good."""

_DRAWING = 1
"""Raised when the same scenes are drawn in another way: every block's digest changes with it."""


_FIELDS = attrgetter(*(field.name for field in fields(RecordedSeat)))


@dataclass(frozen=True, slots=True)
class Scene:
    """A stretch of output during which nothing changes about the seats, and the source clock runs on."""

    start: int
    """Its first frame, counted over the whole recording."""
    frames: int
    source: int
    """The source frame that its first frame shows."""
    seats: tuple[RecordedSeat, ...]
    """Who is in picture and sound, by seat number; at least one."""


@dataclass(frozen=True, slots=True)
class Block:
    """One file: `BLOCK_FRAMES` of output, or what is left of it."""

    number: int
    """From 1."""
    scenes: tuple[Scene, ...]
    """Cut at the block's borders; `start` counts over the whole recording."""

    @property
    def start(self) -> int:
        return self.scenes[0].start

    @property
    def frames(self) -> int:
        return sum(scene.frames for scene in self.scenes)

    def digest(self) -> str:
        """The same for the same picture and sound, in every process and version that draws alike."""
        drawn = [(scene.source, scene.frames, [_FIELDS(seat) for seat in scene.seats]) for scene in self.scenes]
        text = json.dumps([_DRAWING, drawn], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Timeline:
    scenes: tuple[Scene, ...]
    blocks: tuple[Block, ...]
    """The last one may still grow unless the recording has `ended`."""
    frames: int
    ended: bool


def make_timeline(runs: Sequence[StageRun], *, without: frozenset[str] = frozenset()) -> Timeline:
    """Return what the recording shows of what the runs tell, without the participants in `without`.

    Leaving somebody out takes them from picture and sound, and the time when they were alone on screen with them. It
    doesn't change when the recording ended: a long talk by somebody left out is no hour without anybody.
    """
    stretches, ended = _until_the_long_pause(_merged(runs))
    scenes = tuple(_scenes(stretches, without))
    frames = scenes[-1].start + scenes[-1].frames if scenes else 0
    return Timeline(scenes, tuple(_blocks(scenes)), frames, ended or any(run.ended is not None for run in runs))


def seat_number(seat: RecordedSeat) -> tuple[int, str]:
    """What orders seats as they were taken: the room numbers them s1, s2, ... s10."""
    digits = seat.seat.removeprefix("s")
    return int(digits) if digits.isdecimal() else 0, seat.seat


class _Stretch(NamedTuple):
    """Present, captured seats from one Unix time to another."""

    start: float
    end: float
    seats: tuple[RecordedSeat, ...]


class _Claim(NamedTuple):
    """What one statement says holds; ordered as claims win: newest journal entry, then newest run."""

    rank: tuple[int, int]
    start: float
    end: float
    seats: tuple[RecordedSeat, ...]


def _merged(runs: Sequence[StageRun]) -> Iterator[_Stretch]:
    """What holds, from all runs, in ascending order without overlap; nothing where nobody is on screen."""
    told = [run for run in runs if run.statements]
    told.sort(key=lambda run: (run.statements[0].at, run.started_at, run.node, run.run))
    end = min((run.alive_until for run in runs if run.ended is not None), default=float("inf"))
    claims = sorted(
        (claim for age, run in enumerate(told) for claim in _claims(run, age, end)),
        key=attrgetter("start"),
        reverse=True,
    )
    times = sorted({time for claim in claims for time in (claim.start, claim.end)})
    holding: list[_Claim] = []
    for time, following in pairwise(times):
        while claims and claims[-1].start <= time:
            heapq.heappush(holding, claims.pop())
        while holding and holding[0].end <= time:
            heapq.heappop(holding)
        if holding and (seats := _present(holding[0].seats)):
            yield _Stretch(time, following, seats)


def _claims(run: StageRun, age: int, end: float) -> Iterator[_Claim]:
    """The run's statements with the time until the next one; none longer than the writer lived or the recording."""
    ends = [*(statement.at for statement in run.statements[1:]), run.alive_until]
    for statement, until in zip(run.statements, ends, strict=True):
        if statement.at < min(until, end):
            yield _Claim((-statement.sequence, -age), statement.at, min(until, end), statement.seats)


def _present(seats: Iterable[RecordedSeat]) -> tuple[RecordedSeat, ...]:
    return tuple(sorted((seat for seat in seats if seat.kind != "integration" and not seat.away), key=seat_number))


def _until_the_long_pause(stretches: Iterable[_Stretch]) -> tuple[list[_Stretch], bool]:
    """The stretches before the first hour without anybody, and whether there was one with something after it."""
    kept: list[_Stretch] = []
    for stretch in stretches:
        # Compared as the room compares: in seconds, before anything is rounded to frames.
        if kept and stretch.start - kept[-1].end >= LONGEST_PAUSE:
            return kept, True
        kept.append(stretch)
    return kept, False


def _scenes(stretches: Iterable[_Stretch], without: frozenset[str]) -> Iterator[Scene]:
    """The stretches in whole frames, joined where nothing changes."""
    scene: Scene | None = None
    for stretch in stretches:
        seats = tuple(seat for seat in stretch.seats if seat.participant not in without)
        source, end = round(stretch.start * FPS), round(stretch.end * FPS)
        if not seats or source == end:
            continue
        if scene is None:
            scene = Scene(0, end - source, source, seats)
        elif scene.source + scene.frames == source and scene.seats == seats:
            scene = Scene(scene.start, scene.frames + end - source, scene.source, seats)
        else:
            yield scene
            scene = Scene(scene.start + scene.frames, end - source, source, seats)
    if scene is not None:
        yield scene


def _blocks(scenes: Iterable[Scene]) -> Iterator[Block]:
    pieces = (piece for scene in scenes for piece in _cut(scene))
    for index, together in groupby(pieces, key=lambda piece: piece.start // BLOCK_FRAMES):
        yield Block(index + 1, tuple(together))


def _cut(scene: Scene) -> Iterator[Scene]:
    """The scene in pieces that each lie within one block."""
    start, end = scene.start, scene.start + scene.frames
    while start < end:
        cut = min(end, (start // BLOCK_FRAMES + 1) * BLOCK_FRAMES)
        yield Scene(start, cut - start, scene.source + start - scene.start, scene.seats)
        start = cut
