"""How names are compared and found: without case, accents or repeated blanks. Pure."""

from __future__ import annotations

import unicodedata

MAX_SORT_CHARS, MAX_SEARCH_CHARS = 200, 400
"""Both together fit into an entry of PostgreSQL's indexes (2,704 bytes), whatever the script. Only letters that stand
for whole words (U+FDFA) make a key of the longest allowed texts longer than that."""


def search_key(*texts: str | None) -> str:
    """One text in which `LIKE '%typed%'` finds any of `texts`, however it was written.

    What people type to search goes through the same function."""
    joined = " ".join(text for text in texts if text)
    decomposed = unicodedata.normalize("NFKD", joined)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())[:MAX_SEARCH_CHARS]


def sort_key(text: str) -> str:
    """What lists are ordered by, and by what names are the same."""
    return search_key(text)[:MAX_SORT_CHARS]


def like_pattern(typed: str) -> str:
    """A LIKE pattern for what somebody typed; `%` and `_` stand for themselves. Escape character: `\\`."""
    key = search_key(typed)
    for special in ("\\", "%", "_"):
        key = key.replace(special, "\\" + special)
    return f"%{key}%"
