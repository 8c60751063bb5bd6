"""A bot that also receives media, as a browser in the audience does."""

from __future__ import annotations

import asyncio

from roomserver.bots.bot import Bot, Message, Venue
from roomserver.bots.event_api import Person
from signaling.media.light_peer import LightWatcher


class Watcher(Bot):
    """Offers as soon as the server says how many slots there are, and anew whenever its connection is gone.

    The first `large` tiles are watched large, the others as the server chooses.
    """

    def __init__(self, venue: Venue, person: Person, large: int) -> None:
        super().__init__(venue, person)
        self.watcher: LightWatcher | None = None
        self._large = large
        self._slots = (0, 0)
        self._offering = asyncio.Lock()

    async def watch(self) -> None:
        """Offer on a fresh connection."""
        async with self._offering:
            old, self.watcher = self.watcher, None
            if old is not None:
                old.abandon()
            audio, video = self._slots
            watcher = self.watcher = LightWatcher(audio, video, headers_only=True)
            watcher.connection.on_closed = self._closed
            await watcher.watch(self.client.media_watch)
            if self._large:
                await self.client.media_view({f"v{slot}": "high" for slot in range(min(self._large, video))})

    async def leave(self) -> None:
        await super().leave()
        if self.watcher is not None:
            await self.watcher.close()

    def hear(self, message: Message) -> None:
        super().hear(message)
        match message["type"]:
            case "media.slots":
                self._slots = (message["audio"], message["video"])
                self.do(self._offer_as_needed, "watching")
            case "media.reset":
                self.do(self.watch, "watching")

    def came_back(self) -> None:
        # What was watched belonged to the old WebSocket; the server says next how many slots there are.
        if self.watcher is not None:
            self.watcher.abandon()

    async def _offer_as_needed(self) -> None:
        if self.watcher is None or not self.watcher.connection.open:
            await self.watch()
            return
        async with self._offering:
            await self.watcher.grow(self.client.media_watch, self._slots[1])

    def _closed(self) -> None:
        # Without a WebSocket there is nobody to offer to; coming back brings `media.slots` again.
        if self.client.connected and self.client.ended is None:
            self.do(self._offer_as_needed, "watching")
