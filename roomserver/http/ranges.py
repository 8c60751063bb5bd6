"""Which part of a file a request asks for (RFC 9110, sections 13 and 14). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes `start` to `end`, exclusive, of `size`."""

    start: int
    end: int
    size: int

    @property
    def content_range(self) -> str:
        return f"bytes {self.start}-{self.end - 1}/{self.size}"


class Unsatisfiable(Exception):
    """The part that is asked for begins after the end."""


def wanted_part(headers: Mapping[str, str], etag: str, size: int) -> Part | None:
    """The part that is asked for; None: the whole file.

    Several ranges at once, another unit and what isn't a range get the whole, as the RFC allows; so does a range of
    another version of the file than `etag` (If-Range). Raises Unsatisfiable."""
    condition = headers.get("if-range")
    if condition is not None and condition.strip() != etag:  # also for a date: the file's isn't known
        return None
    found = _RANGE.fullmatch(headers.get("range", "").strip())
    if found is None:
        return None
    first, last = found.groups()
    if first:
        start, end = int(first), int(last) + 1 if last else size
        if last and end <= start:
            return None  # no range at all
    elif last:
        start, end = max(0, size - int(last)), size
    else:
        return None
    if start >= size or start >= end:
        raise Unsatisfiable
    return Part(start, min(end, size), size)


def has_same(headers: Mapping[str, str], etag: str) -> bool:
    """Whether the client says that it has this version already (If-None-Match)."""
    tags = [tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")]
    return etag in tags or "*" in tags
