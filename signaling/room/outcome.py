"""The answer "yes" to a command; the answer "no" is `refusals.Refused`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from signaling.room.events import Event
from signaling.room.refusals import Refused


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the command leads to. No events: nothing changes, and nothing has to be journaled."""

    events: tuple[Event, ...] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the reply, like {"seat": "s3"} or {"position": 2}."""


Outcome = Accepted | Refused
