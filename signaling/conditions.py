"""What all rooms of a hub share."""

from __future__ import annotations

from dataclasses import dataclass

from capacity.table import ViewerCapTable
from signaling.clock import Clock
from signaling.counters import Counters
from signaling.journal.port import Journal
from signaling.media.port import MediaPlane
from signaling.subscriber import Subscription
from signaling.tickets import Tickets


@dataclass(frozen=True, slots=True)
class RoomConditions:
    """`node` must be the hub's own, and the same after a restart; `media` is None where none is served."""

    node: str
    journal: Journal
    media: MediaPlane | None
    tickets: Tickets
    clock: Clock
    caps: ViewerCapTable
    counters: Counters
    subscription: Subscription
