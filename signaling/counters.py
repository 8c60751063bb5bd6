"""What the hub counts for its operator; only ever grows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from signaling.close_codes import CloseCode


@dataclass(slots=True)
class Counters:
    messages_in: int = 0
    messages_out: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Refusals by their code."""
    closed: Counter[CloseCode] = field(default_factory=Counter)
    """Connections that the server closed, by code; TOO_SLOW are the readers that were behind for too long."""
    lost: int = 0
    """Connections dropped because no pong came."""
