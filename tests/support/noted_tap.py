"""A tap that remembers what it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from signaling.media.feedback import SenderReport
from signaling.media.tap import TrackHeader


@dataclass
class NotedTrack:
    recording: str
    header: TrackHeader
    packets: list[bytes] = field(default_factory=list)
    reports: list[SenderReport] = field(default_factory=list)
    closed: bool = False

    def packet(self, data: bytes | memoryview, now: float) -> None:
        assert not self.closed
        self.packets.append(bytes(data))

    def report(self, report: SenderReport, now: float) -> None:
        assert not self.closed
        self.reports.append(report)

    def close(self) -> None:
        assert not self.closed
        self.closed = True


class NotedTap:
    """Keeps the tracks in the order in which they began."""

    def __init__(self) -> None:
        self.tracks: list[NotedTrack] = []

    @property
    def filled(self) -> list[NotedTrack]:
        """The tracks that got packets."""
        return [track for track in self.tracks if track.packets]

    def of(self, kind: str, rid: str = "") -> list[bytes]:
        """All packets of a kind and layer."""
        found = (each for each in self.tracks if (each.header.kind, each.header.rid) == (kind, rid))
        return [packet for each in found for packet in each.packets]

    def track(self, recording: str, header: TrackHeader) -> NotedTrack:
        self.tracks.append(NotedTrack(recording, header))
        return self.tracks[-1]

    def tick(self, now: float) -> None: ...

    def metrics(self) -> Mapping[str, float]:
        return {"noted_tracks": len(self.tracks)}
