"""The room's commands as methods, over anything that can send one and wait for its reply."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

Message = dict[str, Any]


class RoomCommands(ABC):
    """Each method raises what `command` raises."""

    @abstractmethod
    async def command(self, message_type: str, **fields: Any) -> Message:
        """Send any command and return its result."""

    async def share_start(self, kind: Literal["camera", "screen"], *, audio: bool = True, video: bool = True) -> str:
        """Go on screen; returns the seat."""
        return str((await self.command("share.start", kind=kind, audio=audio, video=video))["seat"])

    async def share_stop(self, seat: str) -> None:
        await self.command("share.stop", seat=seat)

    async def share_set(self, seat: str, **changes: bool) -> None:
        """Turn `audio` or `video` on or off."""
        await self.command("share.set", seat=seat, **changes)

    async def request_open(self) -> int:
        """Ask to share; returns the place in the queue."""
        return int((await self.command("request.open"))["position"])

    async def request_withdraw(self) -> None:
        await self.command("request.withdraw")

    async def request_approve(self, participant: str) -> str:
        """Returns the seat that is reserved."""
        return str((await self.command("request.approve", participant=participant))["seat"])

    async def request_decline(self, participant: str) -> None:
        await self.command("request.decline", participant=participant)

    async def seat_remove(self, seat: str) -> None:
        await self.command("seat.remove", seat=seat)

    async def seat_mute(self, seat: str) -> None:
        await self.command("seat.mute", seat=seat)

    async def youtube_share(self, url: str) -> Message:
        return await self.command("youtube.share", url=url)

    async def youtube_play(self) -> None:
        await self.command("youtube.play")

    async def youtube_pause(self) -> None:
        await self.command("youtube.pause")

    async def youtube_seek(self, position: float) -> None:
        await self.command("youtube.seek", position=position)

    async def youtube_stop(self) -> None:
        await self.command("youtube.stop")

    async def people(self, query: str = "") -> AsyncIterator[Message]:
        """Everybody in the room whose name contains `query`, page by page."""
        cursor: dict[str, str] = {}
        while True:
            page = await self.command("people.list", query=query, limit=100, **cursor)
            for person in page["people"]:
                yield person
            if "next" not in page:
                return
            cursor = {"after": page["next"]}

    async def media_publish(self, seat: str, offer: str) -> str:
        """Offer a seat's media; returns the answer's SDP."""
        return str((await self.command("media.publish", seat=seat, sdp=offer))["sdp"])

    async def media_watch(self, offer: str) -> str:
        """Offer the connection on which to watch; returns the answer's SDP."""
        return str((await self.command("media.watch", sdp=offer))["sdp"])

    async def media_view(self, slots: Mapping[str, Literal["high", "low", "off"]]) -> None:
        await self.command("media.view", slots=dict(slots))

    async def sync(self) -> None:
        """Ask for a fresh `welcome`."""
        await self.command("sync")
