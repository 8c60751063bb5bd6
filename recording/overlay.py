"""What is laid over pictures: drawn in RGB with opacity, kept as planes of YUV 4:2:0 that are quick to lay down.

The colours are those of ITU-R BT.601 in the limited range. Browsers send cameras and screens in it, so a picture's
samples go into the canvas as they come, and only what is drawn here is converted, once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Bytes = NDArray[np.uint8]
Planes = tuple[Bytes, Bytes, Bytes]
"""Luma, and two planes of chroma with half its width and height."""

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

_RED, _BLUE = 0.299, 0.114
_TO_YUV = np.array(
    [
        [_RED, 1 - _RED - _BLUE, _BLUE],
        [-_RED / (2 * (1 - _BLUE)), -(1 - _RED - _BLUE) / (2 * (1 - _BLUE)), 0.5],
        [0.5, -(1 - _RED - _BLUE) / (2 * (1 - _RED)), -_BLUE / (2 * (1 - _RED))],
    ]
) * np.array([[219.0], [224.0], [224.0]])
_OFFSET = np.array([16.0, 128.0, 128.0])


def yuv(colour: Colour) -> tuple[int, int, int]:
    """A colour's luma and chroma."""
    y, u, v = (_TO_YUV @ np.array(colour) / 255 + _OFFSET).round()
    return int(y), int(u), int(v)


class _Layer(NamedTuple):
    """For one plane: what is added to the picture's part, in 1/256, and that part itself, 0 to 256."""

    added: NDArray[np.uint16]
    kept: NDArray[np.uint16]


def _layers(image: Image.Image) -> list[_Layer]:
    pixels = np.asarray(image.convert("RGBA"), np.float32)
    opacity: NDArray[np.float32] = pixels[..., 3] / np.float32(255)
    coloured: NDArray[np.float32] = pixels[..., :3] @ (_TO_YUV.T / 255).astype(np.float32) + _OFFSET.astype(np.float32)
    coloured *= opacity[..., None]
    layers = []
    for channel in range(3):
        half = channel > 0
        added, covered = _halved(coloured[..., channel], half), _halved(opacity, half)
        kept = np.rint(256 * (1 - covered))
        layers.append(_Layer(np.rint(256 * added).astype(np.uint16), kept.astype(np.uint16)))
    return layers


def _halved(plane: NDArray[np.float32], half: bool) -> NDArray[np.float32]:
    if not half:
        return plane
    rows = plane[::2] + plane[1::2]
    return (rows[:, ::2] + rows[:, 1::2]) * np.float32(0.25)


class Overlay:
    """A picture with opacity that is laid on a canvas as a whole. Its width and height are even."""

    def __init__(self, image: Image.Image) -> None:
        self.width, self.height = image.size
        self._layers = _layers(image)

    def lay(self, planes: Planes, x: int, y: int) -> None:
        """Lay it with its upper left corner at an even place."""
        for plane, layer, half in zip(planes, self._layers, (0, 1, 1), strict=True):
            height, width = layer.kept.shape
            part = plane[y >> half : (y >> half) + height, x >> half : (x >> half) + width]
            mixed = np.multiply(part, layer.kept, dtype=np.uint16)
            mixed += layer.added
            mixed >>= 8
            part[:] = mixed


class Outline:
    """A picture of which little is to be seen, such as a frame: only that is touched."""

    def __init__(self, image: Image.Image) -> None:
        self._parts = []
        for layer in _layers(image):
            rows, columns = np.nonzero(layer.kept < 256)
            self._parts.append((rows, columns, layer.added[rows, columns], layer.kept[rows, columns]))

    def lay(self, planes: Planes, x: int, y: int) -> None:
        """Lay it with its upper left corner at an even place."""
        for plane, (rows, columns, added, kept), half in zip(planes, self._parts, (0, 1, 1), strict=True):
            at = (rows + (y >> half), columns + (x >> half))
            plane[at] = (plane[at] * kept + added) >> 8
