"""Who is heard: the loudest of a room, with hysteresis. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from signaling.media.rtp import SILENCE

ATTACK, DECAY = 0.25, 0.03
"""How fast the smoothed loudness follows, per packet of 20 ms: up in 80 ms, down in 0.7 s."""

INCUMBENT_BONUS = 8.0
"""Decibels by which a newcomer must be louder than somebody who is heard."""

SPEAKING, STILL_SPEAKING = 80.0, 65.0
"""Loudness (127 minus the level in -dBov) at which somebody counts as speaking, and until which they do."""

QUIET_SECONDS = 0.5
"""Without a packet for so long somebody is silent."""


@dataclass(slots=True)
class _Voice:
    loudness: float = 0.0
    heard: float = 0.0
    spoke: float = 0.0
    speaking: bool = False


class Speakers:
    """Ranks the seats of a room by loudness. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._voices: dict[str, _Voice] = {}
        self._heard_before: frozenset[str] = frozenset()

    def heard(self, seat: str, level: int, now: float) -> None:
        """An audio packet of a seat came, with its level in -dBov."""
        voice = self._voices.get(seat)
        if voice is None:
            voice = self._voices[seat] = _Voice()
        loudness = float(SILENCE - level)
        voice.loudness += (loudness - voice.loudness) * (ATTACK if loudness > voice.loudness else DECAY)
        voice.heard = now

    def forget(self, seat: str) -> None:
        self._voices.pop(seat, None)

    def rank(self, places: int, now: float) -> tuple[str, ...]:
        """All seats with sound, the loudest first; whoever was among the first `places` + 1 keeps ahead of
        those who are hardly louder."""
        ranked = [
            (self._loudness(voice, now) + (INCUMBENT_BONUS if seat in self._heard_before else 0.0), seat)
            for seat, voice in self._voices.items()
        ]
        ranked.sort(key=lambda each: (-each[0], each[1]))
        order = tuple(seat for _, seat in ranked)
        # One more than there are places: those who are heard don't hear themselves but the next one.
        self._heard_before = frozenset(order[: places + 1])
        return order

    def speaking(self, now: float) -> tuple[str, ...]:
        """Who speaks now, the loudest first."""
        found = []
        for seat, voice in self._voices.items():
            loudness = self._loudness(voice, now)
            voice.speaking = loudness > (STILL_SPEAKING if voice.speaking else SPEAKING)
            if voice.speaking:
                voice.spoke = now
                found.append((-loudness, seat))
        return tuple(seat for _, seat in sorted(found))

    def spoke(self, seat: str) -> float:
        """When a seat was last speaking; 0 if never."""
        voice = self._voices.get(seat)
        return 0.0 if voice is None else voice.spoke

    @staticmethod
    def _loudness(voice: _Voice, now: float) -> float:
        return voice.loudness if now - voice.heard < QUIET_SECONDS else 0.0
