"""Which people hear of an event in a `notice`, and in which words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from signaling.room import events as e
from signaling.room.state import Room
from signaling.wire.outbound import Notice


@dataclass(frozen=True, slots=True)
class Told:
    """A notice for one participant, or for all who moderate (None)."""

    participant: str | None
    notice: Notice


def notices(room: Room, event: e.Event) -> Iterator[Told]:
    """What an event makes the server say besides the documents. `room` is as it is after the event."""
    match event:
        case e.GrantEnded(participant, seat, "expired"):
            yield Told(participant, _notice("grant_expired", "Your turn was not used in time; please ask again."))
            # A person whom the room just forgot has no name any more.
            person = room.people.get(participant)
            name = person.name if person is not None else "Somebody"
            text = f"{name} was approved and did not go on screen in time."
            yield Told(None, _notice("grant_expired", text, participant=participant, seat=seat))
        case e.RequestClosed(participant, "declined"):
            yield Told(participant, _notice("request_declined", "A moderator declined your request."))
        case e.RequestClosed(participant, "may_share_now"):
            yield Told(participant, _notice("may_share_now", "You may share now, without asking."))
        case e.SeatEnded(seat, participant, "removed"):
            yield Told(participant, _notice("removed", "You were taken off the screen.", seat=seat))
        case e.SeatMuted(seat):
            held = room.seats.get(seat)
            if held is not None:
                yield Told(held.participant, _notice("muted", "A moderator muted your microphone.", seat=seat))
        case e.OverflowWarned(viewers, cap):
            text = f"{viewers} people are watching and the room now admits {cap}: newcomers wait in line."
            yield Told(None, _notice("overflow_warning", text, viewers=viewers, viewer_cap=cap))
        case e.RecordingEnded(_, "disk_full"):
            text = (
                "The recording has stopped, because the server's disk is full. What was recorded is kept. "
                "Once there is space, switch recording off and on in the session's settings to begin another one."
            )
            yield Told(None, _notice("recording_stopped", text))
        case _:
            pass


def _notice(code: str, message: str, **details: str | int) -> Notice:
    notice: Notice = {"type": "notice", "code": code, "message": message}  # type: ignore[typeddict-item]
    if details:
        notice["details"] = details
    return notice
