"""Removing and muting (product section 3)."""

from __future__ import annotations

import pytest

from signaling.room import commands as c
from signaling.room.decide import Accepted, Refused
from signaling.room.documents import room_document
from signaling.room.events import SeatEnded, SeatMuted
from tests.support.rooms import Stage
from tests.support.tables import cases

WHO_MODERATES = """
    policy      | who              | answer
    anyone      | organizer        | yes
    anyone      | moderator        | forbidden
    anyone      | attendee         | forbidden
    invite_only | organizer        | yes
    invite_only | moderator        | forbidden
    invite_only | invited attendee | forbidden
    moderated   | organizer        | yes
    moderated   | moderator        | yes
    moderated   | attendee         | forbidden
"""


@cases(WHO_MODERATES)
@pytest.mark.parametrize("make", [c.RemoveSeat, c.MuteSeat], ids=["remove", "mute"])
def test_who_removes_and_mutes(case: dict[str, str], make: type) -> None:
    stage = Stage("anyone")
    *invited, role = case["who"].split()
    stage.enter("ada")
    stage.enter("p", role=role, invited=bool(invited))
    seat = stage.share("ada")
    stage.change(share_policy=case["policy"])
    outcome = stage.try_(make("p", seat))
    assert (outcome.code.value if isinstance(outcome, Refused) else "yes") == case["answer"]


@pytest.fixture
def stage() -> Stage:
    """A session with organizer "olga" and "ada" on screen with camera (s1), screen (s2) and a video (s3)."""
    stage = Stage()
    stage.enter("olga", role="organizer")
    stage.enter("ada")
    stage.share("ada")
    stage.share("ada", "screen")
    stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ"))
    return stage


def test_removing_a_camera_also_ends_that_persons_screen(stage: Stage) -> None:
    assert stage.do(c.RemoveSeat("olga", "s1")).events == (
        SeatEnded("s1", "ada", "removed", "olga"),
        SeatEnded("s2", "ada", "removed", "olga"),
    )
    assert list(stage.room.seats) == ["s3"]
    assert "youtube" in room_document(stage.room), "the video is a share of its own"


def test_removing_a_screen_leaves_the_camera(stage: Stage) -> None:
    stage.do(c.RemoveSeat("olga", "s2"))
    assert list(stage.room.seats) == ["s1", "s3"]


def test_removing_a_shared_video_ends_it(stage: Stage) -> None:
    stage.do(c.RemoveSeat("olga", "s3"))
    assert "youtube" not in room_document(stage.room)
    assert list(stage.room.seats) == ["s1", "s2"]


@pytest.mark.parametrize("make", [c.RemoveSeat, c.MuteSeat], ids=["remove", "mute"])
def test_a_seat_that_ended_meanwhile(stage: Stage, make: type) -> None:
    assert stage.refused(make("olga", "s9")).code == "no_such_seat"


def test_a_reserved_seat_is_nobodys_to_remove_yet() -> None:
    stage = Stage("moderated")
    stage.enter("mo", role="moderator")
    stage.enter("ada")
    reserved = stage.approve("mo", "ada")
    assert stage.refused(c.RemoveSeat("mo", reserved)).code == "no_such_seat"


def test_a_mute_holds_until_the_speaker_ends_it(stage: Stage) -> None:
    assert stage.do(c.MuteSeat("olga", "s1")).events == (SeatMuted("s1", "olga"),)
    assert stage.do(c.MuteSeat("olga", "s1")) == Accepted()
    seat = room_document(stage.room)["seats"]["s1"]
    assert (seat["audio"], seat["muted"]) == (False, True)
    assert stage.refused(c.SetShare("olga", "s1", audio=True)).code == "forbidden"
    stage.do(c.SetShare("ada", "s1", audio=True))
    seat = room_document(stage.room)["seats"]["s1"]
    assert seat["audio"] is True
    assert "muted" not in seat


def test_a_microphone_that_is_off_can_be_muted_so_that_it_stays_off(stage: Stage) -> None:
    stage.do(c.SetShare("ada", "s1", audio=False))
    assert stage.do(c.MuteSeat("olga", "s1")).events == (SeatMuted("s1", "olga"),)


def test_a_shared_video_has_no_microphone(stage: Stage) -> None:
    assert stage.refused(c.MuteSeat("olga", "s3")).code == "forbidden"


def test_a_speaker_whose_connection_is_lost_can_be_removed(stage: Stage) -> None:
    stage.drop("ada")
    stage.do(c.RemoveSeat("olga", "s1"))
    stage.enter("ada", connection="ada/2")
    assert list(stage.room.seats) == ["s3"]
