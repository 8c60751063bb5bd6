"""Five thousand viewers must not make a command slow: none but the rare ones walks through people or waiting line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from capacity.table import ViewerCapTable
from signaling.room import commands as c
from signaling.room.decide import next_deadline
from signaling.room.documents import desk_document, room_document, you_document
from signaling.room.state import Role
from tests.support.rooms import Stage


class Unwalkable(dict[str, Any]):
    """A dictionary to look things up in, not to go through."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("walked through everybody")

    def values(self) -> NoReturn:
        raise AssertionError("walked through everybody")

    keys = items = values


class UnwalkableList(list[Any]):
    """A sorted list to search in, not to go through."""

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError("walked through everybody")


@pytest.fixture
def stage() -> Stage:
    """A session with a moderator "mo", speaker "ada", asker "bob", 5,000 viewers and some waiting."""
    stage = Stage("moderated", caps=ViewerCapTable.parse("50:5002"))
    stage.enter("mo", role="moderator")
    stage.enter("ada", "bob")
    stage.approve("mo", "ada")
    stage.share("ada")
    stage.do(c.OpenRequest("bob"))
    stage.enter(*(f"p{number}" for number in range(5010)))
    room = stage.room
    assert room.waiting == 10
    room.people = Unwalkable(room.people)
    room.line, room.names = UnwalkableList(room.line), UnwalkableList(room.names)
    return stage


@pytest.mark.parametrize(
    "command",
    [
        c.Enter("new", "new/1", "n1", "New", Role.ATTENDEE, False),
        c.Enter("p1", "p1/2", "n1", "P1", Role.ATTENDEE, False),
        c.Enter("p5009", "p5009/2", "n1", "P5009", Role.ORGANIZER, False),
        c.Drop("p1", "p1/1"),
        c.Leave("p1", "p1/1"),
        c.Leave("p5009", "p5009/1"),
        c.Settle(),
        c.StartShare("mo", "camera", True, True),
        c.SetShare("ada", "s1", audio=False),
        c.StopShare("ada", "s1"),
        c.OpenRequest("p1"),
        c.WithdrawRequest("bob"),
        c.ApproveRequest("mo", "bob"),
        c.DeclineRequest("mo", "bob"),
        c.RemoveSeat("mo", "s1"),
        c.MuteSeat("mo", "s1"),
        c.ShareYouTube("mo", "dQw4w9WgXcQ"),
        c.SetMediaLive("s1", True),
        c.ChangeRights("p1", Role.MODERATOR, False),
        c.Expel("p1"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_command_looks_only_at_those_it_is_about(stage: Stage, command: c.Command) -> None:
    stage.do(command)
    stage.settle()


def test_documents_and_deadlines_look_only_at_the_stage(stage: Stage) -> None:
    room_document(stage.room)
    desk_document(stage.room)
    you_document(stage.room, "p5009")
    next_deadline(stage.room)
    assert stage.room.waiting_position("p5009") == 10
