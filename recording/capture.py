"""Captures what a media worker taps: packets go into track files, in a folder for each recording.

The media's loop only collects bytes. A thread writes them, so that a slow disk holds up nobody's picture; what waits
for it is bounded. Whatever goes wrong ends the track that it befell, with a line in the log and a number for the
operator, and never the media.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from recording.track_file import TrackHeader, TrackWriter, track_name
from signaling.media.feedback import SenderReport, build_sender_report

HELD_SECONDS = 0.25
"""How long packets are collected before they are written. With the time until the next look and the writing itself, a
process that is killed loses less than half a second (product, section 7: nothing recorded is lost by a crash)."""

MOST_WAITING = 64 << 20
"""Bytes that wait for the disk: ten seconds of fifty cameras. What comes then is dropped."""

CLOSE_SECONDS = 2.0
"""How long the end of the process waits for the disk."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Counters:
    captured_packets: int = 0
    captured_bytes: int = 0
    """Written, of whole track files."""
    capture_drops: int = 0
    """Pieces of up to 64 KiB that the disk was too slow for."""
    capture_failures: int = 0
    """Tracks that ended because they couldn't be written."""


class Capture:
    """`Tap` that writes to `folder`. Call `close` at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # One clock for all tracks of a process, which never steps: wall time now, and monotonic time from now on.
        began = time.time()
        self.offset = began - time.monotonic()
        self._run = f"{int(began * 1000):011x}{secrets.token_hex(2)}"
        self._tracks = 0
        self.counters = _Counters()
        self.waiting: dict[_Track, float] = {}
        """Tracks with packets that aren't handed to the writer yet, and since when, oldest first."""
        self._jobs: SimpleQueue[tuple[_Track, bytearray] | None] = SimpleQueue()
        self._handed = self._done = 0
        """Bytes: each is changed by one thread only."""
        self._dropping = False
        self._writer = Thread(target=self._write_all, name="capture", daemon=True)
        self._writer.start()

    def track(self, recording: str, header: TrackHeader) -> _Track | None:
        if not _NAME.fullmatch(recording):
            log.error("recording %r can't be captured: this is no id", recording[:200])
            self.counters.capture_failures += 1
            return None
        self._tracks += 1
        return _Track(self, self._folder / recording / track_name(header, self._run, self._tracks), header)

    def tick(self, now: float) -> None:
        while self.waiting:
            track = next(iter(self.waiting))
            if now - self.waiting[track] < HELD_SECONDS:
                return
            track.flush()

    def metrics(self) -> Mapping[str, float]:
        return asdict(self.counters)

    def close(self) -> None:
        """Write what is there, unless the disk takes too long."""
        for track in list(self.waiting):
            track.flush()
        self._jobs.put(None)
        self._writer.join(CLOSE_SECONDS)
        if self._writer.is_alive():
            log.error("%d captured bytes are lost: the disk takes too long", self._handed - self._done)

    def hand(self, track: _Track, piece: bytearray) -> bool:
        """Have a piece written; False if too much waits."""
        # Once it is full it goes on when half is done: better one gap than many.
        most = MOST_WAITING // 2 if self._dropping else MOST_WAITING
        full = self._handed - self._done + len(piece) > most
        if full != self._dropping:
            self._dropping = full
            if full:
                log.error("captured packets are dropped: the disk is too slow")
            else:
                log.warning("captured packets are written again")
        if full:
            self.counters.capture_drops += 1
            return False
        self._handed += len(piece)
        self._jobs.put((track, piece))
        return True

    def _write_all(self) -> None:
        while (job := self._jobs.get()) is not None:
            track, piece = job
            try:
                if not track.failed:
                    track.write(piece)
                    self.counters.captured_bytes += len(piece)
            except OSError as error:
                track.failed = True
                self.counters.capture_failures += 1
                log.error("capturing %s ended: %s", track.path.name, error.strerror or error)
            self._done += len(piece)


class _Track:
    """One track file. Its file appears with the first packets, and is open only while it is written to."""

    __slots__ = ("_begun", "_capture", "_header", "_writer", "_written", "failed", "path")

    def __init__(self, capture: Capture, path: Path, header: TrackHeader) -> None:
        self.path = path
        self.failed = False
        self._capture = capture
        self._header = header
        self._writer = TrackWriter(header, self._hand)
        self._begun = False
        self._written = False

    def packet(self, data: bytes | memoryview, now: float) -> None:
        if self.failed:
            return
        capture = self._capture
        if self not in capture.waiting:
            capture.waiting[self] = now
        capture.counters.captured_packets += 1
        self._writer.packet(data, int((now + capture.offset) * 1e9))

    def report(self, report: SenderReport, now: float) -> None:
        # Before the first packet nobody knows what it is about.
        if self.failed or not (self._begun or self in self._capture.waiting):
            return
        self._capture.waiting.setdefault(self, now)
        data = build_sender_report(report.ssrc, report.ntp, report.timestamp, 0, 0)
        self._writer.report(data, int((now + self._capture.offset) * 1e9))

    def close(self) -> None:
        if self in self._capture.waiting:
            self.flush()

    def flush(self) -> None:
        del self._capture.waiting[self]
        self._writer.flush()

    def write(self, piece: bytearray) -> None:
        """Append to the file; called by the writing thread. Raises OSError."""
        if self._written:
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        else:
            # Not its parents: the folder of all recordings must be there, or this is the wrong disk.
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | os.O_CREAT | os.O_EXCL, 0o600)
            self._written = True
        try:
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(file, rest) :]
        finally:
            os.close(file)

    def _hand(self, piece: bytearray) -> None:
        if self._capture.hand(self, piece):
            self._begun = True
        elif not self._begun:
            # The first line was in that piece, and no file can do without it.
            self._writer = TrackWriter(self._header, self._hand)
