"""The media plane on worker processes: the hub's side.

Each worker serves whole rooms. A worker that dies is replaced; the new one is told the stage of every room it
serves, and clients are asked to offer anew.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from signaling.media.control import stage_message, view_message
from signaling.media.port import BadOffer, Level, MediaListener, MediaUnavailable, SendAdvice, StageSeat
from signaling.media.rooms import PortSettings
from signaling.media.worker_process import WorkerProcess

READY_SECONDS = 5.0
"""How long an offer waits for a worker that is just being replaced."""

ANSWER_SECONDS = 10.0

START_SECONDS = 30.0
"""How long a new process may take to be ready: loading its libraries takes seconds on a machine that is busy."""

SILENCE_SECONDS = 6.0
"""A worker that doesn't report for so long hangs, and is replaced."""

RESTART_DELAYS = (0.0, 0.5, 1.0, 2.0, 5.0)
"""Seconds before each replacement of a worker that dies again and again."""

STEADY_SECONDS = 30.0
"""A worker that lived for so long is replaced without delay."""

ROOM_WEIGHT = 200
"""What a placed room counts for, in packets a second, until its traffic shows in the reports."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """What an operator chooses for media."""

    workers: int = 1
    hosts: Sequence[str] = ()
    """Local addresses for media; none: 127.0.0.1 and every address of this machine."""
    public: Sequence[str] = ()
    """Addresses under which clients reach this machine through a NAT that keeps the ports."""
    port_base: int = 0
    """Worker i has UDP port `port_base` + i; 0: free ports."""
    max_peers: int = 8000
    """Connections of one worker."""
    ice_servers: Sequence[Mapping[str, Any]] = ()
    program: Sequence[str] = ("signaling.media.worker",)
    """The module that a worker process runs, and its arguments: another one captures what is recorded."""


@dataclass(slots=True, eq=False)
class _PlacedRoom:
    worker: _Worker
    seats: tuple[StageSeat, ...] = ()
    recording: str | None = None
    watchers: dict[str, dict[int, Level]] = field(default_factory=dict)
    """What each watcher said it shows."""
    live: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class _Worker:
    """A place for a process: the process changes, the place and its port stay."""

    number: int
    process: WorkerProcess | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    rooms: set[str] = field(default_factory=set)
    metrics: Mapping[str, float] = field(default_factory=dict)
    rate: float = 0.0
    """Packets a second, in and out."""


class WorkerPlane:
    """`MediaPlane` on worker processes. Call `start` before anything else and `close` at the end."""

    def __init__(self, settings: MediaSettings) -> None:
        self._settings = settings
        self._listener: MediaListener | None = None
        self._workers = [_Worker(number) for number in range(settings.workers)]
        self._rooms: dict[str, _PlacedRoom] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._closing = asyncio.Event()
        self._failed = asyncio.Event()
        self._failure = ""
        """Why a worker could not serve, the latest time."""

    async def start(self, listener: MediaListener) -> None:
        """Start the workers; raises MediaUnavailable if none is ready in time."""
        self._listener = listener
        self._keepers = [asyncio.create_task(self._keep(worker)) for worker in self._workers]
        started = asyncio.gather(*(worker.ready.wait() for worker in self._workers))
        failed = asyncio.ensure_future(self._failed.wait())
        await asyncio.wait((started, failed), timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        failed.cancel()
        if not started.done():
            started.cancel()
            await self.close()
            raise MediaUnavailable(self._failure or "The media workers did not start.")

    async def close(self) -> None:
        # Not by cancelling: a process half started or half ended would be left behind.
        self._closing.set()
        for worker in self._workers:
            if worker.process is not None:
                worker.process.hang_up()
        await asyncio.gather(*self._keepers)
        self._keepers = []

    async def publish(self, session: str, seat: str, sdp: str) -> str:
        room = self._rooms.get(session)
        if room is None:
            raise BadOffer("This seat is not on screen.")
        return await self._ask(room.worker, {"op": "publish", "session": session, "seat": seat, "sdp": sdp})

    async def watch(self, session: str, watcher: str, participant: str, sdp: str) -> str:
        room = self._place(session)
        room.watchers.setdefault(watcher, {})
        message = {"op": "watch", "session": session, "watcher": watcher, "participant": participant, "sdp": sdp}
        return await self._ask(room.worker, message)

    def stage(self, session: str, seats: Sequence[StageSeat], recording: str | None = None) -> None:
        if not seats and session not in self._rooms:
            return
        room = self._place(session)
        room.seats, room.recording = tuple(seats), recording
        self._tell(room.worker, stage_message(session, seats, recording))
        self._forget_if_empty(session)

    def view(self, session: str, watcher: str, slots: Mapping[int, Level]) -> None:
        room = self._place(session)
        room.watchers.setdefault(watcher, {}).update(slots)
        self._tell(room.worker, view_message(session, watcher, slots))

    def unwatch(self, session: str, watcher: str) -> None:
        room = self._rooms.get(session)
        if room is not None:
            room.watchers.pop(watcher, None)
            self._tell(room.worker, {"op": "unwatch", "session": session, "watcher": watcher})
            self._forget_if_empty(session)

    def ice_servers(self) -> Sequence[Mapping[str, Any]]:
        return self._settings.ice_servers

    def metrics(self) -> Sequence[Mapping[str, float]]:
        """The latest counters of each worker (see `Rooms.metrics`), empty for one that hasn't reported yet."""
        return [worker.metrics for worker in self._workers]

    @property
    def pids(self) -> Sequence[int]:
        """The running workers' process ids."""
        return [worker.process.pid for worker in self._workers if worker.process is not None]

    def _place(self, session: str) -> _PlacedRoom:
        room = self._rooms.get(session)
        if room is None:
            worker = min(self._workers, key=lambda each: each.rate + ROOM_WEIGHT * len(each.rooms))
            worker.rooms.add(session)
            room = self._rooms[session] = _PlacedRoom(worker)
        return room

    def _forget_if_empty(self, session: str) -> None:
        room = self._rooms[session]
        if not room.seats and not room.watchers:
            room.worker.rooms.discard(session)
            del self._rooms[session]

    @staticmethod
    def _tell(worker: _Worker, message: Mapping[str, Any]) -> None:
        # A worker that isn't ready is told the whole stage when it is.
        if worker.process is not None and worker.ready.is_set():
            worker.process.tell(message)

    async def _ask(self, worker: _Worker, message: Mapping[str, Any]) -> str:
        try:
            async with asyncio.timeout(READY_SECONDS):
                await worker.ready.wait()
            process = worker.process
            if process is None:
                raise MediaUnavailable("The media worker was just replaced.")
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await process.ask(message)
        except TimeoutError:
            raise MediaUnavailable("No media worker answered in time.") from None
        if answer["op"] == "refused":
            raise BadOffer(answer["text"])
        if answer["op"] == "unavailable":
            raise MediaUnavailable(answer["text"])
        sdp: str = answer["sdp"]
        return sdp

    async def _keep(self, worker: _Worker) -> None:
        """Have a process for a worker, until the plane closes."""
        failures = 0
        restarted = False
        while not await self._closes_within(RESTART_DELAYS[min(failures, len(RESTART_DELAYS) - 1)]):
            began = time.monotonic()
            try:
                await self._run_process(worker, restarted=restarted)
            except OSError:
                log.exception("media worker %d could not be started", worker.number)
            except Exception:
                log.exception("media worker %d", worker.number)
            if self._closing.is_set():
                return
            self._lost(worker)
            restarted = True
            failures = 0 if time.monotonic() - began > STEADY_SECONDS else failures + 1
            log.warning("media worker %d ended and is replaced", worker.number)

    async def _closes_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self._closing.wait()
        except TimeoutError:
            return False

    async def _run_process(self, worker: _Worker, *, restarted: bool) -> None:
        process = await WorkerProcess.start(self._settings.program)
        try:
            if self._closing.is_set():
                return
            port = self._settings.port_base and self._settings.port_base + worker.number
            process.tell({"op": "configure", "settings": self._port_settings(port)})
            worker.process = process
            while True:
                async with asyncio.timeout(SILENCE_SECONDS if worker.ready.is_set() else START_SECONDS):
                    message = await process.read()
                if message is None:
                    return
                if message["op"] == "ready":
                    log.info("media worker %d serves on %s", worker.number, ", ".join(message["addresses"]))
                    self._became_ready(worker, restarted=restarted)
                elif message["op"] == "failed":
                    log.error("media worker %d: %s", worker.number, message["text"])
                    self._failure = message["text"]
                    self._failed.set()
                else:
                    self._hear(worker, message)
        except TimeoutError:
            log.error("media worker %d hangs", worker.number)
            process.kill()
        finally:
            worker.ready.clear()
            worker.process = None
            await process.stop()

    def _port_settings(self, port: int) -> dict[str, Any]:
        chosen = PortSettings(self._settings.hosts, self._settings.public, port, self._settings.max_peers)
        return {
            "hosts": list(chosen.hosts),
            "public": list(chosen.public),
            "port": chosen.port,
            "max_peers": chosen.max_peers,
        }

    def _became_ready(self, worker: _Worker, *, restarted: bool) -> None:
        worker.ready.set()
        for session in sorted(worker.rooms):
            room = self._rooms[session]
            self._tell(worker, stage_message(session, room.seats, room.recording))
            for watcher, slots in room.watchers.items():
                self._tell(worker, view_message(session, watcher, slots))
            if restarted and self._listener is not None:
                self._listener.media_reset(session)

    def _lost(self, worker: _Worker) -> None:
        """The worker's connections are gone with it."""
        worker.rate = 0.0
        worker.metrics = {}
        for session in sorted(worker.rooms):
            room = self._rooms[session]
            live, room.live = room.live, set()
            for seat in sorted(live):
                if self._listener is not None:
                    self._listener.media_live(session, seat, False)

    def _hear(self, worker: _Worker, message: Mapping[str, Any]) -> None:
        op = message["op"]
        if op == "metrics":
            metrics = message["metrics"]
            packets = ("packets_in", "packets_out")
            worker.rate = sum(metrics[each] - worker.metrics.get(each, 0) for each in packets)
            worker.metrics = metrics
            return
        session = message["session"]
        room = self._rooms.get(session)
        if room is None or self._listener is None:
            return
        if op == "live":
            (room.live.add if message["live"] else room.live.discard)(message["seat"])
            self._listener.media_live(session, message["seat"], message["live"])
        elif op == "speaking":
            self._listener.media_speaking(session, message["seats"])
        elif op == "send":
            self._listener.media_send(session, message["seat"], SendAdvice(message["layers"]))
