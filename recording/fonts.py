"""Which font draws which characters: Noto Sans from a package, and whatever Noto fonts the machine has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import fontpkg
import regex
from fontTools.ttLib import TTFont, TTLibError
from PIL import Image, ImageDraw, ImageFont

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
"""Where Debian's fonts-noto-* packages put their files."""

EMOJI_SIZE = 109
"""The one size in which Noto Color Emoji has its pictures."""

_MEDIUM = 500
_DISPLAY_FORMS = ("NotoSansDisplay", "NotoSansMono")

_JOINERS = regex.compile(r"[\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f]")
"""Characters that change their neighbours and have no shape: no font needs to have them."""


@dataclass(slots=True)
class Face:
    """A font file; of a collection, `number` is the one that is drawn with."""

    path: Path
    number: int = 0
    weight: int | None = None
    _sizes: dict[int, ImageFont.FreeTypeFont] = field(default_factory=dict)
    _characters: frozenset[int] | None = None

    def covers(self, cluster: str) -> bool:
        """Whether it has a glyph for each character. Reads the file on the first call."""
        if self._characters is None:
            try:
                with self.path.open("rb") as file, TTFont(file, fontNumber=0, lazy=True) as font:
                    self._characters = frozenset(font.getBestCmap() or ())
            except (OSError, TTLibError):
                # A file that is damaged costs its script's letters, not the recording.
                self._characters = frozenset()
        return all(ord(character) in self._characters for character in _JOINERS.sub("", cluster))

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        if size not in self._sizes:
            font = ImageFont.truetype(self.path, size, index=self.number, layout_engine=ImageFont.Layout.RAQM)
            if self.weight is not None:
                font.set_variation_by_axes([self.weight, 100])
            self._sizes[size] = font
        return self._sizes[size]


class Fonts:
    """The fonts that were found in `folders` when it was made; files are read when a name needs them."""

    def __init__(self, folders: Sequence[Path] = FONT_FOLDERS) -> None:
        self.default = Face(Path(fontpkg.path("Noto Sans")), weight=_MEDIUM)
        files = sorted({path.name: path for folder in folders for path in folder.rglob("Noto*.tt[fc]")}.values())
        self._emoji_file = next((path for path in files if path.name == "NotoColorEmoji.ttf"), None)
        plain = [path for path in files if path.stem.endswith("-Regular") and not path.stem.startswith(_DISPLAY_FORMS)]
        self._others = [
            Face(path) for path in sorted(plain, key=lambda path: (not path.stem.startswith("NotoSans"), path.stem))
        ]
        self._cjk = {
            number: Face(face.path, number)
            for face in self._others
            if face.path.name == "NotoSansCJK-Regular.ttc"
            for number in (_JAPANESE, _KOREAN, _CHINESE)
        }

    @cached_property
    def emoji(self) -> Face | None:
        """The font of coloured emoji; None without one, or when FreeType can't draw its kind."""
        if self._emoji_file is None:
            return None
        face = Face(self._emoji_file)
        try:
            probe = Image.new("RGBA", (EMOJI_SIZE, EMOJI_SIZE))
            ImageDraw.Draw(probe).text((0, 0), "\N{GRINNING FACE}", font=face.at(EMOJI_SIZE), embedded_color=True)
        except OSError:
            return None
        return face if probe.getbbox() else None

    def faces(self, text: str) -> Iterator[Face]:
        """Every font for text, in the order in which they are asked; Chinese characters in the text's language."""
        yield self.default
        cjk = self._cjk.get(_language(text))
        for face in self._others:
            yield cjk if cjk is not None and face.path == cjk.path else face


_JAPANESE, _KOREAN, _CHINESE = 0, 1, 2
"""The numbers of the languages' own forms in Noto Sans CJK's collection."""


def _language(text: str) -> int:
    if regex.search(r"[\p{Hiragana}\p{Katakana}]", text):
        return _JAPANESE
    return _KOREAN if regex.search(r"\p{Hangul}", text) else _CHINESE
