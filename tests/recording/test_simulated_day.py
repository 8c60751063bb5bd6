"""A day in a real hub on a simulated clock: ten hours with pauses of 59 and 61 minutes give the blocks of a table."""

from __future__ import annotations

from pathlib import Path

from recording.timeline import FPS, Timeline
from signaling.room.state import RoomSettings
from tests.support.fake_clock import FakeClock
from tests.support.memory_peer import MemoryPeer
from tests.support.recorded_hall import RecordedHall

DAY = """
    from  | on camera
    09:00 | ada
    10:10 | ada bob
    12:30 |
    13:29 | bob
    15:44 |
    16:43 | ada
    18:00 |
    19:01 | ada
    20:00 |
"""
"""The last pause is the one of 61 minutes: who comes after it is on screen, and not recorded."""

BLOCKS = """
    block | scenes                                       | length
    1     | 09:00-10:10 ada, 10:10-11:00 ada bob         | 2:00
    2     | 11:00-12:30 ada bob, 13:29-13:59 bob         | 2:00
    3     | 13:59-15:44 bob, 16:43-16:58 ada             | 2:00
    4     | 16:58-18:00 ada                              | 1:02
"""

NINE = 1_700_000_000.0
"""Nine o'clock on the clock of this day: a whole second, so that a minute's first frame is known."""


async def test_a_day_gives_the_blocks_of_the_table(tmp_path: Path) -> None:
    clock = FakeClock(NINE - 60, turns=3)
    async with RecordedHall(tmp_path / "recordings", clock=clock, settings=RoomSettings("Talk", record=True)) as day:
        people = {name: await day.hall.join(name) for name in ("ada", "bob")}
        states = []
        for time, names in ((row[0], row[1].split()) for row in rows(DAY)):
            await clock.advance(moment(time) - clock.now())
            for name, peer in people.items():
                turn(peer, on=name in names)
            await clock.advance(0.5)
            states.append(day.state)
        timeline = day.timeline()
        (run,) = day.runs()
    assert states == [
        "recording",
        "recording",
        "paused",
        "recording",
        "paused",
        "recording",
        "paused",
        "ended",
        "ended",
    ]
    assert (run.ended, timeline.ended) == ("nobody", True)
    assert run.alive_until == run.statements[-1].at + 3600
    assert told(timeline) == rows(BLOCKS)
    assert [block.frames for block in timeline.blocks] == [2 * 3600 * FPS] * 3 + [62 * 60 * FPS]


def turn(peer: MemoryPeer, *, on: bool) -> None:
    """Go on or off camera."""
    seats = peer.documents["you"]["seats"]
    if on and not seats:
        peer.say("share.start", kind="camera")
    elif seats and not on:
        peer.say("share.stop", seat=seats[0])


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


def moment(time: str) -> float:
    hours, minutes = time.split(":")
    return NINE + 3600 * (int(hours) - 9) + 60 * int(minutes)


def told(timeline: Timeline) -> list[list[str]]:
    """The table that a timeline gives, with times of day to the minute: people need an instant to come and go."""
    return [
        [
            str(block.number),
            ", ".join(
                f"{time_of(scene.source / FPS)}-{time_of((scene.source + scene.frames) / FPS)} "
                + " ".join(seat.participant for seat in scene.seats)
                for scene in block.scenes
            ),
            f"{round(block.frames / FPS / 60) // 60}:{round(block.frames / FPS / 60) % 60:02}",
        ]
        for block in timeline.blocks
    ]


def time_of(at: float) -> str:
    minutes = round((at - NINE) / 60) + 9 * 60
    return f"{minutes // 60:02}:{minutes % 60:02}"
