from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recording import timeline
from recording.stage_log import RecordedSeat, StageRun
from recording.timeline import BLOCK_FRAMES, FPS, SAMPLE_RATE, SAMPLES_PER_FRAME, Timeline, make_timeline
from tests.support.plain_timeline import Frame, plain_frames
from tests.support.searching import SEARCHING
from tests.support.stages import camera, integration, run, screen
from tests.support.tables import cases

START = 1_790_000_000
ADA, BEN, CAI = camera(1), camera(2), camera(10)
SCREEN = screen(3, participant="reg_1")


def shown(made: Timeline) -> list[Frame]:
    return [(scene.source + index, scene.seats) for scene in made.scenes for index in range(scene.frames)]


def seconds(made: Timeline) -> list[tuple[float, float]]:
    """Each scene's beginning and length on the source clock, in seconds since the start."""
    return [(scene.source / FPS - START, scene.frames / FPS) for scene in made.scenes]


def test_a_block_of_two_hours_is_a_whole_number_of_aac_frames() -> None:
    assert BLOCK_FRAMES == 216_000
    assert BLOCK_FRAMES * SAMPLES_PER_FRAME == 2 * 3600 * SAMPLE_RATE == 337_500 * 1024


def test_nothing_was_recorded() -> None:
    assert make_timeline([]) == Timeline((), (), 0, ended=False)
    assert make_timeline([run(until=START)]) == Timeline((), (), 0, ended=False)


def test_it_begins_with_the_first_person_and_changes_with_whoever_comes_and_goes() -> None:
    made = make_timeline(
        [run((START, ()), (START + 5, (ADA,)), (START + 7.5, (BEN, ADA)), (START + 9, (BEN,)), until=START + 10)]
    )
    assert seconds(made) == [(5, 2.5), (7.5, 1.5), (9, 1)]
    assert [scene.seats for scene in made.scenes] == [(ADA,), (ADA, BEN), (BEN,)]
    assert [scene.start for scene in made.scenes] == [0, 75, 120]
    assert made.frames == 150
    assert not made.ended


def test_seats_are_ordered_by_number_not_by_text() -> None:
    made = make_timeline([run((START, (CAI, BEN, ADA)), until=START + 1)])
    assert made.scenes[0].seats == (ADA, BEN, CAI)


def test_dead_space_is_cut_out_at_whole_frames() -> None:
    made = make_timeline(
        [run((START, (ADA,)), (START + 2.01, ()), (START + 30.99, (ADA,)), (START + 32, ()), until=START + 40)]
    )
    assert [(scene.source - START * FPS, scene.frames) for scene in made.scenes] == [(0, 60), (930, 30)]


def test_many_short_pauses_add_up_no_rounding() -> None:
    turns = [(START + index * 0.41, (ADA,) if index % 2 == 0 else ()) for index in range(2001)]
    made = make_timeline([run(*turns, until=START + 2001 * 0.41)])
    for scene, (at, _) in zip(made.scenes, turns[::2], strict=True):
        assert abs(scene.source / FPS - at) <= 0.5 / FPS + 1e-6
    assert abs(made.frames - 1001 * 0.41 * FPS) < 1001 * 0.5


def test_away_people_and_integrations_are_not_there() -> None:
    away = replace(ADA, away=True)
    made = make_timeline(
        [
            run(
                (START, (ADA, integration(5))),
                (START + 1, (away, integration(5))),
                (START + 4, (away, BEN)),
                until=START + 5,
            )
        ]
    )
    assert seconds(made) == [(0, 1), (4, 1)]
    assert [scene.seats for scene in made.scenes] == [(ADA,), (BEN,)]


def test_a_killed_recorder_leaves_a_hole_and_the_next_goes_on() -> None:
    made = make_timeline(
        [run((START, (ADA,)), until=START + 10.5), run((START + 25, (ADA,)), until=START + 30, name="2", sequence=9)]
    )
    assert seconds(made) == [(0, 10.5), (25, 5)]


def test_a_later_run_takes_over_and_an_older_one_that_lives_on_serves_again() -> None:
    first = run((START, (ADA,)), until=START + 20)
    second = run((START + 5, (ADA, BEN)), until=START + 10, node="b", sequence=2)
    made = make_timeline([second, first])
    assert [scene.seats for scene in made.scenes] == [(ADA,), (ADA, BEN), (ADA,)]
    assert seconds(made) == [(0, 5), (5, 5), (10, 10)]


def test_the_newest_journal_entry_wins_over_a_node_that_is_behind() -> None:
    behind = run((START + 1, (ADA,)), until=START + 20, node="z", sequence=1)
    ahead = run((START, (ADA,)), (START + 5, (BEN,)), until=START + 20)
    assert [scene.seats for scene in make_timeline([behind, ahead]).scenes] == [(ADA,), (BEN,)]


def test_two_nodes_that_tell_the_same_make_one_scene() -> None:
    both = [
        run((START, (ADA,)), (START + 5, (ADA, BEN)), until=START + 9.5 + late, node=node)
        for node, late in (("a", 0), ("b", 0.5))
    ]
    made = make_timeline(both)
    assert seconds(made) == [(0, 5), (5, 5)]
    assert make_timeline([*both, *both]).scenes == made.scenes


def test_somebody_left_out_takes_their_time_alone_with_them() -> None:
    told = run((START, (ADA, BEN)), (START + 5, (ADA, SCREEN)), (START + 9, (BEN,)), until=START + 10)
    made = make_timeline([told], without=frozenset({"reg_1"}))
    assert seconds(made) == [(0, 5), (9, 1)]
    assert [scene.seats for scene in made.scenes] == [(BEN,), (BEN,)]
    assert make_timeline([told], without=frozenset({"reg_1", "reg_2"})).frames == 0


def test_an_hour_with_nobody_but_somebody_left_out_does_not_end_the_recording() -> None:
    told = run((START, (BEN,)), (START + 10, (ADA,)), (START + 5000, (BEN,)), until=START + 5010)
    made = make_timeline([told], without=frozenset({"reg_1"}))
    assert seconds(made) == [(0, 10), (5000, 10)]
    assert not made.ended


def test_what_a_node_writes_after_the_end_is_ignored() -> None:
    ending = run((START, (ADA,)), until=START + 10, ended="switched_off")
    late = run((START, (ADA,)), until=START + 10.4, node="b")
    made = make_timeline([ending, late])
    assert seconds(made) == [(0, 10)]
    assert made.ended


@cases("""
    back after seconds | still there | ended
    3599               | yes         | no
    3599.9999          | yes         | no
    3600               | no          | yes
    3601               | no          | yes
""")
def test_an_hour_without_anybody_ends_it_for_good(case: dict[str, str]) -> None:
    gone, back = START + 10.003, START + 10.003 + float(case["back after seconds"])
    one = [run((START, (ADA,)), (gone, ()), (back, (BEN,)), until=back + 10)]
    two = [run((START, (ADA,)), until=gone), run((back, (BEN,)), until=back + 10, name="2")]
    for told in (one, two):
        made = make_timeline(told)
        assert (len(made.scenes) == 2) is (case["still there"] == "yes")
        assert made.ended is (case["ended"] == "yes")


DAY = """
    from  until  on screen
    9:00  10:10  Ada
    10:10 12:30  Ada Ben
    12:30 13:29  nobody
    13:29 15:44  Ben
    15:44 16:43  nobody
    16:43 18:00  Ada
    18:00 19:01  nobody
    19:01 20:00  Ada
"""

DAYS_BLOCKS = """
    block | begins with         | scenes                                       | hours
    1     | 9:00                | 9:00-10:10 Ada, 10:10-11:00 Ada Ben          | 2:00
    2     | 11:00               | 11:00-12:30 Ada Ben, 13:29-13:59 Ben         | 2:00
    3     | 13:59               | 13:59-15:44 Ben, 16:43-16:58 Ada             | 2:00
    4     | 16:58               | 16:58-18:00 Ada                              | 1:02
"""


def test_a_day_of_ten_hours_with_pauses_of_59_and_61_minutes() -> None:
    people = {"Ada": ADA, "Ben": BEN}
    told = []
    for line in DAY.strip().splitlines()[1:]:
        begins, _, *names = line.split()
        told.append((START + 60 * minutes(begins), tuple(people[name] for name in names if name != "nobody")))
    made = make_timeline([run(*told, until=START + 60 * minutes("20:00"))])
    assert made.ended
    rows = [[cell.strip() for cell in line.split("|")] for line in DAYS_BLOCKS.strip().splitlines()[1:]]
    name_of = {seat.seat: name for name, seat in people.items()}
    assert [
        [
            str(block.number),
            clock(block.scenes[0].source),
            ", ".join(
                f"{clock(scene.source)}-{clock(scene.source + scene.frames)} "
                + " ".join(name_of[seat.seat] for seat in scene.seats)
                for scene in block.scenes
            ),
            f"{block.frames // (3600 * FPS)}:{block.frames // (60 * FPS) % 60:02}",
        ]
        for block in made.blocks
    ] == rows
    assert [block.frames for block in made.blocks] == [216_000, 216_000, 216_000, 62 * 60 * FPS]


def minutes(text: str) -> int:
    hours, _, rest = text.partition(":")
    return int(hours) * 60 + int(rest)


def clock(source: int) -> str:
    """The time of day of a source frame that begins a minute."""
    assert (source - START * FPS) % (60 * FPS) == 0
    whole = (source - START * FPS) // (60 * FPS)
    return f"{whole // 60}:{whole % 60:02}"


def test_a_digest_changes_with_whatever_changes_the_picture_and_with_nothing_else() -> None:
    def digest(*seats: RecordedSeat, at: float = START, until: float = START + 10, node: str = "a") -> str:
        return make_timeline([run((at, seats), until=until, node=node)]).blocks[0].digest()

    plain = digest(ADA)
    assert plain == digest(ADA, node="b") == digest(ADA, integration(4)) == digest(ADA, replace(BEN, away=True))
    others = [
        digest(ADA, BEN),
        digest(replace(ADA, name="Augusta")),
        digest(replace(ADA, audio=False, muted=True)),
        digest(replace(ADA, video=False)),
        digest(ADA, until=START + 10.1),
        digest(ADA, at=START + 1, until=START + 11),
    ]
    assert len({plain, *others}) == len(others) + 1


def test_a_digest_is_the_same_in_every_process() -> None:
    # Another digest here means that every recording is rendered again after an upgrade.
    block = make_timeline([run((START, (ADA,)), until=START + 10)]).blocks[0]
    assert block.digest() == "082f42debc28083095f872f7a239fd0e9bc1878a74af9516fa4d61c353aa1849"


def test_a_full_block_keeps_its_digest_while_the_recording_goes_on() -> None:
    def told(until: float) -> StageRun:
        return run((START, (ADA,)), until=START + until)

    sooner, later = make_timeline([told(7300)]), make_timeline([told(9000)])
    assert sooner.blocks[0].digest() == later.blocks[0].digest()
    assert sooner.blocks[1].digest() != later.blocks[1].digest()


PAUSE = 4.0
SMALL_BLOCK = 50
SPAN = 24
"""Seconds that a generated story may last."""


@pytest.fixture(scope="module")
def short() -> Iterator[None]:
    """Pauses and blocks of seconds instead of hours, so that each frame can be looked at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeline, "LONGEST_PAUSE", PAUSE)
        patch.setattr(timeline, "BLOCK_FRAMES", SMALL_BLOCK)
        yield


def at(tick: int) -> float:
    return START + (2 * tick + 1) / 128


SEATS = st.lists(
    st.sampled_from([ADA, BEN, CAI, SCREEN, integration(4), replace(ADA, away=True), replace(BEN, name="B.")]),
    max_size=3,
    unique_by=lambda seat: seat.seat,
).map(tuple)
TICKS = st.one_of(st.integers(1, 8), st.integers(1, 330))
STATEMENTS = st.lists(st.tuples(TICKS, SEATS), max_size=5)


@st.composite
def stories(draw: st.DrawFn) -> list[StageRun]:
    """Runs that agree about nothing: whatever recorders write, the timeline is well-formed."""
    runs = []
    for index in range(draw(st.integers(0, 3))):
        tick = draw(st.integers(0, 600))
        told: list[tuple[float, tuple[RecordedSeat, ...]]] = []
        for wait, seats in draw(STATEMENTS):
            tick += wait
            told.append((at(min(tick, 1400 + len(told))), seats))
        until = at(min(tick, 1410) + draw(TICKS) % 100)
        ended = draw(st.sampled_from([None, None, None, "nobody"]))
        node, first = draw(st.sampled_from("ab")), draw(st.integers(1, 4))
        runs.append(run(*told, until=until, node=node, name=str(index), sequence=first, ended=ended))
    return runs


LEFT_OUT = st.sampled_from([frozenset[str](), frozenset({"reg_1"}), frozenset({"reg_2", "reg_10"})])


@pytest.mark.usefixtures("short")
@settings(max_examples=2000 if SEARCHING else 60, deadline=None)
@given(stories(), LEFT_OUT)
def test_it_shows_the_frames_that_plain_looking_finds_search(runs: list[StageRun], without: frozenset[str]) -> None:
    made = make_timeline(runs, without=without)
    frames, ended = plain_frames(runs, without, START, START + SPAN, PAUSE)
    assert shown(made) == frames
    assert made.ended is ended


@pytest.mark.usefixtures("short")
@settings(deadline=None)
@given(stories(), LEFT_OUT)
def test_scenes_and_blocks_fit_together(runs: list[StageRun], without: frozenset[str]) -> None:
    made = make_timeline(runs, without=without)
    assert made.frames == sum(scene.frames for scene in made.scenes) == sum(block.frames for block in made.blocks)
    for scenes in (made.scenes, tuple(scene for block in made.blocks for scene in block.scenes)):
        assert not scenes or scenes[0].start == 0
        for scene, following in pairwise(scenes):
            assert scene.start + scene.frames == following.start
            assert scene.source + scene.frames <= following.source
    assert all(scene.frames > 0 and scene.seats for scene in made.scenes)
    assert [block.number for block in made.blocks] == list(range(1, len(made.blocks) + 1))
    assert all(block.frames == SMALL_BLOCK for block in made.blocks[:-1])
    assert all(0 < block.frames <= SMALL_BLOCK for block in made.blocks[-1:])
    assert [block.start for block in made.blocks] == [SMALL_BLOCK * index for index in range(len(made.blocks))]
    pieces = [
        (scene.source + index, scene.seats)
        for block in made.blocks
        for scene in block.scenes
        for index in range(scene.frames)
    ]
    assert pieces == shown(made)


@pytest.mark.usefixtures("short")
@settings(deadline=None)
@given(STATEMENTS.filter(bool), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4), st.data())
def test_it_does_not_matter_how_statements_are_spread_over_runs(
    told: list[tuple[int, tuple[RecordedSeat, ...]]], parts: list[tuple[int, int]], data: st.DataObject
) -> None:
    tick, statements = 0, []
    for wait, seats in told:
        tick += wait
        statements.append((at(tick), seats))
    until = at(tick + 40)
    whole = run(*statements, until=until)
    copies = [whole]
    for number, (first, count) in enumerate(parts):
        part = statements[first : first + count]
        if part:
            after = statements[first + count : first + count + 1]
            alive = after[0][0] if after else until
            copies.append(run(*part, until=alive, node="b", name=str(number), sequence=1 + first))
    expected = make_timeline([whole])
    assert make_timeline(data.draw(st.permutations(copies))) == expected
    handed_on = [
        run(statement, until=end, name=str(index), sequence=1 + index)
        for index, (statement, end) in enumerate(
            zip(statements, [*(moment for moment, _ in statements[1:]), until], strict=True)
        )
    ]
    assert make_timeline(handed_on) == expected
