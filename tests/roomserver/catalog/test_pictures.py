from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from roomserver.catalog.pictures import (
    MAX_PICTURE_BYTES,
    MAX_PICTURE_SIDE,
    Picture,
    PictureError,
    make_picture,
)


def upload(image: Image.Image, kind: str, **options: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.content))
    image.load()
    return image


def noise(side: int) -> Image.Image:
    return Image.effect_noise((side, side), 80).convert("RGB")


def picture_or_sentence(content: bytes) -> Picture | str:
    try:
        return make_picture(content)
    except PictureError as error:
        return str(error)


ORANGE = (240, 120, 20)
SAMPLES = {
    "PNG": upload(Image.new("RGB", (64, 48), ORANGE), "PNG"),
    "JPEG": upload(Image.new("RGB", (64, 48), ORANGE), "JPEG", quality=95),
    "GIF": upload(Image.new("RGB", (64, 48), ORANGE), "GIF"),
    "WEBP": upload(Image.new("RGB", (64, 48), ORANGE), "WEBP", lossless=True),
}


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/png"), ("WEBP", "image/webp")],
)
def test_each_kind_is_taken_and_keeps_its_look(kind: str, media_type: str) -> None:
    picture = make_picture(SAMPLES[kind])
    assert (picture.media_type, picture.width, picture.height) == (media_type, 64, 48)
    image = opened(picture)
    assert Image.MIME[str(image.format)] == media_type
    colour = image.convert("RGB").getpixel((5, 5))
    assert isinstance(colour, tuple)
    assert all(abs(a - b) < 8 for a, b in zip(colour, ORANGE, strict=True))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "YCbCr"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_every_way_of_storing_pixels_is_read(mode: str, kind: str) -> None:
    try:
        stored = upload(Image.new(mode, (20, 10)), kind)
    except (OSError, ValueError):
        return  # this kind can't store this mode
    picture = make_picture(stored)
    assert (picture.width, picture.height) == (20, 10)


def test_metadata_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET maker"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0)}
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "SECRET note")
    notes.add_itxt("XML:com.adobe.xmp", "<x>SECRET xmp</x>")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = noise(32)
    uploads = [
        upload(image, "PNG", pnginfo=notes, exif=exif, icc_profile=profile),
        upload(image, "JPEG", exif=exif, comment=b"SECRET comment", icc_profile=profile, xmp=b"SECRET xmp"),
        upload(image, "WEBP", exif=exif, xmp=b"SECRET xmp", icc_profile=profile),
        upload(image, "GIF", comment=b"SECRET comment"),
    ]
    for each in uploads:
        assert b"SECRET" in each
        picture = make_picture(each)
        assert b"SECRET" not in picture.content
        assert not {"exif", "xmp", "XML:com.adobe.xmp", "comment", "Comment", "icc_profile"} & set(opened(picture).info)


def test_a_second_file_behind_the_picture_is_gone() -> None:
    picture = make_picture(SAMPLES["PNG"] + b"PK\x03\x04<script>alert(1)</script>")
    assert b"script" not in picture.content


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right to see it upright
    picture = make_picture(upload(Image.new("RGB", (60, 20)), "JPEG", exif=exif))
    assert (picture.width, picture.height) == (20, 60)


def test_transparency_is_kept() -> None:
    for kind in ("PNG", "WEBP"):
        image = opened(make_picture(upload(Image.new("RGBA", (8, 8), (255, 0, 0, 0)), kind)))
        assert image.mode == "RGBA"
        assert image.getpixel((1, 1))[3] == 0  # type: ignore[index]
    palette = Image.new("P", (8, 8))
    assert opened(make_picture(upload(palette, "GIF", transparency=0))).mode == "RGBA"


def test_a_colour_profile_that_does_not_fit_costs_nothing() -> None:
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    broken = make_picture(upload(Image.new("RGB", (8, 8), ORANGE), "PNG", icc_profile=b"not a profile" * 20))
    unfit = make_picture(upload(Image.new("RGB", (8, 8), ORANGE), "PNG", icc_profile=swapped))
    assert opened(broken).getpixel((1, 1)) == opened(unfit).getpixel((1, 1)) == ORANGE


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_picture_is_taken(kind: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "green", "blue")]
    moving = upload(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    image = opened(make_picture(moving))
    assert getattr(image, "n_frames", 1) == 1
    red, green, blue = image.convert("RGB").getpixel((4, 4))  # type: ignore[misc]
    assert red > 200
    assert green < 60
    assert blue < 60


def test_a_large_picture_is_scaled_down() -> None:
    picture = make_picture(upload(Image.new("RGB", (4000, 1000), ORANGE), "JPEG"))
    assert (picture.width, picture.height) == (MAX_PICTURE_SIDE, 640)


def test_what_is_stored_is_never_larger_than_what_may_be_uploaded() -> None:
    noisy = noise(2400).quantize(4).convert("P")
    stored = upload(noisy, "PNG")
    assert len(stored) <= MAX_PICTURE_BYTES
    assert len(make_picture(stored).content) <= MAX_PICTURE_BYTES


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The picture is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(MAX_PICTURE_BYTES), "The picture is larger than 2 MB."),
        (b"hello", "The file is not a PNG, JPEG, GIF or WebP picture."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "The file is not a PNG, JPEG, GIF or WebP picture."),
        (upload(Image.new("RGB", (8, 8)), "BMP"), "The file is not a PNG, JPEG, GIF or WebP picture."),
        (upload(Image.new("RGB", (8, 8)), "TIFF"), "The file is not a PNG, JPEG, GIF or WebP picture."),
        (upload(Image.new("RGB", (8, 8)), "PDF"), "The file is not a PNG, JPEG, GIF or WebP picture."),
        (upload(noise(64), "PNG")[:3000], "The picture is broken or incomplete."),
        (upload(noise(64), "JPEG")[:1500], "The picture is broken or incomplete."),
        (upload(Image.new("1", (6000, 4001)), "PNG"), "The picture has more than 24 million pixels."),
    ],
    ids=["empty", "large", "text", "svg", "bmp", "tiff", "pdf", "cut png", "cut jpeg", "many pixels"],
)
def test_what_is_no_picture_is_refused_in_a_sentence(content: bytes, message: str) -> None:
    with pytest.raises(PictureError, match=f"^{message.replace('.', '[.]')}$"):
        make_picture(content)


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_bomb_is_refused_before_it_is_unpacked(kind: str) -> None:
    bomb = bytearray(SAMPLES[kind])
    if kind == "PNG":
        bomb[16:24] = (65000).to_bytes(4) * 2
    else:
        bomb[6:10] = (65000).to_bytes(2, "little") * 2
    with pytest.raises(PictureError):
        make_picture(bytes(bomb))


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(SAMPLES)),
    edits=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.integers(0, 400) | st.none(),
)
def test_broken_files_give_a_picture_or_a_sentence(kind: str, edits: list[tuple[int, int]], cut: int | None) -> None:
    content = bytearray(SAMPLES[kind])
    for place, value in edits:
        content[place % len(content)] = value
    picture = picture_or_sentence(bytes(content[:cut]))
    if isinstance(picture, Picture):
        assert opened(picture).size == (picture.width, picture.height)
    else:
        assert picture.endswith(".")
