"""How a tile looks besides its picture: name, muted mark, avatar, rounded corners, the active speaker's frame.

Colours and shapes are those of the room's pages, on their dark theme. There are no words but names, so that a recording
needs no language.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from recording.labels import Lettering, initials, line_height
from recording.layout import CAPTION
from recording.overlay import Colour, Outline, Overlay

STAGE: Colour = (9, 11, 16)
SURFACE: Colour = (30, 37, 48)
SPEAKING: Colour = (70, 209, 138)
_SHADE = (9, 11, 16, 184)
_SILENT: Colour = (255, 158, 164)
_WHITE: Colour = (255, 255, 255)
_SOFT: Colour = (170, 180, 197)
_AVATARS: tuple[Colour, ...] = (
    (60, 91, 181),
    (122, 79, 176),
    (43, 122, 120),
    (154, 74, 104),
    (92, 107, 47),
    (138, 90, 43),
)

FRAME = 4
"""Width of the active speaker's frame."""

_LEAST_RADIUS = 6
"""Of corners; a shared screen has no more of its picture taken than this."""

_FINE = 8
"""Shapes are drawn so many times larger, for smooth edges."""
_ICON = 24
"""The grid on which icons are drawn."""

Icon = Literal["microphone off", "screen"]


class Marks:
    """Makes what is laid over tiles; each is made once."""

    def __init__(self) -> None:
        self._lettering = Lettering()
        self.label = lru_cache(maxsize=256)(self._label)
        self.caption = lru_cache(maxsize=64)(self._caption)
        self.face = lru_cache(maxsize=128)(self._face)

    def _label(self, name: str, silent: bool, width: int, height: int) -> Overlay:
        """A camera's name on a shade, for a tile of this size; with the muted mark in front if `silent`."""
        size = letter_size(height)
        padding = round(size * 0.5)
        icon = _icon("microphone off", round(size * 1.1), _SILENT) if silent else None
        before = padding + (icon.width + round(size * 0.35) if icon is not None else 0)
        line = self._lettering.line(name, size, max(size, width - 2 * inset(height) - before - padding))
        tall = _label_height(size)
        image = _shade(before + line.width + padding, tall, round(size * 0.4))
        if icon is not None:
            image.alpha_composite(icon, (padding, (tall - icon.height) // 2))
        image.alpha_composite(line, (before, (tall - line.height) // 2))
        return Overlay(_evened(image))

    def _caption(self, name: str, width: int) -> Overlay:
        """The strip under a shared screen: the screen's sign and whose it is, in the middle."""
        size = round(CAPTION * 0.6)
        icon = _icon("screen", round(size * 1.2), _SOFT)
        gap = round(size * 0.5)
        line = self._lettering.line(name, size, max(size, width - icon.width - gap))
        image = Image.new("RGBA", (width, CAPTION), STAGE)
        left = (width - icon.width - gap - line.width) // 2
        image.alpha_composite(icon, (left, (CAPTION - icon.height) // 2))
        image.alpha_composite(line, (left + icon.width + gap, (CAPTION - line.height) // 2))
        return Overlay(image)

    def _face(self, name: str, participant: str, screen: bool, width: int, height: int) -> Overlay:
        """What a tile shows without a picture: the person's first letters, or the screen's sign, on their colour."""
        image = Image.new("RGBA", (width, height), SURFACE)
        across = min(round(min(width, height) * 0.44), 320)
        circle = Image.new("L", (across * 4, across * 4))
        ImageDraw.Draw(circle).ellipse((0, 0, across * 4 - 1, across * 4 - 1), 255)
        left, top = (width - across) // 2, (height - across) // 2
        above = height - inset(height) - _label_height(letter_size(height))
        if not screen and top + across > above:
            top = max(0, (above - across) // 2)
        image.paste(avatar_colour(participant), (left, top), circle.resize((across, across), Image.Resampling.LANCZOS))
        if screen:
            inner = _icon("screen", round(across * 0.5), _WHITE)
        else:
            inner = self._lettering.line(initials(name), max(8, round(across * 0.4)), round(across * 0.9))
        image.alpha_composite(inner, (left + (across - inner.width) // 2, top + (across - inner.height) // 2))
        return Overlay(image)


def letter_size(height: int) -> int:
    """The size of the name's letters in a tile of this height."""
    return max(14, min(32, round(8 + height * 0.06)))


def _label_height(size: int) -> int:
    return line_height(size) + round(size * 0.1)


def inset(height: int) -> int:
    """How far a name stands from its tile's edges; even."""
    return max(4, min(16, round(height * 0.02) * 2))


def avatar_colour(participant: str) -> Colour:
    """The colour that the room's pages give to this person too."""
    number = 0
    for character in participant:
        number = (number * 31 + ord(character)) % 2**32
    return _AVATARS[number % len(_AVATARS)]


@lru_cache(maxsize=64)
def outline(width: int, height: int, speaking: bool, share: bool) -> Outline:
    """A tile's rounded corners, and the active speaker's frame along its edge."""
    radius = _LEAST_RADIUS if share else max(_LEAST_RADIUS, min(16, round(height * 0.06)))
    beyond = _beyond_rounded(width, height, radius)
    cut = np.clip(beyond + 0.5, 0, 1)
    ring = np.clip(beyond + FRAME + 0.5, 0, 1) if speaking else np.zeros_like(cut)
    image = Image.new("RGB", (width, height), SPEAKING if speaking else STAGE)
    image.paste(STAGE, (0, 0), Image.fromarray(np.rint(cut * 255).astype(np.uint8)))
    image.putalpha(Image.fromarray(np.rint(np.maximum(cut, ring) * 255).astype(np.uint8)))
    return Outline(image)


def _beyond_rounded(width: int, height: int, radius: int) -> NDArray[np.float32]:
    """How far each pixel's middle lies outside of a rounded rectangle; negative inside."""
    across = np.abs(np.arange(width, dtype=np.float32) + 0.5 - width / 2) - (width / 2 - radius)
    down = np.abs(np.arange(height, dtype=np.float32) + 0.5 - height / 2) - (height / 2 - radius)
    x, y = np.broadcast_arrays(across[None, :], down[:, None])
    beyond: NDArray[np.float32] = np.hypot(np.maximum(x, 0), np.maximum(y, 0)) + np.minimum(np.maximum(x, y), 0)
    return beyond - np.float32(radius)


def _shade(width: int, height: int, radius: int) -> Image.Image:
    large = Image.new("L", (width * 4, height * 4))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, width * 4 - 1, height * 4 - 1), radius * 4, _SHADE[3])
    image = Image.new("RGBA", (width, height), _SHADE[:3])
    image.putalpha(large.resize((width, height), Image.Resampling.LANCZOS))
    return image


def _evened(image: Image.Image) -> Image.Image:
    """The image on an area of even size."""
    area = Image.new("RGBA", (image.width + image.width % 2, image.height + image.height % 2))
    area.paste(image, (0, 0))
    return area


@lru_cache(maxsize=64)
def _icon(icon: Icon, size: int, colour: Colour) -> Image.Image:
    """A sign drawn with lines on a grid of 24, RGBA of `size` by `size` on nothing."""
    strokes = Image.new("L", (_ICON * _FINE, _ICON * _FINE))
    draw = ImageDraw.Draw(strokes)
    if icon == "screen":
        _box(draw, (2, 3, 22, 17), 2)
        _line(draw, (12, 17, 12, 21))
        _line(draw, (8, 21, 16, 21))
    else:
        _box(draw, (9, 2, 15, 15), 3)
        draw.arc(_scaled((4, 3, 20, 19)), 0, 180, 255, 2 * _FINE)
        _line(draw, (12, 18, 12, 22))
        _line(draw, (3.4, 0.6, 23.4, 20.6), 0, 2.4)
        _line(draw, (2, 2, 22, 22))
    image = Image.new("RGBA", (size, size), colour)
    image.putalpha(strokes.resize((size, size), Image.Resampling.LANCZOS))
    return image


def _scaled(numbers: tuple[float, ...]) -> list[float]:
    return [number * _FINE for number in numbers]


def _box(draw: ImageDraw.ImageDraw, corners: tuple[float, ...], radius: int) -> None:
    left, top, right, bottom = corners
    edges = (left - 1, top - 1, right + 1, bottom + 1)
    draw.rounded_rectangle(_scaled(edges), (radius + 1) * _FINE, outline=255, width=2 * _FINE)


def _line(draw: ImageDraw.ImageDraw, ends: tuple[float, ...], fill: int = 255, width: float = 2) -> None:
    """A line with round ends."""
    draw.line(_scaled(ends), fill, round(width * _FINE))
    for x, y in (ends[:2], ends[2:]):
        draw.ellipse(_scaled((x - width / 2, y - width / 2, x + width / 2, y + width / 2)), fill)
