"""May this viewer, this seat, come in (product section 2). Numbers in, verdicts out."""

from __future__ import annotations

from dataclasses import dataclass

from capacity import seats
from capacity.table import ViewerCapTable


@dataclass(frozen=True, slots=True)
class SeatGiven:
    """`overflows`: the seat lowers the cap below the viewers there then are, so moderators are warned."""

    viewers: int
    cap_after: int
    overflows: bool


@dataclass(frozen=True, slots=True)
class SeatsFull:
    seats_taken: int
    max_on_screen: int


@dataclass(frozen=True, slots=True)
class ViewerCapInTheWay:
    """The session refuses seats (overflow `refuse_seat`) that would leave more viewers than the cap."""

    viewers: int
    viewers_after: int
    cap_before: int
    cap_after: int


def viewer_may_enter(*, viewers: int, cap: int, earlier_waiting: bool, exempt: bool) -> bool:
    """Whether a newcomer is admitted at once; otherwise they wait in line."""
    return exempt or (viewers < cap and not earlier_waiting)


def admitted_from_line(*, viewers: int, cap: int, waiting: int) -> int:
    """How many from the head of the waiting line come in now."""
    return max(0, min(waiting, cap - viewers))


def new_seat(
    table: ViewerCapTable,
    *,
    seats_taken: int,
    max_on_screen: int,
    viewers: int,
    viewers_after: int,
    refuse_on_overflow: bool,
) -> SeatGiven | SeatsFull | ViewerCapInTheWay:
    """Whether one more seat can be taken or reserved.

    `viewers_after` counts the viewers there would be with it: one fewer if a viewer goes on screen,
    one more if a grant brings somebody in from the waiting line.
    """
    if not seats.free(seats_taken, max_on_screen):
        return SeatsFull(seats_taken=seats_taken, max_on_screen=max_on_screen)
    before, after = table.cap(seats_taken), table.cap(seats_taken + 1)
    over, lowers = viewers_after > after, after < before
    # In a room that is over its cap already, only what makes that worse is refused.
    if over and refuse_on_overflow and (lowers or viewers_after > viewers):
        return ViewerCapInTheWay(viewers, viewers_after, cap_before=before, cap_after=after)
    return SeatGiven(viewers=viewers_after, cap_after=after, overflows=over and lowers)
