"""What a run of bots is to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    url: str
    session: str
    organizer_token: str
    speakers: int
    viewers: int
    media: bool
    """Speakers send pictures and sound."""
    watchers: int
    """How many of the viewers also receive media."""
    large: int
    """How many tiles each of them shows large; the others are small."""
    seconds: float
    """How long to stay when all have come."""
    rate: float
    """Joins in a second, at most."""
    keep: bool
    """Leave the registrants in the event."""
