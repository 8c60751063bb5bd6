"""Tiles and pictures -> the frames of a recording: one canvas, on which only what changed is drawn anew.

A camera fills its tile; of one that isn't as wide as the tile, a little is cut off above and below, and one that is
upright stands between two bars. A shared screen is always whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from recording.layout import CAPTION, Tile
from recording.marks import STAGE, SURFACE, Marks, inset, outline
from recording.overlay import Bytes, Colour, Planes, yuv
from recording.pictures import Shown

WIDTH, HEIGHT = 1920, 1080

_MOST_CUT = 0.28
"""Share of a camera's picture that may be cut off: one of 4:3 loses a quarter in a tile of 16:9."""

_Place = tuple[int, int, int, int]


class Canvas:
    """One picture of 1920x1080, yuv420p in the colours of `recording.overlay`. Not for several threads at once."""

    def __init__(self, marks: Marks | None = None) -> None:
        """Canvases may share `marks`, which keep what they drew."""
        self._samples = np.empty(WIDTH * HEIGHT * 3 // 2, np.uint8)
        luma, chroma = WIDTH * HEIGHT, WIDTH * HEIGHT // 4
        self._planes: Planes = (
            self._samples[:luma].reshape(HEIGHT, WIDTH),
            self._samples[luma : luma + chroma].reshape(HEIGHT // 2, WIDTH // 2),
            self._samples[luma + chroma :].reshape(HEIGHT // 2, WIDTH // 2),
        )
        self._marks = marks or Marks()
        self._tiles: Sequence[Tile] = ()
        self._places: list[_Place] = []
        self._drawn: dict[_Place, object] = {}
        self._scalers: dict[_Place, VideoReformatter] = {}
        self._clear()

    def draw(self, tiles: Sequence[Tile], pictures: Mapping[str, Shown | None], active: str | None) -> av.VideoFrame:
        """Draw the tiles with each seat's picture, or none, and mark the active speaker's unless they are muted.

        The frame's samples are the canvas's own: the next call draws over them.
        """
        if tiles is not self._tiles:
            places = [_place(tile) for tile in tiles]
            if places != self._places:
                self._clear()
                self._places = places
            self._tiles = tiles
        for tile in tiles:
            shown = pictures.get(tile.seat.seat) if tile.seat.video else None
            speaking = tile.seat.seat == active and tile.seat.audio and not tile.share
            state = (tile.seat, shown.serial if shown is not None else None, speaking)
            place = _place(tile)
            if self._drawn.get(place) != state:
                self._draw(tile, shown, speaking)
                self._drawn[place] = state
        frame = av.VideoFrame.from_numpy_buffer(self._samples.reshape(-1, WIDTH), "yuv420p")
        frame.colorspace, frame.color_range = Colorspace.ITU601, ColorRange.MPEG
        return frame

    def _clear(self) -> None:
        self._fill(0, 0, WIDTH, HEIGHT, STAGE)
        self._drawn.clear()
        self._scalers.clear()

    def _draw(self, tile: Tile, shown: Shown | None, speaking: bool) -> None:
        seat, x, y, width = tile.seat, tile.x, tile.y, tile.width
        height = tile.height - CAPTION if tile.share else tile.height
        if shown is None:
            self._marks.face(seat.name, seat.participant, tile.share, width, height).lay(self._planes, x, y)
        else:
            self._picture(tile, height, shown.frame)
        outline(width, height, speaking, tile.share).lay(self._planes, x, y)
        if tile.share:
            self._marks.caption(seat.name, width).lay(self._planes, x, y + height)
        else:
            label = self._marks.label(seat.name, not seat.audio, width, height)
            label.lay(self._planes, x + inset(height), y + height - inset(height) - label.height)

    def _picture(self, tile: Tile, height: int, source: av.VideoFrame) -> None:
        """Scale the picture into its tile."""
        width = tile.width
        wide, tall = _size(source.width, source.height, width, height, whole=tile.share)
        scaler = self._scalers.setdefault(_place(tile), VideoReformatter())
        # One thread: to hand such small pictures to others costs more than to scale them.
        scaled = scaler.reformat(
            source,
            wide,
            tall,
            "yuv420p",
            dst_colorspace=Colorspace.ITU601,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BICUBIC if tile.share else Interpolation.BILINEAR,
            threads=1,
        )
        if wide < width or tall < height:
            self._fill(tile.x, tile.y, width, height, SURFACE)
        left, top = _even(max(0, width - wide) / 2), _even(max(0, height - tall) / 2)
        cut_left, cut_top = _even(max(0, wide - width) / 2), _even(max(0, tall - height) / 2)
        across, down = min(wide, width), min(tall, height)
        for plane, part, half in zip(self._planes, _samples(scaled), (0, 1, 1), strict=True):
            x, y, w, h = (tile.x + left) >> half, (tile.y + top) >> half, across >> half, down >> half
            from_x, from_y = cut_left >> half, cut_top >> half
            plane[y : y + h, x : x + w] = part[from_y : from_y + h, from_x : from_x + w]

    def _fill(self, x: int, y: int, width: int, height: int, colour: Colour) -> None:
        for plane, sample, half in zip(self._planes, yuv(colour), (0, 1, 1), strict=True):
            plane[y >> half : (y + height) >> half, x >> half : (x + width) >> half] = sample


def _place(tile: Tile) -> _Place:
    return tile.x, tile.y, tile.width, tile.height


def _size(source_width: int, source_height: int, width: int, height: int, *, whole: bool) -> tuple[int, int]:
    """How large a picture is drawn in a tile: filling it where little is cut off then, otherwise within it. Even."""
    within = min(width / source_width, height / source_height)
    filling = max(width / source_width, height / source_height)
    if not whole and 1 - within / filling <= _MOST_CUT:
        return max(width, _even(ceil(source_width * filling))), max(height, _even(ceil(source_height * filling)))
    return max(2, _even(source_width * within)), max(2, _even(source_height * within))


def _samples(frame: av.VideoFrame) -> list[Bytes]:
    """The frame's planes without copying; their lines are longer than the picture is wide."""
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
        for plane in frame.planes
    ]


def _even(number: float) -> int:
    return int(number // 2) * 2
