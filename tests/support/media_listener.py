"""A media plane's listener that remembers."""

from __future__ import annotations

from collections.abc import Sequence

from signaling.media.port import SendAdvice


class RecordingListener:
    """Keeps what the plane tells, in order."""

    def __init__(self) -> None:
        self.live: list[tuple[str, str, bool]] = []
        """Session, seat, and whether its media began."""
        self.speaking: list[tuple[str, ...]] = []
        self.advice: dict[str, SendAdvice] = {}
        """The latest by seat."""
        self.resets: list[str] = []

    def media_live(self, session: str, seat: str, live: bool) -> None:
        self.live.append((session, seat, live))

    def media_speaking(self, session: str, seats: Sequence[str]) -> None:
        self.speaking.append(tuple(seats))

    def media_send(self, session: str, seat: str, advice: SendAdvice) -> None:
        self.advice[seat] = advice

    def media_reset(self, session: str) -> None:
        self.resets.append(session)
