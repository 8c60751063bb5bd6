"""Pictures of the demo's sessions, drawn when they are needed: nothing to keep, nothing to license."""

from __future__ import annotations

import math
from io import BytesIO

from PIL import Image, ImageDraw

from roomserver.catalog.pictures import Picture, make_picture

_WIDTH, _HEIGHT = 1280, 720
_FINER = 2
"""Everything is drawn that much larger, so that edges are smooth once it is made small."""

Colour = tuple[int, int, int, int]
"""Red, green, blue, and how much of it: 0 to 255."""


def round_table_picture() -> Picture:
    """People around a table, seen from above."""
    image = _gradient((46, 58, 140), (30, 146, 158))
    for radius, strength in ((460, 14), (350, 18), (240, 24), (130, 56)):
        _oval(image, (640, 360), (radius, radius), (255, 255, 255, strength))
    for seat in range(9):
        angle = math.tau * seat / 9 - math.pi / 2
        centre = 640 + 240 * math.cos(angle), 360 + 240 * math.sin(angle)
        _oval(image, centre, (44, 44), (255, 203, 107, 240) if seat in {0, 4} else (255, 255, 255, 190))
    return _finished(image)


def stage_picture() -> Picture:
    """Beams of light on a stage, and those who watch."""
    image = _gradient((34, 22, 66), (150, 52, 110))
    for left, right, strength in ((220, 470, 36), (530, 750, 60), (810, 1060, 36)):
        _area(image, ((640, -120), (left, 600), (right, 600)), (255, 236, 200, strength))
        _oval(image, ((left + right) / 2, 600), ((right - left) / 2, 24), (255, 236, 200, strength + 20))
    _oval(image, (640, 430), (40, 40), (255, 214, 140, 255))
    _oval(image, (640, 545), (66, 68), (255, 214, 140, 255))
    for count, height, size in ((13, 668, 36), (11, 722, 48)):
        for seat in range(count):
            _oval(image, (_WIDTH * (seat + 0.5) / count, height), (size, size), (24, 15, 48, 240))
    return _finished(image)


def _gradient(start: tuple[int, int, int], end: tuple[int, int, int]) -> Image.Image:
    """From corner to corner."""
    slope = Image.linear_gradient("L").rotate(30, resample=Image.Resampling.BICUBIC)
    size = _WIDTH * _FINER, _HEIGHT * _FINER
    mask = slope.crop((48, 48, 208, 208)).resize(size, Image.Resampling.BICUBIC)
    return Image.composite(Image.new("RGB", size, end), Image.new("RGB", size, start), mask)


def _oval(image: Image.Image, centre: tuple[float, float], radii: tuple[float, float], colour: Colour) -> None:
    (x, y), (across, up) = centre, radii
    box = [each * _FINER for each in (x - across, y - up, x + across, y + up)]
    # In this mode a colour is mixed with what is below it.
    ImageDraw.Draw(image, "RGBA").ellipse(box, fill=colour)


def _area(image: Image.Image, corners: tuple[tuple[float, float], ...], colour: Colour) -> None:
    ImageDraw.Draw(image, "RGBA").polygon([(x * _FINER, y * _FINER) for x, y in corners], fill=colour)


def _finished(image: Image.Image) -> Picture:
    file = BytesIO()
    image.resize((_WIDTH, _HEIGHT), Image.Resampling.LANCZOS).save(file, "WEBP", quality=90)
    return make_picture(file.getvalue())
