"""What an event makes of a room: the only writer. It decides nothing and cannot fail on a well-formed event.

Everything derived (viewers, waiting line, who is away, ...) is taken out before a person changes and put back
afterwards, so that the two halves, `_uncount` and `_count`, are the only definition of who counts as what.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TypeVar, assert_never

from signaling.room import events as e
from signaling.room.people import name_key
from signaling.room.state import Grant, Person, Recording, Request, Room, Seat, YouTube

T = TypeVar("T", int, tuple[int, str], tuple[float, str], tuple[str, str])


def apply(room: Room, event: e.Event) -> None:
    """Change the room as the event says. Events must come in the order in which they were decided."""
    match event:
        case e.Entered() | e.Admitted() | e.Dropped() | e.Left() | e.RightsChanged():
            _apply_to_people(room, event)
        case e.SeatTaken() | e.SeatChanged() | e.SeatMuted() | e.SeatEnded() | e.MediaLiveSet():
            _apply_to_seats(room, event)
        case e.RequestOpened() | e.RequestClosed() | e.GrantGiven() | e.GrantEnded():
            _apply_to_requests(room, event)
        case e.YouTubeShared():
            room.youtube = YouTube(event.seat, event.video, playing=True, position=0.0, at=event.at)
        case e.YouTubeMoved():
            if room.youtube is not None:
                room.youtube.playing, room.youtube.position = event.playing, event.position
                room.youtube.at = event.at
        case e.SettingsChanged():
            if event.settings.record and not room.settings.record:
                room.recording = None
            room.settings = event.settings
        case e.OverflowWarned():
            pass  # only told to moderators
        case e.RecordingStarted() | e.RecordingPaused() | e.RecordingResumed() | e.RecordingEnded():
            _apply_to_recording(room, event)
        case e.RoomClosed():
            _close(room)
        case _:
            assert_never(event)


def _apply_to_people(room: Room, event: e.Entered | e.Admitted | e.Dropped | e.Left | e.RightsChanged) -> None:
    match event:
        case e.Entered():
            _enter(room, event)
        case e.Admitted():
            person = room.people[event.participant]
            _uncount(room, person)
            person.admitted = True
            _count(room, person)
        case e.Dropped():
            person = room.people[event.participant]
            _uncount(room, person)
            person.away_since = event.at
            _count(room, person)
        case e.Left():
            person = room.people.pop(event.participant)
            _uncount(room, person)
            _remove(room.names, (name_key(person.name), person.participant))
        case e.RightsChanged():
            person = room.people[event.participant]
            person.role, person.invited = event.role, event.invited
        case _:
            assert_never(event)


def _enter(room: Room, event: e.Entered) -> None:
    known = room.people.get(event.participant)
    if known is not None:
        _uncount(room, known)
        _remove(room.names, (name_key(known.name), known.participant))
    person = Person(
        participant=event.participant,
        name=event.name,
        role=event.role,
        invited=event.invited,
        connection=event.connection,
        node=event.node,
        arrived=event.arrived,
        order=event.order,
        admitted=event.admitted,
    )
    room.people[event.participant] = person
    room.next_order = max(room.next_order, event.order + 1)
    _count(room, person)
    insort(room.names, (name_key(person.name), person.participant))


def _apply_to_seats(
    room: Room, event: e.SeatTaken | e.SeatChanged | e.SeatMuted | e.SeatEnded | e.MediaLiveSet
) -> None:
    match event:
        case e.SeatTaken():
            person = room.people[event.participant]
            _uncount(room, person)
            room.seats[event.seat] = Seat(
                id=event.seat,
                kind=event.kind,
                participant=event.participant,
                since=event.since,
                audio=event.audio,
                video=event.video,
                slot=event.slot,
                source=event.source,
            )
            room.seats_of.setdefault(event.participant, []).append(event.seat)
            _pass_seat_number(room, event.seat)
            _count(room, person)
        case e.SeatChanged():
            seat = room.seats[event.seat]
            seat.audio, seat.video, seat.muted, seat.slot = event.audio, event.video, event.muted, event.slot
        case e.SeatMuted():
            seat = room.seats[event.seat]
            seat.muted, seat.audio = True, False
        case e.SeatEnded():
            _end_seat(room, event)
        case e.MediaLiveSet():
            room.seats[event.seat].live = event.live
        case _:
            assert_never(event)


def _end_seat(room: Room, event: e.SeatEnded) -> None:
    person = room.people[event.participant]
    _uncount(room, person)
    del room.seats[event.seat]
    held = room.seats_of[event.participant]
    held.remove(event.seat)
    if not held:
        del room.seats_of[event.participant]
    if room.youtube is not None and room.youtube.seat == event.seat:
        room.youtube = None
    _count(room, person)


def _apply_to_requests(room: Room, event: e.RequestOpened | e.RequestClosed | e.GrantGiven | e.GrantEnded) -> None:
    match event:
        case e.RequestOpened():
            room.requests[event.participant] = Request(event.participant, event.since, event.order)
            insort(room.queue, event.order)
            room.next_order = max(room.next_order, event.order + 1)
        case e.RequestClosed():
            _remove(room.queue, room.requests.pop(event.participant).order)
        case e.GrantGiven():
            room.grants[event.participant] = Grant(event.participant, event.seat, event.expires_at)
            _pass_seat_number(room, event.seat)
        case e.GrantEnded():
            del room.grants[event.participant]
        case _:
            assert_never(event)


def _apply_to_recording(
    room: Room, event: e.RecordingStarted | e.RecordingPaused | e.RecordingResumed | e.RecordingEnded
) -> None:
    if isinstance(event, e.RecordingStarted):
        room.recording = Recording(event.recording, event.at)
        room.next_recording += 1
        return
    recording = room.recording
    if recording is None:
        return
    match event:
        case e.RecordingPaused():
            recording.paused_at = event.at
        case e.RecordingResumed():
            recording.paused_at = None
        case e.RecordingEnded():
            recording.ended_at, recording.ended = event.at, event.reason
        case _:
            assert_never(event)


def _pass_seat_number(room: Room, seat: str) -> None:
    room.next_seat = max(room.next_seat, int(seat.removeprefix("s")) + 1)


def _close(room: Room) -> None:
    room.closed = True
    room.youtube = None
    room.viewers = 0
    for held in (room.people, room.seats, room.requests, room.grants, room.seats_of):
        held.clear()
    for derived in (room.line, room.away, room.queue, room.names):
        derived.clear()


def rebuild_derived(room: Room) -> None:
    """Fill the derived fields of a room whose other fields were just read from a snapshot."""
    for seat in room.seats.values():
        room.seats_of.setdefault(seat.participant, []).append(seat.id)
    for person in room.people.values():
        _count(room, person)
    room.queue.extend(sorted(request.order for request in room.requests.values()))
    room.names.extend(sorted((name_key(person.name), person.participant) for person in room.people.values()))


def _count(room: Room, person: Person) -> None:
    if person.away_since is not None:
        insort(room.away, (person.away_since, person.participant))
    elif not person.admitted:
        insort(room.line, (person.order, person.participant))
    elif person.participant not in room.seats_of:
        room.viewers += 1


def _uncount(room: Room, person: Person) -> None:
    if person.away_since is not None:
        _remove(room.away, (person.away_since, person.participant))
    elif not person.admitted:
        _remove(room.line, (person.order, person.participant))
    elif person.participant not in room.seats_of:
        room.viewers -= 1


def _remove(ordered: list[T], item: T) -> None:
    del ordered[bisect_left(ordered, item)]
