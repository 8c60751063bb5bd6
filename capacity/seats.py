"""What takes a seat and how many are free (product section 2).

Each camera share, each screen share, each integration share and each unused grant takes one.
"""

from __future__ import annotations

from capacity.table import MAX_SEATS


def taken(seats: int, grants: int) -> int:
    """Seats taken: a seat that a grant reserves counts like one in use."""
    return seats + grants


def free(seats_taken: int, max_on_screen: int) -> int:
    """Seats that can be given now; none while a lowered `max_on_screen` is exceeded."""
    return max(0, min(max_on_screen, MAX_SEATS) - seats_taken)


def is_valid_max(max_on_screen: int) -> bool:
    """Whether a session may be set to this many seats: 1 to `MAX_SEATS`."""
    return 1 <= max_on_screen <= MAX_SEATS
