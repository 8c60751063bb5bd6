"""A second, deliberately dumb reading of product sections 2 and 3: everything is looked up in the whole room."""

from __future__ import annotations

from typing import Any

from signaling.room.documents import desk_document, room_document, you_document
from signaling.room.state import Role, Room, SharePolicy


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
