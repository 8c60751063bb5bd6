"""Seats -> tiles: who is where in the picture, how large. Pure; all numbers are pixels, and even.

Cameras fill tiles of 16:9. Where something is large (shared screens, or the active speaker), the cameras stand in a
block beside or below it, whichever leaves more to see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, inf
from typing import Literal, NamedTuple

from recording.stage_log import RecordedSeat
from recording.timeline import seat_number

Layout = Literal["gallery", "speaker"]

CAPTION = 44
"""Height of the strip under a shared screen in which its label stands: nothing covers what is shown."""

_MARGIN = 16
_GAP = 12
_NARROW_GAP = 8
_CROWD = 20
"""From so many tiles in one group on the gap is narrow."""
_WEIGHT = 0.7
"""What the cameras' size counts against the size of what is large: at 1 both count alike."""
_LARGE_ENOUGH = 280
"""Cameras beside something large needn't be wider than this."""
_STEP = 20


@dataclass(frozen=True, slots=True)
class Tile:
    """A seat's place. A share's tile has its picture above a strip of `CAPTION` height."""

    seat: RecordedSeat
    x: int
    y: int
    width: int
    height: int
    share: bool


class _Box(NamedTuple):
    x: int
    y: int
    width: int
    height: int


def arrange(
    seats: Sequence[RecordedSeat], layout: Layout, active: str | None, width: int = 1920, height: int = 1080
) -> tuple[Tile, ...]:
    """Return a tile for each of 1 to 50 seats, the large ones first, each group by seat number.

    `active` is the seat of the active speaker: in the layout "speaker" it is large while no screen is shared, and the
    first camera is while nobody has spoken.
    """
    ordered = sorted(seats, key=seat_number)
    large = [seat for seat in ordered if seat.kind == "screen"]
    small = [seat for seat in ordered if seat.kind != "screen"]
    shared = bool(large)
    if layout == "speaker" and not shared and small:
        speaker = next((seat for seat in small if seat.seat == active), small[0])
        large, small = [speaker], [seat for seat in small if seat is not speaker]
    boxes = _boxes(len(large), len(small), CAPTION if shared else 0, width, height)
    return tuple(
        Tile(seat, *box, share=seat.kind == "screen") for seat, box in zip([*large, *small], boxes, strict=True)
    )


@lru_cache(maxsize=256)
def _boxes(large: int, small: int, caption: int, width: int, height: int) -> tuple[_Box, ...]:
    area = _Box(_MARGIN, _MARGIN, width - 2 * _MARGIN, height - 2 * _MARGIN)
    if not small:
        return tuple(_grid(area, large, caption))
    if not large:
        return tuple(_grid(area, small, 0))
    best: list[_Box] = []
    most = -inf
    for first, second in _divisions(area):
        boxes = [*_grid(first, large, caption), *_grid(second, small, 0)]
        worth = boxes[0].width * min(boxes[-1].width, _LARGE_ENOUGH) ** _WEIGHT
        if worth > most:
            best, most = boxes, worth
    return tuple(_centred(best, width, height))


def _divisions(area: _Box) -> Iterator[tuple[_Box, _Box]]:
    """Ways to divide the area between what is large and the cameras beside or below it."""
    for part in range(area.width // 2, area.width - _STEP, _STEP):
        rest = area.width - part - _GAP
        yield (
            _Box(area.x, area.y, part, area.height),
            _Box(area.x + part + _GAP, area.y, rest, area.height),
        )
    for part in range(area.height // 2, area.height - _STEP, _STEP):
        rest = area.height - part - _GAP
        yield (
            _Box(area.x, area.y, area.width, part),
            _Box(area.x, area.y + part + _GAP, area.width, rest),
        )


def _grid(area: _Box, count: int, caption: int) -> list[_Box]:
    """Equal boxes of 16:9 above a caption, as large as `count` of them can be, in the middle of the area."""
    gap = _GAP if count < _CROWD else _NARROW_GAP
    columns, tile_width = max(
        ((columns, _tile_width(area, columns, ceil(count / columns), gap, caption)) for columns in range(1, count + 1)),
        key=lambda each: each[1],
    )
    tile_height = _even(tile_width * 9 / 16) + caption
    rows = ceil(count / columns)
    top = area.y + _even((area.height - rows * (tile_height + gap) + gap) / 2)
    boxes = []
    for row in range(rows):
        across = min(columns, count - row * columns)
        left = area.x + _even((area.width - across * (tile_width + gap) + gap) / 2)
        boxes += [
            _Box(left + column * (tile_width + gap), top + row * (tile_height + gap), tile_width, tile_height)
            for column in range(across)
        ]
    return boxes


def _tile_width(area: _Box, columns: int, rows: int, gap: int, caption: int) -> int:
    across = (area.width - (columns - 1) * gap) / columns
    down = (area.height - (rows - 1) * gap) / rows - caption
    return max(0, _even(min(across, down * 16 / 9)))


def _centred(boxes: list[_Box], width: int, height: int) -> Iterator[_Box]:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    across, down = _even((width - left - right) / 2), _even((height - top - bottom) / 2)
    for box in boxes:
        yield _Box(box.x + across, box.y + down, box.width, box.height)


def _even(number: float) -> int:
    return int(number // 2) * 2
