"""The rules that rows meet: the API's own, handed in by whoever knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from roomserver.catalog.bulk.columns import Record
from roomserver.faults import Fault


@dataclass(frozen=True, slots=True)
class Checked:
    values: Record
    """The values that fit, as the catalog keeps them; also what follows from them."""
    faults: Sequence[Fault] = ()
    """`field` may be a path like `tags.2`."""


class Rules(Protocol):
    """The rules for one kind of thing."""

    @property
    def defaults(self) -> Record:
        """What fields are that nobody set."""

    def check(self, sent: Record, before: Record | None) -> Checked:
        """Check what a row sends; `before` is None for something new."""
