"""A room to act in: decides and applies like the room task, without journal, sockets or clock."""

from __future__ import annotations

from typing import Any

from capacity.table import DEFAULT_TABLE, ViewerCapTable
from signaling.room import commands as c
from signaling.room.apply import apply
from signaling.room.decide import Accepted, Refused, decide
from signaling.room.events import Event
from signaling.room.state import Overflow, Role, Room, RoomSettings, SharePolicy

SMALL_CAPS = ViewerCapTable.parse("1:4,2:3,4:2,50:1")
"""Caps that a handful of people reach."""


class Stage:
    """A live room with a clock in hand (`now`) and everything that happened (`history`)."""

    def __init__(
        self,
        policy: str = "anyone",
        *,
        max_on_screen: int = 50,
        overflow: str = "keep",
        youtube: bool = True,
        record: bool = False,
        caps: ViewerCapTable = DEFAULT_TABLE,
    ) -> None:
        settings = RoomSettings("Roundtable", SharePolicy(policy), max_on_screen, Overflow(overflow), youtube, record)
        self.room = Room("ses_1", caps, settings)
        self.now = 1000.0
        self.history: list[Event] = []

    def try_(self, command: c.Command) -> Accepted | Refused:
        """Carry out a command, whatever the answer."""
        outcome = decide(self.room, command, self.now)
        if isinstance(outcome, Accepted):
            for event in outcome.events:
                apply(self.room, event)
                self.history.append(event)
        return outcome

    def do(self, command: c.Command) -> Accepted:
        """Carry out a command that must be accepted."""
        outcome = self.try_(command)
        assert isinstance(outcome, Accepted), outcome
        return outcome

    def refused(self, command: c.Command) -> Refused:
        """Try a command that must be refused."""
        outcome = self.try_(command)
        assert isinstance(outcome, Refused), outcome
        return outcome

    def settle(self) -> list[Event]:
        """Do all that is due, as the room task does after each batch."""
        happened: list[Event] = []
        while (outcome := self.do(c.Settle())).events:
            happened += outcome.events
        return happened

    def wait(self, seconds: float) -> list[Event]:
        """Let time pass, then do what is due."""
        self.now += seconds
        return self.settle()

    def enter(
        self, *people: str, role: str = "attendee", invited: bool = False, connection: str = "", node: str = "n1"
    ) -> None:
        """People come in, in this order; a connection is named after its person unless given."""
        for person in people:
            name = connection or f"{person}/1"
            self.do(c.Enter(person, name, node, person.capitalize(), Role(role), invited))

    def drop(self, *people: str) -> None:
        for person in people:
            self.do(c.Drop(person, self.room.people[person].connection))

    def leave(self, *people: str) -> None:
        for person in people:
            self.do(c.Leave(person, self.room.people[person].connection))

    def share(self, person: str, kind: c.ShareKind = "camera", *, audio: bool = True, video: bool = True) -> str:
        """Somebody who may do so takes a seat; its id."""
        return str(self.do(c.StartShare(person, kind, audio, video)).result["seat"])

    def approve(self, moderator: str, person: str) -> str:
        """Somebody asks and is approved; the reserved seat's id."""
        self.do(c.OpenRequest(person))
        return str(self.do(c.ApproveRequest(moderator, person)).result["seat"])

    def change(self, **changes: Any) -> Accepted:
        """An organizer changes some of the settings."""
        now = self.room.settings
        values: dict[str, Any] = {name: getattr(now, name) for name in now.__dataclass_fields__} | changes
        values["share_policy"] = SharePolicy(values["share_policy"])
        values["overflow"] = Overflow(values["overflow"])
        return self.do(c.ChangeSettings(RoomSettings(**values)))

    @property
    def line(self) -> list[str]:
        """Who waits, first come first."""
        return [participant for _, participant in self.room.line]

    @property
    def queue(self) -> list[str]:
        """Who asks, in order."""
        return list(self.room.requests)
