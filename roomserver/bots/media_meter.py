"""Counts the media of a run between two moments: what was sent, what arrived, and how smoothly."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from roomserver.bots.bot import Bot
from roomserver.bots.figures import MediaFigures, spread
from roomserver.bots.speaker import Speaker
from roomserver.bots.watcher import Watcher
from signaling.media.light_peer import LightPublisher, LightWatcher


@dataclass(frozen=True, slots=True)
class _Count:
    """What one watcher has had so far."""

    packets: int
    lost: int
    recovered: int
    frames: dict[str, int]
    lags: list[float]


@dataclass(slots=True)
class _Span:
    """Keyed by connection: one that took the place of another counts from zero."""

    at: float = 0.0
    sent: dict[LightPublisher, int] = field(default_factory=dict)
    counts: dict[LightWatcher, _Count] = field(default_factory=dict)


class MediaMeter:
    """`start` when all have come, `stop` before they leave; `figures` then says what was between."""

    def __init__(self) -> None:
        self._begin, self._end = _Span(), _Span()
        self._publishers = 0

    def start(self, speakers: Sequence[Speaker], viewers: Sequence[Bot]) -> None:
        self._begin = _read(speakers, viewers)

    def stop(self, speakers: Sequence[Speaker], viewers: Sequence[Bot]) -> None:
        self._publishers = sum(each.publisher is not None and each.publisher.connection.open for each in speakers)
        self._end = _read(speakers, viewers)

    def present(self, speakers: Sequence[Speaker], viewers: Sequence[Bot]) -> dict[str, object]:
        """Numbers for the eye while it runs."""
        now = _read(speakers, viewers)
        if not now.sent and not now.counts:
            return {}
        return {
            "packets sent": sum(now.sent.values()),
            "received": sum(count.packets for count in now.counts.values()),
            "lost": sum(count.lost for count in now.counts.values()),
        }

    def figures(self) -> MediaFigures:
        seconds = max(self._end.at - self._begin.at, 0.001)
        rates: dict[str, list[float]] = defaultdict(list)
        packets = lost = recovered = 0
        for watcher, after in self._end.counts.items():
            before = self._begin.counts.get(watcher) or _Count(0, 0, 0, {}, [])
            packets += after.packets - before.packets
            lost += after.lost - before.lost
            recovered += after.recovered - before.recovered
            for slot, frames in after.frames.items():
                if frames:
                    rates[slot].append((frames - before.frames.get(slot, 0)) / seconds)
        return MediaFigures(
            publishers=self._publishers,
            watchers=len(self._end.counts),
            packets_sent=sum(sent - self._begin.sent.get(each, 0) for each, sent in self._end.sent.items()),
            packets_received=packets,
            packets_lost=max(0, lost),
            packets_recovered=recovered,
            frames_per_second={slot: round(median(each), 1) for slot, each in sorted(rates.items(), key=_by_number)},
            lag_ms=spread([lag for count in self._end.counts.values() for lag in count.lags]),
        )


def _read(speakers: Sequence[Speaker], viewers: Sequence[Bot]) -> _Span:
    counts: dict[LightWatcher, _Count] = {}
    for viewer in viewers:
        if isinstance(viewer, Watcher) and viewer.watcher is not None and viewer.watcher.connection.open:
            slots = viewer.watcher.slots.values()
            counts[viewer.watcher] = _Count(
                packets=sum(slot.packets for slot in slots),
                lost=sum(slot.lost for slot in slots),
                recovered=sum(slot.recovered for slot in slots),
                frames={slot.name: slot.frames for slot in slots if slot.kind == "video"},
                lags=[slot.lag for slot in slots if slot.packets],
            )
    sent = {each.publisher: each.publisher.connection.sent for each in speakers if each.publisher is not None}
    return _Span(asyncio.get_running_loop().time(), sent, counts)


def _by_number(item: tuple[str, object]) -> int:
    return int(item[0][1:])
