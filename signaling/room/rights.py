"""Who may do what (product section 3). Reads only; every rule that names a role or a policy is here."""

from __future__ import annotations

from signaling.room.refusals import Code, Refused
from signaling.room.state import Person, Role, Room, RoomSettings, SeatKind, SharePolicy


def may_share_at_will(settings: RoomSettings, role: Role, invited: bool) -> bool:
    """Whether they take a free seat without asking anybody."""
    if role is Role.ORGANIZER or settings.share_policy is SharePolicy.ANYONE:
        return True
    if settings.share_policy is SharePolicy.INVITE_ONLY:
        return invited
    return role is Role.MODERATOR


def can_moderate(settings: RoomSettings, role: Role) -> bool:
    """Whether they approve, decline, remove and mute; moderators do so only where there is something to moderate."""
    return role is Role.ORGANIZER or (role is Role.MODERATOR and settings.share_policy is SharePolicy.MODERATED)


def never_waits(settings: RoomSettings, role: Role, invited: bool) -> bool:
    """Whether role or invitation spares them the waiting line. (A grant or a seat does so too.)"""
    return can_moderate(settings, role) or (invited and settings.share_policy is SharePolicy.INVITE_ONLY)


def why_not_share(room: Room, person: Person) -> Code | None:
    """The rule that keeps somebody without a grant from sharing one more thing; None if nothing does."""
    if may_share_at_will(room.settings, person.role, person.invited):
        return None
    if room.settings.share_policy is SharePolicy.INVITE_ONLY:
        return Code.NOT_INVITED
    # Who was approved with a camera may show a screen beside it without asking again.
    if seat_of_kind(room, person.participant, SeatKind.CAMERA) is not None:
        return None
    return Code.MUST_ASK


def may_control_video(room: Room, person: Person) -> bool:
    """Whether they may share a YouTube video and play, pause and seek it (product section 6)."""
    if room.settings.share_policy is SharePolicy.MODERATED:
        return can_moderate(room.settings, person.role)
    return person.participant in room.seats_of


def may_stop_video(room: Room, person: Person) -> bool:
    """Whether they may end the shared video: who controls it, who shared it, and always organizers and moderators."""
    if person.role in (Role.ORGANIZER, Role.MODERATOR) or may_control_video(room, person):
        return True
    return room.youtube is not None and room.youtube.seat in room.seats_of.get(person.participant, ())


def seat_of_kind(room: Room, participant: str, kind: SeatKind) -> str | None:
    """The seat of this kind that somebody holds, if any."""
    return next((seat for seat in room.seats_of.get(participant, ()) if room.seats[seat].kind is kind), None)


def connected(room: Room, participant: str) -> Person | Refused:
    """The person behind a command; refused if the room knows no live connection of theirs."""
    person = room.people.get(participant)
    if person is None or person.away_since is not None:
        return Refused(Code.FORBIDDEN, "You are not connected to this room.")
    return person


def inside(room: Room, participant: str) -> Person | Refused:
    """Like `connected`, and admitted: people in the waiting line are refused."""
    person = connected(room, participant)
    if isinstance(person, Refused) or person.admitted:
        return person
    position = room.waiting_position(participant)
    return Refused(
        Code.NOT_ADMITTED,
        f"You are number {position} in the waiting line; please wait until there is room.",
        {"position": position, "viewers": room.viewers, "viewer_cap": room.viewer_cap},
    )


def moderator(room: Room, participant: str) -> Person | Refused:
    """Like `inside`, and allowed to moderate this session as it is set now."""
    person = inside(room, participant)
    if isinstance(person, Refused) or can_moderate(room.settings, person.role):
        return person
    if room.settings.share_policy is SharePolicy.MODERATED:
        return Refused(Code.FORBIDDEN, "Only organizers and moderators of this session can do that.")
    return Refused(Code.FORBIDDEN, "Only organizers can do that in this session.")
