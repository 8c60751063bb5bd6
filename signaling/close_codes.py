"""Why the server closes a connection, and whether the client should come back."""

from __future__ import annotations

from enum import IntEnum


class CloseCode(IntEnum):
    """Close codes of the protocol (PROTOCOL.md, "Closing"). Codes below 4100 invite to come back."""

    LEFT = 1000
    GOING_AWAY = 1001
    TOO_SLOW = 4000
    MOVED = 4001
    DEPENDENCY_DOWN = 4002
    NO_HELLO = 4100
    BAD_TOKEN = 4101
    NOT_ALLOWED = 4102
    TAKEN_OVER = 4103
    CLOSED = 4104
    NOT_UNDERSTOOD = 4105


COME_BACK = frozenset({CloseCode.GOING_AWAY, CloseCode.TOO_SLOW, CloseCode.MOVED, CloseCode.DEPENDENCY_DOWN})
"""With the resume token; after DEPENDENCY_DOWN with a growing delay."""
