"""The viewer cap and the waiting line (product section 2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.table import ViewerCapTable
from signaling.room import commands as c
from signaling.room.decide import Accepted
from signaling.room.documents import room_document, you_document
from signaling.room.events import Admitted, OverflowWarned
from signaling.room.state import Role
from tests.support.rooms import SMALL_CAPS, Stage
from tests.support.tables import cases

WHO_NEVER_WAITS = """
    policy      | who               | holds | comes in
    anyone      | attendee          |       | no
    anyone      | invited attendee  |       | no
    anyone      | moderator         |       | no
    anyone      | organizer         |       | yes
    invite_only | attendee          |       | no
    invite_only | invited attendee  |       | yes
    invite_only | moderator         |       | no
    invite_only | organizer         |       | yes
    moderated   | attendee          |       | no
    moderated   | invited attendee  |       | no
    moderated   | moderator         |       | yes
    moderated   | organizer         |       | yes
    moderated   | attendee          | grant | yes
    anyone      | attendee          | seat  | yes
    invite_only | attendee          | seat  | yes
"""


def full_room(policy: str) -> Stage:
    """A room at its viewer cap, with "zoe" waiting in line."""
    stage = Stage(policy, caps=SMALL_CAPS)
    stage.enter("v1", "v2", "v3", "v4", "zoe")
    assert stage.line == ["zoe"]
    return stage


@cases(WHO_NEVER_WAITS)
def test_who_never_waits(case: dict[str, str]) -> None:
    stage = Stage("anyone", caps=SMALL_CAPS)
    *invited, role = case["who"].split()
    if case["holds"]:
        stage.enter("p", role=role, invited=bool(invited))
        if case["holds"] == "seat":
            stage.share("p")
        else:
            stage.enter("olga", role="organizer")
            stage.change(share_policy="moderated")
            stage.approve("olga", "p")
        stage.drop("p")
    stage.change(share_policy=case["policy"])
    stage.enter("v1", "v2", "v3", "v4", "zoe")
    stage.enter("p", connection="p/2", role=role, invited=bool(invited))
    assert stage.room.people["p"].admitted is (case["comes in"] == "yes")
    assert "zoe" in stage.line, "nobody came in instead"


class TestTheLine:
    def test_newcomers_wait_and_come_in_by_themselves_in_order(self) -> None:
        stage = full_room("anyone")
        stage.enter("yan", "xia")
        assert [stage.room.waiting_position(person) for person in ("zoe", "yan", "xia", "v1")] == [1, 2, 3, None]
        stage.leave("v1", "v3")
        assert stage.settle() == [Admitted("zoe"), Admitted("yan")]
        assert stage.line == ["xia"]
        assert stage.room.waiting_position("xia") == 1

    def test_nobody_overtakes_even_while_a_place_is_free(self) -> None:
        stage = full_room("anyone")
        stage.leave("v1")
        stage.enter("yan")
        assert stage.line == ["zoe", "yan"], "the place is the first one's, who comes in when the room settles"
        assert stage.settle() == [Admitted("zoe")]

    def test_who_leaves_it_gives_up_their_place(self) -> None:
        stage = full_room("anyone")
        stage.enter("yan")
        stage.leave("zoe")
        assert stage.room.waiting_position("yan") == 1

    def test_who_drops_out_of_it_and_returns_has_their_old_place(self) -> None:
        stage = full_room("anyone")
        stage.enter("yan", "xia")
        stage.drop("zoe", "yan")
        assert stage.room.waiting_position("zoe") is None
        stage.now += 14
        stage.enter("zoe", connection="zoe/2")
        assert stage.line == ["zoe", "xia"]
        stage.enter("yan", connection="yan/2")
        assert stage.line == ["zoe", "yan", "xia"]

    def test_a_viewer_who_drops_frees_the_place_and_stands_in_line_where_arrival_puts_them(self) -> None:
        stage = full_room("anyone")
        stage.enter("yan")
        stage.drop("v2")
        assert stage.settle() == [Admitted("zoe")]
        stage.enter("v2", connection="v2/2")
        assert stage.line == ["v2", "yan"]

    def test_a_take_over_keeps_the_place_in_it(self) -> None:
        stage = full_room("anyone")
        stage.enter("yan")
        stage.enter("zoe", connection="zoe/2")
        assert stage.line == ["zoe", "yan"]

    def test_a_take_over_by_the_first_in_it_is_no_reason_to_leave_a_free_place_empty(self) -> None:
        stage = full_room("anyone")
        stage.leave("v1")
        stage.enter("zoe", connection="zoe/2")
        assert stage.line == []

    def test_a_take_over_by_a_viewer_keeps_them_inside_above_the_cap(self) -> None:
        stage = Stage("anyone", caps=SMALL_CAPS)
        stage.enter("v1", "v2", "v3", "v4", "ada")
        stage.leave("v4")
        stage.settle()
        stage.share("ada")
        stage.enter("v5")
        stage.share("v1", "screen")
        assert stage.room.viewers == stage.room.viewer_cap == 3
        stage.share("v2")
        assert (stage.room.viewers, stage.room.viewer_cap) == (2, 2)
        stage.share("ada", "screen")
        stage.enter("v3", connection="v3/2")
        assert stage.room.people["v3"].admitted

    def test_a_clock_that_is_behind_gives_nobody_an_earlier_place(self) -> None:
        stage = full_room("anyone")
        stage.now -= 60
        stage.enter("yan")
        assert stage.line == ["zoe", "yan"]

    def test_who_waits_can_do_nothing_inside(self) -> None:
        stage = full_room("anyone")
        for command in (
            c.StartShare("zoe", "camera", True, True),
            c.ShareYouTube("zoe", "dQw4w9WgXcQ"),
            c.StopYouTube("zoe"),
            c.MuteSeat("zoe", "s1"),
        ):
            refusal = stage.refused(command)
            assert refusal.code == "not_admitted"
            assert refusal.details == {"position": 1, "viewers": 4, "viewer_cap": 4}
        assert you_document(stage.room, "zoe")["can_share"] is False


class TestSomebodyInLineNeedNotWaitAnyLonger:
    def test_when_made_an_organizer(self) -> None:
        stage = full_room("anyone")
        assert stage.do(c.ChangeRights("zoe", Role.ORGANIZER, False)).events[-1] == Admitted("zoe")

    def test_when_a_moderator_of_what_becomes_a_moderated_session(self) -> None:
        stage = full_room("anyone")
        stage.enter("mo", role="moderator")
        assert stage.line == ["zoe", "mo"]
        assert stage.change(share_policy="moderated").events[-1] == Admitted("mo")

    def test_when_invited_to_what_becomes_invite_only(self) -> None:
        stage = full_room("anyone")
        stage.enter("ivy", invited=True)
        assert stage.change(share_policy="invite_only").events[1:] == (Admitted("ivy"),)

    def test_when_invited_by_now(self) -> None:
        stage = full_room("invite_only")
        assert stage.do(c.ChangeRights("zoe", Role.ATTENDEE, True)).events[-1] == Admitted("zoe")

    def test_when_entering_again_as_a_moderator(self) -> None:
        stage = full_room("moderated")
        stage.enter("zoe", connection="zoe/2", role="moderator")
        assert stage.line == []


class TestOverflow:
    def test_keep_gives_the_seat_puts_nobody_out_and_warns_the_moderators(self) -> None:
        stage = full_room("anyone")
        stage.share("v1")
        assert stage.settle() == [Admitted("zoe")]
        stage.enter("yan")
        assert stage.do(c.StartShare("v2", "camera", True, True)).events[1:] == (), "as many as 2 seats admit"
        outcome = stage.do(c.StartShare("v2", "screen", False, True))
        assert outcome.events[1:] == (OverflowWarned(viewers=3, cap=2),)
        assert stage.settle() == []
        assert (stage.room.viewers, stage.line) == (3, ["yan"])

    def test_refuse_seat_refuses_with_the_numbers(self) -> None:
        stage = Stage("anyone", overflow="refuse_seat", caps=ViewerCapTable.parse("1:4,2:2,50:1"))
        stage.enter("v1", "v2", "v3", "v4")
        stage.share("v1")
        stage.enter("v5")
        refusal = stage.refused(c.StartShare("v1", "screen", False, True))
        assert refusal.code == "viewer_cap"
        assert refusal.details == {"viewers": 4, "viewer_cap": 4, "viewer_cap_after": 2}
        assert refusal.message == "With one more on screen the room holds at most 2 viewers, and there would be 4."
        stage.leave("v5")
        stage.share("v2")
        assert (stage.room.viewers, stage.room.viewer_cap) == (2, 2), "a viewer who goes on screen is one fewer"

    def test_refuse_seat_counts_whom_an_approval_would_bring_in(self) -> None:
        stage = Stage("moderated", overflow="refuse_seat", caps=ViewerCapTable.parse("1:3,50:3"))
        stage.enter("ada", "v1", "v2")
        stage.do(c.OpenRequest("ada"))
        stage.drop("ada")
        stage.enter("v3")
        stage.enter("ada", connection="ada/2")
        stage.enter("mo", role="moderator")
        stage.share("mo")
        assert (stage.room.viewers, stage.line) == (3, ["ada"])
        refusal = stage.refused(c.ApproveRequest("mo", "ada"))
        assert refusal.details == {"viewers": 3, "viewer_cap": 3, "viewer_cap_after": 3}


def test_ten_seats_of_the_default_table_say_what_the_product_says() -> None:
    stage = Stage()
    stage.enter(*(f"p{number}" for number in range(10)))
    caps = []
    for number in range(10):
        stage.share(f"p{number}")
        caps.append(room_document(stage.room)["viewer_cap"])
    assert caps == [5000, 3000, 3000, 3000, 1500, 1500, 1500, 1500, 1500, 1500]


STEPS = st.lists(
    st.tuples(st.sampled_from(["enter", "organizer", "drop", "leave"]), st.sampled_from("abcdefgh")), max_size=60
)


@given(STEPS, st.integers(1, 4))
def test_agrees_with_a_line_that_is_searched_from_the_start_each_time(steps: list[tuple[str, str]], cap: int) -> None:
    """A second version that keeps nothing but who is where, and looks at everybody for every answer."""
    stage = Stage("anyone", caps=ViewerCapTable(((50, cap),)))
    arrived: dict[str, int] = {}
    inside: set[str] = set()
    outside: set[str] = set()
    for number, (step, person) in enumerate(steps):
        if step in ("enter", "organizer"):
            stage.enter(
                person, connection=f"{person}/{number}", role="organizer" if step == "organizer" else "attendee"
            )
            arrived.setdefault(person, number)
            if step == "organizer":
                outside.discard(person)
                inside.add(person)
            elif person not in inside:
                outside.add(person)
        elif person in inside | outside:
            if step == "drop":
                stage.drop(person)
            else:
                stage.leave(person)
                del arrived[person]
            inside.discard(person)
            outside.discard(person)
        elif step == "leave" and person in arrived:
            stage.leave(person)
            del arrived[person]
        while outside and len(inside) < cap:
            first = min(outside, key=lambda each: arrived[each])
            outside.remove(first)
            inside.add(first)
        stage.settle()
        assert stage.line == sorted(outside, key=lambda each: arrived[each])
        assert stage.room.viewers == len(inside)


@pytest.mark.parametrize("people", [5000])
def test_five_thousand_come_in_and_the_next_one_waits(people: int) -> None:
    stage = Stage()
    stage.enter(*(f"p{number}" for number in range(people)))
    assert (stage.room.viewers, stage.room.waiting) == (5000, 0)
    stage.enter("late")
    assert stage.line == ["late"]
    stage.drop("p17")
    assert stage.settle() == [Admitted("late")]
    assert stage.do(c.Settle()) == Accepted()


def test_moderators_are_warned_when_the_cap_falls_not_at_every_seat() -> None:
    stage = Stage("anyone", caps=ViewerCapTable.parse("1:4,2:1,50:1"))
    stage.enter("v1", "v2", "v3", "v4")
    stage.share("v1")
    outcome = stage.do(c.StartShare("v2", "camera", True, True))
    assert outcome.events[1:] == (OverflowWarned(viewers=2, cap=1),)
    outcome = stage.do(c.StartShare("v2", "screen", True, True))
    assert outcome.events[1:] == ()
