from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from recording.fonts import Fonts
from recording.labels import ELLIPSIS, Lettering, clean_name, initials, line_height
from tests.support.searching import SEARCHING

FAMILY = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}"
EUROPE = "\N{REGIONAL INDICATOR SYMBOL LETTER E}\N{REGIONAL INDICATOR SYMBOL LETTER U}"
ENGLAND = "\N{WAVING BLACK FLAG}\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
WIDE = 2000

LETTERING = Lettering()


def drawn(text: str, size: int = 26, width: int = WIDE, lettering: Lettering = LETTERING) -> NDArray[np.uint8]:
    return np.asarray(lettering.line(text, size, width))


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and one.tobytes() == other.tobytes()


def coloured(pixels: NDArray[np.uint8]) -> bool:
    """Whether something else than white letters is to be seen."""
    colours = pixels[pixels[..., 3] > 128][:, :3].astype(int)
    return bool(len(colours)) and bool((colours.max(axis=1) - colours.min(axis=1) > 60).any())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("  Ada \t\n Lovelace ", "Ada Lovelace"),
        ("Zoe\N{COMBINING DIAERESIS}", "Zoë"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe\0", "agnp.exe"),
        ("a\N{RIGHT-TO-LEFT ISOLATE}b\N{POP DIRECTIONAL ISOLATE}\N{LEFT-TO-RIGHT MARK}", "ab"),
        ("\ue000Ben\U000f0000\ud800", "Ben"),
        ("Be\N{ZERO WIDTH SPACE}n\N{SOFT HYPHEN}", "Ben"),
        ("na\N{ZERO WIDTH NON-JOINER}me", "na\N{ZERO WIDTH NON-JOINER}me"),
        ("one\N{LINE SEPARATOR}line", "one line"),
        (f"{FAMILY} {EUROPE} {ENGLAND}", f"{FAMILY} {EUROPE} {ENGLAND}"),
        ("hidden\U000e0068\U000e0069", "hidden"),
        ("Z" + "\N{COMBINING GRAVE ACCENT BELOW}" * 50, "Z" + "\N{COMBINING GRAVE ACCENT BELOW}" * 4),
        ("%{pts}:'\\;<b>", "%{pts}:'\\;<b>"),
        ("", "?"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}\N{ZERO WIDTH SPACE}", "?"),
    ],
)
def test_names_keep_what_can_be_seen(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("ada", "A"),
        ("Ada King, Countess of Lovelace", "AL"),
        ("ñandú élan", "ÑÉ"),
        ("王小明 さくら", "王さ"),
        ("देवनागरी नाम", "देना"),
        (f"{FAMILY} Zoë {EUROPE}", "Z"),
        ("(Bob) 42", "B"),
        ("ßeta ﬁnn", "ßﬁ"),
        ("42", "4"),
        ("!?", "!"),
        (FAMILY, FAMILY),
        ("", "?"),
    ],
)
def test_initials_are_the_first_letters_of_the_first_and_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


@settings(max_examples=2000 if SEARCHING else 80, deadline=None)
@given(st.text(max_size=60), st.integers(8, 32), st.integers(30, 300))
def test_no_name_is_wider_or_higher_than_it_may_be_search(name: str, size: int, width: int) -> None:
    line = LETTERING.line(name, size, width)
    assert line.width <= width
    assert line.height == line_height(size)
    initials(name)


def test_a_long_name_ends_in_an_ellipsis_and_takes_the_room_there_is() -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff von der Heide-Müller"
    short = LETTERING.line(name, 26, 300)
    assert 270 <= short.width <= 300
    beginnings = [LETTERING.line(name[:count].rstrip() + ELLIPSIS, 26, WIDE) for count in range(5, 40)]
    assert sum(same(short, beginning) for beginning in beginnings) == 1


def test_what_is_cut_off_is_never_half_a_character() -> None:
    one = LETTERING.line(FAMILY, 26, WIDE).width
    for width in range(40, 4 * one, 7):
        line = LETTERING.line(FAMILY * 5, 26, width)
        whole = [LETTERING.line(FAMILY * count + ELLIPSIS, 26, WIDE) for count in range(5)]
        assert any(same(line, each) for each in whole) or width < whole[0].width


def test_a_name_that_fits_exactly_is_not_shortened() -> None:
    whole = LETTERING.line("Ada Lovelace", 26, WIDE)
    assert same(LETTERING.line("Ada Lovelace", 26, whole.width), whole)
    assert not same(LETTERING.line("Ada Lovelace", 26, whole.width - 1), whole)


@pytest.mark.parametrize(
    ("text", "font"),
    [
        ("Ña Ελ Дм", "NotoSans[wdth,wght].ttf"),
        ("محمد", "NotoSansArabic-Regular.ttf"),
        ("שרה", "NotoSansHebrew-Regular.ttf"),
        ("देवनागरी", "NotoSans[wdth,wght].ttf"),
        ("ไทย", "NotoSansThai-Regular.ttf"),
        ("বাংলা", "NotoSansBengali-Regular.ttf"),
        ("தமிழ்", "NotoSansTamil-Regular.ttf"),
        ("王小明", "NotoSansCJK-Regular.ttc"),
        ("さくら", "NotoSansCJK-Regular.ttc"),
        ("김철수", "NotoSansCJK-Regular.ttc"),
        ("አማርኛ", "NotoSansEthiopic-Regular.ttf"),
        ("དབུ", "NotoSerifTibetan-Regular.ttf"),
    ],
)
def test_every_script_has_its_font(text: str, font: str) -> None:
    for word in text.split():
        assert next(face.path.name for face in Fonts().faces(text) if face.covers(word)) == font
    pixels = drawn(text)
    assert pixels[..., 3].max() == 255
    assert not coloured(pixels)


def test_chinese_characters_have_the_forms_of_the_language_around_them() -> None:
    numbers = [
        next(face for face in Fonts().faces(text) if face.covers("直")).number for text in ("直の", "直한", "直")
    ]
    assert numbers == [0, 1, 2]


@pytest.mark.parametrize(
    "emoji", [FAMILY, EUROPE, ENGLAND, "\N{GRINNING FACE}", "1\ufe0f\u20e3", "\N{HEAVY BLACK HEART}\ufe0f"]
)
def test_emoji_are_one_coloured_picture(emoji: str) -> None:
    pixels = drawn(emoji)
    assert coloured(pixels)
    assert pixels.shape[1] <= 26 * 1.4
    assert pixels[0, :, 3].max() < 255


def test_arabic_reads_from_right_to_left() -> None:
    arabic, latin = drawn("محمد"), drawn("Ada")
    # The first word decides where the line begins, and an Arabic line begins on the right.
    assert np.array_equal(drawn("محمد Ada")[:, -arabic.shape[1] :], arabic)
    assert np.array_equal(drawn("محمد Ada")[:, : latin.shape[1]], latin)
    assert np.array_equal(drawn("Ada محمد")[:, -arabic.shape[1] :], arabic)
    assert np.array_equal(drawn("Ada محمد")[:, : latin.shape[1]], latin)


def test_without_fonts_names_are_written_in_latin_letters_and_emoji_left_out(tmp_path: Path) -> None:
    bare = Lettering(Fonts((tmp_path,)))
    assert same(bare.line("王小明 Ben", 26, WIDE), bare.line("WangXiaoMing Ben", 26, WIDE))
    assert same(bare.line(f"Zoë {FAMILY}", 26, WIDE), bare.line("Zoë", 26, WIDE))
    assert same(bare.line(f"A {FAMILY} B", 26, WIDE), bare.line("A B", 26, WIDE))
    assert same(bare.line(FAMILY, 26, WIDE), bare.line("", 26, WIDE))


def test_a_damaged_font_is_as_good_as_none(tmp_path: Path) -> None:
    for name in ("NotoSansArabic-Regular.ttf", "NotoSansCJK-Regular.ttc", "NotoColorEmoji.ttf"):
        (tmp_path / name).write_bytes(b"no font")
    damaged, bare = Lettering(Fonts((tmp_path,))), Lettering(Fonts(()))
    for text in ("محمد", "王小明", f"Zoë {FAMILY}"):
        assert same(damaged.line(text, 26, WIDE), bare.line(text, 26, WIDE))


def test_a_line_is_drawn_once() -> None:
    assert LETTERING.line("Ada", 20, 100) is LETTERING.line("Ada", 20, 100)
