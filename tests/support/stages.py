"""Who is on screen, in few words: seats and what recorders wrote about them, for tests of recordings."""

from __future__ import annotations

from typing import Literal

from recording.stage_log import RecordedSeat, StageRun, Statement


def camera(
    number: int,
    name: str = "",
    *,
    participant: str = "",
    audio: bool = True,
    video: bool = True,
    muted: bool = False,
    away: bool = False,
) -> RecordedSeat:
    return _seat(number, "camera", name, participant, audio=audio, video=video, muted=muted, away=away)


def screen(number: int, name: str = "", *, participant: str = "", audio: bool = False) -> RecordedSeat:
    return _seat(number, "screen", name, participant, audio=audio, video=True, muted=False, away=False)


def integration(number: int) -> RecordedSeat:
    return _seat(number, "integration", "", "", audio=True, video=True, muted=False, away=False)


def run(
    *statements: tuple[float, tuple[RecordedSeat, ...]],
    until: float,
    node: str = "a",
    name: str = "1",
    sequence: int = 1,
    ended: str | None = None,
) -> StageRun:
    """A recorder's run whose statements have ascending sequence numbers from `sequence` on."""
    told = tuple(Statement(at, sequence + index, seats) for index, (at, seats) in enumerate(statements))
    started_at = told[0].at if told else until
    return StageRun(node, name, "A session", "ses_1", started_at, told, until, ended)


def _seat(
    number: int,
    kind: Literal["camera", "screen", "integration"],
    name: str,
    participant: str,
    *,
    audio: bool,
    video: bool,
    muted: bool,
    away: bool,
) -> RecordedSeat:
    who = participant or f"reg_{number}"
    return RecordedSeat(f"s{number}", kind, who, name or f"Person {number}", audio and not muted, video, muted, away)
