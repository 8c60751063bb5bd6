"""What the people in a block show and say: each seat's tracks, opened when it comes and closed when it goes.

A seat whose tracks are missing or can't be read shows nothing and is silent: one bad file must not cost the others
their recording.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recording.pictures import SeatPictures, Shown
from recording.sound import Samples, SeatSound
from recording.stage_log import RecordedSeat
from recording.timed_tracks import SenderClock, read_clock
from recording.timeline import FPS, Block
from recording.track_file import TrackFile, read_tracks

CLOCK_SECONDS = 300.0
"""Seconds before and after a block whose packets tell its clocks too, so that they are the same in the next block."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Open:
    """A seat's tracks while it is needed; None: there is none, or it can't be read."""

    pictures: SeatPictures | None
    sound: SeatSound | None


class SeatMedia:
    """The media of all seats of one block. Times and positions that are asked for must ascend."""

    def __init__(self, folder: Path, block: Block) -> None:
        self._tracks: defaultdict[str, list[TrackFile]] = defaultdict(list)
        for track in read_tracks(folder):
            self._tracks[track.header.participant].append(track)
        first, last = block.scenes[0], block.scenes[-1]
        self._since = first.source / FPS - CLOCK_SECONDS
        self._until = (last.source + last.frames) / FPS + CLOCK_SECONDS
        self._clocks: dict[str, SenderClock] = {}
        self._open: dict[str, _Open] = {}

    def picture(self, seat: RecordedSeat, time: float) -> Shown | None:
        """The picture to show at Unix time `time`; None: show the name."""
        media = self._media(seat)
        if not seat.video or media.pictures is None:
            return None
        try:
            return media.pictures.at(time)
        except Exception:
            log.exception("no more pictures of %s: its tracks can't be read", seat.seat)
            media.pictures = None
            return None

    def sound(self, seat: RecordedSeat, position: int, samples: int) -> Samples:
        """What sounds from `position` on, counted at 48 kHz since the Unix epoch."""
        media = self._media(seat)
        if seat.audio and media.sound is not None:
            try:
                return media.sound.read(position, samples)
            except Exception:
                log.exception("no more sound of %s: its tracks can't be read", seat.seat)
                media.sound = None
        return np.zeros(samples, np.float32)

    def keep(self, seats: Iterable[str]) -> None:
        """Close all other seats."""
        kept = set(seats)
        self._open = {seat: media for seat, media in self._open.items() if seat in kept}

    def _media(self, seat: RecordedSeat) -> _Open:
        media = self._open.get(seat.seat)
        if media is None:
            media = self._open[seat.seat] = self._opened(seat)
        return media

    def _opened(self, seat: RecordedSeat) -> _Open:
        tracks = [track for track in self._tracks[seat.participant] if track.header.seat == seat.seat]
        try:
            clock = self._clock(seat.participant)
            return _Open(
                SeatPictures([track for track in tracks if track.header.kind == "video"], clock),
                SeatSound([track for track in tracks if track.header.kind == "audio"], clock),
            )
        except Exception:
            log.exception("nothing of %s: its tracks can't be read", seat.seat)
            return _Open(None, None)

    def _clock(self, participant: str) -> SenderClock:
        clock = self._clocks.get(participant)
        if clock is None:
            tracks = self._tracks[participant]
            clock = self._clocks[participant] = read_clock(tracks, since=self._since, until=self._until)
        return clock
