"""Generated histories: whatever people, moderators, networks and organizers do, the room's promises hold.

The promises are checked by a second, deliberately dumb reading of product sections 2 and 3: it recounts
everything from the people and seats each time. `make search` looks for longer, with random examples.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from capacity.table import ViewerCapTable
from signaling.room import commands as c
from signaling.room.apply import apply
from signaling.room.decide import Accepted, Refused, decide, next_deadline
from signaling.room.documents import desk_document, merge_patch, room_document, you_document
from signaling.room.events import Admitted, Entered, Event, GrantEnded, GrantGiven, SeatTaken
from signaling.room.people import name_key
from signaling.room.records import decode_entry, decode_snapshot, encode_entry, encode_snapshot
from signaling.room.state import Overflow, Role, Room, RoomSettings, SeatKind, SharePolicy
from tests.support.merge_patches import patched
from tests.support.searching import SEARCHING

CAPS = ViewerCapTable.parse("1:5,2:4,3:3,5:2,50:1")
PEOPLE = [*"abcdefghij"]
PERSON = st.sampled_from([*PEOPLE, "ghost", "", "s1"])
ROLE = st.sampled_from([Role.ATTENDEE, Role.ATTENDEE, Role.ATTENDEE, Role.MODERATOR, Role.ORGANIZER])
PICK = st.integers(0, 30)
MAYBE = st.none() | st.booleans()
SETTINGS = st.builds(
    RoomSettings,
    title=st.sampled_from(["Roundtable", "Stage"]),
    share_policy=st.sampled_from(SharePolicy),
    max_on_screen=st.sampled_from([1, 2, 3, 5, 50]),
    overflow=st.sampled_from(Overflow),
    youtube=st.booleans(),
)
LINK = st.sampled_from(["dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ", "https://youtube.com/playlist?list=x", "cats"])
PASSED = st.sampled_from([0.0, 0.25, 1.0, 5.0, 14.75, 15.0, 45.0, 60.0, -2.0])
"""Also backwards: the next command may be decided on a node whose clock is behind."""


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


class RoomMachine(RuleBasedStateMachine):
    @initialize(first=SETTINGS)
    def open_doors(self, first: RoomSettings) -> None:
        self.first = first
        self.room = self.empty()
        self.now = 1_700_000_000.0
        self.connections = 0
        self.history: list[Event] = []
        self.snapshot = encode_snapshot(self.room)
        self.since_snapshot: list[Event] = []
        self.seat_ids: set[str] = set()
        self.held = documents(self.room)

    def empty(self) -> Room:
        return Room("ses_1", CAPS, self.first)

    # --- what happens ---------------------------------------------------------------------------

    def act(self, command: c.Command) -> Accepted | Refused:
        before = copy.deepcopy(self.room)
        outcome = decide(self.room, command, self.now)
        assert self.room == before, "deciding changes nothing"
        assert decide(before, command, self.now) == outcome, "same room, same command, same answer"
        if isinstance(outcome, Refused):
            assert outcome.message.endswith(".")
            json.dumps(outcome.details, allow_nan=False)
            return outcome
        at, events = decode_entry(encode_entry(self.now, outcome.events))
        assert (at, events) == (self.now, outcome.events)
        previous: Event | None = None
        for event in events:
            self.check_what_is_given(event, previous)
            apply(self.room, event)
            previous = event
        self.history += events
        self.since_snapshot += events
        return outcome

    def check_what_is_given(self, event: Event, previous: Event | None) -> None:
        room = self.room
        match event:
            case SeatTaken(seat=seat, participant=participant) if previous == GrantEnded(participant, seat, "used"):
                assert seat in self.seat_ids, "the seat that was reserved"
            case GrantGiven(seat=seat) | SeatTaken(seat=seat):
                assert len(room.seats) + len(room.grants) < room.settings.max_on_screen <= 50
                assert seat not in self.seat_ids, "a seat id comes only once"
                self.seat_ids.add(seat)
            case Entered(participant=participant, admitted=True):
                person = room.people.get(participant)
                stays = person is not None and person.admitted and person.away_since is None
                if not (stays or never_waits(room, participant, event.role, event.invited)):
                    self.check_room_for_one_more(event.order)
            case Admitted(participant):
                person = room.people[participant]
                assert not person.admitted
                if not never_waits(room, participant, person.role, person.invited):
                    self.check_room_for_one_more(person.order)

    def check_room_for_one_more(self, order: int) -> None:
        room = self.room
        assert len(viewers(room)) < room.caps.cap(len(room.seats) + len(room.grants))
        for person in room.people.values():
            assert person.admitted or person.away_since is not None or person.order >= order, "nobody is overtaken"

    def some_seat(self, pick: int) -> str:
        seats = [*self.room.seats, *(grant.seat for grant in self.room.grants.values()), "s999", "", "v0"]
        return seats[pick % len(seats)]

    def some_connection(self, participant: str, pick: int) -> str:
        person = self.room.people.get(participant)
        return person.connection if person is not None and pick else f"k{pick}"

    @rule(passed=PASSED)
    def time_passes(self, passed: float) -> None:
        self.now += passed

    @rule()
    def the_room_settles(self) -> None:
        for _ in range(4):
            outcome = self.act(c.Settle())
            assert isinstance(outcome, Accepted)
            if not outcome.events:
                break
        else:
            raise AssertionError("a room settles in a few steps")
        deadline = next_deadline(self.room)
        assert deadline is None or deadline > self.now
        assert not self.room.line or len(viewers(self.room)) >= self.room.viewer_cap, "nobody waits for nothing"

    @precondition(lambda self: next_deadline(self.room) is not None)
    @rule()
    def the_next_deadline_comes(self) -> None:
        self.the_room_settles()
        deadline = next_deadline(self.room)
        if deadline is not None:
            self.now = deadline
            outcome = self.act(c.Settle())
            assert isinstance(outcome, Accepted)
            assert outcome.events, "something is due at the deadline"

    @rule(who=PERSON, node=st.sampled_from(["n1", "n2"]), role=ROLE, invited=st.booleans())
    def somebody_enters(self, who: str, node: str, role: Role, invited: bool) -> None:
        self.connections += 1
        name = f"{who} {self.connections}"
        outcome = self.act(c.Enter(who, f"k{self.connections}", node, name, role, invited))
        assert isinstance(outcome, Refused) is self.room.closed

    @rule(count=st.integers(2, 8))
    def many_enter(self, count: int) -> None:
        for who in PEOPLE[:count]:
            self.connections += 1
            self.act(c.Enter(who, f"k{self.connections}", "n1", who, Role.ATTENDEE, False))

    @rule(who=PERSON, pick=PICK)
    def somebody_drops(self, who: str, pick: int) -> None:
        self.act(c.Drop(who, self.some_connection(who, pick)))

    @rule(who=PERSON, pick=PICK)
    def somebody_leaves(self, who: str, pick: int) -> None:
        self.act(c.Leave(who, self.some_connection(who, pick)))

    @rule(node=st.sampled_from(["n1", "n2", "n3"]))
    def a_node_is_lost(self, node: str) -> None:
        self.act(c.LoseNode(node))

    @rule(who=PERSON, kind=st.sampled_from(["camera", "screen"]), audio=st.booleans(), video=st.booleans())
    def somebody_shares(self, who: str, kind: c.ShareKind, audio: bool, video: bool) -> None:
        self.act(c.StartShare(who, kind, audio, video))

    @rule(who=PERSON, pick=PICK, audio=MAYBE, video=MAYBE, owner=st.booleans())
    def somebody_changes_a_share(
        self, who: str, pick: int, audio: bool | None, video: bool | None, owner: bool
    ) -> None:
        seat = self.some_seat(pick)
        if owner and seat in self.room.seats:
            who = self.room.seats[seat].participant
        self.act(c.SetShare(who, seat, audio, video))

    @rule(who=PERSON, pick=PICK, owner=st.booleans())
    def somebody_stops_a_share(self, who: str, pick: int, owner: bool) -> None:
        seat = self.some_seat(pick)
        if owner and seat in self.room.seats:
            who = self.room.seats[seat].participant
        self.act(c.StopShare(who, seat))

    @rule(who=PERSON, opens=st.booleans())
    def somebody_asks_or_withdraws(self, who: str, opens: bool) -> None:
        self.act(c.OpenRequest(who) if opens else c.WithdrawRequest(who))

    @rule(who=PERSON, asker=PERSON, approves=st.booleans())
    def somebody_answers_a_request(self, who: str, asker: str, approves: bool) -> None:
        self.act(c.ApproveRequest(who, asker) if approves else c.DeclineRequest(who, asker))

    @precondition(lambda self: self.room.requests)
    @rule(pick=PICK)
    def an_organizer_approves(self, pick: int) -> None:
        self.connections += 1
        self.act(c.Enter("j", f"k{self.connections}", "n2", "Jo", Role.ORGANIZER, False))
        asker = list(self.room.requests)[pick % len(self.room.requests)] if self.room.requests else "ghost"
        self.act(c.ApproveRequest("j", asker))

    @rule(who=PERSON, pick=PICK, removes=st.booleans())
    def somebody_removes_or_mutes(self, who: str, pick: int, removes: bool) -> None:
        seat = self.some_seat(pick)
        self.act(c.RemoveSeat(who, seat) if removes else c.MuteSeat(who, seat))

    @rule(
        who=PERSON,
        make=st.sampled_from([c.PlayYouTube, c.PauseYouTube, c.StopYouTube])
        | st.builds(lambda link: lambda who: c.ShareYouTube(who, link), LINK)
        | st.builds(lambda position: lambda who: c.SeekYouTube(who, position), st.floats()),
    )
    def somebody_uses_youtube(self, who: str, make: Any) -> None:
        self.act(make(who))

    @rule(pick=PICK, live=st.booleans())
    def media_begins_or_ceases(self, pick: int, live: bool) -> None:
        self.act(c.SetMediaLive(self.some_seat(pick), live))

    @rule(changed=SETTINGS)
    def the_session_is_changed(self, changed: RoomSettings) -> None:
        self.act(c.ChangeSettings(changed))

    @rule(at_most=st.sampled_from([0, -1, 51]))
    def the_session_is_changed_impossibly(self, at_most: int) -> None:
        assert isinstance(self.act(c.ChangeSettings(RoomSettings("x", max_on_screen=at_most))), Refused)

    @rule(who=PERSON, role=ROLE, invited=st.booleans())
    def rights_are_changed(self, who: str, role: Role, invited: bool) -> None:
        self.act(c.ChangeRights(who, role, invited))

    @rule(who=PERSON)
    def somebody_is_expelled(self, who: str) -> None:
        self.act(c.Expel(who))
        assert who not in self.room.people

    @precondition(lambda self: len(self.history) > 40)
    @rule(really=st.integers(0, 9))
    def the_doors_close(self, really: int) -> None:
        if not really:
            self.act(c.CloseRoom())

    @rule()
    def a_snapshot_is_kept(self) -> None:
        self.snapshot = encode_snapshot(self.room)
        self.since_snapshot = []

    # --- what always holds ------------------------------------------------------------------------

    @invariant()
    def replaying_everything_gives_the_live_room(self) -> None:
        replayed = self.empty()
        for event in self.history:
            apply(replayed, event)
        assert replayed == self.room
        assert list(replayed.requests) == list(self.room.requests)

    @invariant()
    def a_snapshot_and_the_rest_give_the_live_room(self) -> None:
        restored = decode_snapshot(self.snapshot, "ses_1", CAPS)
        for event in self.since_snapshot:
            apply(restored, event)
        assert restored == self.room
        assert list(restored.requests) == list(self.room.requests)

    @invariant()
    def what_is_kept_for_speed_equals_a_recount(self) -> None:
        room = self.room
        people = room.people.values()
        assert room.viewers == len(viewers(room))
        assert room.line == sorted(
            (person.order, person.participant) for person in people if not person.admitted and person.away_since is None
        )
        assert room.away == sorted(
            (person.away_since, person.participant) for person in people if person.away_since is not None
        )
        assert room.names == sorted((name_key(person.name), person.participant) for person in people)
        assert room.queue == [request.order for request in room.requests.values()] == sorted(room.queue)
        assert room.seats_of == {
            participant: [seat.id for seat in room.seats.values() if seat.participant == participant]
            for participant in {seat.participant for seat in room.seats.values()}
        }

    @invariant()
    def nobody_who_is_gone_holds_anything(self) -> None:
        room = self.room
        holders = {seat.participant for seat in room.seats.values()} | set(room.requests) | set(room.grants)
        assert holders <= set(room.people)

    @invariant()
    def seats_follow_the_rules(self) -> None:
        room = self.room
        assert len(room.seats) + len(room.grants) <= 50
        slots = [seat.slot for seat in room.seats.values() if seat.slot is not None]
        assert len(slots) == len(set(slots))
        assert all(0 <= slot < 50 for slot in slots)
        kinds = [(seat.participant, seat.kind) for seat in room.seats.values() if seat.kind is not SeatKind.INTEGRATION]
        assert len(kinds) == len(set(kinds)), "one camera and one screen each"
        assert all(not seat.audio for seat in room.seats.values() if seat.muted)
        videos = [seat.id for seat in room.seats.values() if seat.source == "youtube"]
        assert videos == ([] if room.youtube is None else [room.youtube.seat])

    @invariant()
    def only_those_ask_who_have_to(self) -> None:
        room = self.room
        for participant in room.requests:
            person = room.people[participant]
            assert not may_share_at_will(room, person.role, person.invited)
            assert room.settings.share_policy is SharePolicy.MODERATED
            assert participant not in room.grants

    @invariant()
    def those_who_never_wait_do_not_wait(self) -> None:
        for _, participant in self.room.line:
            person = self.room.people[participant]
            assert not never_waits(self.room, participant, person.role, person.invited)

    @invariant()
    def patched_documents_equal_documents_made_anew(self) -> None:
        fresh = documents(self.room)
        assert not holds_null(fresh)
        patch = json.loads(json.dumps(merge_patch(self.held, fresh), allow_nan=False))
        self.held = patched(self.held, patch)
        assert self.held == fresh


RoomMachine.TestCase.settings = settings(
    max_examples=20_000 if SEARCHING else 80, stateful_step_count=80 if SEARCHING else 40
)
TestRoomMachine = RoomMachine.TestCase
