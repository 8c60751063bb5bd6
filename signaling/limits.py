"""How much a connection may ask for, and when something is too slow. All numbers in one place."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: `per_second` on average, `burst` at once."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds where the name says so. The defaults are part of the protocol's description."""

    commands: Rate = Rate(20, 60)
    people_list: Rate = Rate(2, 10)
    """Besides counting as a command: each makes the server search the names of a whole room."""
    flood: Rate = Rate(200, 600)
    """Frames of any kind; beyond it the connection is closed (4105)."""
    not_understood: Rate = Rate(0.1, 4)
    """Messages that can't be understood: the fifth within ten seconds closes the connection (4105)."""
    commands_in_flight: int = 64
    offers_in_flight: int = 8

    hello_seconds: float = 5.0
    connections_without_hello: int = 500
    """Per client address."""

    write_buffer_bytes: int = 64 * 1024
    unsent_bytes: int = 16 * 1024
    """TCP_NOTSENT_LOWAT: without it the kernel hides megabytes of backlog of a reader that has stalled."""
    stale_seconds: float = 10.0
    """How long a reader may be behind before its connection is closed (4000)."""
    ping_seconds: float = 20.0
    """A ping in each such span; a connection whose pong is missing at the next one is dropped."""
    close_seconds: float = 5.0
    """How long the other side may take to answer a close."""


@dataclass(slots=True)
class TokenBucket:
    """Full at first; `filled_at` is the time of its making (Unix seconds)."""

    rate: Rate
    filled_at: float
    tokens: float = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = float(self.rate.burst)

    def take(self, now: float) -> float:
        """Take one token; returns 0, or the seconds after which there will be one."""
        if now > self.filled_at:
            self.tokens = min(float(self.rate.burst), self.tokens + (now - self.filled_at) * self.rate.per_second)
            self.filled_at = now
        if self.tokens >= 1.0:
            self.tokens -= 1.0
            return 0.0
        return (1.0 - self.tokens) / self.rate.per_second


class Allowance:
    """What one connection may still do, in the clock's time (Unix seconds)."""

    __slots__ = ("_commands", "_frames", "_misunderstandings", "_people_lists")

    def __init__(self, limits: Limits, now: float) -> None:
        self._commands = TokenBucket(limits.commands, now)
        self._people_lists = TokenBucket(limits.people_list, now)
        self._frames = TokenBucket(limits.flood, now)
        self._misunderstandings = TokenBucket(limits.not_understood, now)

    def frame(self, now: float) -> bool:
        """Whether one more frame is bearable."""
        return self._frames.take(now) == 0

    def misunderstanding(self, now: float) -> bool:
        """Whether one more message that can't be understood is forgiven."""
        return self._misunderstandings.take(now) == 0

    def command(self, now: float, *, lists_people: bool = False) -> float:
        """0 if one more command is allowed, else the seconds to wait."""
        return self._commands.take(now) or (self._people_lists.take(now) if lists_people else 0.0)
