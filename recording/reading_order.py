"""In which order the parts of a line stand that reads from left to right here and from right to left there. Pure.

This is as much of Unicode's bidirectional algorithm (UAX #9) as lines without embeddings and brackets need; embeddings
are taken out of names before. Shaping happens later, in each run on its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby

_STRONG = {"L": "L", "R": "R", "AL": "R"}
_NUMBERS = ("EN", "AN")


def levels(clusters: Sequence[str]) -> list[int]:
    """The embedding level of each cluster of a line, in reading order: even runs from left to right, odd ones back."""
    kinds = [_kind(cluster) for cluster in clusters]
    base = next((kind for kind in kinds if kind in ("L", "R")), "L")
    strong = base
    for index, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "number" and strong == "L":
            kinds[index] = "L"
    directions = _neutrals_resolved(kinds, base)
    return [_level(direction, base) for direction in directions]


def seen_order(levels: Sequence[int]) -> list[int]:
    """The indexes of a line's runs from left to right, given each run's level (rule L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        turned: list[int] = []
        for high, run in groupby(order, key=lambda index: levels[index] >= level):
            indexes = list(run)
            turned += reversed(indexes) if high else indexes
        order = turned
    return order


def _kind(cluster: str) -> str:
    found = unicodedata.bidirectional(cluster[0])
    return _STRONG.get(found) or ("number" if found in _NUMBERS else "neutral")


def _neutrals_resolved(kinds: Sequence[str], base: str) -> list[str]:
    """Neutrals between two of the same direction take it, the others that of the line; numbers count as R here."""
    resolved: list[str] = []
    before = base
    for neutral, run in groupby(enumerate(kinds), key=lambda each: each[1] == "neutral"):
        indexes = [index for index, _ in run]
        if neutral:
            following = kinds[indexes[-1] + 1] if indexes[-1] + 1 < len(kinds) else base
            after = "R" if following == "number" else following
            resolved += [before if before == after else base] * len(indexes)
        else:
            resolved += [kinds[index] for index in indexes]
            before = "R" if kinds[indexes[-1]] == "number" else kinds[indexes[-1]]
    return resolved


def _level(direction: str, base: str) -> int:
    if direction == "R":
        return 1
    return 2 if direction == "number" or base == "R" else 0
