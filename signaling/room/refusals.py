"""Why a command was not carried out: values with a stable code, never exceptions.

A refusal changes nothing and never enters the journal. The codes are part of the protocol
(signaling/PROTOCOL.md, "Commands"); a code's meaning never changes within a protocol version.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Every code that an `error` in a `reply` can carry."""

    # about the room's rules
    MUST_ASK = "must_ask"
    NOT_INVITED = "not_invited"
    FULL = "full"
    VIEWER_CAP = "viewer_cap"
    ALREADY_SHARING = "already_sharing"
    NO_SUCH_SEAT = "no_such_seat"
    MUTED_BY_MODERATOR = "muted_by_moderator"
    NOT_NEEDED = "not_needed"
    NO_SUCH_REQUEST = "no_such_request"
    NOT_A_VIDEO = "not_a_video"
    PLAYLIST = "playlist"
    DISABLED = "disabled"
    # about who asks and how
    FORBIDDEN = "forbidden"
    NOT_ADMITTED = "not_admitted"
    BAD_MESSAGE = "bad_message"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer "no". `message` is a sentence for people, `details` numbers and names for programs."""

    code: Code
    message: str
    details: dict[str, Any] = field(default_factory=dict)
