"""What the person at the terminal sees of a run: progress, and the table at the end."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from roomserver.bots.figures import Spread, Summary


class TerminalProgress:
    """Live on standard error, so that `--json` on standard output stays clean. Use as a context manager."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[numbers]}"),
            console=console,
            refresh_per_second=4,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> TerminalProgress:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def phase(self, what: str, total: int) -> None:
        if self._task is not None:
            self._progress.stop_task(self._task)
        self._task = self._progress.add_task(what, total=total or None, numbers="")

    def step(self) -> None:
        if self._task is not None:
            self._progress.advance(self._task)

    def show(self, **numbers: object) -> None:
        if self._task is not None:
            self._progress.update(self._task, numbers=", ".join(f"{name} {value}" for name, value in numbers.items()))


def summary_table(summary: Summary) -> Table:
    table = Table(show_header=False)
    table.add_column("what")
    table.add_column("figure")
    rows: list[tuple[str, object]] = [
        ("on screen", summary.speakers),
        ("viewers", summary.viewers),
        ("waiting in line", summary.waiting),
        ("joins/s", summary.joins_per_second),
        ("time to welcome", _spread(summary.welcome_ms)),
        ("room updates received", summary.updates),
        ("update, first bot to last", _spread(summary.update_spread_ms)),
        ("command to update, at all bots", _spread(summary.action_ms)),
        ("the bots' own delay", _spread(summary.bots_delay_ms)),
        ("reconnects", summary.reconnects),
        ("whole state sent again", summary.fresh_states),
    ]
    if (media := summary.media) is not None:
        rows += [
            ("publishers, watchers", f"{media.publishers}, {media.watchers}"),
            ("packets sent, received", f"{media.packets_sent}, {media.packets_received}"),
            ("packets lost", f"{media.packets_lost} ({100 * media.loss:.2f} %), {media.packets_recovered} by RTX"),
            ("frames/s by slot", ", ".join(f"{slot} {rate}" for slot, rate in media.frames_per_second.items()) or "-"),
            ("media later than at best", _spread(media.lag_ms)),
        ]
    rows += [(f"error: {code}", count) for code, count in summary.errors.items()]
    for what, figure in rows:
        table.add_row(what, str(figure))
    return table


def _spread(spread: Spread) -> str:
    if not spread.count:
        return "-"
    return f"p50 {spread.p50:g} ms, p99 {spread.p99:g} ms, most {spread.most:g} ms"
