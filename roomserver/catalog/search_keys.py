"""How names are compared and found: without case, accents or repeated blanks. Pure."""

from __future__ import annotations

import unicodedata


def search_key(*texts: str | None) -> str:
    """One text in which `LIKE '%typed%'` finds any of `texts`, however it was written.

    What people type to search goes through the same function."""
    joined = " ".join(text for text in texts if text)
    decomposed = unicodedata.normalize("NFKD", joined)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())


def like_pattern(typed: str) -> str:
    """A LIKE pattern for what somebody typed; `%` and `_` stand for themselves. Escape character: `\\`."""
    key = search_key(typed)
    for special in ("\\", "%", "_"):
        key = key.replace(special, "\\" + special)
    return f"%{key}%"
