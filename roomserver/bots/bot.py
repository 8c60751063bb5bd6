"""One bot: a person with a connection to the room. Speakers and watchers build on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.exceptions import InvalidHandshake

from roomserver.bots.event_api import ApiError, EventApi, Person
from roomserver.bots.figures import Figures
from signaling.client import CommandRefused, Disconnected, RoomClient
from signaling.media.port import BadOffer

LEAVE_SECONDS = 5.0

Message = dict[str, Any]

Failure = (
    ApiError,
    CommandRefused,
    Disconnected,
    BadOffer,
    InvalidHandshake,
    TimeoutError,
    OSError,
    ValueError,
    httpx.HTTPError,
)
"""What may go wrong for one bot without ending the run: counted by `error_code`. ConnectionError is an OSError."""

Pulse = tuple[str, bool]
"""A seat whose microphone was just turned on or off, and which of the two."""


def error_code(error: BaseException) -> str:
    """A short name for counting: the server's own code where it gave one."""
    match error:
        case ApiError() | CommandRefused():
            return error.code
        case Disconnected():
            return "connection_lost" if error.code is None else f"closed_{error.code}"
        case TimeoutError():
            return "timeout"
        case ConnectionError():
            return "no_connection"
        case _:
            return type(error).__name__


@dataclass(frozen=True, slots=True)
class Venue:
    """What all bots of a run share."""

    api: EventApi
    session: str
    figures: Figures
    pulses: dict[Pulse, float] = field(default_factory=dict)
    """When each microphone that was just turned was."""


class Bot:
    """Joins over HTTP, then over a real WebSocket, and measures what it is told. Without a person: the organizer."""

    def __init__(self, venue: Venue, person: Person | None = None) -> None:
        self.venue = venue
        self.figures = venue.figures
        self.person = person
        self._client: RoomClient | None = None
        self._connections = 1
        self._welcomes = 0
        self._loop = asyncio.get_running_loop()
        self._chores: set[asyncio.Task[None]] = set()
        self._leaving = False

    @property
    def client(self) -> RoomClient:
        assert self._client is not None, "the bot has not joined"
        return self._client

    @property
    def admitted(self) -> bool:
        return self._client is not None and bool(self._client.room)

    @property
    def is_in(self) -> bool:
        """In the room just now, not on the way back to it."""
        return self.admitted and self.client.connected and self.client.connections == self._connections

    @property
    def in_line(self) -> bool:
        """In the waiting line."""
        return self._client is not None and not self._client.room and self._client.waiting is not None

    async def join(self, seconds: float = 30.0) -> None:
        """Come in, or into the waiting line. Raises one of `Failure`."""
        token = None if self.person is None else self.person.token
        ticket = await self.venue.api.join(self.venue.session, token)
        begun = self._loop.time()
        client = RoomClient(ticket.url, ticket.ticket, rejoin=self._rejoin)
        client.on("*", self.hear)
        self._client = client
        await client.__aenter__()
        await client.until(lambda each: each.room or each.waiting is not None, seconds)
        if client.waiting is None:
            self.figures.welcomes.append(self._loop.time() - begun)

    async def leave(self) -> None:
        """Leave for good, within some seconds; never fails."""
        self._leaving = True
        for chore in [*self._chores]:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        if self._client is None:
            return
        if (over := self._client.ended) is not None:
            self.figures.errors[error_code(over)] += 1
        with suppress(*Failure):
            async with asyncio.timeout(LEAVE_SECONDS):
                await self._client.leave()
        with suppress(*Failure):
            async with asyncio.timeout(LEAVE_SECONDS):
                await self._client.close()

    def hear(self, message: Message) -> None:
        """Called with everything that the server says."""
        match message["type"]:
            case "update" if message["doc"] == "room":
                self._updated(message)
            case "welcome" | "resumed":
                self._count_welcome(message["type"])

    def came_back(self) -> None:
        """In the room again on another connection: what belonged to the old one is gone."""

    def _count_welcome(self, kind: str) -> None:
        self._welcomes += 1
        if kind == "welcome" and self._welcomes > 1:
            self.figures.fresh_states += 1
        if self.client.connections > self._connections:
            self._connections = self.client.connections
            self.figures.reconnects += 1
            self.came_back()

    def do(self, work: Callable[[], Awaitable[object]], what: str) -> None:
        """Run a coroutine function in the background, unless leaving; a failure is counted as `what` and its code."""
        if self._leaving:
            return

        async def chore() -> None:
            try:
                await work()
            except Disconnected:
                pass  # coming back starts it again; an end for good is counted by `leave`
            except Failure as error:
                self.figures.errors[f"{what}: {error_code(error)}"] += 1

        task = self._loop.create_task(chore())
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    def _updated(self, message: Message) -> None:
        now = self._loop.time()
        self.figures.updated(message["version"], now)
        for seat, change in message["patch"].get("seats", {}).items():
            if change is not None and "audio" in change:
                sent = self.venue.pulses.get((seat, change["audio"]))
                if sent is not None:
                    self.figures.acted(now - sent)

    async def _rejoin(self) -> str:
        token = None if self.person is None else self.person.token
        return (await self.venue.api.join(self.venue.session, token)).ticket
