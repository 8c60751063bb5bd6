from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording.layout import CAPTION, Layout, Tile, arrange
from recording.stage_log import RecordedSeat
from tests.support.stages import camera, screen

WIDTH, HEIGHT = 1920, 1080


def cameras(count: int) -> list[RecordedSeat]:
    return [camera(number) for number in range(101, 101 + count)]


def screens(count: int) -> list[RecordedSeat]:
    return [screen(number) for number in range(1, 1 + count)]


def sizes(tiles: tuple[Tile, ...]) -> set[tuple[int, int]]:
    return {(tile.width, tile.height) for tile in tiles}


@given(
    st.integers(0, 50).flatmap(lambda shares: st.tuples(st.just(shares), st.integers(0, 50 - shares))).filter(any),
    st.sampled_from(["gallery", "speaker"]),
    st.integers(99, 152),
)
def test_tiles_lie_apart_within_the_picture_on_even_pixels(
    counts: tuple[int, int], layout: Layout, active: int
) -> None:
    seats = [*screens(counts[0]), *cameras(counts[1])]
    tiles = arrange(seats, layout, f"s{active}")
    assert sorted(tile.seat.seat for tile in tiles) == sorted(seat.seat for seat in seats)
    for tile in tiles:
        assert tile.x >= 12
        assert tile.y >= 12
        assert tile.x + tile.width <= WIDTH - 12
        assert tile.y + tile.height <= HEIGHT - 12
        assert all(number % 2 == 0 for number in (tile.x, tile.y, tile.width, tile.height))
        assert tile.share is (tile.seat.kind == "screen")
        assert tile.width >= 100
        assert abs(tile.width * 9 / 16 - (tile.height - (CAPTION if tile.share else 0))) <= 2
    for one, other in combinations(tiles, 2):
        apart = max(
            one.x - other.x - other.width,
            other.x - one.x - one.width,
            one.y - other.y - other.height,
            other.y - one.y - one.height,
        )
        assert apart >= 8


@given(st.integers(0, 5), st.integers(1, 45), st.sampled_from(["gallery", "speaker"]), st.data())
def test_the_order_in_which_seats_are_told_does_not_matter(
    shares: int, count: int, layout: Layout, data: st.DataObject
) -> None:
    seats = [*screens(shares), *cameras(count)]
    shuffled = data.draw(st.permutations(seats))
    assert arrange(shuffled, layout, "s102") == arrange(seats, layout, "s102")


def test_the_picture_stands_in_the_middle() -> None:
    for shares, count in ((0, 1), (0, 2), (0, 9), (0, 47), (1, 1), (1, 6), (1, 30), (2, 30), (3, 0)):
        tiles = arrange([*screens(shares), *cameras(count)], "gallery", None)
        left, right = min(tile.x for tile in tiles), max(tile.x + tile.width for tile in tiles)
        top, bottom = min(tile.y for tile in tiles), max(tile.y + tile.height for tile in tiles)
        assert abs(left - (WIDTH - right)) <= 4
        assert abs(top - (HEIGHT - bottom)) <= 4


@pytest.mark.parametrize(
    ("count", "columns", "rows"),
    [(1, 1, 1), (2, 2, 1), (3, 2, 2), (4, 2, 2), (5, 3, 2), (9, 3, 3), (16, 4, 4), (25, 5, 5), (50, 8, 7)],
)
def test_a_gallery_has_the_columns_that_make_tiles_largest(count: int, columns: int, rows: int) -> None:
    tiles = arrange(cameras(count), "gallery", None)
    assert len(sizes(tiles)) == 1
    assert len({tile.x for tile in tiles[:columns]}) == columns
    assert len({tile.y for tile in tiles}) == rows


def test_people_stand_in_reading_order_and_the_last_row_in_the_middle() -> None:
    tiles = arrange(cameras(5), "gallery", None)
    assert [(tile.y, tile.x) for tile in tiles] == sorted((tile.y, tile.x) for tile in tiles)
    assert [tile.seat.seat for tile in tiles] == ["s101", "s102", "s103", "s104", "s105"]
    last = tiles[3:]
    assert abs(last[0].x - (WIDTH - last[1].x - last[1].width)) <= 2


def test_somebody_who_speaks_moves_nobody_in_the_gallery() -> None:
    seats = [*screens(1), *cameras(12)]
    assert arrange(seats, "gallery", "s105") == arrange(seats, "gallery", None)


@pytest.mark.parametrize("count", [1, 3, 6])
def test_a_shared_screen_is_large_with_a_few_cameras_beside(count: int) -> None:
    share, *others = arrange([*screens(1), *cameras(count)], "gallery", None)
    assert share.share
    assert 1560 <= share.width <= 1620
    assert all(other.x > share.x + share.width for other in others)
    assert len({other.x for other in others}) == 1


@pytest.mark.parametrize("count", [9, 16, 25, 49])
def test_a_shared_screen_stays_large_with_many_cameras(count: int) -> None:
    share, *others = arrange([*screens(1), *cameras(count)], "gallery", None)
    assert share.width >= 1160
    assert min(other.width for other in others) >= 128
    assert share.width >= 4 * max(other.width for other in others)


@pytest.mark.parametrize(("shares", "count"), [(2, 0), (2, 1), (2, 30), (3, 10), (4, 4), (10, 40), (25, 25)])
def test_several_shared_screens_have_equal_parts_of_the_large_area(shares: int, count: int) -> None:
    tiles = arrange([*screens(shares), *cameras(count)], "gallery", None)
    large, small = tiles[:shares], tiles[shares:]
    assert all(tile.share for tile in large)
    assert len(sizes(large)) == 1
    assert all(tile.width <= large[0].width for tile in small)


def test_the_active_speaker_is_large_and_the_others_keep_their_order() -> None:
    large, *others = arrange(cameras(5), "speaker", "s103")
    assert large.seat.seat == "s103"
    assert large.width >= 4 * others[0].width
    assert [tile.seat.seat for tile in others] == ["s101", "s102", "s104", "s105"]


@pytest.mark.parametrize("active", [None, "s999"])
def test_the_first_camera_is_large_while_nobody_has_spoken(active: str | None) -> None:
    assert arrange(cameras(5), "speaker", active)[0].seat.seat == "s101"


def test_somebody_alone_has_the_whole_picture_in_both_layouts() -> None:
    tiles = arrange(cameras(1), "speaker", None)
    assert tiles == arrange(cameras(1), "gallery", None)
    assert tiles[0].height >= 1040


def test_a_shared_screen_is_larger_than_who_speaks() -> None:
    seats = [*screens(1), *cameras(5)]
    assert arrange(seats, "speaker", "s103") == arrange(seats, "gallery", None)


def test_other_sizes_of_the_picture_work_alike() -> None:
    tiles = arrange([*screens(1), *cameras(6)], "gallery", None, 1280, 720)
    assert tiles[0].width >= 1000
    assert max(tile.x + tile.width for tile in tiles) <= 1280
