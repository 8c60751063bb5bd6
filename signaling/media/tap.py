"""What a media worker hands on of the streams that are recorded. The whole interface is this file.

The worker decides what may be captured: streams of camera and screen seats that are on and not muted, while their
room is recorded. What becomes of the packets is the business of whoever implements `Tap`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from signaling.media.feedback import SenderReport


@dataclass(frozen=True, slots=True)
class TrackHeader:
    """What a track is: the packets that one client sent for one stream under one SSRC."""

    seat: str
    participant: str
    kind: Literal["audio", "video"]
    rid: str
    """The simulcast layer, "" without simulcast."""
    codec: str
    """As in SDP: "opus" or "VP8"."""
    clock_rate: int
    payload_type: int


class TrackTap(Protocol):
    """Takes the packets of one track. Calls return at once and never raise, whatever becomes of the packets."""

    def packet(self, data: bytes | memoryview, now: float) -> None:
        """A whole RTP packet, decrypted, at monotonic seconds `now`. `data` may be used again after the call."""

    def report(self, report: SenderReport, now: float) -> None:
        """The sender says which RTP time belongs to which time of its clock."""

    def close(self) -> None:
        """The track has ended."""


class Tap(Protocol):
    """Takes what is recorded in a worker's rooms."""

    def track(self, recording: str, header: TrackHeader) -> TrackTap | None:
        """Begin a track; None if it can't be taken."""

    def tick(self, now: float) -> None:
        """Do what is due; called about every 50 ms."""

    def metrics(self) -> Mapping[str, float]:
        """Counters since the start, for the operator."""
