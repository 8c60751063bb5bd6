"""The viewer cap table: how many viewers a room admits at a number of taken seats (product section 2).

The table is data: the default below ships, an operator's settings replace it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

MAX_SEATS = 50
"""The fixed ceiling of seats in one room, recorded or not."""


@dataclass(frozen=True, slots=True)
class ViewerCapTable:
    """Rows of (seats taken, viewers at most), ascending by seats; between two rows the larger one holds.

    Raises ValueError naming the row when the rows are empty, unsorted, repeated, not positive,
    promise more viewers for more seats, or don't end at exactly `MAX_SEATS`.
    """

    rows: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("the viewer cap table is empty: it needs at least a row for 50 seats")
        before: tuple[int, int] | None = None
        for number, row in enumerate(self.rows, start=1):
            _check_row(number, row, before)
            before = row
        last = self.rows[-1][0]
        if last != MAX_SEATS:
            raise ValueError(
                f"the viewer cap table ends at row {len(self.rows)} with {last} seats: it must reach {MAX_SEATS} seats"
            )

    @classmethod
    def parse(cls, text: str) -> ViewerCapTable:
        """Read "1:5000,2:3000,...,50:500" (seats:viewers), as settings write it. Raises ValueError naming the row."""
        if not text.strip():
            raise ValueError("the viewer cap table is empty: write it like 1:5000,10:1500,50:500")
        return cls(tuple(_parse_row(number, part) for number, part in enumerate(text.split(","), start=1)))

    def cap(self, seats_taken: int) -> int:
        """Viewers at most while `seats_taken` (0 to `MAX_SEATS`) are taken; with none, the first row holds."""
        if not 0 <= seats_taken <= MAX_SEATS:
            raise ValueError(f"a room has 0 to {MAX_SEATS} taken seats, not {seats_taken}")
        return self.rows[bisect_left(self.rows, (seats_taken, 0))][1]

    def __str__(self) -> str:
        """The form that `parse` reads."""
        return ",".join(f"{seats}:{viewers}" for seats, viewers in self.rows)


def _parse_row(number: int, text: str) -> tuple[int, int]:
    seats, _, viewers = (part.strip() for part in text.partition(":"))
    if not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in (seats, viewers)):
        raise ValueError(f"viewer cap table, row {number} ({text.strip()[:40]!r}): write seats:viewers, like 10:1500")
    return int(seats), int(viewers)


def _check_row(number: int, row: tuple[int, int], before: tuple[int, int] | None) -> None:
    seats, viewers = row
    where = f"viewer cap table, row {number} ({seats}:{viewers})"
    if seats < 1:
        raise ValueError(f"{where}: seats must be 1 or more")
    if seats > MAX_SEATS:
        raise ValueError(f"{where}: a room has at most {MAX_SEATS} seats")
    if viewers < 1:
        raise ValueError(f"{where}: viewers must be 1 or more")
    if before is None:
        return
    if seats == before[0]:
        raise ValueError(f"{where}: there is already a row for {seats} seats")
    if seats < before[0]:
        raise ValueError(f"{where}: rows must be sorted by seats, and the row before has {before[0]}")
    if viewers > before[1]:
        raise ValueError(
            f"{where}: the cap must not rise with seats, and the row before admits {before[1]} viewers at {before[0]}"
        )


DEFAULT_TABLE = ViewerCapTable(
    (
        (1, 5000),
        (2, 3000),
        (3, 3000),
        (4, 3000),
        (5, 1500),
        (10, 1500),
        (12, 1500),
        (15, 1500),
        (20, 1500),
        (25, 1500),
        (50, 500),
    )
)
