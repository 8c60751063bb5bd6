"""How far imports are, for whoever watches them: kept in memory by the server that carries them out."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum

MAX_REMEMBERED = 200


class Stage(StrEnum):
    READING = "reading"
    CHECKING = "checking"
    WRITING = "writing"
    TELLING = "telling"
    """The catalog is changed; rooms that are running hear of it."""
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class Progress:
    """One import. `done` of `total` counts rows within the stage."""

    stage: Stage = Stage.READING
    done: int = 0
    total: int = 0

    def enter(self, stage: Stage, total: int) -> None:
        self.stage, self.done, self.total = stage, 0, total

    def count(self, rows: int = 1) -> None:
        self.done += rows

    def reach(self, rows: int) -> None:
        """Also called from the thread that plans."""
        self.done = rows


class Imports:
    """The latest imports, by who carries them out and the name that they gave."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], Progress] = OrderedDict()

    def begin(self, person: str, name: str | None) -> Progress:
        progress = Progress()
        if name is not None:
            self._known.pop((person, name), None)
            self._known[person, name] = progress
            while len(self._known) > MAX_REMEMBERED:
                self._known.popitem(last=False)
        return progress

    def find(self, person: str, name: str) -> Progress | None:
        return self._known.get((person, name))
