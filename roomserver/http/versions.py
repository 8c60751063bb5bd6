"""ETags, and refusing an edit that is based on an older version."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from typing import Any

from roomserver.http.problem import Problem


def version_tag(version: int) -> str:
    """The ETag of a thing that counts its versions."""
    return f'"{version}"'


def content_tag(words: Iterable[str]) -> str:
    """The ETag of a list that is its own version."""
    digest = hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()
    return f'"{digest[:24]}"'


def check_version(wanted: Collection[str], current: str, document: Any, sent: Any) -> None:
    """Go on only if the edit is based on the current version. Raises Problem 412 with both versions: what is there
    now, and what was sent.

    `wanted`: ETags of If-Match, `*` for any; empty: not asked. `sent` must not hold secrets."""
    if not wanted or "*" in wanted or current in wanted:
        return
    raise Problem(
        412,
        "changed_meanwhile",
        "Somebody else changed this since you read it. Nothing was written; look at both versions and send again.",
        headers={"ETag": current},
        more={
            "current": document,
            "current_etag": current,
            "yours": sent,
            "your_etag": ", ".join(sorted(wanted)),
        },
    )
