"""What handlers work with, put together by `app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from roomserver.auth import GuessGate
from roomserver.catalog.store import Catalog
from roomserver.files import Files
from roomserver.health import Health
from roomserver.http.bulk.progress import Imports
from roomserver.metrics import Metrics
from roomserver.rooms import Rooms
from roomserver.settings import Settings
from signaling.clock import Clock
from signaling.tickets import Tickets


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    catalog: Catalog
    files: Files
    rooms: Rooms
    tickets: Tickets
    guesses: GuessGate
    health: Health
    metrics: Metrics
    clock: Clock
    recording_changed: Callable[[str], None]
    """Told of a recording that somebody wants rendered, or of which something was deleted."""
    imports: Imports = field(default_factory=Imports)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now(), UTC)
