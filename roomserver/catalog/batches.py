"""Ids in portions: below every database's limit of parameters in one query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

ID_BATCH = 500


def batches(ids: Iterable[str]) -> Iterator[list[str]]:
    """Each id once, in order, a few hundred at a time."""
    rest = iter(sorted(set(ids)))
    while batch := list(islice(rest, ID_BATCH)):
        yield batch
