"""Decisions about taking, changing and giving up seats (product sections 2 and 3)."""

from __future__ import annotations

from collections.abc import Sequence

from capacity import admission
from signaling.room import rights
from signaling.room.commands import SetMediaLive, SetShare, StartShare, StopShare
from signaling.room.events import (
    Event,
    GrantEnded,
    MediaLiveSet,
    OverflowWarned,
    SeatChanged,
    SeatEnded,
    SeatTaken,
)
from signaling.room.outcome import Accepted, Outcome
from signaling.room.refusals import Code, Refused
from signaling.room.state import Overflow, Room, Seat, SeatKind


def start_share(room: Room, command: StartShare, now: float) -> Outcome:
    person = rights.inside(room, command.participant)
    if isinstance(person, Refused):
        return person
    held = rights.seat_of_kind(room, person.participant, SeatKind(command.kind))
    if held is not None:
        return Refused(Code.ALREADY_SHARING, f"You are already sharing your {command.kind}.", {"seat": held})
    grant = room.grants.get(person.participant)
    if grant is not None:
        # The grant's seat is counted already: using it takes nothing more, whatever changed meanwhile.
        return _take_seat(room, command, grant.seat, now, before=[GrantEnded(person.participant, grant.seat, "used")])
    code = rights.why_not_share(room, person)
    if code is not None:
        return Refused(code, _WHY_NOT[code])
    warning = seat_is_free(room, viewers_after=viewers_without(room, person.participant))
    if isinstance(warning, Refused):
        return warning
    return _take_seat(room, command, new_seat_id(room), now, after=warning)


def _take_seat(
    room: Room, command: StartShare, seat: str, now: float, *, before: Sequence[Event] = (), after: Sequence[Event] = ()
) -> Accepted:
    slot = free_slot(room) if command.video else None
    kind = SeatKind(command.kind)
    taken = SeatTaken(seat, kind, command.participant, now, command.audio, command.video, slot)
    return Accepted((*before, taken, *after), {"seat": seat})


_WHY_NOT = {
    Code.MUST_ASK: "In this session you go on screen after a moderator has approved your request.",
    Code.NOT_INVITED: "Only invited people can share in this session.",
}


def seat_is_free(room: Room, *, viewers_after: int) -> list[Event] | Refused:
    """Whether one more seat can be given or reserved; if so, the warning that goes with it, if any."""
    verdict = admission.new_seat(
        room.caps,
        seats_taken=room.seats_taken,
        max_on_screen=room.settings.max_on_screen,
        viewers=room.viewers,
        viewers_after=viewers_after,
        refuse_on_overflow=room.settings.overflow is Overflow.REFUSE_SEAT,
    )
    match verdict:
        case admission.SeatsFull(seats_taken, max_on_screen):
            places = (
                "The only place on screen is" if max_on_screen == 1 else f"All {max_on_screen} places on screen are"
            )
            return Refused(Code.FULL, f"{places} taken.", {"seats_taken": seats_taken, "max_on_screen": max_on_screen})
        case admission.ViewerCapInTheWay(viewers, after, cap_before, cap_after):
            return Refused(
                Code.VIEWER_CAP,
                f"With one more on screen the room holds at most {cap_after} viewers, and there would be {after}.",
                {"viewers": viewers, "viewer_cap": cap_before, "viewer_cap_after": cap_after},
            )
        case admission.SeatGiven(viewers, cap_after, overflows):
            return [OverflowWarned(viewers, cap_after)] if overflows else []


def viewers_without(room: Room, participant: str) -> int:
    """Viewers there are once this admitted, connected person is on screen."""
    return room.viewers if participant in room.seats_of else room.viewers - 1


def new_seat_id(room: Room) -> str:
    return f"s{room.next_seat}"


def free_slot(room: Room) -> int:
    """The lowest video slot that no seat shows on."""
    used = {seat.slot for seat in room.seats.values()}
    return next(slot for slot in range(len(used) + 1) if slot not in used)


def stop_share(room: Room, command: StopShare) -> Outcome:
    seat = _own_seat(room, command.participant, command.seat)
    if isinstance(seat, Refused):
        return seat
    return Accepted((SeatEnded(seat.id, seat.participant, "stopped"),))


def set_share(room: Room, command: SetShare) -> Outcome:
    seat = _own_seat(room, command.participant, command.seat)
    if isinstance(seat, Refused):
        return seat
    if seat.source == "youtube":
        return Refused(Code.FORBIDDEN, "A shared video has no microphone or camera to turn on or off.")
    if seat.muted and command.audio and command.video is not None:
        # A camera toggle that crossed with the mute must not unmute by accident: unmuting is asked for alone.
        return Refused(
            Code.MUTED_BY_MODERATOR,
            "A moderator muted your microphone. Turn it on by itself to be heard again.",
            {"seat": seat.id},
        )
    audio = seat.audio if command.audio is None else command.audio
    video = seat.video if command.video is None else command.video
    changed = SeatChanged(
        seat=seat.id,
        audio=audio,
        video=video,
        muted=seat.muted and not audio,
        slot=free_slot(room) if video and seat.slot is None else seat.slot,
    )
    if changed == SeatChanged(seat.id, seat.audio, seat.video, seat.muted, seat.slot):
        return Accepted()
    return Accepted((changed,))


def set_media_live(room: Room, command: SetMediaLive) -> Outcome:
    seat = room.seats.get(command.seat)
    if seat is None or seat.live == command.live:
        return Accepted()
    return Accepted((MediaLiveSet(seat.id, command.live),))


def no_such_seat(seat: str) -> Refused:
    """The refusal for a seat id that nobody holds (any more)."""
    return Refused(Code.NO_SUCH_SEAT, "That place on screen does not exist any more.", {"seat": seat})


def _own_seat(room: Room, participant: str, seat_id: str) -> Seat | Refused:
    person = rights.connected(room, participant)
    if isinstance(person, Refused):
        return person
    seat = room.seats.get(seat_id)
    if seat is None:
        return no_such_seat(seat_id)
    if seat.participant != participant:
        return Refused(Code.FORBIDDEN, "That place on screen is somebody else's.", {"seat": seat_id})
    return seat
