"""Names as pictures: any script with emoji, in one line that is never wider than it may be.

A name is untrusted text of any length. It is drawn as it is, never interpreted; what has no shape of its own or changes
the direction of what follows is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import NamedTuple

import regex
from anyascii import anyascii
from PIL import Image, ImageDraw

from recording.fonts import EMOJI_SIZE, Face, Fonts
from recording.reading_order import levels, seen_order

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
NAMELESS = "?"
"""Stands for a name of which nothing can be shown."""

_LONGEST = 200
"""Characters of a name that are looked at: more than fit into any tile."""
_MARKS = 4
"""Marks on one letter, more than any writing stacks."""

_UNSEEN = regex.compile(
    r"[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|[\p{Cf}--[\u200c\u200d\U000e0020-\U000e007f]]", regex.VERSION1
)
_STACKED = regex.compile(rf"(\p{{M}}{{{_MARKS}}})\p{{M}}+")
_STRAY_TAGS = regex.compile(r"(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+")
"""Invisible characters that mean something only after a black flag."""
_CLUSTER = regex.compile(r"\X")
_EMOJI = regex.compile(
    r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[0-9#*]\ufe0f?\u20e3|\p{Extended_Pictographic}.*\u200d"
)
_LETTER = regex.compile(r"\p{L}")

# Shares of the size of the letters.
_LINE, _BASELINE = 1.5, 1.1
_EMOJI_HEIGHT, _EMOJI_DESCENT = 1.17, 0.22
_EMOJI_BITMAP = 128


class _Part(NamedTuple):
    """A cluster, and the font that draws it."""

    face: Face
    emoji: bool
    text: str


class _Run(NamedTuple):
    """Clusters that one font draws in one direction."""

    face: Face
    emoji: bool
    text: str
    level: int

    @property
    def direction(self) -> str:
        return "rtl" if self.level % 2 else "ltr"


def clean_name(name: str) -> str:
    """The name in one line of composed characters (NFC), without any that don't show."""
    line = " ".join(name[:_LONGEST].split())
    line = _STRAY_TAGS.sub("", _UNSEEN.sub("", line))
    return " ".join(unicodedata.normalize("NFC", _STACKED.sub(r"\1", line)).split()) or NAMELESS


def initials(name: str) -> str:
    """The first letters of the name's first and last word; for a name without letters, its first character."""
    words = [_CLUSTER.findall(word) for word in clean_name(name).split()]
    letters = [word[0] for word in ([each for each in word if _LETTER.match(each)] for word in words) if word]
    # Some letters have two as their capital; there is room for one.
    capitals = [letter.upper() if len(letter.upper()) == len(letter) else letter for letter in letters]
    return "".join(capitals[:1] + capitals[1:][-1:]) or words[0][0]


class Lettering:
    """Draws lines of white letters; what was drawn once is kept."""

    def __init__(self, fonts: Fonts | None = None) -> None:
        self._fonts = fonts or Fonts()
        self.line = lru_cache(maxsize=512)(self._line)

    def _line(self, text: str, size: int, width: int) -> Image.Image:
        """The text in letters of `size` pixels, RGBA on nothing, as wide as it is and at most `width`."""
        runs = self._fitting(text, size, width)
        drawn = Image.new("RGBA", (max(1, min(width, self._width(runs, size))), line_height(size)))
        x = 0
        for index in seen_order([run.level for run in runs]):
            run = runs[index]
            if run.emoji:
                picture = _emoji_picture(run, size)
                top = round(_BASELINE * size + _EMOJI_DESCENT * size) - picture.height
                _put(drawn, picture, x, top)
            else:
                mask = Image.new("L", drawn.size)
                at = (x, _BASELINE * size)
                ImageDraw.Draw(mask).text(at, run.text, 255, run.face.at(size), anchor="ls", direction=run.direction)
                drawn.alpha_composite(Image.merge("RGBA", (*Image.new("RGB", drawn.size, "white").split(), mask)))
            x += _advance(run, size)
        return drawn

    def _fitting(self, text: str, size: int, width: int) -> list[_Run]:
        """The text in runs; with an ellipsis instead of its end where that doesn't fit."""
        clusters = _CLUSTER.findall(clean_name(text))
        runs = self._runs(clusters)
        if self._width(runs, size) <= width:
            return runs
        fits, too_many = 0, len(clusters)
        while too_many - fits > 1:
            tried = (fits + too_many) // 2
            if self._width(self._runs(_shortened(clusters, tried)), size) <= width:
                fits = tried
            else:
                too_many = tried
        return self._runs(_shortened(clusters, fits))

    def _runs(self, clusters: Sequence[str]) -> list[_Run]:
        faces = list(self._fonts.faces("".join(clusters)))
        parts: list[_Part] = []
        for cluster in clusters:
            if not cluster.isspace():
                parts += self._drawable(cluster, faces, parts[-1].face if parts else None)
            elif parts and not parts[-1].text.isspace():
                parts.append(_Part(self._fonts.default, False, " "))
        while parts and parts[-1].text.isspace():
            parts.pop()
        parts = parts or [_Part(self._fonts.default, False, NAMELESS)]
        runs: list[_Run] = []
        for part, level in zip(parts, levels([part.text for part in parts]), strict=True):
            last = runs[-1] if runs else None
            if last is not None and last.face is part.face and last.emoji is part.emoji and last.level == level:
                runs[-1] = last._replace(text=last.text + part.text)
            else:
                runs.append(_Run(*part, level))
        return runs

    def _drawable(self, cluster: str, faces: Sequence[Face], before: Face | None) -> list[_Part]:
        """The cluster with the font that has it; without any, in Latin letters, emoji not at all."""
        emoji = self._fonts.emoji
        if _EMOJI.match(cluster):
            return [_Part(emoji, True, cluster)] if emoji is not None and emoji.covers(cluster) else []
        default, *others = faces
        # Commas and the like are in many fonts: one that fits the letters before.
        same = [before] if before is not None and before is not emoji else []
        for face in (default, *same, *others):
            if face.covers(cluster):
                return [_Part(face, False, cluster)]
        if emoji is not None and emoji.covers(cluster):
            return [_Part(emoji, True, cluster)]
        return [_Part(default, False, letter) for letter in anyascii(cluster) if letter.isprintable()]

    def _width(self, runs: Sequence[_Run], size: int) -> int:
        return sum(_advance(run, size) for run in runs)


def line_height(size: int) -> int:
    """The height of every line in letters of this size."""
    return ceil(_LINE * size)


def _shortened(clusters: Sequence[str], count: int) -> list[str]:
    kept = list(clusters[:count])
    while kept and kept[-1].isspace():
        kept.pop()
    return [*kept, ELLIPSIS]


def _advance(run: _Run, size: int) -> int:
    """How far the run reaches, in whole pixels."""
    if run.emoji:
        return ceil(run.face.at(EMOJI_SIZE).getlength(run.text) * _EMOJI_HEIGHT * size / _EMOJI_BITMAP)
    return ceil(run.face.at(size).getlength(run.text, direction=run.direction))


def _emoji_picture(run: _Run, size: int) -> Image.Image:
    font = run.face.at(EMOJI_SIZE)
    large = Image.new("RGBA", (max(1, ceil(font.getlength(run.text))), _EMOJI_BITMAP))
    ImageDraw.Draw(large).text((0, 0), run.text, font=font, embedded_color=True)
    # What Pillow drew on nothing has its colours multiplied by its opacity.
    true = Image.frombytes("RGBa", large.size, large.tobytes()).convert("RGBA")
    scale = _EMOJI_HEIGHT * size / _EMOJI_BITMAP
    return true.resize((max(1, round(large.width * scale)), round(_EMOJI_HEIGHT * size)), Image.Resampling.LANCZOS)


def _put(canvas: Image.Image, picture: Image.Image, x: int, y: int) -> None:
    """Lay a picture on the canvas; what hangs over is cut off."""
    layer = Image.new("RGBA", canvas.size)
    layer.paste(picture, (x, y))
    canvas.alpha_composite(layer)
