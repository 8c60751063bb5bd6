"""What watchers get and what publishers should send."""

from __future__ import annotations

from typing import Literal

import pytest

from signaling.media.layers import (
    MOST,
    Allowance,
    ShownSeat,
    Tile,
    advise,
    choose_layers,
    most_bitrate,
    wanted_levels,
)
from signaling.media.port import Level

BOTH = {"h": 900_000.0, "l": 100_000.0}


def tile(slot: int, level: Literal["high", "low"] = "low", layers: dict[str, float] | None = None) -> Tile:
    return Tile(slot, level, BOTH if layers is None else layers)


@pytest.mark.parametrize(
    ("tiles", "allowance", "chosen"),
    [
        pytest.param([tile(0, "high"), tile(1)], MOST, {0: "h", 1: "l"}, id="enough for all"),
        pytest.param([tile(0, "high", {"l": 1.0})], MOST, {0: "l"}, id="small where large doesn't flow"),
        pytest.param([tile(0, "low", {"h": 1.0})], MOST, {0: "h"}, id="large where small doesn't flow"),
        pytest.param([tile(0, "low", {"": 1.0})], MOST, {0: ""}, id="the only layer there is"),
        pytest.param([tile(0, "high", {})], MOST, {}, id="nothing flows"),
        pytest.param([tile(0, "high"), tile(1, "high")], 1_000_000, {0: "h", 1: "l"}, id="last one gets smaller first"),
        pytest.param([tile(0, "high"), tile(1, "high")], 200_000, {0: "l", 1: "l"}, id="all get smaller"),
        pytest.param([tile(0, "high"), tile(1), tile(2)], 199_000, {0: "l"}, id="then tiles go, the last first"),
        pytest.param([tile(0, "high"), tile(1)], 80_000, {0: "l"}, id="the first stays as long as it may pass"),
        pytest.param([tile(0, "high"), tile(1)], 50_000, {}, id="at last all video"),
        pytest.param([tile(0, "high", {"": 9e5}), tile(1)], 950_000, {0: ""}, id="a lone layer can't get smaller"),
    ],
)
def test_layers_are_chosen_to_fit(tiles: list[Tile], allowance: float, chosen: dict[int, str]) -> None:
    assert choose_layers(tiles, allowance) == chosen


def seats(cameras: int, screens: int = 0) -> list[ShownSeat]:
    """Cameras on slots 0 on, of which the later ones spoke last, then screens."""
    shown = [ShownSeat(slot, "camera", float(slot)) for slot in range(cameras)]
    return shown + [ShownSeat(slot, "screen", 0.0) for slot in range(cameras, cameras + screens)]


@pytest.mark.parametrize(
    ("shown", "levels", "wanted"),
    [
        pytest.param(seats(3), {}, [(2, "low"), (1, "low"), (0, "low")], id="the most active first"),
        pytest.param(seats(1, 1), {}, [(1, "high"), (0, "low")], id="screens first, and large"),
        pytest.param(seats(20, 1), {}, [(20, "high"), *((s, "low") for s in range(19, 4, -1))], id="16 in all"),
        pytest.param(seats(3), {0: "high", 1: "off"}, [(0, "high"), (2, "low")], id="as the watcher said"),
        pytest.param(seats(2), {1: "low", 7: "high"}, [(1, "low"), (0, "low")], id="empty slots don't matter"),
        pytest.param(
            seats(20), dict.fromkeys(range(20), "low"), [(s, "low") for s in range(19, -1, -1)], id="more if asked for"
        ),
    ],
)
def test_watchers_show_what_they_said_or_the_default(
    shown: list[ShownSeat], levels: dict[int, Level], wanted: list[tuple[int, str]]
) -> None:
    assert wanted_levels(shown, levels) == wanted


def update(
    allowance: Allowance, seconds: int, sent: float, start: int = 0, *, remb: float | None = None, loss: float = 0.0
) -> int:
    """Reports come for some seconds; returns the time after."""
    for second in range(start, start + seconds):
        if remb is not None:
            allowance.remb(remb)
        allowance.loss(loss)
        allowance.update(sent, float(second))
    return start + seconds


class TestAllowance:
    def test_nothing_limits_at_first(self) -> None:
        allowance = Allowance()
        update(allowance, 10, 1_000_000)
        assert allowance.bitrate == MOST

    def test_an_estimate_above_what_is_sent_only_follows_it(self) -> None:
        allowance = Allowance()
        update(allowance, 20, 100_000, remb=110_000, loss=0.05)
        assert allowance.bitrate == MOST

    @pytest.mark.parametrize(
        ("report", "seconds", "allowed"),
        [
            ((500_000, 0.0), 2, 600_000),
            ((800_000, 0.0), 4, 800_000),
            ((None, 0.3), 2, 700_000),
            ((None, 0.9), 2, 600_000),
        ],
        ids=["far short", "a little short for long", "lossy", "very lossy"],
    )
    def test_congestion_lowers_it(self, report: tuple[float | None, float], seconds: int, allowed: float) -> None:
        allowance = Allowance()
        remb, loss = report
        now = update(allowance, seconds - 1, 1_000_000, remb=remb, loss=loss)
        assert allowance.bitrate == MOST, "a burst is no congestion"
        update(allowance, 1, 1_000_000, start=now, remb=remb, loss=loss)
        assert allowance.bitrate == pytest.approx(allowed)

    def test_it_falls_on_as_long_as_congestion_lasts(self) -> None:
        allowance = Allowance()
        now = 0
        for _ in range(20):
            now = update(allowance, 2, min(1_000_000, allowance.bitrate), start=now, loss=0.5)
        assert allowance.bitrate < 1_000

    def test_an_overloaded_worker_sends_everybody_less_at_once(self) -> None:
        allowance = Allowance()
        allowance.overloaded(1_000_000, 0.0)
        assert allowance.bitrate == 600_000
        update(allowance, 3, 600_000)
        assert allowance.bitrate == 600_000, "more is tried only after a hold"

    def test_it_rises_after_a_hold_that_grows_with_each_failure(self) -> None:
        allowance = Allowance()
        now = update(allowance, 2, 1_000_000, loss=0.4)
        low = allowance.bitrate
        now = update(allowance, 3, 500_000, start=now)
        assert allowance.bitrate == low
        now = update(allowance, 2, 500_000, start=now)
        assert allowance.bitrate > low
        now = update(allowance, 2, 1_000_000, start=now, loss=0.4)
        low = allowance.bitrate
        now = update(allowance, 7, 500_000, start=now)
        assert allowance.bitrate == low
        update(allowance, 60, 500_000, start=now)
        assert allowance.bitrate == MOST


@pytest.mark.parametrize(
    ("on_screen", "height", "bitrate"),
    [(1, 720, 1_500_000), (2, 720, 1_500_000), (4, 540, 900_000), (9, 360, 500_000), (50, 360, 400_000)],
)
def test_the_large_layer_shrinks_with_the_number_on_screen(on_screen: int, height: int, bitrate: int) -> None:
    large = advise("camera", ("l", "h"), on_screen, shown_high=True).layers["h"]
    assert (large["active"], large["height"], large["max_bitrate"]) == (True, height, bitrate)
    assert large["scale_down_by"] == 720 / height


@pytest.mark.parametrize("on_screen", [1, 4, 5, 16, 17, 50])
def test_the_small_layer_is_always_sent_and_always_small(on_screen: int) -> None:
    small = advise("camera", ("l", "h"), on_screen, shown_high=False).layers["l"]
    assert small["active"]
    assert 100_000 <= small["max_bitrate"] <= 150_000
    assert 160 <= small["width"] <= 320
    assert 10 <= small["max_framerate"] <= 15


def test_the_large_layer_is_off_while_nobody_shows_it_large() -> None:
    assert not advise("camera", ("l", "h"), 1, shown_high=False).layers["h"]["active"]


def test_a_lone_layer_is_as_large_as_somebody_shows_it() -> None:
    assert advise("camera", ("",), 3, shown_high=True).layers[""]["height"] == 540
    assert advise("camera", ("",), 3, shown_high=False).layers[""]["height"] == 180


def test_a_screen_is_sent_in_full_size() -> None:
    layer = advise("screen", ("",), 30, shown_high=False).layers[""]
    assert layer == {"active": True, "max_bitrate": 1_500_000, "max_framerate": 15, "scale_down_by": 1.0}


def test_what_a_publisher_may_send_does_not_fall_with_a_layer_that_is_off() -> None:
    on, off = (most_bitrate(advise("camera", ("l", "h"), 2, shown_high=shown)) for shown in (True, False))
    assert on == off > 1_650_000
