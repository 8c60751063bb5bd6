"""What the hub asks of the application: which sessions there are, and what a person may do in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from signaling.room.state import Role, RoomSettings


@dataclass(frozen=True, slots=True)
class Rights:
    """What the catalog knows of a person in one session."""

    name: str
    role: Role
    invited: bool
    """Has an invitation of this session (counts where the share policy is `invite_only`)."""


class Directory(Protocol):
    """Asked when a room starts and when somebody resumes; tickets carry the rights of a first connection.

    Both may raise DirectoryUnavailable: the client is then told to come back (4002).
    """

    async def settings(self, session: str) -> RoomSettings | None:
        """The session's settings; None if there is no such session or its doors are closed (4104)."""

    async def rights(self, session: str, participant: str) -> Rights | None:
        """What the person may do there now; None if they may not watch (4102)."""


class DirectoryUnavailable(Exception):
    """The catalog can't be reached just now."""
