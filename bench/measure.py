"""How every bench measures: our way and the bare limit by turns, medians, and their ratio.

Absolute figures move with the machine and its other guests; the ratio of two rounds that ran one after
the other hardly does. Judge by the ratio.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Result:
    """One line of a bench: medians over the rounds, in `unit`, and the median of the rounds' ratios."""

    bench: str
    what: str
    unit: str
    ours: float
    limit: float
    limit_is: str
    ratio: float
    details: Mapping[str, float] = field(default_factory=dict)


Pair = tuple[float, float]
"""One round: our cost and the limit's."""


def summarize(
    bench: str,
    what: str,
    unit: str,
    limit_is: str,
    rounds: Sequence[Pair],
    *,
    details: Mapping[str, float] | None = None,
) -> Result:
    return Result(
        bench=bench,
        what=what,
        unit=unit,
        ours=median(ours for ours, _ in rounds),
        limit=median(limit for _, limit in rounds),
        limit_is=limit_is,
        ratio=median(ours / limit for ours, limit in rounds),
        details=details or {},
    )


def alternate(ours: Callable[[], float], limit: Callable[[], float], rounds: int) -> list[Pair]:
    """Run both by turns; the first turn warms up and is not counted."""
    pairs = [(ours(), limit()) for _ in range(rounds + 1)]
    return pairs[1:]


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads of a process, with the scheduler's nanosecond precision (Linux)."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except FileNotFoundError:
            continue  # the thread ended meanwhile
    return total / 1e9


def show(results: Sequence[Result]) -> None:
    table = Table(title=None)
    for heading in ("bench", "what", "unit"):
        table.add_column(heading)
    for heading in ("ours", "bare limit", "ratio"):
        table.add_column(heading, justify="right")
    table.add_column("details")
    for result in results:
        table.add_row(
            result.bench,
            result.what,
            result.unit,
            f"{result.ours:.2f}",
            f"{result.limit:.2f}",
            f"{result.ratio:.2f}x",
            ", ".join(f"{name} {value:g}" for name, value in result.details.items()),
        )
    console = Console(width=None if Console().is_terminal else 160)
    console.print(table)
    for limit in dict.fromkeys(f"{result.bench}: the limit is {result.limit_is}" for result in results):
        console.print(limit)


def main(run: Callable[[], Sequence[Result]], about: str) -> None:
    """The command line that every bench shares."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    asked = parser.parse_args()
    results = run()
    if asked.json:
        print(json.dumps([asdict(result) for result in results], indent=2))
    else:
        show(results)
