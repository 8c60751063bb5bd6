"""What a room says of itself to the application and to the media plane."""

from __future__ import annotations

from dataclasses import dataclass

from signaling.media.port import StageSeat
from signaling.room.state import RecordingState, Room


@dataclass(frozen=True, slots=True)
class LiveRoom:
    """Numbers of a running room, as its journal has them."""

    seats_taken: int
    viewers: int
    viewer_cap: int
    waiting: int
    requests: int
    max_on_screen: int
    recording: RecordingState = "off"
    recording_id: str | None = None
    """Of the recording that goes on or was the last."""


def live_room(room: Room) -> LiveRoom:
    return LiveRoom(
        seats_taken=room.seats_taken,
        viewers=room.viewers,
        viewer_cap=room.viewer_cap,
        waiting=room.waiting,
        requests=len(room.requests),
        max_on_screen=room.settings.max_on_screen,
        recording=room.recording_state,
        recording_id=None if room.recording is None else room.recording.id,
    )


def stage(room: Room) -> list[StageSeat]:
    """Who is on screen with what, complete. People who are away keep their media while they keep their seat."""
    return [
        StageSeat(
            seat=seat.id,
            kind=seat.kind.value,
            participant=seat.participant,
            slot=seat.slot,
            audio=seat.audio and not seat.muted,
            video=seat.video,
        )
        for seat in room.seats.values()
    ]


def captured_recording(room: Room) -> str | None:
    """Under which recording the media on screen is captured now; None: it isn't."""
    return room.recording.id if room.recording is not None and room.recording_state == "recording" else None
