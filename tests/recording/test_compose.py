from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from recording.compose import HEIGHT, WIDTH, Canvas
from recording.layout import CAPTION, Tile, arrange
from recording.marks import FRAME, SPEAKING, STAGE, SURFACE, Marks, avatar_colour
from recording.overlay import Colour, yuv
from recording.pictures import Shown
from recording.stage_log import RecordedSeat
from tests.support.searching import SEARCHING
from tests.support.stages import camera, screen

Pixels = NDArray[np.int32]
"""Luma and chroma of each pixel: height, width, 3."""

MARKS = Marks()
ADA, BEN = camera(1, "Ada Lovelace"), camera(2, "Ben")


def pixels(frame: av.VideoFrame) -> Pixels:
    samples = frame.to_ndarray().astype(np.int32)
    luma = samples[:HEIGHT]
    chroma = samples[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2).repeat(2, axis=1).repeat(2, axis=2)
    return np.dstack((luma, chroma[0], chroma[1]))


def plain(width: int, height: int, sample: tuple[int, int, int] = (150, 100, 160)) -> av.VideoFrame:
    """A picture of one colour, as its samples say."""
    y = np.full((height, width), sample[0], np.uint8)
    half = ((height + 1) // 2, (width + 1) // 2)
    return frame_of(y, np.full(half, sample[1], np.uint8), np.full(half, sample[2], np.uint8))


def frame_of(*planes: NDArray[np.uint8]) -> av.VideoFrame:
    frame = av.VideoFrame(planes[0].shape[1], planes[0].shape[0], "yuv420p")
    for plane, samples in zip(frame.planes, planes, strict=True):
        lines = np.zeros((plane.height, plane.line_size), np.uint8)
        lines[:, : plane.width] = samples
        plane.update(lines.tobytes())
    frame.colorspace, frame.color_range = Colorspace.ITU601, ColorRange.MPEG
    return frame


def composed(
    seats: Sequence[RecordedSeat], pictures: dict[str, av.VideoFrame], active: str | None = None
) -> tuple[dict[str, Tile], Pixels]:
    tiles = arrange(seats, "gallery", active)
    frame = Canvas(MARKS).draw(tiles, {seat: Shown(picture, 1) for seat, picture in pictures.items()}, active)
    return {tile.seat.seat: tile for tile in tiles}, pixels(frame)


def within(tile: Tile, image: Pixels) -> Pixels:
    return image[tile.y : tile.y + tile.height, tile.x : tile.x + tile.width]


def is_colour(part: Pixels, colour: Colour) -> bool:
    return bool((np.abs(part - np.array(yuv(colour))) <= 1).all())


def test_colours_are_those_of_bt_601_in_the_limited_range() -> None:
    assert yuv((0, 0, 0)) == (16, 128, 128)
    assert yuv((255, 255, 255)) == (235, 128, 128)
    assert yuv((255, 0, 0)) == (81, 90, 240)
    assert yuv((0, 0, 255)) == (41, 240, 110)


def test_a_frame_says_its_size_and_colours() -> None:
    frame = Canvas(MARKS).draw(arrange([ADA], "gallery", None), {}, None)
    assert (frame.width, frame.height, frame.format.name) == (1920, 1080, "yuv420p")
    assert (frame.colorspace, frame.color_range) == (Colorspace.ITU601, ColorRange.MPEG)


def test_a_camera_fills_its_tile_with_the_colours_it_came_in_on_a_dark_stage() -> None:
    tiles, image = composed([ADA, BEN], {"s1": plain(640, 360), "s2": plain(640, 360)})
    tile = within(tiles["s1"], image)
    assert (tile[20:-100, 2:-2] == [150, 100, 160]).all()
    assert (tile[2:-2, -200:-20] == [150, 100, 160]).all()
    assert is_colour(image[: tiles["s1"].y], STAGE)
    assert is_colour(image[:, tiles["s1"].x + tiles["s1"].width : tiles["s2"].x], STAGE)


def test_corners_are_round() -> None:
    tiles, image = composed([ADA, BEN], {"s1": plain(640, 360)})
    for tile in (within(tiles["s1"], image), within(tiles["s2"], image)):
        for corner in (tile[0, 0], tile[0, -1], tile[-1, 0], tile[-1, -1]):
            assert abs(int(corner[0]) - yuv(STAGE)[0]) <= 2


def test_round_corners_have_no_colour_of_their_own() -> None:
    tiles, image = composed([ADA, BEN], {"s1": plain(640, 360, (150, 128, 128))})
    # Between grey and the stage's dark blue, whichever part of the edge a pixel is.
    chroma = within(tiles["s1"], image)[:20, :20, 1:]
    stage = np.array(yuv(STAGE)[1:])
    assert (chroma >= np.minimum(stage, 128) - 1).all()
    assert (chroma <= np.maximum(stage, 128) + 1).all()


def test_a_picture_of_4_to_3_is_cut_above_and_below() -> None:
    y = np.full((480, 640), 200, np.uint8)
    y[:20], y[-20:] = 40, 40
    chroma = np.full((240, 320), 128, np.uint8)
    tiles, image = composed([ADA, BEN], {"s1": frame_of(y, chroma, chroma)})
    tile = within(tiles["s1"], image)
    assert (tile[2:-2, -200:-20, 0] == 200).all()


def test_an_upright_picture_stands_whole_between_two_bars() -> None:
    tiles, image = composed([ADA, BEN], {"s1": plain(360, 640)})
    tile = within(tiles["s1"], image)
    middle, wide = tile.shape[1] // 2, tile.shape[0] * 360 // 640 // 2
    assert (tile[2:-80, middle - wide + 4 : middle + wide - 4] == [150, 100, 160]).all()
    assert is_colour(tile[20:-80, 2 : middle - wide - 4], SURFACE)
    assert is_colour(tile[20:-80, middle + wide + 4 : -2], SURFACE)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 960), (3440, 1440), (800, 1400), (641, 361)])
def test_a_shared_screen_is_whole_and_nothing_covers_it(width: int, height: int) -> None:
    rng = np.random.default_rng(1)
    y = np.full((height, width), 120, np.uint8)
    edge = max(width, height) // 60
    y[:edge], y[-edge:], y[:, :edge], y[:, -edge:] = 220, 220, 220, 220
    half = ((height + 1) // 2, (width + 1) // 2)
    chroma = rng.integers(127, 129, half, dtype=np.uint8)
    tiles, image = composed([screen(1), BEN], {"s1": frame_of(y, chroma, chroma)})
    tile = within(tiles["s1"], image)[:-CAPTION]
    light = tile[..., 0] > 190
    rows, columns = np.flatnonzero(light[:, tile.shape[1] // 2]), np.flatnonzero(light[tile.shape[0] // 2])
    drawn_width, drawn_height = columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1
    assert abs(drawn_width / drawn_height - width / height) < 0.02 * width / height
    assert drawn_width >= tile.shape[1] - 2 or drawn_height >= tile.shape[0] - 2
    inside = tile[rows[0] + 40 : rows[-1] - 40, columns[0] + 40 : columns[-1] - 40, 0]
    assert (np.abs(inside - 120) <= 2).all()


@pytest.mark.parametrize(
    ("width", "height"), [(1, 1), (2, 2), (16, 16), (641, 361), (16, 2000), (2000, 16), (1919, 1079)]
)
def test_pictures_of_any_size_stay_in_their_tile(width: int, height: int) -> None:
    for seat in (ADA, screen(1)):
        tiles, image = composed([seat, BEN], {"s1": plain(width, height)})
        outside = image.copy()
        for tile in tiles.values():
            within(tile, outside)[:] = yuv(STAGE)
        assert is_colour(outside, STAGE)
        shown = within(tiles["s1"], image)[: -CAPTION if seat.kind == "screen" else None]
        assert tuple(shown[shown.shape[0] // 2, shown.shape[1] // 2]) == (150, 100, 160)


def test_left_and_right_are_not_mixed_up() -> None:
    y = np.full((360, 640), 60, np.uint8)
    y[:, 320:] = 200
    u = np.full((180, 320), 90, np.uint8)
    u[:90] = 150
    tiles, image = composed([camera(number) for number in range(1, 8)], {"s5": frame_of(y, u, u)})
    tile = within(tiles["s5"], image)
    assert (tile[20:-80, 20 : tile.shape[1] // 2 - 8, 0] == 60).all()
    assert (tile[20:-80, tile.shape[1] // 2 + 8 : -20, 0] == 200).all()
    assert (tile[8 : tile.shape[0] // 2 - 8, 20:-20, 1] == 150).all()


def test_a_picture_in_other_colours_is_converted() -> None:
    red = plain(640, 360, (63, 102, 240))
    red.colorspace = Colorspace.ITU709
    full = plain(640, 360, (76, 85, 255))
    full.color_range = ColorRange.JPEG
    tiles, image = composed([ADA, BEN], {"s1": red, "s2": full})
    for tile in tiles.values():
        middle = within(tile, image)[tile.height // 2, tile.width // 2]
        assert (np.abs(middle - np.array(yuv((255, 0, 0)))) <= 4).all()


def label_of(tile: Tile, image: Pixels) -> Pixels:
    """Where a camera's name stands."""
    return within(tile, image)[-70:-8, 8:-200]


def test_a_name_stands_in_white_on_a_shade_at_the_lower_left() -> None:
    tiles, image = composed([ADA, BEN], {"s1": plain(640, 360)})
    label = label_of(tiles["s1"], image)
    assert (label[..., 0] > 220).sum() > 500
    assert (label[..., 0] < 70).sum() > 3000


def test_who_is_silent_has_the_crossed_microphone() -> None:
    loud, silent, muted = ADA, replace(ADA, audio=False), replace(ADA, audio=False, muted=True)
    reddish = []
    for seat in (loud, silent, muted):
        tiles, image = composed([seat, BEN], {"s1": plain(640, 360, (150, 128, 128))})
        reddish.append(int((label_of(tiles["s1"], image)[..., 2] > 150).sum()))
    assert reddish[0] == 0
    assert reddish[1] == reddish[2] > 100


def test_where_the_camera_is_off_stands_a_circle_in_the_persons_colour_with_the_name() -> None:
    off = replace(ADA, video=False)
    tiles, image = composed([off, BEN], {"s1": plain(640, 360)})
    tile = within(tiles["s1"], image)
    middle, across = (tile.shape[0] // 2, tile.shape[1] // 2), int(tile.shape[0] * 0.44)
    assert is_colour(
        tile[middle[0] - 2 : middle[0] + 2, middle[1] - across // 2 + 6 : middle[1] - across // 2 + 16],
        avatar_colour(off.participant),
    )
    initials = tile[middle[0] - 40 : middle[0] + 40, middle[1] - 80 : middle[1] + 80]
    assert (initials[..., 0] > 220).sum() > 300
    assert is_colour(tile[20:60, 20:-20], SURFACE)
    assert (label_of(tiles["s1"], image)[..., 0] > 220).sum() > 500


def test_a_person_has_the_colour_that_the_pages_give_them() -> None:
    assert avatar_colour("") == (60, 91, 181)
    assert avatar_colour("a") == (122, 79, 176)
    assert len({avatar_colour(f"reg_{number}") for number in range(30)}) == 6


def test_a_screen_without_a_picture_yet_shows_its_sign_and_whose_it_is() -> None:
    tiles, image = composed([screen(1, "Ada"), BEN], {})
    tile = within(tiles["s1"], image)
    assert (tile[:-CAPTION, :, 0] > 220).sum() > 1000
    assert (tile[-CAPTION:, :, 0] > 220).sum() > 200


def test_under_a_screen_stands_its_sign_and_whose_it_is_in_the_middle() -> None:
    tiles, image = composed([screen(1, "Ada Lovelace"), BEN], {"s1": plain(1920, 1080)})
    caption = within(tiles["s1"], image)[-CAPTION:]
    written = np.flatnonzero((caption[..., 0] > 100).any(axis=0))
    assert abs(written[0] + written[-1] - caption.shape[1]) < 8
    assert 150 < written[-1] - written[0] < 300


def test_the_active_speaker_has_a_green_frame() -> None:
    tiles, image = composed([ADA, BEN], {"s1": plain(640, 360), "s2": plain(640, 360)}, active="s2")
    speaking, other = within(tiles["s2"], image), within(tiles["s1"], image)
    for edge in (
        speaking[:FRAME, 40:-40],
        speaking[-FRAME:, 40:-40],
        speaking[40:-40, :FRAME],
        speaking[40:-40, -FRAME:],
    ):
        assert is_colour(edge, SPEAKING)
    assert (speaking[FRAME + 1, 40:-40, 0] == 150).all()
    assert (other[2, 40:-40] == [150, 100, 160]).all()


def test_who_spoke_last_has_no_frame_once_muted() -> None:
    tiles, image = composed([ADA, replace(BEN, audio=False)], {"s2": plain(640, 360)}, active="s2")
    assert (within(tiles["s2"], image)[2, 40:-40] == [150, 100, 160]).all()


def test_a_shared_screen_has_no_frame() -> None:
    _, with_active = composed([screen(1), BEN], {"s1": plain(640, 360)}, active="s1")
    _, without = composed([screen(1), BEN], {"s1": plain(640, 360)})
    assert np.array_equal(with_active, without)


def test_only_another_serial_is_another_picture() -> None:
    canvas, tiles = Canvas(MARKS), arrange([ADA], "gallery", None)
    at = (HEIGHT // 2, WIDTH // 2)
    assert pixels(canvas.draw(tiles, {"s1": Shown(plain(64, 36), 1)}, None))[at][0] == 150
    assert pixels(canvas.draw(tiles, {"s1": Shown(plain(64, 36, (90, 128, 128)), 1)}, None))[at][0] == 150
    assert pixels(canvas.draw(tiles, {"s1": Shown(plain(32, 18, (90, 128, 128)), 2)}, None))[at][0] == 90
    assert pixels(canvas.draw(tiles, {"s1": None}, None))[at][0] != 90


PICTURES = [
    plain(640, 360),
    plain(320, 180, (90, 120, 130)),
    plain(180, 320, (60, 140, 120)),
    plain(641, 481, (180, 128, 128)),
]
"""By serial number."""

SEATS = st.lists(
    st.builds(
        lambda number, name, audio, video, share: (
            screen(number, name) if share else camera(number, name, audio=audio, video=video)
        ),
        st.integers(1, 6),
        st.sampled_from(["Ada", "王小明 👩‍💻"]),
        st.booleans(),
        st.booleans(),
        st.sampled_from([True, False, False]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda seat: seat.seat,
)
MOMENT = st.tuples(SEATS, st.lists(st.sampled_from([None, 0, 1, 2, 3]), min_size=7, max_size=7), st.integers(1, 7))


@settings(max_examples=200 if SEARCHING else 12, deadline=None)
@given(st.lists(MOMENT, min_size=2, max_size=5), st.sampled_from(["gallery", "speaker"]))
def test_what_was_drawn_before_leaves_no_trace_search(
    moments: list[tuple[list[RecordedSeat], list[int | None], int]], layout: str
) -> None:
    canvas = Canvas(MARKS)
    for seats, serials, speaker in moments:
        active = f"s{speaker}"
        tiles = arrange(seats, "speaker" if layout == "speaker" else "gallery", active)
        pictures = {
            seat.seat: None if (serial := serials[int(seat.seat[1:])]) is None else Shown(PICTURES[serial], serial)
            for seat in seats
        }
        again = canvas.draw(tiles, pictures, active).to_ndarray()
        assert np.array_equal(again, Canvas(MARKS).draw(tiles, pictures, active).to_ndarray())
