"""Decisions about settings and rights that change while the room is live (product section 3)."""

from __future__ import annotations

from capacity import seats
from capacity.table import MAX_SEATS
from signaling.room import rights
from signaling.room.commands import ChangeRights, ChangeSettings
from signaling.room.events import Admitted, Event, RequestClosed, RightsChanged, SettingsChanged
from signaling.room.outcome import Accepted, Outcome
from signaling.room.presence import effects_of_rights
from signaling.room.recording import ends
from signaling.room.refusals import Code, Refused
from signaling.room.state import Room, RoomSettings, SharePolicy


def change_settings(room: Room, command: ChangeSettings, now: float) -> Outcome:
    settings = command.settings
    if not seats.is_valid_max(settings.max_on_screen):
        return Refused(
            Code.BAD_MESSAGE,
            f"max_on_screen must be a whole number from 1 to {MAX_SEATS}.",
            {"field": "max_on_screen", "given": settings.max_on_screen},
        )
    if room.closed or settings == room.settings:
        return Accepted()
    events: list[Event] = [] if settings.record else ends(room, now, "switched_off")
    events.append(SettingsChanged(settings))
    if settings.share_policy is not room.settings.share_policy:
        events += _requests_closed(room, settings)
        events += _exempted(room, settings)
    return Accepted(tuple(events))


def _requests_closed(room: Room, settings: RoomSettings) -> list[Event]:
    """Only a moderated session has requests: those who may share now hear so, the others are declined."""
    if settings.share_policy is SharePolicy.MODERATED:
        return []
    return [
        RequestClosed(person.participant, "may_share_now")
        if rights.may_share_at_will(settings, person.role, person.invited)
        else RequestClosed(person.participant, "declined")
        for person in (room.people[participant] for participant in room.requests)
    ]


def _exempted(room: Room, settings: RoomSettings) -> list[Event]:
    """Those in line whom the new rule never keeps waiting: moderators, or the invited."""
    waiting = (room.people[participant] for _, participant in room.line)
    return [
        Admitted(person.participant) for person in waiting if rights.never_waits(settings, person.role, person.invited)
    ]


def change_rights(room: Room, command: ChangeRights) -> Outcome:
    person = room.people.get(command.participant)
    if person is None or (person.role, person.invited) == (command.role, command.invited):
        return Accepted()
    events = effects_of_rights(room, person, command.role, command.invited)
    events.append(RightsChanged(person.participant, command.role, command.invited))
    waits = room.waiting_position(person.participant) is not None
    if waits and rights.never_waits(room.settings, command.role, command.invited):
        events.append(Admitted(person.participant))
    return Accepted(tuple(events))
