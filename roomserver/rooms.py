"""What the HTTP API asks of the rooms that are running. The whole interface is this file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from signaling.statements import LiveRoom


class Rooms(Protocol):
    """Every change is already committed to the catalog when a method is called; rooms that aren't running
    read it when they start. None of these fails because a room can't be reached."""

    def live(self, session: str) -> LiveRoom | None:
        """None: the room isn't running here."""

    def all_live(self) -> Mapping[str, LiveRoom]:
        """The rooms that run here, by session."""

    async def settings_changed(self, session: str) -> None:
        """Fields that the room reads, or who may watch."""

    async def rights_changed(self, session: str, people: Collection[str]) -> None:
        """Invitations or moderators."""

    async def person_changed(self, participant: str) -> None:
        """A registrant's name or ticket type, in whichever rooms they are; or they were deleted."""

    def evaluation_changed(self) -> None:
        """An evaluation was written or unlocked: see soon whether people have to be told."""

    async def deleted(self, session: str) -> None:
        """The session is gone."""
