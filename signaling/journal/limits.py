"""What every journal accepts, checked before anything is written."""

from __future__ import annotations

import re
from typing import Final

MAX_PAYLOAD_BYTES: Final = 4 * 1024 * 1024
"""One entry is one batch of a room: some 200 bytes an event, so this is 20,000 events at once."""

MAX_SNAPSHOT_BYTES: Final = 64 * 1024 * 1024

_SESSION: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def check_session(session: str) -> None:
    """Raises ValueError unless `session` is of [A-Za-z0-9_-]{1,64}: it becomes part of file names and keys."""
    if not _SESSION.fullmatch(session):
        raise ValueError(f"session: must be 1 to 64 of the characters A-Z a-z 0-9 _ -, not {session[:80]!r}")


def check_payload(payload: bytes) -> None:
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise ValueError(f"payload: {len(payload)} bytes are more than {MAX_PAYLOAD_BYTES}")


def check_snapshot(snapshot: bytes) -> None:
    if len(snapshot) > MAX_SNAPSHOT_BYTES:
        raise ValueError(f"snapshot: {len(snapshot)} bytes are more than {MAX_SNAPSHOT_BYTES}")
