"""The recorder: follows the rooms of one node and logs who is on screen while they are recorded.

    recorder = Recorder(folder, node, clock, limits)
    hub = Hub(..., subscriber=recorder)
    recorder.start(hub)
    ...
    await hub.close()
    await recorder.close()

It also keeps an eye on the disk: it warns while there is little space, and ends recordings before there is none.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import structlog

from recording.stage_log import BEAT_SECONDS, RecordedSeat, StageLog, last_words
from signaling.clock import Clock, Timer
from signaling.room.state import Recording, Room
from signaling.wire.outbound import Notice

log = structlog.get_logger(__name__)

LOOK_SECONDS = 5.0
"""Between two looks at the disk's free space, each with an `fdatasync` of the logs: what a power cut may cost."""
WARN_AGAIN_SECONDS = 600.0


class RecordedRooms(Protocol):
    """What the recorder asks of the hub."""

    def announce(self, session: str, notice: Notice, *, to_moderators: bool) -> None:
        """Tell those who moderate."""

    def end_recording(self, session: str, recording: str, reason: Literal["disk_full"]) -> None:
        """End a recording that can't go on, soon; without effect if it has ended."""


class RecorderUnavailable(Exception):
    """There is no place to record to. The text is for the operator."""


@dataclass(frozen=True, slots=True)
class SpaceLimits:
    """Free bytes of the recordings' disk."""

    warn_below: int
    stop_below: int


@dataclass(frozen=True, slots=True)
class RecorderNumbers:
    """For metrics: what is now, and what has been counted since the start."""

    free_bytes: int | None
    """None: the disk can't be asked."""
    recordings: int
    """Followed here: recorded or paused."""
    warnings: int
    """Times that moderators were told of little space."""
    stopped: int
    """Recordings ended because there was none."""


@dataclass(slots=True, eq=False)
class _Followed:
    """A room's recording as this run of the recorder knows it."""

    recording: str
    session: str
    log: StageLog | None = None
    """From the first statement on."""
    seats: tuple[RecordedSeat, ...] = ()
    """As last stated."""
    captured: bool = False
    """The room is being recorded now, not paused."""
    stopping: bool = False
    """The room was asked to end it, for want of space."""
    over: bool = False
    """Its end was seen: nothing more is to be written."""
    warn_at: float = float("-inf")


class Recorder:
    """The hub's `RoomSubscriber`. All is called on the hub's event loop; `start` it before the hub starts.

    `folder` holds one folder per recording; `node` is the hub's.
    """

    def __init__(
        self,
        folder: Path,
        node: str,
        clock: Clock,
        limits: SpaceLimits,
        free_bytes: Callable[[], int] | None = None,
    ) -> None:
        self._folder = folder
        self._node = node
        self._clock = clock
        self._limits = limits
        self._free_bytes = free_bytes or (lambda: shutil.disk_usage(folder).free)
        self._rooms: RecordedRooms | None = None
        self._followed: dict[str, _Followed] = {}
        """By session."""
        self._timer: Timer | None = None
        self._syncing: set[asyncio.Future[None]] = set()
        self._look_at = float("-inf")
        self._warnings = self._stopped = 0

    def start(self, rooms: RecordedRooms) -> None:
        """Raises RecorderUnavailable if the folder can't be made or its disk not be asked."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._free_bytes()
        except OSError as error:
            raise RecorderUnavailable(f"{self._folder}: {error.strerror or error}") from error
        self._rooms = rooms

    async def close(self) -> None:
        """After the hub was closed: make durable what was written."""
        for session in list(self._followed):
            self.room_stopped(session)
        if self._syncing:
            await asyncio.wait(self._syncing)

    def numbers(self) -> RecorderNumbers:
        going_on = sum(not each.over for each in self._followed.values())
        return RecorderNumbers(self._measure(), going_on, self._warnings, self._stopped)

    # --- RoomSubscriber ---

    def room_changed(self, room: Room, sequence: int, at: float) -> None:
        followed = self._followed.get(room.session)
        if followed is not None and (room.recording is None or room.recording.id != followed.recording):
            # Only the switch makes a room forget a recording, and it ended that recording before.
            self._end(followed, room, at, "switched_off")
            del self._followed[room.session]
            followed = None
        if room.recording is None:
            return
        if followed is None:
            followed = self._follow(room, room.recording)
        if followed.over:
            return
        if room.recording.ended_at is not None:
            self._end(followed, room, room.recording.ended_at, room.recording.ended or "closed")
            return
        followed.captured = room.recording.paused_at is None
        if followed.log is None and followed.captured:
            free = self._measure()
            if free is not None and free < self._limits.stop_below:
                self._no_space(followed, free)
        if followed.log is not None or (followed.captured and not followed.stopping):
            self._state(followed, room, sequence, at)
        self._beat_later()

    def room_stopped(self, session: str) -> None:
        followed = self._followed.pop(session, None)
        if followed is not None:
            self._close_log(followed)

    def captured_until(self, room: Room) -> float | None:
        if room.recording is None:
            return None
        words = last_words(self._folder / room.recording.id)
        return None if words is None else words[0]

    # --- writing ---

    def _follow(self, room: Room, recording: Recording) -> _Followed:
        followed = self._followed[room.session] = _Followed(recording.id, room.session)
        if recording.ended_at is not None:
            # It may have ended while this node didn't run: then its logs don't say so yet.
            words = last_words(self._folder / recording.id)
            followed.over = words is None or words[1]
        return followed

    def _state(self, followed: _Followed, room: Room, sequence: int, at: float) -> None:
        seats = recorded_seats(room)
        if followed.log is not None and seats == followed.seats:
            return
        try:
            self._log_of(followed, room, at).state(at, sequence, seats)
        except OSError as error:
            self._broke(followed, error)
        else:
            followed.seats = seats

    def _end(self, followed: _Followed, room: Room, at: float, reason: str) -> None:
        never_begun = followed.log is None and followed.stopping
        try:
            if not followed.over and not never_begun:
                self._log_of(followed, room, at).end(at, reason)
        except OSError as error:
            log.error("the end of a recording can't be written", recording=followed.recording, why=str(error))
        followed.over, followed.captured = True, False
        self._close_log(followed)

    def _log_of(self, followed: _Followed, room: Room, at: float) -> StageLog:
        """The run's log of a recording, begun if need be. Raises OSError."""
        if followed.log is None:
            followed.log = StageLog(
                self._folder / followed.recording,
                node=self._node,
                run=secrets.token_hex(4),
                recording=followed.recording,
                session=followed.session,
                title=room.settings.title,
                started_at=at,
            )
        return followed.log

    def _broke(self, followed: _Followed, error: OSError) -> None:
        """A recording that can't be written is ended: what is captured would be of no use without the log."""
        if not followed.stopping:
            log.error("a recording can't be written", recording=followed.recording, why=str(error))
        self._stop(followed)

    def _stop(self, followed: _Followed) -> None:
        """Ask the room to end a recording; until it has, all goes on as far as it can."""
        if not followed.stopping and self._rooms is not None:
            followed.stopping = True
            self._stopped += 1
            self._rooms.end_recording(followed.session, followed.recording, "disk_full")

    def _close_log(self, followed: _Followed) -> None:
        if followed.log is not None:
            self._sync(followed.log)
            followed.log.close()
            followed.log = None

    def _sync(self, stage_log: StageLog) -> None:
        """Make a log durable, in another thread: a disk can take its time."""
        syncing = asyncio.get_running_loop().run_in_executor(None, _make_durable, stage_log.descriptor())
        self._syncing.add(syncing)
        syncing.add_done_callback(self._syncing.discard)

    # --- beats, and the disk ---

    def _beat_later(self) -> None:
        if self._timer is None and any(each.captured for each in self._followed.values()):
            self._timer = self._clock.call_at(self._clock.now() + BEAT_SECONDS, self._beat)

    def _beat(self) -> None:
        self._timer = None
        now = self._clock.now()
        for followed in list(self._followed.values()):
            if followed.captured and followed.log is not None:
                try:
                    followed.log.beat(now)
                except OSError as error:
                    self._broke(followed, error)
        if now >= self._look_at:
            self._look_at = now + LOOK_SECONDS
            self._look_after_disk(now)
        self._beat_later()

    def _look_after_disk(self, now: float) -> None:
        going_on = [each for each in self._followed.values() if not each.over]
        if not self._syncing:
            for followed in going_on:
                if followed.log is not None:
                    self._sync(followed.log)
        free = self._measure()
        if free is None:
            return
        if free < self._limits.stop_below:
            for followed in going_on:
                self._no_space(followed, free)
        elif free < self._limits.warn_below:
            for followed in going_on:
                if now >= followed.warn_at:
                    followed.warn_at = now + WARN_AGAIN_SECONDS
                    self._warn(followed, free)

    def _measure(self) -> int | None:
        try:
            return self._free_bytes()
        except OSError as error:
            log.error("the recordings' disk can't be asked for its free space", why=str(error))
            return None

    def _no_space(self, followed: _Followed, free: int) -> None:
        if not followed.stopping:
            log.error("no space is left for a recording: it ends", recording=followed.recording, free_bytes=free)
        self._stop(followed)

    def _warn(self, followed: _Followed, free: int) -> None:
        self._warnings += 1
        log.warning("little space is left for a recording", recording=followed.recording, free_bytes=free)
        text = (
            f"The server's disk has {free / 1e9:.1f} GB left for recordings. "
            f"At {self._limits.stop_below / 1e9:.1f} GB this recording stops for good."
        )
        notice: Notice = {"type": "notice", "code": "recording_space_low", "message": text}
        notice["details"] = {"free_bytes": free}
        if self._rooms is not None:
            self._rooms.announce(followed.session, notice, to_moderators=True)


def recorded_seats(room: Room) -> tuple[RecordedSeat, ...]:
    """Everybody on screen, integrations and people who are away too: the statement is complete."""
    return tuple(
        RecordedSeat(
            seat=seat.id,
            kind=seat.kind.value,
            participant=seat.participant,
            name=room.people[seat.participant].name,
            audio=seat.audio and not seat.muted,
            video=seat.video,
            muted=seat.muted,
            away=room.people[seat.participant].away_since is not None,
        )
        for seat in room.seats.values()
    )


def _make_durable(descriptor: int) -> None:
    try:
        os.fdatasync(descriptor)
    except OSError as error:
        log.error("a stage log can't be made durable", why=str(error))
    finally:
        os.close(descriptor)
