"""A room and its journal, kept in step: load, append, follow what others appended, snapshot."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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

    def __init__(
        self, session: str, journal: Journal, caps: ViewerCapTable, told: Callable[[Room, int, float], None]
    ) -> None:
        """`told` hears of each entry after the first `load`, anybody's, once it is durable: the room as of then, the
        entry's sequence and its time. After a rebuild some may be left out (see `rebuild`)."""
        self._session = session
        self._journal = journal
        self._caps = caps
        self._told = told
        self._snapshot_at = 0
        self.room = Room(session, caps, RoomSettings(title=""))
        self.position = Position("", 0)

    async def load(self) -> None:
        """Read the room for the first time. Raises JournalUnavailable, RecordError."""
        await self._read_all(None)

    async def rebuild(self) -> list[Event] | None:
        """Read the room anew; returns what others appended since `position`, or None if that is not known in full.

        Raises JournalUnavailable, JournalReplaced, RecordError; the room is then not usable until a rebuild succeeds.
        """
        known = self.position
        entries = await self._read_all(known)
        if self.position.epoch != known.epoch:
            raise JournalReplaced
        news = [entry for entry in entries if entry.sequence > known.sequence]
        if len(news) != self.position.sequence - known.sequence:
            return None
        return [event for entry in news for event in decode_entry(entry.payload)[1]]

    async def _read_all(self, known: Position | None) -> Sequence[Entry]:
        loaded = await self._journal.load(self._session)
        if loaded.snapshot is None:
            room = Room(self._session, self._caps, RoomSettings(title=""))
        else:
            room = decode_snapshot(loaded.snapshot, self._session, self._caps)
        for entry in loaded.entries:
            at, events = decode_entry(entry.payload)
            for event in events:
                apply(room, event)
            if known is not None and known.epoch == loaded.position.epoch and known.sequence < entry.sequence:
                self._told(room, entry.sequence, at)
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
            at, events = decode_entry(entry.payload)
            for event in events:
                apply(self.room, event)
            news += events
            self.position = Position(self.position.epoch, entry.sequence)
            self._told(self.room, entry.sequence, at)
        return news

    async def append(self, at: float, events: Sequence[Event]) -> None:
        """Make durable what was applied to `room` already. Raises Conflict, AppendUncertain, JournalUnavailable."""
        self.position = await self._journal.append(self._session, self.position, encode_entry(at, events))
        self._told(self.room, self.position.sequence, at)

    @property
    def entries_since_snapshot(self) -> int:
        return self.position.sequence - self._snapshot_at

    async def save_snapshot(self) -> None:
        """Raises JournalUnavailable; the journal is whole without a snapshot, only longer to read."""
        await self._journal.save_snapshot(self._session, self.position, encode_snapshot(self.room))
        self._snapshot_at = self.position.sequence
