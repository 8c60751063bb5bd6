"""Who was on screen and when, as the recorder writes it beside the captured tracks: one JSON record a line.

A line is in the file at once, so that a killed server loses nothing it had written. The first line says whose
recording it is; each further one is a complete statement, a beat (who was stated is still there) or the end.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

FORMAT = 1
BEAT_SECONDS = 0.25
"""Between two records while somebody is on screen. What is captured after the last one has no place in the files: a
kill costs up to this, and half a second at most (product, section 7) when the machine is busy."""

_TAIL = 1 << 16
"""Bytes in which the last whole record of a log is found: a statement of 50 seats takes less than half of it."""


@dataclass(frozen=True, slots=True)
class RecordedSeat:
    """A seat as a recording shows it. `audio` is False while off or muted by a moderator."""

    seat: str
    kind: Literal["camera", "screen", "integration"]
    participant: str
    name: str
    audio: bool
    video: bool
    muted: bool
    away: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """All who are on screen from `at` (Unix seconds) on; `sequence` is the journal's."""

    at: float
    sequence: int
    seats: tuple[RecordedSeat, ...]


@dataclass(frozen=True, slots=True)
class StageRun:
    """What one run of the recorder wrote. The last statement holds until `alive_until` and no longer."""

    node: str
    run: str
    title: str
    session: str
    started_at: float
    statements: tuple[Statement, ...]
    alive_until: float
    """The time of the last record: the writer was surely at work until then."""
    ended: str | None
    """Why the recording ended; None: this run doesn't know of an end."""


class StageLog:
    """Writes one run's log. Every method may raise OSError; nothing may be written afterwards."""

    def __init__(
        self, folder: Path, *, node: str, run: str, recording: str, session: str, title: str, started_at: float
    ) -> None:
        """`run` is unique among a node's runs and has no hyphen."""
        folder.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._file = os.open(folder / f"stage-{node}-{run}.jsonl", flags, 0o640)
        self._last_at = started_at
        self._torn = False
        header = {"format": FORMAT, "recording": recording, "session": session, "title": title, "node": node}
        try:
            self._write({**header, "started_at": started_at})
        except OSError:
            self.close()
            raise

    def state(self, at: float, sequence: int, seats: Sequence[RecordedSeat]) -> None:
        """Write a complete statement."""
        self._write({"at": self._rising(at), "sequence": sequence, "seats": [asdict(each) for each in seats]})

    def beat(self, at: float) -> None:
        """Write that what was stated still holds."""
        self._write({"at": self._rising(at)})

    def end(self, at: float, reason: str) -> None:
        """Write that the recording ended; the last record."""
        self._write({"at": self._rising(at), "ended": reason})

    def descriptor(self) -> int:
        """A file descriptor of the caller's own, for `os.fdatasync` in another thread."""
        return os.dup(self._file)

    def close(self) -> None:
        os.close(self._file)

    def _rising(self, at: float) -> float:
        # Journal entries of several nodes carry several clocks; a log's times never go back.
        self._last_at = max(self._last_at, at)
        return self._last_at

    def _write(self, record: Mapping[str, Any]) -> None:
        line = memoryview(json.dumps(record, separators=(",", ":"), allow_nan=False).encode() + b"\n")
        if self._torn:
            line = memoryview(b"\n" + line)
        self._torn = True  # until all of it is written: the next record then begins a line of its own
        while line:
            line = line[os.write(self._file, line) :]
        self._torn = False


def read_stage_logs(folder: Path) -> list[StageRun]:
    """Every run's log of a recording, in the order in which they were begun.

    Torn and damaged lines are left out, and so are logs whose first line can't be read. Raises OSError.
    """
    runs = [_read(path) for path in sorted(folder.glob("stage-*.jsonl"))]
    return sorted((run for run in runs if run is not None), key=lambda run: (run.started_at, run.node, run.run))


def last_words(folder: Path) -> tuple[float, bool] | None:
    """When the latest record of all logs was written, and whether one of them tells of the recording's end.

    None without a readable record. Reads only the logs' ends. Raises OSError.
    """
    latest: float | None = None
    ended = False
    for path in folder.glob("stage-*.jsonl"):
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            tail = file.read()
        for record in _records(tail.splitlines(keepends=True)):
            at = record.get("at")
            if isinstance(at, float | int):
                latest = at if latest is None else max(latest, at)
            ended = ended or isinstance(record.get("ended"), str)
    return None if latest is None else (latest, ended)


def _read(path: Path) -> StageRun | None:
    records = _records(path.read_bytes().splitlines(keepends=True))
    header = next(records, {})
    try:
        if header["format"] != FORMAT:
            return None
        node, title, session = str(header["node"]), str(header["title"]), str(header["session"])
        started_at = alive_until = float(header["started_at"])
    except (KeyError, TypeError, ValueError):
        return None
    statements: list[Statement] = []
    ended: str | None = None
    for record in records:
        try:
            at = float(record["at"])
            if "seats" in record:
                seats = tuple(RecordedSeat(**each) for each in record["seats"])
                statements.append(Statement(at, int(record["sequence"]), seats))
            elif "ended" in record:
                ended = str(record["ended"])
            alive_until = max(alive_until, at)
        except (KeyError, TypeError, ValueError):
            continue
    run = path.stem.rpartition("-")[2]
    return StageRun(node, run, title, session, started_at, tuple(statements), alive_until, ended)


def _records(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The whole records among lines."""
    for line in lines:
        if not line.endswith(b"\n"):
            continue
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            yield record
