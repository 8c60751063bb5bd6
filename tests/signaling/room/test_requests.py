"""Asking, approving and declining in a moderated session (product section 3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.room import commands as c
from signaling.room.decide import Accepted, Refused, next_deadline
from signaling.room.documents import desk_document, you_document
from signaling.room.events import Admitted, GrantEnded, GrantGiven, RequestClosed, RequestOpened
from signaling.room.state import GRANT_SECONDS
from tests.support.rooms import SMALL_CAPS, Stage
from tests.support.tables import cases

WHO_ASKS = """
    policy      | who               | holds  | answer
    moderated   | attendee          |        | position 1
    moderated   | invited attendee  |        | position 1
    moderated   | attendee          | screen | position 1
    moderated   | attendee          | camera | not_needed
    moderated   | attendee          | grant  | not_needed
    moderated   | moderator         |        | not_needed
    moderated   | organizer         |        | not_needed
    anyone      | attendee          |        | not_needed
    invite_only | attendee          |        | not_invited
    invite_only | attendee          | camera | not_invited
    invite_only | invited attendee  |        | not_needed
    invite_only | organizer         |        | not_needed
"""


@cases(WHO_ASKS)
def test_who_asks(case: dict[str, str]) -> None:
    stage = Stage("anyone")
    *invited, role = case["who"].split()
    stage.enter("p", role=role, invited=bool(invited))
    stage.enter("olga", role="organizer")
    if case["holds"] == "camera":
        stage.share("p")
    if case["holds"] == "screen":
        stage.share("p", "screen")
    stage.change(share_policy=case["policy"])
    if case["holds"] == "grant":
        stage.approve("olga", "p")
    outcome = stage.try_(c.OpenRequest("p"))
    told = outcome.code.value if isinstance(outcome, Refused) else f"position {outcome.result['position']}"
    assert told == case["answer"]


@pytest.fixture
def stage() -> Stage:
    """A moderated session with a moderator "mo" and three attendees."""
    stage = Stage("moderated")
    stage.enter("mo", role="moderator")
    stage.enter("ada", "bob", "cyd")
    return stage


def position(stage: Stage, person: str) -> int | None:
    request = you_document(stage.room, person).get("request")
    return None if request is None else int(request["position"])


def test_the_queue_is_ordered_by_arrival_and_the_asker_sees_their_place(stage: Stage) -> None:
    places = [stage.do(c.OpenRequest(person)).result["position"] for person in ("bob", "ada", "cyd")]
    assert places == [1, 2, 3]
    stage.do(c.DeclineRequest("mo", "ada"))
    assert [position(stage, person) for person in ("bob", "ada", "cyd")] == [1, None, 2]


def test_asking_again_changes_nothing_and_says_the_place_again(stage: Stage) -> None:
    stage.do(c.OpenRequest("bob"))
    stage.do(c.OpenRequest("ada"))
    assert stage.do(c.OpenRequest("ada")) == Accepted(result={"position": 2})


def test_withdrawing(stage: Stage) -> None:
    stage.do(c.OpenRequest("ada"))
    assert stage.do(c.WithdrawRequest("ada")).events == (RequestClosed("ada", "withdrawn"),)
    assert stage.do(c.WithdrawRequest("ada")) == Accepted()


def test_requests_at_the_same_instant_still_sort_by_time_as_they_queue(stage: Stage) -> None:
    for person in ("cyd", "bob", "ada"):
        stage.do(c.OpenRequest(person))
    requests = desk_document(stage.room)["requests"]
    assert sorted(requests, key=lambda person: (requests[person]["since"], person)) == ["cyd", "bob", "ada"]


def test_a_node_whose_clock_is_behind_does_not_jump_the_queue(stage: Stage) -> None:
    stage.do(c.OpenRequest("cyd"))
    stage.now -= 30
    stage.do(c.OpenRequest("ada"))
    requests = desk_document(stage.room)["requests"]
    assert requests["cyd"]["since"] < requests["ada"]["since"]


class TestApproving:
    def test_reserves_a_seat_for_a_minute(self, stage: Stage) -> None:
        stage.do(c.OpenRequest("ada"))
        outcome = stage.do(c.ApproveRequest("mo", "ada"))
        assert outcome.events == (
            RequestClosed("ada", "approved"),
            GrantGiven("ada", "s1", stage.now + GRANT_SECONDS, "mo"),
        )
        assert outcome.result == {"seat": "s1"}
        assert (stage.room.seats_taken, next_deadline(stage.room)) == (1, stage.now + 60)

    def test_in_any_order(self, stage: Stage) -> None:
        for person in ("ada", "bob", "cyd"):
            stage.do(c.OpenRequest(person))
        stage.do(c.ApproveRequest("mo", "cyd"))
        assert stage.queue == ["ada", "bob"]

    def test_an_unused_grant_expires_and_frees_the_seat(self, stage: Stage) -> None:
        seat = stage.approve("mo", "ada")
        assert stage.wait(59.9) == []
        assert stage.wait(0.1) == [GrantEnded("ada", seat, "expired")]
        assert stage.room.seats_taken == 0
        assert stage.refused(c.StartShare("ada", "camera", True, True)).code == "must_ask"

    def test_with_no_seat_free_it_is_refused_and_the_request_stays_where_it_was(self) -> None:
        stage = Stage("moderated", max_on_screen=1)
        stage.enter("mo", role="moderator")
        stage.enter("ada", "bob")
        stage.approve("mo", "ada")
        stage.do(c.OpenRequest("bob"))
        refusal = stage.refused(c.ApproveRequest("mo", "bob"))
        assert (refusal.code, refusal.details) == ("full", {"seats_taken": 1, "max_on_screen": 1})
        assert stage.queue == ["bob"]

    def test_a_request_that_is_not_open(self, stage: Stage) -> None:
        for command in (c.ApproveRequest("mo", "ada"), c.DeclineRequest("mo", "ada")):
            refusal = stage.refused(command)
            assert (refusal.code, refusal.details) == ("no_such_request", {"participant": "ada"})

    def test_brings_in_who_waits_in_line(self) -> None:
        stage = Stage("moderated", caps=SMALL_CAPS)
        stage.enter("a", "b", "c", "d")
        stage.enter("mo", role="moderator")
        stage.do(c.OpenRequest("a"))
        stage.drop("a")
        stage.share("mo", "screen")
        stage.enter("e", "f")
        stage.enter("a", connection="a/2")
        assert stage.line == ["a", "f"], "back where their arrival puts them"
        assert Admitted("a") in stage.do(c.ApproveRequest("mo", "a")).events
        assert stage.line == ["f"]


@pytest.mark.parametrize("who", ["ada", "nobody"])
@pytest.mark.parametrize("make", [c.ApproveRequest, c.DeclineRequest], ids=["approve", "decline"])
def test_only_moderators_decide(stage: Stage, who: str, make: type) -> None:
    stage.do(c.OpenRequest("bob"))
    assert stage.refused(make(who, "bob")).code == "forbidden"


class TestTheQueueSurvives:
    def test_the_moderators_leaving(self, stage: Stage) -> None:
        stage.do(c.OpenRequest("ada"))
        stage.leave("mo")
        assert stage.queue == ["ada"]

    def test_a_reconnect_of_the_asker_in_the_same_place(self, stage: Stage) -> None:
        for person in ("ada", "bob"):
            stage.do(c.OpenRequest(person))
        stage.drop("ada")
        stage.wait(14)
        stage.enter("ada", connection="ada/2")
        assert stage.queue == ["ada", "bob"]

    def test_but_not_the_askers_leaving(self, stage: Stage) -> None:
        for person in ("ada", "bob"):
            stage.do(c.OpenRequest(person))
        stage.drop("ada")
        assert RequestClosed("ada", "left") in stage.wait(15)
        stage.leave("bob")
        assert stage.queue == []


def test_who_waits_in_line_asks_when_they_are_in() -> None:
    stage = Stage("moderated", caps=SMALL_CAPS)
    stage.enter("a", "b", "c", "d", "e")
    refusal = stage.refused(c.OpenRequest("e"))
    assert (refusal.code, refusal.details) == ("not_admitted", {"position": 1, "viewers": 4, "viewer_cap": 4})


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans())))
def test_places_are_those_of_a_plain_list(steps: list[tuple[str, bool]]) -> None:
    stage = Stage("moderated")
    stage.enter(*"abcdef")
    queue: list[str] = []
    for person, asks in steps:
        stage.do(c.OpenRequest(person) if asks else c.WithdrawRequest(person))
        if asks and person not in queue:
            queue.append(person)
        if not asks and person in queue:
            queue.remove(person)
        assert [position(stage, each) for each in queue] == list(range(1, len(queue) + 1))
    opened = [event for event in stage.history if isinstance(event, RequestOpened)]
    assert [event.order for event in opened] == sorted({event.order for event in opened})
