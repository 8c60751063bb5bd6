"""The chain of room documents that everybody gets: what was published last, and the updates that led to it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from signaling.room.documents import merge_patch
from signaling.wire.codec import Frames, Subprotocol
from signaling.wire.outbound import Document, Update

COUNTERS = ("viewers", "waiting")
"""Fields that change with every arrival, and are told at most every COUNTER_SECONDS."""
COUNTER_SECONDS = 1.0

KEPT_UPDATES = 256
KEPT_BYTES = 128 * 1024
"""What somebody who resumes may have missed; after more than that a `welcome` is the shorter message."""


@dataclass(frozen=True, slots=True)
class Published:
    """One link of the chain."""

    base: int
    version: int
    frames: Frames


class Publication:
    """Knows no connection: `advance` makes the next link, `since` the links that lead here from an older version.

    A version is the journal's sequence at the time, or one more than the last version where only
    counters held back were told later, so that it rises with every link.
    """

    def __init__(self, epoch: str, version: int, document: Document) -> None:
        self.epoch = epoch
        self.version = version
        self.document = document
        self._counters_at = float("-inf")
        self.held_back = False
        """Counters have changed and wait until they are due."""
        self._kept: deque[Published] = deque()
        self._kept_bytes = 0

    def counters_due_at(self) -> float:
        """When the counters may be told again (Unix seconds)."""
        return self._counters_at + COUNTER_SECONDS

    def advance(self, document: Document, sequence: int, now: float) -> Published | None:
        """Publish this document; None if there is nothing to tell. Counters wait until they are due."""
        self.held_back = now < self.counters_due_at() and any(
            document[name] != self.document[name] for name in COUNTERS
        )
        if self.held_back:
            document = {**document, **{name: self.document[name] for name in COUNTERS}}
        patch = merge_patch(self.document, document)
        if not patch:
            return None
        if any(name in patch for name in COUNTERS):
            self._counters_at = now
        base, self.version = self.version, max(sequence, self.version + 1)
        update: Update = {"type": "update", "doc": "room", "base": base, "version": self.version, "patch": patch}
        self.document = document
        published = Published(base, self.version, Frames(update))
        self._keep(published)
        return published

    def _keep(self, published: Published) -> None:
        self._kept.append(published)
        self._kept_bytes += _size(published)
        while len(self._kept) > KEPT_UPDATES or self._kept_bytes > KEPT_BYTES:
            self._kept_bytes -= _size(self._kept.popleft())

    def since(self, epoch: str, version: int) -> list[Published] | None:
        """The links after `version`; None if that is no joint that is still known."""
        if epoch != self.epoch:
            return None
        if version == self.version:
            return []
        links = [link for link in self._kept if link.base >= version]
        return links if links and links[0].base == version else None


def _size(published: Published) -> int:
    return len(published.frames.of(Subprotocol.JSON))
