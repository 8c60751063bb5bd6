"""A session's picture, checked by what it contains and made anew from its pixels (product section 4).

Nothing of the uploaded file is kept but the pixels: no position of the camera, no comment, no second file
hidden behind the first, and no bytes that another program could take for something other than a picture.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MAX_PICTURE_BYTES = 2 * 1024 * 1024
MAX_PICTURE_PIXELS = 24_000_000
"""What a picture may unpack to: twice what a phone takes, and about 100 MB of memory while it is made anew."""
MAX_PICTURE_SIDE = 2560
"""Larger pictures are scaled down to this; the largest place a picture has is the width of a page."""

_JPEG_QUALITY = 88
_WEBP_QUALITY = 88
_MODES_WITH_TRANSPARENCY = {"RGBA", "LA", "PA", "RGBa", "La"}


class PictureError(ValueError):
    """The upload can't become a picture. The text is a sentence for the person who uploaded it."""


class NotAPicture(PictureError):
    """The upload is something else than a picture of a kind that is taken."""


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    media_type: str
    width: int
    """Pixels, as is `height`."""
    height: int


def make_picture(upload: bytes) -> Picture:
    """Return the picture in `upload`, without metadata, upright, and at most `MAX_PICTURE_SIDE` on a side.

    PNG, JPEG and WebP keep their format. Of an animation the first picture is taken: what moves in a list for longer
    than five seconds must be possible to stop (WCAG 2.2.2). A GIF thus becomes a PNG.

    It takes up to a second of a core: call it in a thread.

    Raises:
        PictureError: the upload is too large, of another kind or broken.
    """
    if not upload:
        raise PictureError("The picture is empty.")
    if len(upload) > MAX_PICTURE_BYTES:
        raise PictureError("The picture is larger than 2 MB.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd but readable files; nobody could act on it
        try:
            with Image.open(io.BytesIO(upload), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
                return _remake(image)
        except PictureError:
            raise
        except UnidentifiedImageError as error:
            raise NotAPicture("The file is not a PNG, JPEG, GIF or WebP picture.") from error
        except Image.DecompressionBombError as error:
            raise PictureError(_too_many_pixels()) from error
        except Exception as error:  # each of Pillow's decoders fails in ways of its own on broken data
            raise PictureError("The picture is broken or incomplete.") from error


def _remake(image: Image.Image) -> Picture:
    kind = image.format
    width, height = image.size
    if width * height > MAX_PICTURE_PIXELS:  # known from the header, before anything is unpacked
        raise PictureError(_too_many_pixels())
    image.draft("RGB", (MAX_PICTURE_SIDE, MAX_PICTURE_SIDE))  # a large JPEG is unpacked at a fraction of its size
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    pixels = _screen_colours(image)
    pixels.thumbnail((MAX_PICTURE_SIDE, MAX_PICTURE_SIDE), Image.Resampling.LANCZOS)
    picture = _encode(pixels, kind)
    while len(picture.content) > MAX_PICTURE_BYTES:  # noise in few colours grows when it is stored in all of them
        pixels = pixels.reduce(2)
        picture = _encode(pixels, kind)
    return picture


def _encode(pixels: Image.Image, kind: str | None) -> Picture:
    bare = Image.new(pixels.mode, pixels.size)  # a new image has no `info`, from which savers copy metadata
    bare.paste(pixels)
    content = io.BytesIO()
    match kind:
        case "JPEG":
            bare.convert("RGB").save(content, "JPEG", quality=_JPEG_QUALITY, progressive=True, optimize=True)
        case "WEBP":
            bare.save(content, "WEBP", quality=_WEBP_QUALITY)
        case _:
            kind = "PNG"
            bare.save(content, "PNG")
    return Picture(content.getvalue(), Image.MIME[kind], *bare.size)


def _screen_colours(image: Image.Image) -> Image.Image:
    """Return the image as sRGB, with its transparency: that is what browsers take a picture without a profile for."""
    wanted = "RGBA" if image.mode in _MODES_WITH_TRANSPARENCY or "transparency" in image.info else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=wanted)
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # a broken profile costs nuances of colour, not the picture
        if converted is not None:
            return converted
    if image.mode.startswith("I"):  # 16 bits of grey, which a plain conversion would cut off instead of scale
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    return image if image.mode == wanted else image.convert(wanted)


def _too_many_pixels() -> str:
    return f"The picture has more than {MAX_PICTURE_PIXELS // 1_000_000} million pixels."
