"""Generated histories: whatever people, moderators, networks and organizers do, the room's promises hold.

The promises are checked by a second, deliberately dumb reading of product sections 2 and 3: it recounts
everything from the people and seats each time. `make search` looks for longer, with random examples.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from capacity.table import ViewerCapTable
from signaling.room import commands as c
from signaling.room.apply import apply
from signaling.room.decide import Accepted, Refused, decide, next_deadline
from signaling.room.documents import merge_patch
from signaling.room.events import Admitted, Entered, Event, GrantEnded, GrantGiven, SeatTaken
from signaling.room.people import name_key
from signaling.room.records import decode_entry, decode_snapshot, encode_entry, encode_snapshot
from signaling.room.state import Overflow, Role, Room, RoomSettings, SeatKind, SharePolicy
from tests.support.merge_patches import patched
from tests.support.plain_rules import documents, holds_null, may_share_at_will, never_waits, viewers
from tests.support.searching import SEARCHING

CAPS = ViewerCapTable.parse("1:5,2:4,3:3,5:2,50:1")
PEOPLE = [*"abcdefghij"]
ROLE = st.sampled_from([Role.ATTENDEE, Role.ATTENDEE, Role.ATTENDEE, Role.MODERATOR, Role.ORGANIZER])
PICK = st.integers(0, 99)
"""Chooses among those for whom a command makes sense; the highest picks choose anybody and nobody."""
MAYBE = st.none() | st.booleans()
SETTINGS = st.builds(
    RoomSettings,
    title=st.sampled_from(["Roundtable", "Stage"]),
    share_policy=st.sampled_from([SharePolicy.MODERATED, *SharePolicy]),
    max_on_screen=st.sampled_from([50, 5, 3, 2, 1]),
    overflow=st.sampled_from(Overflow),
    youtube=st.sampled_from([True, True, False]),
    record=st.sampled_from([True, True, False]),
)
LINK = st.sampled_from(
    ["dQw4w9WgXcQ", "jfKfPfyJRdk", "https://youtu.be/dQw4w9WgXcQ", "https://youtube.com/playlist?list=x", "cats"]
)
PASSED = st.sampled_from([0.0, 0.25, 1.0, 5.0, 14.75, 15.0, 45.0, 60.0, -2.0])
"""Also backwards: the next command may be decided on a node whose clock is behind."""


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
        for who, role in zip("abcde", [Role.ATTENDEE, Role.ATTENDEE, Role.ATTENDEE, *Role], strict=False):
            self.somebody_enters(who, "n1", role, invited=who == "c")

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

    def chosen(self, sensible: Iterable[str], pick: int) -> str:
        among = sorted(sensible) if pick < 90 else []
        among = among or [*self.room.people, "ghost", ""]
        return among[pick % len(among)]

    def person(self, pick: int) -> str:
        return self.chosen(self.room.people, pick)

    def moderator(self, pick: int) -> str:
        people = self.room.people.values()
        return self.chosen((each.participant for each in people if each.role is not Role.ATTENDEE), pick)

    def video_controller(self, pick: int) -> str:
        moderated = self.room.settings.share_policy is SharePolicy.MODERATED
        return self.moderator(pick) if moderated else self.chosen(self.room.seats_of, pick)

    def seat(self, pick: int) -> str:
        seats = [*self.room.seats] if pick < 95 else []
        seats = seats or [*(grant.seat for grant in self.room.grants.values()), "s999", "", "v0"]
        return seats[pick % len(seats)]

    def owner(self, seat: str, pick: int) -> str:
        return self.room.seats[seat].participant if pick < 90 and seat in self.room.seats else self.person(pick)

    def connection(self, participant: str, pick: int) -> str:
        person = self.room.people.get(participant)
        return person.connection if person is not None and pick < 90 else f"k{pick}"

    @rule(passed=PASSED)
    def time_passes(self, passed: float) -> None:
        self.now += passed

    @rule()
    def the_room_settles(self) -> None:
        for _ in range(5):
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
            self.the_room_settles()

    @rule(who=st.sampled_from(PEOPLE), node=st.sampled_from(["n1", "n2"]), role=ROLE, invited=st.booleans())
    def somebody_enters(self, who: str, node: str, role: Role, invited: bool) -> None:
        self.connections += 1
        name = f"{who} {self.connections}"
        outcome = self.act(c.Enter(who, f"k{self.connections}", node, name, role, invited))
        assert isinstance(outcome, Refused) is self.room.closed

    @rule(pick=PICK)
    def somebody_comes_back(self, pick: int) -> None:
        who = self.chosen((participant for _, participant in self.room.away), pick)
        person = self.room.people.get(who)
        if person is not None:
            self.somebody_enters(who, "n2", person.role, person.invited)

    @rule(count=st.integers(2, 8))
    def many_enter(self, count: int) -> None:
        for who in PEOPLE[:count]:
            if who not in self.room.people:
                self.somebody_enters(who, "n1", Role.ATTENDEE, invited=False)

    @rule(who=PICK, pick=PICK)
    def somebody_drops(self, who: int, pick: int) -> None:
        participant = self.person(who)
        self.act(c.Drop(participant, self.connection(participant, pick)))

    @rule(who=PICK, pick=PICK)
    def somebody_leaves(self, who: int, pick: int) -> None:
        participant = self.person(who)
        self.act(c.Leave(participant, self.connection(participant, pick)))

    @rule(node=st.sampled_from(["n1", "n2", "n3"]))
    def a_node_is_lost(self, node: str) -> None:
        self.act(c.LoseNode(node))

    @rule(who=PICK, kind=st.sampled_from(["camera", "screen"]), audio=st.booleans(), video=st.booleans())
    def somebody_shares(self, who: int, kind: c.ShareKind, audio: bool, video: bool) -> None:
        self.act(c.StartShare(self.person(who), kind, audio, video))

    @rule(who=PICK, kind=st.sampled_from(["camera", "screen"]))
    def who_was_approved_appears(self, who: int, kind: c.ShareKind) -> None:
        self.act(c.StartShare(self.chosen(self.room.grants, who), kind, True, True))

    @rule(who=PICK, pick=PICK, audio=MAYBE, video=MAYBE)
    def somebody_changes_a_share(self, who: int, pick: int, audio: bool | None, video: bool | None) -> None:
        seat = self.seat(pick)
        self.act(c.SetShare(self.owner(seat, who), seat, audio, video))

    @rule(who=PICK, pick=PICK)
    def somebody_stops_a_share(self, who: int, pick: int) -> None:
        seat = self.seat(pick)
        self.act(c.StopShare(self.owner(seat, who), seat))

    @rule(who=PICK)
    def somebody_asks(self, who: int) -> None:
        self.act(c.OpenRequest(self.person(who)))

    @rule(who=PICK)
    def somebody_withdraws(self, who: int) -> None:
        self.act(c.WithdrawRequest(self.chosen(self.room.requests, who)))

    @rule(who=PICK, asker=PICK, approves=st.sampled_from([True, True, False]))
    def somebody_answers_a_request(self, who: int, asker: int, approves: bool) -> None:
        by, of = self.moderator(who), self.chosen(self.room.requests, asker)
        self.act(c.ApproveRequest(by, of) if approves else c.DeclineRequest(by, of))

    @rule(who=PICK)
    def somebody_asks_and_is_approved(self, who: int) -> None:
        asker = self.person(who)
        if isinstance(self.act(c.OpenRequest(asker)), Accepted):
            self.somebody_enters("j", "n2", Role.ORGANIZER, invited=False)
            self.act(c.ApproveRequest("j", asker))

    @rule(who=PICK, pick=PICK, removes=st.booleans())
    def somebody_removes_or_mutes(self, who: int, pick: int, removes: bool) -> None:
        by, seat = self.moderator(who), self.seat(pick)
        self.act(c.RemoveSeat(by, seat) if removes else c.MuteSeat(by, seat))

    @precondition(lambda self: self.room.settings.youtube)
    @rule(who=PICK, link=LINK)
    def somebody_shares_a_video(self, who: int, link: str) -> None:
        self.act(c.ShareYouTube(self.video_controller(who), link))

    @precondition(lambda self: self.room.youtube is not None)
    @rule(
        who=PICK,
        make=st.sampled_from([c.PlayYouTube, c.PauseYouTube, c.StopYouTube])
        | st.builds(lambda position: lambda who: c.SeekYouTube(who, position), st.floats() | st.floats(0, 1e6)),
    )
    def somebody_controls_the_video(self, who: int, make: Callable[[str], c.Command]) -> None:
        self.act(make(self.video_controller(who)))

    @rule(pick=PICK, live=st.booleans())
    def media_begins_or_ceases(self, pick: int, live: bool) -> None:
        self.act(c.SetMediaLive(self.seat(pick), live))

    @rule(
        changed=SETTINGS,
        name=st.sampled_from(["share_policy", "max_on_screen", "overflow", "youtube", "record", "title"]),
    )
    def the_session_is_changed(self, changed: RoomSettings, name: str) -> None:
        self.act(c.ChangeSettings(replace(self.room.settings, **{name: getattr(changed, name)})))

    @precondition(lambda self: self.room.grants)
    @rule(at_most=st.sampled_from([0, -1, 51]))
    def the_session_is_changed_impossibly(self, at_most: int) -> None:
        assert isinstance(self.act(c.ChangeSettings(RoomSettings("x", max_on_screen=at_most))), Refused)

    @precondition(lambda self: self.room.grants)
    @rule()
    def a_grant_is_left_unused(self) -> None:
        self.now = min(grant.expires_at for grant in self.room.grants.values())
        grants = len(self.room.grants)
        self.the_room_settles()
        assert len(self.room.grants) < grants

    @rule(who=PICK, role=ROLE, invited=st.booleans())
    def rights_are_changed(self, who: int, role: Role, invited: bool) -> None:
        self.act(c.ChangeRights(self.person(who), role, invited))

    @precondition(lambda self: len(self.history) > 20)
    @rule(who=PICK)
    def somebody_is_expelled(self, who: int) -> None:
        participant = self.person(who)
        self.act(c.Expel(participant))
        assert participant not in self.room.people

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
    max_examples=20_000 if SEARCHING else 150, stateful_step_count=100 if SEARCHING else 50
)
TestRoomMachine = RoomMachine.TestCase
