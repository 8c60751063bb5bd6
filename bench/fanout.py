"""One room update to 5,000 viewers through the real hub, beside a plain loop of `send` over 5,000 sockets.

Three processes: the hub, the bare sender, and the crowd of clients (this one). A speaker in the room
turns their microphone off and on; each turn is one update to everybody. The bare sender sends the very
same bytes to sockets of the same kind. CPU per message is the sending process's, from the scheduler.
"""

from __future__ import annotations

import json
import os
import resource
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import IO

from bench.crowd import Crowd, Member, client_frame, server_frame, upgrade
from bench.measure import Result, cpu_seconds, main, summarize
from signaling.clock import SystemClock
from signaling.directory import Rights
from signaling.room.state import Role
from signaling.tickets import Tickets

BENCH = "fanout"
VIEWERS = 5000
ROUNDS = 9
JOIN_SECONDS = 40.0
SETTLE_SECONDS = 0.15
"""After the last delivery, until the sender's CPU time counts as complete."""


@dataclass
class Child:
    """A process of this bench that is told what to do on its standard input."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def stdin(self) -> IO[bytes]:
        assert self.process.stdin is not None
        return self.process.stdin

    def read_line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode().strip()

    def tell(self, line: str) -> None:
        self.stdin.write(f"{line}\n".encode())
        self.stdin.flush()


@dataclass
class Deliveries:
    """When each connection got the update of this round, and what it was."""

    times: list[float] = field(default_factory=list)
    payload: bytes = b""

    def got(self, _: Member, payload: bytes) -> None:
        if b'"doc":"room"' in payload:
            self.times.append(time.monotonic())
            self.payload = payload


@contextmanager
def child(module: str, *arguments: str, first_line: str = "") -> Iterator[Child]:
    """Start one on the first CPU, so that the crowd has the others."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=_pin_to_first,  # noqa: PLW1509 -- no threads yet, and nothing else can do it before exec
    )
    started = Child(process, 0)
    try:
        if first_line:
            started.tell(first_line)
        started.port = int(started.read_line())
        yield started
    finally:
        started.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _pin_to_first() -> None:
    cpus = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cpus[:1])


def greetings(tickets: Tickets, port: int) -> list[tuple[bytes, bytes]]:
    """A handshake and a `hello` for one speaker and all viewers."""
    handshake = upgrade(f"127.0.0.1:{port}", "/ws", "roomserver.v1.json")

    def hello(participant: str, role: Role) -> bytes:
        ticket = tickets.issue_ticket("ses_bench", participant, Rights(participant, role, invited=False))
        return client_frame(json.dumps({"type": "hello", "id": 1, "ticket": ticket}).encode())

    speaker = hello("speaker", Role.ORGANIZER)
    return [(handshake, speaker), *((handshake, hello(f"p_{n}", Role.ATTENDEE)) for n in range(VIEWERS))]


@dataclass
class Round:
    """One update to everybody: CPU per message in microseconds, delivery times in milliseconds."""

    cpu: float
    p50: float
    p99: float
    most: float


def measure(crowd: Crowd, deliveries: Deliveries, pid: int, count: int, trigger: Callable[[], None]) -> Round:
    deliveries.times.clear()
    before = cpu_seconds(pid)
    begun = time.monotonic()
    trigger()
    while len(deliveries.times) < count:
        crowd.pump(0.01)
        if time.monotonic() - begun > 10:
            raise TimeoutError(f"{len(deliveries.times)} of {count} got the update")
    settled = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < settled:
        crowd.pump(0.01)
    if len(deliveries.times) != count:
        raise RuntimeError(f"{len(deliveries.times)} deliveries of one update to {count}")
    spent = cpu_seconds(pid) - before
    ranked = sorted(1000 * (at - begun) for at in deliveries.times)
    return Round(1e6 * spent / count, ranked[count // 2], ranked[count * 99 // 100], ranked[-1])


def run() -> list[Result]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 16384)), hard))
    cpus = sorted(os.sched_getaffinity(0))
    secret = secrets.token_bytes(32)
    with child("bench.hub_server", first_line=secret.hex()) as hub, child("bench.bare_sender", str(VIEWERS)) as bare:
        if len(cpus) > 1:
            os.sched_setaffinity(0, cpus[1:])
        try:
            return [_compare(hub, bare, Tickets(secret, SystemClock()))]
        finally:
            os.sched_setaffinity(0, cpus)


def _compare(hub: Child, bare: Child, tickets: Tickets) -> Result:
    through_hub, direct = Deliveries(), Deliveries()
    audience = Crowd(through_hub.got, lambda payload: b'"type":"welcome"' in payload)
    plain = Crowd(direct.got, lambda _: True)
    try:
        # The speaker first and alone: the first seat must exist before the viewers come.
        speaker, *viewers = greetings(tickets, hub.port)
        audience.join(("127.0.0.1", hub.port), [speaker], JOIN_SECONDS)
        _say(audience, {"type": "share.start", "id": 2, "kind": "camera", "audio": True, "video": True})
        cpu = cpu_seconds(hub.process.pid)
        took = audience.join(("127.0.0.1", hub.port), viewers, JOIN_SECONDS)
        join_cpu = 1e6 * (cpu_seconds(hub.process.pid) - cpu) / VIEWERS
        plain.join(("127.0.0.1", bare.port), [(b"", b"")] * VIEWERS, JOIN_SECONDS)
        assert bare.read_line() == "ready"
        _drain(audience, 2.5)

        pairs: list[tuple[Round, Round]] = []
        for number in range(ROUNDS + 1):
            command: dict[str, object] = {
                "type": "share.set",
                "id": 10 + number,
                "seat": "s1",
                "audio": bool(number % 2),
            }
            ours = measure(audience, through_hub, hub.process.pid, VIEWERS + 1, partial(_say, audience, command))
            frame = server_frame(through_hub.payload).hex()
            limit = measure(plain, direct, bare.process.pid, VIEWERS, partial(bare.tell, frame))
            pairs.append((ours, limit))
    finally:
        audience.close()
        plain.close()
    middle = sorted(pairs[1:], key=lambda pair: pair[0].cpu)[ROUNDS // 2]
    return summarize(
        BENCH,
        f"an update to {VIEWERS} viewers",
        "µs CPU/message",
        f"a loop of sock.send over {VIEWERS} sockets with the same {len(through_hub.payload)} bytes",
        [(ours.cpu, limit.cpu) for ours, limit in pairs[1:]],
        details={
            **{f"{name} ms": round(getattr(middle[0], name), 1) for name in ("p50", "p99", "most")},
            **{f"limit {name} ms": round(getattr(middle[1], name), 1) for name in ("p50", "p99", "most")},
            "joins/s": round(VIEWERS / took),
            "µs CPU/join": round(join_cpu),
        },
    )


def _say(crowd: Crowd, message: dict[str, object]) -> None:
    """From the speaker, who is the first member."""
    crowd.members[0].sock.send(client_frame(json.dumps(message).encode()))


def _drain(crowd: Crowd, seconds: float) -> None:
    """Let the counters' updates after the joins pass: they come once a second."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        crowd.pump(0.05)


if __name__ == "__main__":
    main(run, __doc__ or "")
