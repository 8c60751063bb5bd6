"""Decisions about the session's recording (product section 7): it starts, pauses and ends by who is on screen."""

from __future__ import annotations

from signaling.room.commands import EndRecording, InterruptRecording
from signaling.room.events import Event, RecordingEnded, RecordingPaused, RecordingResumed, RecordingStarted
from signaling.room.outcome import Accepted, Outcome
from signaling.room.state import PAUSE_SECONDS, RecordingEnd, Room, SeatKind

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def somebody_is_captured(room: Room) -> bool:
    """Whether anybody is on screen with a camera or screen seat and isn't away."""
    return any(
        seat.kind is not SeatKind.INTEGRATION and room.people[seat.participant].away_since is None
        for seat in room.seats.values()
    )


def recording_due(room: Room, now: float) -> list[Event]:
    """What the people on screen and the time that has passed make of the recording; part of `Settle`."""
    match room.recording_state:
        case "armed" if somebody_is_captured(room):
            return [RecordingStarted(_new_id(room, now), now)]
        case "recording" if not somebody_is_captured(room):
            return [RecordingPaused(now)]
        case "paused" if _hour_is_over(room, now):
            # Also if somebody is there by now: nobody decided anything between the hour's end and their coming.
            return ends(room, now, "nobody")
        case "paused" if somebody_is_captured(room):
            return [RecordingResumed(now)]
        case _:
            return []


def recording_deadline(room: Room) -> float | None:
    """When a pause will have lasted too long; None while there is no pause."""
    recording = room.recording
    if recording is None or recording.paused_at is None or recording.ended_at is not None:
        return None
    return recording.paused_at + PAUSE_SECONDS


def ends(room: Room, now: float, reason: RecordingEnd) -> list[Event]:
    """The end of the recording, if one goes on. A pause that has lasted its hour ended it before anything else did."""
    if room.recording is None or room.recording.ended_at is not None:
        return []
    deadline = recording_deadline(room)
    if deadline is not None and deadline <= now:
        return [RecordingEnded(deadline, "nobody")]
    return [RecordingEnded(now, reason)]


def end_recording(room: Room, command: EndRecording, now: float) -> Outcome:
    if room.recording is None or room.recording.id != command.recording:
        return Accepted()
    return Accepted(tuple(ends(room, now, command.reason)))


def interrupt_recording(room: Room, command: InterruptRecording, now: float) -> Outcome:
    if room.recording is None or room.recording_state != "recording" or somebody_is_captured(room):
        return Accepted()
    return Accepted((RecordingPaused(min(now, max(command.since, room.recording.started_at))),))


def _hour_is_over(room: Room, now: float) -> bool:
    deadline = recording_deadline(room)
    return deadline is not None and deadline <= now


def _new_id(room: Room, now: float) -> str:
    """Unique for ever: a room that is replaced by a new one of the same session counts anew, but later."""
    return f"rec_{room.session.removeprefix('ses_')}-{_base36(int(now * 1000))}-{room.next_recording}"


def _base36(number: int) -> str:
    digits = ""
    while number > 0:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
