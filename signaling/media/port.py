"""What the hub asks of the media plane and what it hears from it. The whole interface is this file.

The hub states what is true (`stage`: who is on screen with what); the media plane makes it so. A
statement is complete each time, so that a replaced worker needs only the last one. Media of a seat
that is not in the statement stops at once, whatever the client does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Level = Literal["high", "low", "off"]


class BadOffer(Exception):
    """The SDP can't be used: not an offer, too large, no common codec. The text is for the client."""


class MediaUnavailable(Exception):
    """No media worker can serve just now; try again."""


@dataclass(frozen=True, slots=True)
class StageSeat:
    """A seat as the media plane needs it. `audio` is False while off or muted by a moderator."""

    seat: str
    kind: Literal["camera", "screen", "integration"]
    participant: str
    slot: int | None
    audio: bool
    video: bool


@dataclass(frozen=True, slots=True)
class SendAdvice:
    """What a publisher should send now, told with `media.send` (protocol, "Media")."""

    layers: Mapping[str, Mapping[str, Any]]
    """By RID ("" for the only layer of a publisher without simulcast): {"active": bool, "max_bitrate": bits/s,
    "max_framerate": fps, "scale_down_by": factor for a camera of 1280x720, "width", "height"}. Screens have no
    width and height: they are sent in full size."""


class MediaPlane(Protocol):
    """Answers offers and forwards media. `watcher` is a hub connection id, unique over time."""

    async def publish(self, session: str, seat: str, sdp: str) -> str:
        """Answer the offer of a seat's owner. A second offer for the same seat replaces the first
        connection (or restarts its ICE). Raises BadOffer, MediaUnavailable."""

    async def watch(self, session: str, watcher: str, participant: str, sdp: str) -> str:
        """Answer a watcher's offer; again on the same connection to add slots or restart ICE.
        Seats of `participant` itself are not sent back to them. Raises BadOffer, MediaUnavailable."""

    def stage(self, session: str, seats: Sequence[StageSeat], recording: str | None = None) -> None:
        """The whole truth about who is on screen. No seats: the room's publishers are all ended.

        `recording` is the id under which the packets of cameras and screens are captured now; None: they are not."""

    def view(self, session: str, watcher: str, slots: Mapping[int, Level]) -> None:
        """What this watcher shows now; slots that are not named keep their level."""

    def unwatch(self, session: str, watcher: str) -> None:
        """The watcher is gone; forget its connection."""

    def ice_servers(self) -> Sequence[Mapping[str, Any]]:
        """For `ice_servers` in `welcome`: STUN and TURN of the operator's settings, usually none."""

    async def close(self) -> None:
        """End all workers."""


class MediaListener(Protocol):
    """What the hub hears. Called on the hub's event loop; must not block."""

    def media_live(self, session: str, seat: str, live: bool) -> None:
        """Media of a seat began (first packet) or ceased (2 s without any, or connection lost)."""

    def media_speaking(self, session: str, seats: Sequence[str]) -> None:
        """Who speaks now, loudest first; on change, at most once a second."""

    def media_send(self, session: str, seat: str, advice: SendAdvice) -> None:
        """A publisher should change what it sends."""

    def media_reset(self, session: str) -> None:
        """The worker of this room died and is replaced: every client must offer anew on fresh connections."""
