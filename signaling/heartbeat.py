"""One timer for all connections: pings spread over their interval, and everything that must happen in time."""

from __future__ import annotations

from typing import Protocol

from websockets.frames import Frame, Opcode

from signaling.clock import Clock, Timer
from signaling.limits import Limits

PING = Frame(Opcode.PING, b"").serialize(mask=False)

TURNS = 20
"""Turns of the wheel in one ping interval, and so how exact all deadlines are: a twentieth of it."""


class Watched(Protocol):
    """A connection, as the heartbeat needs it."""

    def ping(self) -> None: ...

    def hello_overdue(self) -> None: ...

    def stale_too_long(self) -> None: ...

    def close_overdue(self) -> None: ...


class _Deadlines:
    """Connections in the order in which their time runs out: each waits equally long."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: dict[Watched, float] = {}

    def begin(self, connection: Watched, now: float) -> None:
        self._since.setdefault(connection, now)

    def end(self, connection: Watched) -> None:
        self._since.pop(connection, None)

    def take_due(self, now: float) -> list[Watched]:
        due: list[Watched] = []
        for connection, since in self._since.items():
            if since + self._seconds > now:
                break
            due.append(connection)
        for connection in due:
            del self._since[connection]
        return due


class Heartbeat:
    """`start` it before the first connection and `stop` it after the last."""

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._turn_seconds = limits.ping_seconds / TURNS
        self._wheel: list[dict[Watched, None]] = [{} for _ in range(TURNS)]
        self._turn = 0
        self._place: dict[Watched, int] = {}
        self._next_place = 0
        self._hello = _Deadlines(limits.hello_seconds)
        self._stale = _Deadlines(limits.stale_seconds)
        self._closing = _Deadlines(limits.close_seconds)
        self._timer: Timer | None = None

    def start(self) -> None:
        self._timer = self._clock.call_at(self._clock.now() + self._turn_seconds, self._tick)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def opened(self, connection: Watched) -> None:
        """Ping it from now on, and expect its hello."""
        self._next_place = (self._next_place + 1) % TURNS
        self._place[connection] = self._next_place
        self._wheel[self._next_place][connection] = None
        self._hello.begin(connection, self._clock.now())

    def said_hello(self, connection: Watched) -> None:
        self._hello.end(connection)

    def fell_behind(self, connection: Watched) -> None:
        self._stale.begin(connection, self._clock.now())

    def caught_up(self, connection: Watched) -> None:
        self._stale.end(connection)

    def closing(self, connection: Watched) -> None:
        """Only its end is expected now."""
        self.gone(connection)
        self._closing.begin(connection, self._clock.now())

    def gone(self, connection: Watched) -> None:
        place = self._place.pop(connection, None)
        if place is not None:
            del self._wheel[place][connection]
        for deadlines in (self._hello, self._stale, self._closing):
            deadlines.end(connection)

    def _tick(self) -> None:
        self.start()
        now = self._clock.now()
        self._turn = (self._turn + 1) % TURNS
        for connection in list(self._wheel[self._turn]):
            connection.ping()
        for connection in self._hello.take_due(now):
            connection.hello_overdue()
        for connection in self._stale.take_due(now):
            connection.stale_too_long()
        for connection in self._closing.take_due(now):
            connection.close_overdue()
