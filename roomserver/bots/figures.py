"""What bots measure while they run, and the summary that is left at the end."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

_SAMPLES = 500_000
"""Times kept of each kind: enough for percentiles, and bounded in a long run."""

_VERSIONS = 512


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution of times, in milliseconds."""

    count: int
    p50: float
    p99: float
    most: float


def spread(seconds: Sequence[float]) -> Spread:
    """Percentiles by nearest rank; all zero without samples."""
    if not seconds:
        return Spread(0, 0.0, 0.0, 0.0)
    ranked = sorted(seconds)
    last = len(ranked) - 1
    p50, p99 = (ranked[round(last * part)] for part in (0.5, 0.99))
    return Spread(len(ranked), *(round(1000 * value, 1) for value in (p50, p99, ranked[-1])))


@dataclass(frozen=True, slots=True)
class MediaFigures:
    publishers: int
    watchers: int
    packets_sent: int
    packets_received: int
    packets_lost: int
    packets_recovered: int
    frames_per_second: Mapping[str, float]
    """The median over all watchers that got pictures on a slot."""
    lag_ms: Spread
    """By how much media came later than at best, at the end, on all slots: what queues have added. Growing lag
    is what overload looks like before packets are lost. Includes the bots' own delay."""

    @property
    def loss(self) -> float:
        expected = self.packets_received + self.packets_lost
        return self.packets_lost / expected if expected else 0.0


@dataclass(frozen=True, slots=True)
class Summary:
    speakers: int
    """On screen when all had come."""
    viewers: int
    """Admitted when all had come."""
    waiting: int
    """Still in the waiting line at the end."""
    seconds: float
    joins_per_second: float
    welcome_ms: Spread
    """From opening the WebSocket to `welcome`, of those who never waited in line."""
    updates: int
    update_spread_ms: Spread
    """Of one room update: from the first bot that had it to each other one. Includes the bots' own delay."""
    action_ms: Spread
    """From a speaker's command to the update about it, at every bot. Includes the bots' own delay."""
    bots_delay_ms: Spread
    """How late this program's own event loop ran: latencies of this size are the bots', not the server's."""
    reconnects: int
    fresh_states: int
    """Times that a bot was sent the whole state again: it lost the chain of updates, or read too slowly."""
    errors: Mapping[str, int]
    media: MediaFigures | None

    @property
    def failed(self) -> bool:
        return bool(self.errors)

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "failed": self.failed}


@dataclass(slots=True)
class Figures:
    """Filled by the bots as things happen; all times are of one monotonic clock, in seconds."""

    updates: int = 0
    reconnects: int = 0
    fresh_states: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    welcomes: array[float] = field(default_factory=lambda: array("d"))
    spreads: array[float] = field(default_factory=lambda: array("d"))
    actions: array[float] = field(default_factory=lambda: array("d"))
    delays: array[float] = field(default_factory=lambda: array("d"))
    _first_seen: dict[int, float] = field(default_factory=dict)

    def updated(self, version: int, now: float) -> None:
        """A bot got the room update that leads to `version`."""
        self.updates += 1
        first = self._first_seen.get(version)
        if first is None:
            self._first_seen[version] = now
            if len(self._first_seen) > _VERSIONS:
                del self._first_seen[next(iter(self._first_seen))]
        elif len(self.spreads) < _SAMPLES:
            self.spreads.append(now - first)

    def acted(self, seconds: float) -> None:
        """A bot saw the effect of a command `seconds` after it was sent."""
        if len(self.actions) < _SAMPLES:
            self.actions.append(seconds)
