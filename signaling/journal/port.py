"""The journal: the ordered, append-only record of what happened in one room, and its port.

Three implementations: `memory` (tests, bench), `files` (the embedded default), `redis_streams`
(several nodes). One conformance suite, tests/conformance/test_journal.py, runs against all of them.

A journal knows nothing of rooms: an entry's payload and a snapshot are bytes that
`signaling.room.records` makes and reads. One entry is one append: all the events of one batch,
so that a batch happens wholly or not at all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol


class Conflict(Exception):
    """The journal had moved past the expected position: nothing was written. Read the tail, decide again."""


class AppendUncertain(Exception):
    """It is unknown whether the append happened. The room must be rebuilt from the journal, never guessed."""


class JournalUnavailable(Exception):
    """The storage can't be reached; nothing was written."""


@dataclass(frozen=True, slots=True)
class Position:
    """`sequence` counts a room's entries from 1 (0: empty). `epoch` names one life of the storage:
    a journal that was lost and started anew has another epoch, so that an old sequence is never
    taken for a new one (after centrifuge's StreamPosition)."""

    epoch: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Entry:
    sequence: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that is needed to rebuild a room: the newest snapshot (None: none yet), the entries after it
    in order, and the position reached."""

    position: Position
    snapshot: bytes | None
    entries: Sequence[Entry]


class Journal(Protocol):
    """Every method may raise JournalUnavailable. `session` is an opaque id; implementations accept
    any of [A-Za-z0-9_-]{1,64} and refuse others with ValueError. So are payloads and snapshots that are
    larger than `signaling.journal.limits` says."""

    async def load(self, session: str) -> Loaded:
        """Read a room's journal; of a session never seen, an empty one with a fresh epoch."""

    async def append(self, session: str, expected: Position, payload: bytes) -> Position:
        """Write one entry at `expected.sequence + 1`, atomically, and return the new position.

        Raises Conflict (the room is elsewhere by now, or its epoch is another), AppendUncertain.
        """

    async def read(self, session: str, after: Position) -> Sequence[Entry]:
        """The entries after a position, in order. Raises Conflict if they are no longer held
        (compacted away or another epoch): then `load`."""

    async def save_snapshot(self, session: str, at: Position, snapshot: bytes) -> None:
        """Keep a snapshot of the room as of `at`, and drop entries that it makes needless.
        Never loses an entry after `at`. A snapshot that is not newer than the one held, or of a
        position that this journal never reached (another epoch), is ignored: the next append tells."""

    def changes(self, session: str) -> AsyncIterator[int]:
        """Sequence numbers that appends reached, other nodes' above all; compare with one's own position.

        Begins with the present one (if there are entries), so that nothing between `load` and
        the first step of the iterator is missed. May skip some and may contain one's own appends; never lags
        forever. Of an implementation for one node only it yields nothing. Ends when the journal is closed.
        """

    async def sessions(self) -> Sequence[str]:
        """The sessions that have a journal: at least one entry was appended."""

    async def delete(self, session: str) -> None:
        """Forget a room's journal. A later load starts a fresh epoch."""

    async def close(self) -> None:
        """Flush and release everything. Whatever is called afterwards raises JournalUnavailable."""
