"""What the connections of one room are told, and when.

`note` takes what happened (events that are in the journal), `tell` says it: at once if nothing was
said for a while, else folded together. Nothing here decides anything about the room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from signaling.close_codes import CloseCode
from signaling.conditions import RoomConditions
from signaling.greeting import Greeter, video_tier
from signaling.members import Member, Members
from signaling.notices import notices
from signaling.outbox import BEHIND, Outbox
from signaling.publication import Publication
from signaling.room import events as e
from signaling.room.documents import desk_document, merge_patch, room_document, you_document
from signaling.room.state import Room
from signaling.wire.codec import Frames
from signaling.wire.outbound import Document, MediaSpeaking, Notice, Update

UPDATE_SECONDS = 0.05
"""At most twenty updates a second..."""
FAN_OUT_SHARE = 3.0
"""... and at most a third of the time spent on sending them, however many read them."""
PLACES_SECONDS = 1.0
"""Places in the queue and in the waiting line, and who speaks, are told again at most this often."""
TOLD_AT_ONCE = 200
"""Messages to single members between two turns of the event loop: some 10 ms."""

_EMPTY_DESK: Document = {"requests": {}, "grants": {}}


class Audience:
    """Every method must be called with the room as its journal has it, never with undecided changes in it.

    `when_idle` is called each time when all that was to be sent to many is sent, and `tell` may have more to say.
    """

    def __init__(self, session: str, epoch: str, conditions: RoomConditions, when_idle: Callable[[], None]) -> None:
        self._epoch = epoch
        self._clock = conditions.clock
        self._outbox = Outbox(conditions.clock, conditions.counters, when_idle)
        self.members = Members(session, conditions.media)
        self._greeter = Greeter(session, conditions.tickets, conditions.media, self.members)
        self._publication: Publication | None = None
        self._desk = _EMPTY_DESK
        self._to_greet: dict[Member, None] = {}
        self._you_changed: dict[str, None] = {}
        self._line_to_tell: dict[str, None] = {}
        self._room_changed = self._queue_moved = self._line_moved = False
        self._speaking: MediaSpeaking = {"type": "media.speaking", "seats": []}
        self._speaking_changed = False
        self._told_at = self._queue_at = self._line_at = self._speaking_at = float("-inf")

    # --- what happened ---

    def greet(self, member: Member) -> None:
        """Send a fresh `welcome` (or the place in the waiting line) with the next `tell`."""
        self._to_greet[member] = None

    def speaking(self, seats: Sequence[str]) -> None:
        """Who speaks now, loudest first."""
        self._speaking = {"type": "media.speaking", "seats": list(seats)}
        self._speaking_changed = True

    def announce(self, notice: Notice, *, to_moderators: bool = False) -> None:
        """Tell everybody who was let in, or those who moderate; those who read too slowly miss it."""
        receivers = self.members.moderators if to_moderators else self.members
        self._outbox.tell(Frames(notice), [member.peer for member in receivers if member.you is not None])

    def reset_media(self) -> None:
        """Everybody has to offer anew; told at once, also to slow readers."""
        for member in self.members:
            if member.you is not None:
                member.peer.send({"type": "media.reset"})

    def reconcile(self, room: Room) -> None:
        """Make everybody's state agree with a room of which not every event is known."""
        self.members.reconcile(room)
        for member in self.members:
            if member.you is None:
                self._to_greet[member] = None
            self._you_changed[member.participant] = None
        self._room_changed = self._queue_moved = self._line_moved = True

    def note(self, room: Room, events: Sequence[e.Event]) -> None:
        """Take in what happened; notices and closings go out at once, the documents with `tell`."""
        for event in events:
            self._room_changed = True
            self._note_people(event)
            participant: str = getattr(event, "participant", "")
            if participant in self.members:
                self._you_changed[participant] = None
            if isinstance(event, e.RequestOpened | e.RequestClosed):
                self._queue_moved = True
            elif isinstance(event, e.SettingsChanged):
                self._you_changed.update(dict.fromkeys(self.members.names()))
            for told in notices(room, event):
                self._send_all(self.members.moderators if told.participant is None else [told.participant], told.notice)
        self._line_moved = self._line_moved or bool(room.line)

    def _send_all(self, receivers: Iterable[Member | str], message: Notice) -> None:
        for receiver in receivers:
            member = self.members.get(receiver) if isinstance(receiver, str) else receiver
            if member is not None:
                member.peer.send(message)

    def _note_people(self, event: e.Event) -> None:
        match event:
            case e.Entered():
                member = self.members.entered(event)
                if member is not None:
                    self._to_greet[member] = None
            case e.Admitted():
                member = self.members.get(event.participant)
                if member is not None:
                    self._to_greet[member] = None
            case e.Left() | e.Dropped():
                member = self.members.get(event.participant)
                if member is not None and member.peer.id == event.connection:
                    self.members.dismiss(member, *_farewell(event))
            case e.RoomClosed():
                self.members.dismiss_all(CloseCode.CLOSED, "The session is closed.")
            case _:
                pass

    # --- saying it ---

    def tell(self, room: Room, sequence: int) -> float | None:
        """Say what is due. Returns when there will be more to say (Unix seconds), None if nothing waits to be said."""
        now = self._clock.now()
        if self._publication is None:
            self._publication = Publication(self._epoch, sequence, room_document(room))
            self._desk = desk_document(room)
        later = [
            self._tell_room(room, sequence, self._publication, now),
            self._greet_newcomers(room, self._publication, now),
            self._tell_queue(room, now),
            self._tell_line(room, now),
            self._tell_yous(room, now),
            self._tell_speaking(now),
        ]
        return min((each for each in later if each is not None), default=None)

    def _tell_room(self, room: Room, sequence: int, publication: Publication, now: float) -> float | None:
        counters_due = publication.counters_due_at() if publication.held_back else float("inf")
        if not self._room_changed and now < counters_due:
            return counters_due if publication.held_back else None
        due = self._told_at + max(UPDATE_SECONDS, FAN_OUT_SHARE * self._outbox.last_took)
        if self._outbox.busy:
            return None  # the outbox says when it is done
        if now < due:
            return due
        self._room_changed = False
        published = publication.advance(room_document(room), sequence, now)
        if published is not None:
            self._told_at = now
            speakers = (self.members.get(participant) for participant in room.seats_of)
            first = [member.peer for member in speakers if member is not None]
            everybody = [*first, *(member.peer for member in self.members)]
            self._outbox.update(published.frames, published.base, published.version, everybody)
            tier = video_tier(room)
            for member in self.members:
                if 0 < member.video_slots < tier:
                    self._greeter.tell_slots(member, tier)
        self._tell_desk(room)
        return publication.counters_due_at() if publication.held_back else None

    def _tell_desk(self, room: Room) -> None:
        desk = desk_document(room)
        patch = merge_patch(self._desk, desk)
        self._desk = desk
        if patch:
            update: Update = {"type": "update", "doc": "desk", "patch": patch}
            frames = Frames(update)
            for member in self.members.moderators:
                if member.peer.version != BEHIND:
                    member.peer.write(frames.of(member.peer.subprotocol))

    def _greet_newcomers(self, room: Room, publication: Publication, now: float) -> float | None:
        for member in list(islice(self._to_greet, TOLD_AT_ONCE)):
            del self._to_greet[member]
            # A slow reader is greeted when it reads again.
            if self.members.is_here(member) and not member.peer.paused:
                self._greeter.greet(member, room, publication, self._desk)
                self._you_changed.pop(member.participant, None)
                if self._speaking["seats"] and member.you is not None:
                    member.peer.send(self._speaking)
        return now if self._to_greet else None

    def _tell_queue(self, room: Room, now: float) -> float | None:
        if not self._queue_moved:
            return None
        due = self._queue_at + PLACES_SECONDS
        if now < due:
            return due
        self._queue_moved, self._queue_at = False, now
        self._you_changed.update((participant, None) for participant in room.requests if participant in self.members)
        return None

    def _tell_line(self, room: Room, now: float) -> float | None:
        if self._line_moved and not self._line_to_tell:
            due = self._line_at + PLACES_SECONDS
            if now < due:
                return due
            self._line_moved, self._line_at = False, now
            self._line_to_tell = {participant: None for _, participant in room.line if participant in self.members}
        for participant in list(islice(self._line_to_tell, TOLD_AT_ONCE)):
            del self._line_to_tell[participant]
            member = self.members.get(participant)
            if member is not None and not member.peer.paused:
                self._greeter.tell_place(member, room)
        return now if self._line_to_tell else None

    def _tell_yous(self, room: Room, now: float) -> float | None:
        for participant in list(islice(self._you_changed, TOLD_AT_ONCE)):
            del self._you_changed[participant]
            member = self.members.get(participant)
            # Who is behind gets the whole document with the next welcome.
            if member is not None and member.you is not None and member.peer.version != BEHIND:
                self._tell_you(member, member.you, room)
        return now if self._you_changed else None

    def _tell_you(self, member: Member, old: Document, room: Room) -> None:
        you = you_document(room, member.participant)
        patch = merge_patch(old, you)
        if not patch:
            return
        member.you = you
        update: Update = {"type": "update", "doc": "you", "patch": patch}
        member.peer.send(update)
        if you["can_moderate"] != member.has_desk:
            self.members.set_desk(member, you["can_moderate"])
            whole = self._desk if member.has_desk else dict.fromkeys(self._desk)
            desk: Update = {"type": "update", "doc": "desk", "patch": whole}
            member.peer.send(desk)

    def _tell_speaking(self, now: float) -> float | None:
        if not self._speaking_changed:
            return None
        due = self._speaking_at + PLACES_SECONDS
        if now < due:
            return due
        self._speaking_changed, self._speaking_at = False, now
        self._outbox.tell(Frames(self._speaking), [member.peer for member in self.members])
        return None


def _farewell(event: e.Left | e.Dropped) -> tuple[CloseCode, str]:
    if isinstance(event, e.Dropped):
        return CloseCode.DEPENDENCY_DOWN, "The room lost sight of this connection."
    if event.reason == "expelled":
        return CloseCode.NOT_ALLOWED, "You may not be in this session any more."
    return CloseCode.LEFT, ""
