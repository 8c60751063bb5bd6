"""Coming and going: one live connection each, 15 seconds to come back, leaving ends everything (product section 3)."""

from __future__ import annotations

import pytest

from signaling.room import commands as c
from signaling.room.decide import Accepted, next_deadline
from signaling.room.documents import room_document, you_document
from signaling.room.events import (
    Dropped,
    Entered,
    GrantEnded,
    Left,
    RequestClosed,
    RoomClosed,
    SeatEnded,
)
from signaling.room.state import RECONNECT_SECONDS, Role
from tests.support.rooms import Stage


@pytest.fixture
def stage() -> Stage:
    """A moderated session: "ada" on screen with camera and screen, "bob" asking, "cyd" approved, "dan" watching."""
    stage = Stage("moderated")
    stage.enter("mo", role="moderator")
    stage.enter("ada", "bob", "cyd", "dan")
    stage.approve("mo", "ada")
    stage.share("ada")
    stage.share("ada", "screen")
    stage.do(c.OpenRequest("bob"))
    stage.approve("mo", "cyd")
    return stage


def test_entering_is_watching() -> None:
    stage = Stage()
    outcome = stage.do(c.Enter("ada", "k1", "n1", "Ada", Role.ATTENDEE, False))
    assert outcome.events == (
        Entered("ada", "k1", "n1", "Ada", Role.ATTENDEE, False, arrived=stage.now, order=1, admitted=True),
    )
    assert stage.room.viewers == 1


def test_leaving_ends_everything_at_once(stage: Stage) -> None:
    assert stage.do(c.Leave("ada", "ada/1")).events == (
        SeatEnded("s1", "ada", "left"),
        SeatEnded("s2", "ada", "left"),
        Left("ada", "ada/1", "left"),
    )
    assert stage.do(c.Leave("bob", "bob/1")).events == (RequestClosed("bob", "left"), Left("bob", "bob/1", "left"))
    assert stage.do(c.Leave("cyd", "cyd/1")).events == (GrantEnded("cyd", "s3", "left"), Left("cyd", "cyd/1", "left"))
    assert (stage.room.seats_taken, stage.queue) == (0, [])


class TestALostConnection:
    def test_keeps_the_seat_for_15_seconds_and_shows_that_nobody_is_there(self, stage: Stage) -> None:
        assert stage.do(c.Drop("ada", "ada/1")).events == (Dropped("ada", "ada/1", stage.now),)
        assert room_document(stage.room)["seats"]["s1"]["away"] is True
        assert next_deadline(stage.room) == stage.now + RECONNECT_SECONDS
        assert stage.wait(14.9) == []
        assert stage.wait(0.1) == [
            SeatEnded("s1", "ada", "lost"),
            SeatEnded("s2", "ada", "lost"),
            Left("ada", "ada/1", "lost"),
        ]

    def test_coming_back_in_time_keeps_everything(self, stage: Stage) -> None:
        before = {person: you_document(stage.room, person) for person in ("ada", "bob", "cyd")}
        stage.drop("ada", "bob", "cyd")
        stage.wait(14)
        for person in ("ada", "bob", "cyd"):
            stage.enter(person, connection=f"{person}/2")
        assert stage.wait(10) == []
        assert {person: you_document(stage.room, person) for person in before} == before
        assert "away" not in room_document(stage.room)["seats"]["s1"]

    def test_that_was_not_lost_after_all_counts_again(self, stage: Stage) -> None:
        stage.drop("ada")
        stage.enter("ada", connection="ada/1")
        assert stage.wait(15) == []

    def test_ends_what_is_held_when_nobody_comes_back(self, stage: Stage) -> None:
        stage.drop("bob", "cyd")
        assert stage.wait(15) == [
            RequestClosed("bob", "left"),
            Left("bob", "bob/1", "lost"),
            GrantEnded("cyd", "s3", "left"),
            Left("cyd", "cyd/1", "lost"),
        ]

    def test_a_grant_that_expires_at_that_same_moment_ends_once(self, stage: Stage) -> None:
        stage.now += 45
        stage.drop("cyd")
        assert stage.wait(15) == [GrantEnded("cyd", "s3", "expired"), Left("cyd", "cyd/1", "lost")]

    def test_a_viewer_does_not_count_while_away(self, stage: Stage) -> None:
        viewers = stage.room.viewers
        stage.drop("dan")
        assert stage.room.viewers == viewers - 1
        stage.enter("dan", connection="dan/2")
        assert stage.room.viewers == viewers

    def test_losing_it_twice_changes_nothing(self, stage: Stage) -> None:
        stage.drop("ada")
        stage.now += 5
        assert stage.do(c.Drop("ada", "ada/1")) == Accepted()

    def test_leaving_after_it_ends_everything_at_once(self, stage: Stage) -> None:
        stage.drop("ada")
        stage.do(c.Leave("ada", "ada/1"))
        assert "ada" not in stage.room.people

    def test_everybody_of_a_lost_node_has_15_seconds(self) -> None:
        stage = Stage()
        stage.enter("ada", "bob", node="n1")
        stage.enter("cyd", node="n2")
        stage.share("ada")
        assert stage.do(c.LoseNode("n1")).events == (
            Dropped("ada", "ada/1", stage.now),
            Dropped("bob", "bob/1", stage.now),
        )
        assert stage.do(c.LoseNode("n1")) == Accepted()
        stage.enter("ada", connection="ada/2", node="n2")
        stage.wait(15)
        assert list(stage.room.people) == ["ada", "cyd"]
        assert list(stage.room.seats) == ["s1"]


class TestANewerConnection:
    def test_takes_over_and_keeps_everything(self, stage: Stage) -> None:
        before = {person: you_document(stage.room, person) for person in ("ada", "bob", "cyd")}
        for person in before:
            stage.enter(person, connection=f"{person}/2")
        assert {person: you_document(stage.room, person) for person in before} == before
        assert stage.room.people["ada"].connection == "ada/2"

    def test_makes_the_end_of_the_older_one_meaningless(self, stage: Stage) -> None:
        stage.enter("ada", connection="ada/2")
        assert stage.do(c.Drop("ada", "ada/1")) == Accepted()
        assert stage.do(c.Leave("ada", "ada/1")) == Accepted()

    def test_keeps_the_time_of_arrival_and_takes_the_new_name(self, stage: Stage) -> None:
        arrived, order = stage.room.people["dan"].arrived, stage.room.people["dan"].order
        stage.now += 100
        stage.do(c.Enter("dan", "dan/2", "n2", "Daniel", Role.ATTENDEE, False))
        dan = stage.room.people["dan"]
        assert (dan.arrived, dan.order, dan.name, dan.node) == (arrived, order, "Daniel", "n2")

    def test_that_is_no_newer_one_changes_nothing(self, stage: Stage) -> None:
        again = c.Enter("dan", "dan/1", "n1", "Dan", Role.ATTENDEE, False)
        assert stage.do(again) == Accepted()


@pytest.mark.parametrize("command", [c.Drop("zoe", "k"), c.Leave("zoe", "k"), c.Expel("zoe"), c.LoseNode("n9")])
def test_what_is_said_of_people_who_are_not_here_changes_nothing(stage: Stage, command: c.Command) -> None:
    assert stage.do(command) == Accepted()


def test_who_may_no_longer_watch_loses_everything(stage: Stage) -> None:
    assert stage.do(c.Expel("ada")).events == (
        SeatEnded("s1", "ada", "expelled"),
        SeatEnded("s2", "ada", "expelled"),
        Left("ada", "ada/1", "expelled"),
    )


class TestClosing:
    def test_ends_everything_for_everybody(self, stage: Stage) -> None:
        assert stage.do(c.CloseRoom()).events == (RoomClosed(),)
        room = stage.room
        assert (room.people, room.seats, room.requests, room.grants, room.viewers) == ({}, {}, {}, {}, 0)
        assert stage.wait(1000) == []
        assert next_deadline(room) is None

    def test_is_for_good(self, stage: Stage) -> None:
        stage.do(c.CloseRoom())
        assert stage.do(c.CloseRoom()) == Accepted()
        assert stage.change(share_policy="anyone") == Accepted()
        assert stage.refused(c.Enter("ada", "ada/2", "n1", "Ada", Role.ORGANIZER, False)).code == "forbidden"
        assert stage.refused(c.StartShare("ada", "camera", True, True)).code == "forbidden"
