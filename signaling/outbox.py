"""One frame for everybody: the same bytes go to thousands of connections, and nobody's reading holds up another.

A connection takes part with the version of the room document that it holds. An update goes to those
who hold its base, so a connection can neither get one twice nor out of order, whatever else it was sent
meanwhile; one that reads too slowly is BEHIND, gets none, and later one fresh `welcome`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from signaling.clock import Clock
from signaling.close_codes import CloseCode
from signaling.counters import Counters
from signaling.wire.codec import Frames, Subprotocol

BEHIND = -1
"""The version of a connection that holds no joint of the chain: not welcomed yet, stalled, or closing."""

CHUNK = 500
"""Writes between two turns of the event loop: 500 hold it some 5 ms."""


class Peer(Protocol):
    """A connection as the room sees it; `signaling.connection.HubProtocol` is one."""

    id: str
    """Unique over all nodes and time."""
    subprotocol: Subprotocol
    version: int
    paused: bool
    """The reader is slow: only what must not be lost may be written."""

    @property
    def write(self) -> Callable[[bytes], None]:
        """Takes whole frames; never blocks, and does nothing once the connection is closing."""

    def send(self, message: Mapping[str, Any]) -> None: ...

    def close(self, code: CloseCode, reason: str) -> None: ...


@dataclass(slots=True)
class _Job:
    frames: Frames
    base: int | None
    version: int
    peers: list[Peer]
    done: int = 0


class Outbox:
    """Writes frames to many peers in chunks, one frame after the other.

    `when_idle` is called each time when all that was given has been written.
    """

    def __init__(self, clock: Clock, counters: Counters, when_idle: Callable[[], None]) -> None:
        self._clock = clock
        self._counters = counters
        self._when_idle = when_idle
        self._jobs: deque[_Job] = deque()
        self._began = 0.0
        self.last_took = 0.0
        """Seconds that the last run took, from the first write to the last."""

    @property
    def busy(self) -> bool:
        return bool(self._jobs)

    def update(self, frames: Frames, base: int, version: int, peers: Iterable[Peer]) -> None:
        """An update from `base` to `version`, to those of `peers` who hold `base`, in the order given."""
        self._add(_Job(frames, base, version, list(peers)))

    def tell(self, frames: Frames, peers: Iterable[Peer]) -> None:
        """A message outside the chain, to those of `peers` who aren't behind."""
        self._add(_Job(frames, None, BEHIND, list(peers)))

    def _add(self, job: _Job) -> None:
        self._jobs.append(job)
        if len(self._jobs) == 1:
            self._began = self._clock.now()
            self._run()

    def _run(self) -> None:
        job = self._jobs[0]
        chunk = job.peers[job.done : job.done + CHUNK]
        job.done += CHUNK
        if job.base is None:
            for peer in chunk:
                if peer.version != BEHIND:
                    peer.write(job.frames.of(peer.subprotocol))
                    self._counters.messages_out += 1
        else:
            self._write_update(job.frames, job.base, job.version, chunk)
        if job.done >= len(job.peers):
            self._jobs.popleft()
        if self._jobs:
            asyncio.get_running_loop().call_soon(self._run)
            return
        self.last_took = self._clock.now() - self._began
        self._when_idle()

    def _write_update(self, frames: Frames, base: int, version: int, chunk: Iterable[Peer]) -> None:
        for peer in chunk:
            if peer.version == base:
                # Before the write, which may find the reader too slow and set the version to BEHIND.
                peer.version = version
                peer.write(frames.of(peer.subprotocol))
                self._counters.messages_out += 1
