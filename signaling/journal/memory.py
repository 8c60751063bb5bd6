"""A journal in the memory of one process, for tests and bench: several hubs may share one object."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from signaling.journal.limits import check_payload, check_session, check_snapshot
from signaling.journal.port import Conflict, Entry, JournalUnavailable, Loaded, Position
from signaling.journal.watchers import Watchers


def _fresh_epoch() -> str:
    return secrets.token_hex(8)


@dataclass(slots=True)
class _Room:
    epoch: str = field(default_factory=_fresh_epoch)
    base: int = 0  # the snapshot's sequence; `entries` begin after it
    snapshot: bytes | None = None
    entries: list[Entry] = field(default_factory=list)

    @property
    def position(self) -> Position:
        return Position(self.epoch, self.base + len(self.entries))


class MemoryJournal:
    """Keeps the journals of all rooms until the process ends. Source: `signaling.journal.port`."""

    def __init__(self) -> None:
        self._rooms: dict[str, _Room] = {}
        self._closed = False
        self._watchers = Watchers(on_follow=self._tell_present, on_leave=lambda _: None)

    async def load(self, session: str) -> Loaded:
        room = self._room(session)
        return Loaded(room.position, room.snapshot, tuple(room.entries))

    async def append(self, session: str, expected: Position, payload: bytes) -> Position:
        check_payload(payload)
        room = self._room(session)
        if expected != room.position:
            raise Conflict(f"journal of {session} is at {room.position}, not at {expected}")
        room.entries.append(Entry(expected.sequence + 1, bytes(payload)))
        self._watchers.tell(session, room.position.sequence)
        return room.position

    async def read(self, session: str, after: Position) -> Sequence[Entry]:
        room = self._room(session)
        if after.epoch != room.epoch or not room.base <= after.sequence <= room.position.sequence:
            raise Conflict(f"journal of {session} does not hold what follows {after}")
        return tuple(room.entries[after.sequence - room.base :])

    async def save_snapshot(self, session: str, at: Position, snapshot: bytes) -> None:
        check_snapshot(snapshot)
        room = self._room(session)
        if at.epoch != room.epoch or not room.base < at.sequence <= room.position.sequence:
            return
        del room.entries[: at.sequence - room.base]
        room.base = at.sequence
        room.snapshot = bytes(snapshot)

    def changes(self, session: str) -> AsyncIterator[int]:
        check_session(session)
        return self._watchers.follow(session)

    async def sessions(self) -> Sequence[str]:
        self._check_open()
        return tuple(session for session, room in self._rooms.items() if room.position.sequence)

    async def delete(self, session: str) -> None:
        self._room(session)
        del self._rooms[session]

    async def close(self) -> None:
        self._closed = True
        self._watchers.close()

    def _room(self, session: str) -> _Room:
        check_session(session)
        self._check_open()
        return self._rooms.setdefault(session, _Room())

    def _check_open(self) -> None:
        if self._closed:
            raise JournalUnavailable("the journal is closed")

    def _tell_present(self, session: str) -> None:
        room = self._rooms.get(session)
        if room is not None and room.position.sequence:
            self._watchers.tell(session, room.position.sequence)
