"""The rules of a recording's timeline once more, as plainly as can be: every moment and every frame is looked at.

Slow on purpose, and for short stories only. Times in runs are odd multiples of 1/128 s: exact in floating point, and
never in the middle between two frames, so that no rounding can hide a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recording.stage_log import RecordedSeat, StageRun

_MOMENT = 1 / 64

Frame = tuple[int, tuple[RecordedSeat, ...]]
"""The source frame that is shown, and who is in it."""


def plain_frames(
    runs: Sequence[StageRun], without: frozenset[str], first: int, last: int, longest_pause: float
) -> tuple[list[Frame], bool]:
    """The output's frames between two Unix times in whole seconds, and whether the recording has ended."""
    ended = any(run.ended is not None for run in runs)
    over = _after_the_pause(runs, first, last, longest_pause)
    frames: list[Frame] = []
    for source in range(first * 30, last * 30):
        time = (source + 0.5) / 30
        if over is not None and time >= over:
            break
        seats = tuple(seat for seat in _present(runs, time) if seat.participant not in without)
        if seats:
            frames.append((source, seats))
    return frames, ended or over is not None


def _after_the_pause(runs: Sequence[StageRun], first: int, last: int, longest_pause: float) -> float | None:
    """When somebody came back too late to be recorded."""
    empty: float | None = None
    for time in _moments(first, last):
        if not _present(runs, time):
            empty = None if empty is None else empty + _MOMENT
        elif empty is not None and empty >= longest_pause:
            return time - _MOMENT / 2
        else:
            empty = 0.0
    return None


def _moments(first: int, last: int) -> Iterator[float]:
    """The middles between the times at which anything may happen."""
    time = float(first)
    while time < last:
        yield time
        time += _MOMENT


def _present(runs: Sequence[StageRun], time: float) -> tuple[RecordedSeat, ...]:
    if any(run.ended is not None and time >= run.alive_until for run in runs):
        return ()
    best: tuple[int, float, str, str] | None = None
    stated: tuple[RecordedSeat, ...] = ()
    for run in runs:
        told = [statement for statement in run.statements if statement.at <= time]
        if told and time < run.alive_until:
            rank = (told[-1].sequence, run.statements[0].at, run.node, run.run)
            if best is None or rank > best:
                best, stated = rank, told[-1].seats
    present = [seat for seat in stated if seat.kind in ("camera", "screen") and not seat.away]
    return tuple(sorted(present, key=lambda seat: int(seat.seat[1:])))
