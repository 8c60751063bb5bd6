"""All rooms of one worker, on its one UDP port."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from signaling.media.forward import Counters, PythonForwarder
from signaling.media.ice_lite import IceLite, local_addresses
from signaling.media.negotiation import Carrier
from signaling.media.peers import Peers
from signaling.media.port import Level, StageSeat
from signaling.media.router import Room, RoomEvents
from signaling.media.tap import Tap

TICK = 0.05
"""Seconds between two looks at what is due in the rooms."""


@dataclass(frozen=True, slots=True)
class PortSettings:
    """Where a worker takes media in."""

    hosts: Sequence[str] = ()
    """Local addresses to bind, each separately; none: 127.0.0.1 and every address of this machine."""
    public: Sequence[str] = ()
    """Addresses from which a NAT forwards the port to here."""
    port: int = 0
    """0: any free port."""
    max_peers: int = 8000


class Rooms:
    """Serves rooms from `open` until `close`."""

    def __init__(self, settings: PortSettings, events: RoomEvents, tap: Tap | None = None) -> None:
        self._settings = settings
        self._events = events
        self.counters = Counters()
        self._peers = Peers(self.counters, limit=settings.max_peers)
        self.ice = IceLite(self._peers, self.counters)
        self._tap = tap
        self._carrier = Carrier(
            self._peers, lambda: self.ice.candidates, PythonForwarder(self.counters), self.counters, tap
        )
        self._rooms: dict[str, Room] = {}
        self._ticker: asyncio.Task[None] | None = None
        self._lag = 0.0

    def open(self) -> None:
        """Bind the port and begin to serve; raises OSError if no address can be bound."""
        self.ice.open(self._settings.hosts or local_addresses(), self._settings.public, self._settings.port)
        self._ticker = asyncio.get_running_loop().create_task(self._tick())

    async def close(self) -> None:
        if self._ticker is not None:
            self._ticker.cancel()
            await asyncio.gather(self._ticker, return_exceptions=True)
        await self._peers.close()
        self.ice.close()

    def publish(self, session: str, seat: str, sdp: str) -> str:
        return self._room(session).publish(seat, sdp)

    def watch(self, session: str, watcher: str, participant: str, sdp: str) -> str:
        return self._room(session).watch(watcher, participant, sdp)

    def stage(self, session: str, seats: Sequence[StageSeat], recording: str | None = None) -> None:
        self._room(session).stage(seats, time.monotonic(), recording)

    def view(self, session: str, watcher: str, slots: Mapping[int, Level]) -> None:
        self._room(session).view(watcher, slots, time.monotonic())

    def unwatch(self, session: str, watcher: str) -> None:
        if (room := self._rooms.get(session)) is not None:
            room.unwatch(watcher)

    def metrics(self) -> dict[str, float]:
        """Counters since the start, and what is so now. `loop_lag` is the worst of the time since the last call."""
        lag, self._lag = self._lag, 0.0
        return {
            **asdict(self.counters),
            **({} if self._tap is None else self._tap.metrics()),
            "peers": len(self._peers),
            "rooms": len(self._rooms),
            "publishers": sum(room.publishers for room in self._rooms.values()),
            "watchers": sum(room.watchers for room in self._rooms.values()),
            "loop_lag": round(lag, 4),
        }

    def _room(self, session: str) -> Room:
        room = self._rooms.get(session)
        if room is None:
            room = self._rooms[session] = Room(session, self._carrier, self._events)
        return room

    async def _tick(self) -> None:
        due = time.monotonic()
        consent = due
        while True:
            due = max(due + TICK, time.monotonic())
            await asyncio.sleep(due - time.monotonic())
            now = time.monotonic()
            self._lag = max(self._lag, now - due)
            for session, room in list(self._rooms.items()):
                room.tick(now, overloaded=now - self.ice.late_at <= 1.0)
                if room.is_empty:
                    del self._rooms[session]
            if self._tap is not None:
                self._tap.tick(now)
            if now - consent >= 1.0:
                consent = now
                self._peers.expire(now)
