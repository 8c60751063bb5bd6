"""What a recording's stage logs say at a moment, and which of its blocks are to be rendered by now. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from recording.layout import Layout
from recording.stage_log import StageRun
from recording.timeline import BLOCK_FRAMES, FPS, LONGEST_PAUSE, Block, Timeline, make_timeline

Stage = Literal["recording", "paused", "ended"]

SETTLE_SECONDS = 5.0
"""Until everything that was captured up to a moment is surely in its files: workers write every half second."""
PAUSE_SECONDS = 60.0
"""A pause after which the block that isn't full yet is rendered: the session is probably over."""
SILENCE_SECONDS = 10.0
"""A log whose last record is older belongs to a server that is gone: it would write twice a second."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a recording is made from what was captured."""

    layout: Layout
    without: frozenset[str]
    """Participants left out."""


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    number: int
    frames: int
    digest: str
    """Of all that its file depends on; the same file is wanted as long as this is the same."""
    due: bool
    """To be rendered now; the last block isn't while it grows."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Times are Unix seconds."""

    session: str
    title: str
    started_at: float
    people: tuple[tuple[str, str], ...]
    """Participant and name of everybody captured, by when they came."""
    stage: Stage
    ended_at: float | None
    blocks: tuple[PlannedBlock, ...]


def plan_recording(runs: Sequence[StageRun], options: Options, now: float, *, asked: bool = False) -> Plan | None:
    """What is to be rendered by `now`. `asked`: somebody wants what there is, also while it grows.

    None if no log can be read."""
    if not runs:
        return None
    everybody = make_timeline(runs)
    stage, ended_at = _stage(runs, everybody, now)
    shown = make_timeline(runs, without=options.without) if options.without else everybody
    settled = stage == "ended" or (stage == "paused" and now - _last_seen(runs, everybody) >= PAUSE_SECONDS)
    first = min(runs, key=lambda run: run.started_at)
    return Plan(
        session=first.session,
        title=first.title,
        started_at=first.started_at,
        people=_people(everybody),
        stage=stage,
        ended_at=ended_at,
        blocks=tuple(
            PlannedBlock(each.number, each.frames, _digest(each, options), settled or asked or _full(each, now))
            for each in shown.blocks
        ),
    )


def _stage(runs: Sequence[StageRun], everybody: Timeline, now: float) -> tuple[Stage, float | None]:
    last = _last_seen(runs, everybody)
    told = [run.alive_until for run in runs if run.ended is not None]
    ended_at = min(told) if told else last + LONGEST_PAUSE
    if (told or everybody.ended or now >= ended_at) and now - ended_at >= SETTLE_SECONDS:
        return "ended", ended_at
    return ("recording" if not told and _goes_on(runs, now) else "paused"), None


def _goes_on(runs: Sequence[StageRun], now: float) -> bool:
    """Whether somebody is on screen: the newest statement says so, and its writer is still at work."""
    told = [run for run in runs if run.statements and now - run.alive_until < SILENCE_SECONDS]
    if not told:
        return False
    newest = max((run.statements[-1] for run in told), key=lambda statement: statement.sequence)
    return any(seat.kind != "integration" and not seat.away for seat in newest.seats)


def _last_seen(runs: Sequence[StageRun], everybody: Timeline) -> float:
    """Until when somebody was on screen."""
    if not everybody.scenes:
        return min(run.started_at for run in runs)
    last = everybody.scenes[-1]
    return (last.source + last.frames) / FPS


def _full(block: Block, now: float) -> bool:
    last = block.scenes[-1]
    return block.frames == BLOCK_FRAMES and now - (last.source + last.frames) / FPS >= SETTLE_SECONDS


def _people(everybody: Timeline) -> tuple[tuple[str, str], ...]:
    names: dict[str, str] = {}
    for scene in everybody.scenes:
        for seat in scene.seats:
            names[seat.participant] = seat.name  # the newest name, in the place of the first appearance
    return tuple(names.items())


def _digest(block: Block, options: Options) -> str:
    return hashlib.sha256(f"{block.digest()} {options.layout}".encode()).hexdigest()
