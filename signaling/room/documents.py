"""What clients hold of a room: three JSON documents and the patches between them (protocol, "State").

Documents hold no nulls: what is not there is absent.
"""

from __future__ import annotations

from typing import Any

from signaling.room import rights
from signaling.room.refusals import Code
from signaling.room.state import Room, Seat, YouTube


def room_document(room: Room) -> dict[str, Any]:
    """What everybody sees. Costs the people on screen, not the viewers."""
    document: dict[str, Any] = {
        "session": room.session,
        "title": room.settings.title,
        "share_policy": room.settings.share_policy.value,
        "max_on_screen": room.settings.max_on_screen,
        "seats_taken": room.seats_taken,
        "viewers": room.viewers,
        "viewer_cap": room.viewer_cap,
        "waiting": room.waiting,
        "seats": {seat.id: _seat(room, seat) for seat in room.seats.values()},
        "recording": room.recording_state,
    }
    if room.youtube is not None:
        document["youtube"] = _youtube(room.youtube)
    return document


def _seat(room: Room, seat: Seat) -> dict[str, Any]:
    person = room.people[seat.participant]
    document: dict[str, Any] = {
        "kind": seat.kind.value,
        "participant": seat.participant,
        "name": person.name,
        "since": seat.since,
        "audio": seat.audio,
        "video": seat.video,
        "live": seat.live,
    }
    if seat.muted:
        document["muted"] = True
    if person.away_since is not None:
        document["away"] = True
    if seat.slot is not None:
        document["slot"] = f"v{seat.slot}"
    if seat.source is not None:
        document["source"] = seat.source
    return document


def _youtube(video: YouTube) -> dict[str, Any]:
    """`position` is where the video was at time `at`; a player adds what has passed since, times `rate`, if playing."""
    return {
        "seat": video.seat,
        "video": video.video,
        "playing": video.playing,
        "position": video.position,
        "at": video.at,
        "rate": video.rate,
    }


def you_document(room: Room, participant: str) -> dict[str, Any]:
    """What one person knows of themself, also in the waiting line. Raises KeyError for people the room doesn't know."""
    person = room.people[participant]
    why_not = None if participant in room.grants else rights.why_not_share(room, person)
    document: dict[str, Any] = {
        "participant": participant,
        "name": person.name,
        "role": person.role.value,
        "can_share": why_not is None and person.admitted,
        "must_ask": why_not is Code.MUST_ASK,
        "can_moderate": rights.can_moderate(room.settings, person.role),
        "seats": list(room.seats_of.get(participant, ())),
    }
    if (request := room.requests.get(participant)) is not None:
        document["request"] = {"position": room.request_position(participant), "since": request.since}
    if (grant := room.grants.get(participant)) is not None:
        document["grant"] = {"seat": grant.seat, "expires_at": grant.expires_at}
    return document


def desk_document(room: Room) -> dict[str, Any]:
    """What those who moderate see: who asks, and who was approved but hasn't appeared yet."""
    return {
        "requests": {
            request.participant: {"name": room.people[request.participant].name, "since": request.since}
            for request in room.requests.values()
        },
        "grants": {
            grant.participant: {
                "name": room.people[grant.participant].name,
                "seat": grant.seat,
                "expires_at": grant.expires_at,
            }
            for grant in room.grants.values()
        },
    }


def merge_patch(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The RFC 7386 patch that leads from `old` to `new`; {} if they are equal. Neither may hold a null."""
    patch: dict[str, Any] = {name: None for name in old if name not in new}
    for name, value in new.items():
        if name not in old:
            patch[name] = value
            continue
        before = old[name]
        if isinstance(value, dict) and isinstance(before, dict):
            inner = merge_patch(before, value)
            if inner:
                patch[name] = inner
        elif value != before:
            patch[name] = value
    return patch
