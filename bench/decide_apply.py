"""Commands through decide, encode, apply and settle in a room of 5,000 viewers.

What the room task does for each command it accepts, without the journal's disk and without telling
anybody. The limit beside it is what any journaled room must do at least for the same events: make
them, put one value into a dict, and write the same JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import astuple
from time import thread_time_ns

from bench.measure import Result, alternate, main, summarize
from capacity.table import DEFAULT_TABLE
from signaling.room.apply import apply
from signaling.room.commands import (
    ApproveRequest,
    Command,
    Enter,
    Leave,
    OpenRequest,
    SetShare,
    Settle,
    StartShare,
    StopShare,
)
from signaling.room.decide import decide
from signaling.room.documents import merge_patch, room_document
from signaling.room.events import Event
from signaling.room.outcome import Accepted
from signaling.room.records import encode_entry
from signaling.room.state import Role, Room, RoomSettings, SharePolicy

BENCH = "decide_apply"
VIEWERS = 5000
COMMANDS = 3000
ROUNDS = 7
NOW = 1_800_000_000.0

Entry = tuple[Event, ...]


def crowded_room() -> Room:
    """One moderator on screen, 5,000 viewers: the most that the default cap table admits."""
    room = Room("ses_bench", DEFAULT_TABLE, RoomSettings("Bench", SharePolicy.MODERATED))
    for command in (enter("moderator", Role.MODERATOR), StartShare("moderator", "camera", audio=True, video=True)):
        carry_out(room, command)
    for number in range(VIEWERS - 1):
        carry_out(room, enter(f"p_{number}"))
    return room


def enter(participant: str, role: Role = Role.ATTENDEE) -> Enter:
    return Enter(participant, f"n1:{participant}", "n1", f"Person {participant}", role, invited=False)


def carry_out(room: Room, command: Command) -> Entry:
    """One command as a batch of its own, as the room task does it. The bench's commands are never refused."""
    outcome = decide(room, command, NOW)
    assert isinstance(outcome, Accepted), outcome
    if outcome.events:
        encode_entry(NOW, outcome.events)
        for event in outcome.events:
            apply(room, event)
    settled = decide(room, Settle(), NOW)
    assert isinstance(settled, Accepted)
    assert not settled.events
    return outcome.events


def comings_and_goings() -> Iterator[Command]:
    """A viewer comes, a viewer goes."""
    while True:
        yield enter("guest")
        yield Leave("guest", "n1:guest")


def microphone() -> Iterator[Command]:
    """A speaker's microphone goes off and on."""
    while True:
        yield SetShare("moderator", "s1", audio=False)
        yield SetShare("moderator", "s1", audio=True)


def appearances(room: Room) -> Iterator[Command]:
    """A viewer asks, is approved, appears and stops."""
    while True:
        yield OpenRequest("p_7")
        yield ApproveRequest("moderator", "p_7")
        yield StartShare("p_7", "camera", audio=True, video=True)
        yield StopShare("p_7", room.seats_of["p_7"][0])


def ours(room: Room, commands: Iterator[Command], kept: list[Entry]) -> Callable[[], float]:
    """Microseconds for each command; `kept` gets the entries, for the limit to repeat."""

    def run() -> float:
        kept.clear()
        begun = thread_time_ns()
        kept.extend(carry_out(room, next(commands)) for _ in range(COMMANDS))
        return (thread_time_ns() - begun) / 1e3 / COMMANDS

    return run


def bare(kept: list[Entry]) -> Callable[[], float]:
    def run() -> float:
        work = [[(type(event), astuple(event)) for event in entry] for entry in kept]
        records = [{"at": NOW, "events": [[kind.__name__, _plain(values)] for kind, values in entry]} for entry in work]
        state: dict[int, Event] = {}
        begun = thread_time_ns()
        for entry, record in zip(work, records, strict=True):
            for kind, values in entry:
                state[0] = kind(*values)
            json.dumps(record, separators=(",", ":")).encode()
        return (thread_time_ns() - begun) / 1e3 / COMMANDS

    return run


def _plain(values: tuple[object, ...]) -> list[object]:
    return [str(value) if isinstance(value, str) else value for value in values]


def documents(room: Room) -> tuple[Callable[[], float], Callable[[], float]]:
    """The cost of a tick: a new document and its patch. The limit: writing the document as JSON once."""
    before = room_document(room)
    carry_out(room, SetShare("moderator", "s1", audio=False))
    count = 500

    def patch() -> float:
        begun = thread_time_ns()
        for _ in range(count):
            merge_patch(before, room_document(room))
        return (thread_time_ns() - begun) / 1e3 / count

    def dump() -> float:
        begun = thread_time_ns()
        for _ in range(count):
            json.dumps(before, separators=(",", ":")).encode()
        return (thread_time_ns() - begun) / 1e3 / count

    return patch, dump


def run() -> list[Result]:
    room = crowded_room()
    limit_is = "making the same events, one dict write and json.dumps of the same record"
    results = []
    for what, commands in (
        ("a viewer comes, a viewer goes", comings_and_goings()),
        ("microphone off and on", microphone()),
        ("ask, approve, appear, stop", appearances(room)),
    ):
        kept: list[Entry] = []
        rounds = alternate(ours(room, commands, kept), bare(kept), ROUNDS)
        rate = {"commands/s": round(1e6 / min(cost for cost, _ in rounds))}
        results.append(summarize(BENCH, what, "µs/command", limit_is, rounds, details=rate))
    tick = alternate(*documents(room), ROUNDS)
    results.append(summarize(BENCH, "new document and its patch", "µs/tick", "json.dumps of the document once", tick))
    return results


if __name__ == "__main__":
    main(run, __doc__ or "")
