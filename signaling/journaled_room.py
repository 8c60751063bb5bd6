"""A room and its journal, kept in step: load, append, follow what others appended, snapshot."""

from __future__ import annotations

from collections.abc import Sequence

from capacity.table import ViewerCapTable
from signaling.journal.port import Conflict, Entry, Journal, Position
from signaling.room.apply import apply
from signaling.room.events import Event
from signaling.room.records import decode_entry, decode_snapshot, encode_entry, encode_snapshot
from signaling.room.state import Room, RoomSettings


class JournalReplaced(Exception):
    """The journal has another epoch: its storage was lost, and the room as it was known exists no more."""


class JournaledRoom:
    """`room` may run ahead of the journal between `decide` and `append`; whoever changed it and then
    failed to append must `rebuild`. `position` is always that of the journal."""

    def __init__(self, session: str, journal: Journal, caps: ViewerCapTable) -> None:
        self._session = session
        self._journal = journal
        self._caps = caps
        self._snapshot_at = 0
        self.room = Room(session, caps, RoomSettings(title=""))
        self.position = Position("", 0)

    async def load(self) -> None:
        """Read the room for the first time. Raises JournalUnavailable, RecordError."""
        await self._read_all()

    async def rebuild(self) -> list[Event] | None:
        """Read the room anew; returns what others appended since `position`, or None if that is not known in full.

        Raises JournalUnavailable, JournalReplaced, RecordError; the room is then not usable until a rebuild succeeds.
        """
        known = self.position
        entries = await self._read_all()
        if self.position.epoch != known.epoch:
            raise JournalReplaced
        news = [entry for entry in entries if entry.sequence > known.sequence]
        if len(news) != self.position.sequence - known.sequence:
            return None
        return [event for entry in news for event in decode_entry(entry.payload)[1]]

    async def _read_all(self) -> Sequence[Entry]:
        loaded = await self._journal.load(self._session)
        if loaded.snapshot is None:
            room = Room(self._session, self._caps, RoomSettings(title=""))
        else:
            room = decode_snapshot(loaded.snapshot, self._session, self._caps)
        for entry in loaded.entries:
            for event in decode_entry(entry.payload)[1]:
                apply(room, event)
        self.room, self.position = room, loaded.position
        self._snapshot_at = loaded.position.sequence - len(loaded.entries)
        return loaded.entries

    async def catch_up(self) -> list[Event] | None:
        """Apply what others appended and return it, like `rebuild` but reading only the tail."""
        try:
            entries = await self._journal.read(self._session, self.position)
        except Conflict:
            return await self.rebuild()
        news: list[Event] = []
        for entry in entries:
            for event in decode_entry(entry.payload)[1]:
                apply(self.room, event)
                news.append(event)
            self.position = Position(self.position.epoch, entry.sequence)
        return news

    async def append(self, at: float, events: Sequence[Event]) -> None:
        """Make durable what was applied to `room` already. Raises Conflict, AppendUncertain, JournalUnavailable."""
        self.position = await self._journal.append(self._session, self.position, encode_entry(at, events))

    @property
    def entries_since_snapshot(self) -> int:
        return self.position.sequence - self._snapshot_at

    async def save_snapshot(self) -> None:
        """Raises JournalUnavailable; the journal is whole without a snapshot, only longer to read."""
        await self._journal.save_snapshot(self._session, self.position, encode_snapshot(self.room))
        self._snapshot_at = self.position.sequence
