"""What is to be rendered by when, from what stage logs say."""

from __future__ import annotations

import pytest

from recording.stage_log import StageRun
from recording.timeline import BLOCK_FRAMES, FPS
from roomserver.recordings.planning import PAUSE_SECONDS, SETTLE_SECONDS, Options, Plan, plan_recording
from tests.support.stages import camera, integration, run

START = 1_700_000_000.0
HOUR = 3600.0
ADA, BEN = camera(1, "Ada", participant="reg_ada"), camera(2, "Ben", participant="reg_ben")
GALLERY = Options("gallery", frozenset())


def plan(*runs: StageRun, now: float, options: Options = GALLERY, asked: bool = False) -> Plan:
    planned = plan_recording(runs, options, START + now, asked=asked)
    assert planned is not None
    return planned


def due(planned: Plan) -> list[int]:
    return [block.number for block in planned.blocks if block.due]


def test_without_a_readable_log_nothing_is_known() -> None:
    assert plan_recording([], GALLERY, START) is None


TALK = run((START, (ADA,)), until=START + 100)
PAUSED = run((START, (ADA,)), (START + 100, ()), until=START + 100)
ENDED = run((START, (ADA,)), (START + 100, ()), until=START + 130, ended="switched_off")


@pytest.mark.parametrize(
    ("log", "now", "stage", "ended_at"),
    [
        (TALK, 100.4, "recording", None),
        (TALK, 111, "paused", None),  # its server is gone
        (PAUSED, 100.5, "paused", None),
        (PAUSED, 100 + HOUR - 1, "paused", None),
        (PAUSED, 100 + HOUR + SETTLE_SECONDS, "ended", 100 + HOUR),
        (TALK, 100 + HOUR + SETTLE_SECONDS, "ended", 100 + HOUR),  # also while no server was there to say so
        (ENDED, 131, "paused", None),  # what was captured last may not be in the files yet
        (ENDED, 130 + SETTLE_SECONDS, "ended", 130),
        (run((START, (integration(3),)), until=START + 5), 6, "paused", None),
    ],
)
def test_the_stage_is_what_the_newest_words_say(log: StageRun, now: float, stage: str, ended_at: float | None) -> None:
    planned = plan(log, now=now)
    assert planned.stage == stage
    assert planned.ended_at == (None if ended_at is None else START + ended_at)


@pytest.mark.parametrize(
    ("log", "now", "numbers"),
    [
        (TALK, 100.4, []),
        (PAUSED, 100 + PAUSE_SECONDS - 1, []),
        (PAUSED, 100 + PAUSE_SECONDS, [1]),
        (ENDED, 131, []),
        (ENDED, 130 + SETTLE_SECONDS, [1]),
        (run((START, (ADA,)), until=START + 2.5 * HOUR), 2.5 * HOUR, [1]),
        (run((START, (ADA,)), until=START + 2 * HOUR + 1), 2 * HOUR + 1, []),
        (run((START, (ADA,)), until=START + 5 * HOUR, ended="closed"), 6 * HOUR, [1, 2, 3]),
    ],
)
def test_full_blocks_are_due_at_once_and_the_last_one_when_it_has_come_to_rest(
    log: StageRun, now: float, numbers: list[int]
) -> None:
    assert due(plan(log, now=now)) == numbers


def test_whoever_asks_gets_what_there_is() -> None:
    assert due(plan(TALK, now=100.4, asked=True)) == [1]


def test_the_same_is_wanted_as_long_as_nothing_changes() -> None:
    growing = run((START, (ADA,)), until=START + 2.5 * HOUR)
    grown = run((START, (ADA,)), until=START + 2.6 * HOUR)
    before, after = plan(growing, now=2.5 * HOUR), plan(grown, now=2.6 * HOUR)
    assert before.blocks[0].digest == after.blocks[0].digest
    assert before.blocks[0].frames == BLOCK_FRAMES
    assert before.blocks[1].digest != after.blocks[1].digest


def test_another_layout_or_somebody_left_out_is_another_file() -> None:
    both = run((START, (ADA, BEN)), (START + 50, (BEN,)), until=START + 100, ended="closed")
    plans = [
        plan(both, now=HOUR, options=options)
        for options in (GALLERY, Options("speaker", frozenset()), Options("gallery", frozenset({"reg_ben"})))
    ]
    assert len({planned.blocks[0].digest for planned in plans}) == 3
    assert [planned.blocks[0].frames for planned in plans] == [100 * FPS, 100 * FPS, 50 * FPS]
    assert all(planned.people == (("reg_ada", "Ada"), ("reg_ben", "Ben")) for planned in plans)


def test_people_have_their_newest_name_and_come_in_order() -> None:
    renamed = camera(2, "Ben B.", participant="reg_ben")
    log = run((START, (BEN,)), (START + 10, (renamed, ADA)), until=START + 20)
    assert plan(log, now=20).people == (("reg_ben", "Ben B."), ("reg_ada", "Ada"))


def test_title_and_start_are_those_of_the_first_run() -> None:
    later = run((START + 60, (ADA,)), until=START + 90, name="2", sequence=9)
    planned = plan(later, TALK, now=90)
    assert (planned.session, planned.title, planned.started_at) == ("ses_1", "A session", START)
