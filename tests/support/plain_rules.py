"""A second, deliberately dumb reading of product sections 2, 3 and 7: everything is looked up in the whole room, or
in all that ever happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from signaling.room.documents import desk_document, room_document, you_document
from signaling.room.state import Role, Room, SeatKind, SharePolicy


def never_waits(room: Room, participant: str, role: Role, invited: bool) -> bool:
    """Product section 2: organizers, moderators, people with a grant or an invitation to share; and who has a seat."""
    return (
        role is Role.ORGANIZER
        or (role is Role.MODERATOR and room.settings.share_policy is SharePolicy.MODERATED)
        or (invited and room.settings.share_policy is SharePolicy.INVITE_ONLY)
        or participant in room.grants
        or any(seat.participant == participant for seat in room.seats.values())
    )


def may_share_at_will(room: Room, role: Role, invited: bool) -> bool:
    match room.settings.share_policy:
        case SharePolicy.ANYONE:
            return True
        case SharePolicy.INVITE_ONLY:
            return invited or role is Role.ORGANIZER
        case SharePolicy.MODERATED:
            return role is not Role.ATTENDEE


def viewers(room: Room) -> set[str]:
    on_screen = {seat.participant for seat in room.seats.values()}
    return {
        person.participant
        for person in room.people.values()
        if person.admitted and person.away_since is None and person.participant not in on_screen
    }


def documents(room: Room) -> dict[str, Any]:
    return {
        "room": room_document(room),
        "desk": desk_document(room),
        "you": {participant: you_document(room, participant) for participant in room.people},
    }


def holds_null(document: Any) -> bool:
    if isinstance(document, dict):
        return any(holds_null(value) for value in document.values())
    return document is None


def captured(room: Room) -> bool:
    """Product section 7: somebody is on camera or shares a screen; who is away and YouTube don't count."""
    here = {person.participant for person in room.people.values() if person.away_since is None}
    seats = room.seats.values()
    return any(seat.participant in here for seat in seats if seat.kind is not SeatKind.INTEGRATION)


@dataclass(frozen=True)
class Moment:
    """Something that matters to a recording: the room came to rest, something switched it, a server came back."""

    at: float
    what: Literal["rest", "on", "off", "full", "closed", "down"]
    captured: bool
    since: float = 0.0
    """Of "down": when the server was last at work."""


def recording(moments: Sequence[Moment]) -> tuple[str, float | None, int]:
    """What the recording is after all that: its state, since when it has been paused or ended, how many were begun."""
    state, when, began_at, begun = "off", 0.0, 0.0, 0
    for moment in moments:
        over = state == "paused" and moment.at >= when + 3600
        match moment.what:
            case "on":
                state = "armed"
            case "off":
                state = "off"
            case "rest" | "full" | "closed" if over:
                state, when = "ended", when + 3600
            case "full" | "closed" if state in ("recording", "paused"):
                state, when = "ended", moment.at
            case "rest" if state == "armed" and moment.captured:
                state, began_at, begun = "recording", moment.at, begun + 1
            case "rest" if state == "paused" and moment.captured:
                state = "recording"
            case "rest" if state == "recording" and not moment.captured:
                state, when = "paused", moment.at
            case "down" if state == "recording" and not moment.captured:
                state, when = "paused", min(moment.at, max(moment.since, began_at))
    return state, when if state in ("paused", "ended") else None, begun
