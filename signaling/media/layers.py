"""Which layer each watcher gets and what publishers should send. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from signaling.media.port import Level, SendAdvice

DEFAULT_TILES = 16
"""Tiles of a watcher that didn't say what it shows (protocol, "Media")."""

MOST = 100_000_000
"""Bits a second of an allowance that nothing limits."""

LOSSY = 0.10
"""Loss above this share is congestion; below, it is repaired by RTX."""

SHORT, FAR_SHORT = 0.85, 0.6
"""An estimate (REMB) below these shares of what is sent speaks of congestion; above, it only follows what is sent."""

CONGESTED = 4
"""Pressure that counts as congestion: four seconds a little short, or two far short or lossy. Less is a burst, as
of a keyframe, or a client whose processor was busy."""

GENTLEST, STEEPEST = 0.9, 0.6
"""An allowance falls at least and at most to these shares of what was allowed and sent, before the next look."""

FIRST_HOLD, LAST_HOLD = 4.0, 60.0
"""Seconds after congestion before more is tried; doubled each time that trying failed."""

LAST_TILE_SHARE = 0.6
"""The most important tile goes only when the allowance is below this share of its smallest layer."""


class Allowance:
    """How much a watcher may be sent, from what its receiver reports say. Bits and seconds."""

    def __init__(self) -> None:
        self.bitrate = float(MOST)
        self._remb: float | None = None
        self._loss = 0.0
        self._pressure = 0
        self._hold_until = 0.0
        self._hold = FIRST_HOLD

    def remb(self, bitrate: float) -> None:
        self._remb = bitrate

    def loss(self, fraction: float) -> None:
        """The worst share of packets (0 to 1) that any stream lost in a report."""
        self._loss = max(self._loss, fraction)

    def update(self, sent: float, now: float) -> None:
        """Once a second, with the bits a second that were sent since the last call."""
        estimate, loss = self._remb, self._loss
        self._remb, self._loss = None, 0.0
        if loss > LOSSY or (estimate is not None and estimate < sent * FAR_SHORT):
            self._pressure += 2
        elif estimate is not None and estimate < sent * SHORT:
            self._pressure += 1
        else:
            self._pressure = 0
        if self._pressure >= CONGESTED:
            self._pressure = 0
            passes = min(sent * (1 - loss), sent if estimate is None else estimate)
            base = min(self.bitrate, sent)
            self.bitrate = max(min(passes, base * GENTLEST), base * STEEPEST)
            self._hold_until = now + self._hold
            self._hold = min(LAST_HOLD, self._hold * 2)
        elif now >= self._hold_until and self.bitrate < MOST:
            self.bitrate = min(float(MOST), self.bitrate * 1.2 + 50_000)
            if now >= self._hold_until + LAST_HOLD:
                self._hold = FIRST_HOLD

    def overloaded(self, sent: float, now: float) -> None:
        """Like `update`, after a second in which the worker had more to do than it could: everybody gets less."""
        self._remb, self._loss = None, 0.0
        self._fall(sent * STEEPEST, now)

    def _fall(self, bitrate: float, now: float) -> None:
        self._pressure = 0
        self.bitrate = min(self.bitrate, bitrate)
        self._hold_until = now + self._hold
        self._hold = min(LAST_HOLD, self._hold * 2)


@dataclass(frozen=True, slots=True)
class Tile:
    """A slot that a watcher wants to see, and the layers that flow for it: RID -> bits a second."""

    slot: int
    level: Literal["high", "low"]
    layers: Mapping[str, float]


def choose_layers(tiles: Sequence[Tile], allowance: float) -> dict[int, str]:
    """The layer (RID) for each slot, so that all fit into `allowance`; what doesn't fit is left out.

    `tiles` come in order of importance. First layers get smaller, from the least important tile on, then
    tiles go, at last all of them. Sound is always sent and not counted here.
    """
    best = {tile.slot: _best(tile) for tile in tiles if tile.layers}
    cost = {tile.slot: tile.layers[best[tile.slot]] for tile in tiles if tile.slot in best}
    left = allowance - sum(cost.values())
    for tile in reversed(tiles):
        if left >= 0:
            break
        if best.get(tile.slot) == "h" and "l" in tile.layers:
            best[tile.slot] = "l"
            left += cost[tile.slot] - tile.layers["l"]
            cost[tile.slot] = tile.layers["l"]
    for tile in reversed(tiles):
        if left >= 0:
            break
        if tile.slot in best and (len(best) > 1 or allowance < cost[tile.slot] * LAST_TILE_SHARE):
            del best[tile.slot]
            left += cost[tile.slot]
    return best


def _best(tile: Tile) -> str:
    for rid in ("h", "l") if tile.level == "high" else ("l", "h"):
        if rid in tile.layers:
            return rid
    return next(iter(tile.layers))


@dataclass(frozen=True, slots=True)
class ShownSeat:
    """A seat with video as the choice of tiles sees it."""

    slot: int
    kind: Literal["camera", "screen", "integration"]
    spoke: float
    """When it last spoke; the later, the more active."""


def wanted_levels(seats: Sequence[ShownSeat], levels: Mapping[int, Level]) -> list[tuple[int, Literal["high", "low"]]]:
    """What a watcher shows, the most important first: slot and level.

    `levels` holds what the watcher said. For slots that it didn't name: screens high and the most active
    cameras low, up to 16 tiles in all.
    """
    order = sorted(seats, key=lambda seat: (seat.kind == "camera", -seat.spoke, seat.slot))
    named = [(seat, levels[seat.slot]) for seat in order if seat.slot in levels]
    shown: list[tuple[int, Literal["high", "low"], bool]] = []
    for seat, level in named:
        if level != "off":
            shown.append((seat.slot, level, seat.kind != "camera"))
    for seat in order:
        if seat.slot not in levels and len(shown) < DEFAULT_TILES:
            screen = seat.kind != "camera"
            shown.append((seat.slot, "high" if screen else "low", screen))
    shown.sort(key=lambda tile: (not tile[2], tile[1] == "low"))
    return [(slot, level) for slot, level, _ in shown]


_HIGH = ((2, 1280, 720, 1_500_000, 30), (4, 960, 540, 900_000, 30), (9, 640, 360, 500_000, 25))
_HIGH_CROWDED = (640, 360, 400_000, 20)
_LOW = ((4, 320, 180, 150_000, 15), (16, 320, 180, 120_000, 15))
_LOW_CROWDED = (256, 144, 100_000, 10)
_SCREEN_BITRATE, _SCREEN_RATE = 1_500_000, 15


def advise(
    kind: Literal["camera", "screen", "integration"], rids: Sequence[str], on_screen: int, *, shown_high: bool
) -> SendAdvice:
    """What a publisher should send while `on_screen` seats have video.

    The large layer is sent only while somebody shows it large, the small one always. A publisher without
    simulcast has the one layer "" and sends it as large as somebody shows it.
    """
    if kind == "screen":
        screen = {
            "active": True, "max_bitrate": _SCREEN_BITRATE, "max_framerate": _SCREEN_RATE, "scale_down_by": 1.0,
        }  # fmt: skip
        return SendAdvice(dict.fromkeys(rids, screen))
    high = next((_layer(*row[1:]) for row in _HIGH if on_screen <= row[0]), _layer(*_HIGH_CROWDED))
    low = next((_layer(*row[1:]) for row in _LOW if on_screen <= row[0]), _layer(*_LOW_CROWDED))
    layers: dict[str, Mapping[str, Any]] = {}
    for rid in rids:
        if rid == "l":
            layers[rid] = low
        elif rid == "h" and "l" in rids:
            layers[rid] = {**high, "active": shown_high}
        else:
            layers[rid] = high if shown_high else low
    return SendAdvice(layers)


def _layer(width: int, height: int, bitrate: int, framerate: int) -> dict[str, Any]:
    return {
        "active": True,
        "max_bitrate": bitrate,
        "max_framerate": framerate,
        # For a camera of 1280x720; with another size `width` and `height` say what is meant.
        "scale_down_by": 720 / height,
        "width": width,
        "height": height,
    }


def most_bitrate(advice: SendAdvice) -> int:
    """The most that a publisher would send with all layers of `advice` on, with sound and room for repairs.

    For REMB: a sender's estimate climbs 8 % a second only, so a layer that is off now mustn't lower it.
    """
    return int(1.3 * sum(int(each["max_bitrate"]) for each in advice.layers.values())) + 100_000
