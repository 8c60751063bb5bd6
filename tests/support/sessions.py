"""A catalog in memory: what the hub asks of the application, as a test wants it answered."""

from __future__ import annotations

from signaling.directory import DirectoryUnavailable, Rights
from signaling.room.state import Role, RoomSettings

SECRET = b"a secret of tests, sixty-four bytes long so that every HMAC is content"


class FixedDirectory:
    """`sessions` and `people` may be changed while the hub runs."""

    def __init__(self, **sessions: RoomSettings) -> None:
        self.sessions: dict[str, RoomSettings] = sessions
        self.people: dict[str, Rights | None] = {}
        self.down = False

    async def settings(self, session: str) -> RoomSettings | None:
        if self.down:
            raise DirectoryUnavailable
        return self.sessions.get(session)

    async def rights(self, session: str, participant: str) -> Rights | None:
        if self.down:
            raise DirectoryUnavailable
        if session not in self.sessions:
            return None
        return self.people.get(participant, attendee(participant))


def attendee(name: str) -> Rights:
    return Rights(name.title(), Role.ATTENDEE, invited=False)


def organizer(name: str) -> Rights:
    return Rights(name.title(), Role.ORGANIZER, invited=False)


def moderator(name: str) -> Rights:
    return Rights(name.title(), Role.MODERATOR, invited=False)
