"""A bot on screen, and the organizer's bot that lets others on screen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from roomserver.bots.bot import Bot, Message, Venue
from roomserver.bots.event_api import Person
from signaling.media.light_peer import AudioClip, LightPublisher, VideoClip

APPROVAL_SECONDS = 20.0


class Host(Bot):
    """The organizer: approves every request in a moderated session."""

    def __init__(self, venue: Venue) -> None:
        super().__init__(venue)
        self._approving: set[str] = set()

    def hear(self, message: Message) -> None:
        super().hear(message)
        desk = (self._client and self._client.desk) or {}
        requests = desk.get("requests", {})
        self._approving &= requests.keys()
        for participant in requests.keys() - self._approving:
            self._approving.add(participant)
            self.do(partial(self.client.request_approve, participant), "approving")

    def came_back(self) -> None:
        self._approving.clear()


class Speaker(Bot):
    """Goes on screen, asking if it must, and sends `video` and `audio` if given."""

    def __init__(
        self,
        venue: Venue,
        person: Person,
        video: Mapping[str, VideoClip] | None = None,
        audio: AudioClip | None = None,
    ) -> None:
        super().__init__(venue, person)
        self.seat: str | None = None
        self.publisher: LightPublisher | None = None
        self.video, self.audio = video, audio
        self._publishing = asyncio.Lock()

    @property
    def on_screen(self) -> bool:
        return self.seat is not None and self._client is not None and self.seat in self._client.room.get("seats", {})

    async def go_on_screen(self) -> None:
        """Take a seat, see oneself on it, and publish. Raises one of `bot.Failure`."""
        client = self.client
        await client.welcomed()
        if client.you.get("must_ask"):
            await client.request_open()
            await client.until(lambda each: "grant" in each.you, APPROVAL_SECONDS)
        seat = self.seat = await client.share_start("camera", audio=True, video=True)
        await client.until(lambda each: seat in each.room["seats"])
        await self.publish()

    async def publish(self) -> None:
        """Send media on a fresh connection."""
        seat = self.seat
        assert seat is not None
        async with self._publishing:
            old, self.publisher = self.publisher, None
            if old is not None:
                old.abandon()
            if self.video is None and self.audio is None:
                return
            publisher = self.publisher = LightPublisher(self.video, self.audio)
            await publisher.publish(lambda sdp: self.client.media_publish(seat, sdp))

    async def set_microphone(self, *, on: bool) -> None:
        assert self.seat is not None
        self.venue.pulses[self.seat, on] = self._loop.time()
        self.venue.pulses.pop((self.seat, not on), None)
        await self.client.share_set(self.seat, audio=on)
        if self.publisher is not None:
            self.publisher.set_audio(on=on)

    async def leave(self) -> None:
        await super().leave()
        if self.publisher is not None:
            await self.publisher.close()

    def hear(self, message: Message) -> None:
        super().hear(message)
        match message["type"]:
            case "media.send" if self.publisher is not None and message["seat"] == self.seat:
                self.publisher.advise(message["layers"])
            case "media.reset":
                self._publish_anew()

    def came_back(self) -> None:
        # If it was the server that was away, so was the media worker; publishing anew replaces a connection that lives.
        self._publish_anew()

    def _publish_anew(self) -> None:
        if self.on_screen:
            self.do(self.publish, "publishing")
