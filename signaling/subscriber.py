"""What learns of every change of every room once it is in the journal: the recorder's side of a room."""

from __future__ import annotations

from typing import Protocol

import structlog

from signaling.room.state import Room

log = structlog.get_logger(__name__)


class RoomSubscriber(Protocol):
    """Called on the hub's event loop: must not block, only read the room, and keep nothing of it."""

    def room_changed(self, room: Room, sequence: int, at: float) -> None:
        """The room is as its journal had it at `sequence`, decided at `at` (Unix seconds) by whichever node.

        Told for each entry in order, and once when a room begins to run; some are left out where this node doesn't
        know them one by one. `sequence` may come twice."""

    def room_stopped(self, session: str) -> None:
        """The room runs no longer on this node. It may be started again."""

    def captured_until(self, room: Room) -> float | None:
        """Until when this node surely captured the room's present recording (Unix seconds); None: not that it knew."""


class Subscription:
    """A room's way to the subscriber, if there is one: what goes wrong there is logged and harms no room."""

    def __init__(self, subscriber: RoomSubscriber | None) -> None:
        self._subscriber = subscriber

    def room_changed(self, room: Room, sequence: int, at: float) -> None:
        if self._subscriber is not None:
            try:
                self._subscriber.room_changed(room, sequence, at)
            except Exception:
                log.exception("a change of a room could not be passed on", session=room.session)

    def room_stopped(self, session: str) -> None:
        if self._subscriber is not None:
            try:
                self._subscriber.room_stopped(session)
            except Exception:
                log.exception("the end of a room could not be passed on", session=session)

    def captured_until(self, room: Room) -> float | None:
        if self._subscriber is None:
            return None
        try:
            return self._subscriber.captured_until(room)
        except Exception:
            log.exception("it can't be seen until when a room was recorded", session=room.session)
            return None
