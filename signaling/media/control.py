"""What the hub's process and a media worker say to each other: JSON, one message a line.

The hub sends `configure` (first), `publish`, `watch` (with `id`, answered by `answered`, `refused` or
`unavailable`), `stage`, `view` and `unwatch`. The worker sends `ready` or `failed` (first), `live`, `speaking`,
`send` and, each second, `metrics`. Both sides are ours; lines are bounded all the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from signaling.media.port import Level, StageSeat

MAX_LINE = 4 << 20
"""Bytes: an offer of the largest size, or a stage of 50 seats, fits with escapes."""

_LEVELS = get_args(Level)


def encode(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """Read a line; raises ValueError if it is no message."""
    message = json.loads(line)
    if not isinstance(message, dict) or not isinstance(message.get("op"), str):
        raise ValueError("a control message is an object with an op")
    return message


def stage_message(session: str, seats: Sequence[StageSeat], recording: str | None) -> dict[str, Any]:
    listed = [[each.seat, each.kind, each.participant, each.slot, each.audio, each.video] for each in seats]
    return {"op": "stage", "session": session, "seats": listed, "recording": recording}


def stage_seats(message: Mapping[str, Any]) -> list[StageSeat]:
    return [StageSeat(*each) for each in message["seats"]]


def view_message(session: str, watcher: str, slots: Mapping[int, Level]) -> dict[str, Any]:
    return {"op": "view", "session": session, "watcher": watcher, "slots": list(slots.items())}


def view_slots(message: Mapping[str, Any]) -> dict[int, Level]:
    return {int(index): cast(Level, level) for index, level in message["slots"] if level in _LEVELS}
