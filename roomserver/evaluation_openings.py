"""Tells the people in a room when their session's evaluation opens, by itself or by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from roomserver.catalog.evaluations import Opening, mark_announced, openings_since
from roomserver.catalog.store import Catalog, CatalogUnavailable
from signaling.clock import Clock, Timer
from signaling.wire.outbound import Notice

_log = structlog.get_logger("roomserver.evaluations")

LOOK_SECONDS = 10.0
"""At least this often: other servers unlock evaluations too, and organizers move sessions."""
RETURN_SECONDS = 15.0
"""After a start, people need this long to be back in their rooms; what opened before is told then."""


class EvaluationOpenings:
    """Announces each opening once on every server, to those who are connected to it.

    The catalog remembers what was announced, so that a server that was down tells it when it is back."""

    def __init__(self, catalog: Catalog, announce: Callable[[str, Notice], None], clock: Clock) -> None:
        self._catalog = catalog
        self._announce = announce
        self._clock = clock
        self._wake = asyncio.Event()
        self._timer: Timer | None = None
        self._started = clock.now()
        self._told: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look. The catalog must be open."""
        self._started = self._clock.now()
        self._wake_at(self._started + RETURN_SECONDS)
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def look_soon(self) -> None:
        """Something changed that can open an evaluation."""
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                following = await self.look()
            except (SQLAlchemyError, CatalogUnavailable, OSError) as error:
                _log.warning("evaluations could not be looked at", error=type(error).__name__)
                following = None
            latest = self._clock.now() + LOOK_SECONDS
            self._wake_at(latest if following is None else min(following, latest))

    async def look(self) -> float | None:
        """Announce what is open; returns when the next evaluation opens, as far as is known now."""
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        async with self._catalog.reading() as db:
            openings = await openings_since(db, datetime.fromtimestamp(self._started, UTC))
        opened = [each for each in openings if each.at is not None and each.at <= now]
        for each in opened:
            await self._tell(each, now)
        ahead = [each.at.timestamp() for each in openings if each.at is not None and each.at > now]
        return min(ahead, default=None)

    async def _tell(self, opening: Opening, now: datetime) -> None:
        if opening.session in self._told:
            return
        if opening.announced_at is None:
            # Before the telling: a crash in between costs a notice, the other order would keep it telling.
            async with self._catalog.writing() as db:
                await mark_announced(db, opening, now)
        self._told.add(opening.session)
        self._announce(
            opening.session,
            {
                "type": "notice",
                "code": "evaluation_open",
                "message": "The evaluation of this session is open: say how it was.",
                "details": {"session": opening.session},
            },
        )

    def _wake_at(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_at(when, self._wake.set)
