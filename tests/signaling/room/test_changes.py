"""Settings and rights that change while people are in (product section 3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signaling.room import commands as c
from signaling.room.decide import Accepted, Refused
from signaling.room.documents import you_document
from signaling.room.events import RequestClosed, RightsChanged, SeatEnded, SettingsChanged
from signaling.room.state import Role
from tests.support.rooms import SMALL_CAPS, Stage


@pytest.mark.parametrize("at_most", [0, -1, 51, 1000])
def test_a_session_can_not_have_so_many_seats(at_most: int) -> None:
    stage = Stage()
    refusal = stage.refused(c.ChangeSettings(replace(stage.room.settings, max_on_screen=at_most)))
    assert refusal == Refused(
        refusal.code,
        "max_on_screen must be a whole number from 1 to 50.",
        {"field": "max_on_screen", "given": at_most},
    )
    assert refusal.code == "bad_message"


def test_the_same_settings_are_nothing_new() -> None:
    stage = Stage()
    assert stage.do(c.ChangeSettings(replace(stage.room.settings))) == Accepted()


class TestSwitchingWhoMayShare:
    @pytest.mark.parametrize("before", ["anyone", "invite_only", "moderated"])
    @pytest.mark.parametrize("after", ["anyone", "invite_only", "moderated"])
    def test_speakers_stay(self, before: str, after: str) -> None:
        stage = Stage("anyone")
        stage.enter("ada")
        stage.share("ada")
        stage.share("ada", "screen")
        stage.change(share_policy=before)
        stage.change(share_policy=after)
        assert list(stage.room.seats) == ["s1", "s2"]

    def test_to_anyone_closes_requests_and_tells_their_askers_that_they_may_share(self) -> None:
        stage = Stage("moderated")
        stage.enter("ada", "bob")
        stage.do(c.OpenRequest("bob"))
        stage.do(c.OpenRequest("ada"))
        assert stage.change(share_policy="anyone").events == (
            SettingsChanged(stage.room.settings),
            RequestClosed("bob", "may_share_now"),
            RequestClosed("ada", "may_share_now"),
        )
        stage.share("ada")

    def test_to_invite_only_tells_the_invited_that_they_may_share_and_declines_the_others(self) -> None:
        stage = Stage("moderated")
        stage.enter("ada")
        stage.enter("ivy", invited=True)
        stage.do(c.OpenRequest("ada"))
        stage.do(c.OpenRequest("ivy"))
        assert stage.change(share_policy="invite_only").events[1:] == (
            RequestClosed("ada", "declined"),
            RequestClosed("ivy", "may_share_now"),
        )

    def test_later_shares_follow_the_new_rule(self) -> None:
        stage = Stage("anyone")
        stage.enter("ada")
        seat = stage.share("ada")
        stage.change(share_policy="invite_only")
        stage.do(c.StopShare("ada", seat))
        assert stage.refused(c.StartShare("ada", "camera", True, True)).code == "not_invited"

    def test_grants_stay_until_they_are_used_or_expire(self) -> None:
        stage = Stage("moderated")
        stage.enter("mo", role="moderator")
        stage.enter("ada")
        seat = stage.approve("mo", "ada")
        stage.change(share_policy="invite_only")
        assert stage.share("ada") == seat

    def test_another_setting_leaves_requests_open(self) -> None:
        stage = Stage("moderated")
        stage.enter("ada")
        stage.do(c.OpenRequest("ada"))
        stage.change(title="Renamed", max_on_screen=3)
        assert stage.queue == ["ada"]


def test_lowering_the_maximum_puts_nobody_off_screen_and_gives_no_seat_until_below_it() -> None:
    stage = Stage()
    stage.enter("ada", "bob", "cyd", "dan")
    seats = {person: stage.share(person) for person in ("ada", "bob", "cyd")}
    stage.change(max_on_screen=2)
    assert len(stage.room.seats) == 3
    stage.do(c.StopShare("ada", seats["ada"]))
    refusal = stage.refused(c.StartShare("dan", "camera", True, True))
    assert (refusal.code, refusal.details) == ("full", {"seats_taken": 2, "max_on_screen": 2})
    stage.do(c.StopShare("bob", seats["bob"]))
    stage.share("dan")


def test_a_grant_given_before_the_maximum_was_lowered_can_be_used() -> None:
    stage = Stage("moderated")
    stage.enter("mo", role="moderator")
    stage.enter("ada")
    stage.approve("mo", "ada")
    stage.share("mo")
    stage.change(max_on_screen=1)
    stage.share("ada")


class TestRights:
    def test_an_invited_speaker_who_loses_the_invitation_loses_their_seats(self) -> None:
        stage = Stage("invite_only")
        stage.enter("ivy", invited=True)
        stage.share("ivy")
        stage.share("ivy", "screen")
        assert stage.do(c.ChangeRights("ivy", Role.ATTENDEE, False)).events == (
            SeatEnded("s1", "ivy", "removed"),
            SeatEnded("s2", "ivy", "removed"),
            RightsChanged("ivy", Role.ATTENDEE, False),
        )
        assert stage.refused(c.StartShare("ivy", "camera", True, True)).code == "not_invited"

    def test_also_when_the_loss_shows_only_on_entering_again(self) -> None:
        stage = Stage("invite_only")
        stage.enter("ivy", invited=True)
        stage.share("ivy")
        stage.enter("ivy", connection="ivy/2", invited=False)
        assert stage.room.seats == {}

    def test_and_the_seat_they_lose_no_longer_spares_them_the_waiting_line(self) -> None:
        stage = Stage("invite_only", caps=SMALL_CAPS)
        stage.enter("ivy", invited=True)
        stage.share("ivy")
        stage.drop("ivy")
        stage.enter("a", "b", "c", "d")
        stage.enter("ivy", connection="ivy/2", invited=False)
        assert stage.line == ["ivy"]

    def test_an_invitation_means_nothing_where_anyone_shares(self) -> None:
        stage = Stage("anyone")
        stage.enter("ivy", invited=True)
        stage.share("ivy")
        stage.do(c.ChangeRights("ivy", Role.ATTENDEE, False))
        assert list(stage.room.seats) == ["s1"]

    def test_a_speaker_who_was_there_before_the_rule_has_no_invitation_to_lose(self) -> None:
        stage = Stage("anyone")
        stage.enter("mo", role="moderator")
        stage.share("mo")
        stage.change(share_policy="invite_only")
        stage.do(c.ChangeRights("mo", Role.ATTENDEE, False))
        assert list(stage.room.seats) == ["s1"]

    def test_a_moderator_who_is_demoted_keeps_the_seat_but_moderates_no_more(self) -> None:
        stage = Stage("moderated")
        stage.enter("mo", role="moderator")
        stage.enter("ada")
        stage.share("mo")
        stage.do(c.OpenRequest("ada"))
        stage.do(c.ChangeRights("mo", Role.ATTENDEE, False))
        assert list(stage.room.seats) == ["s1"]
        assert stage.refused(c.ApproveRequest("mo", "ada")).code == "forbidden"
        assert you_document(stage.room, "mo")["can_moderate"] is False

    def test_an_asker_who_becomes_a_moderator_need_not_wait_for_an_answer(self) -> None:
        stage = Stage("moderated")
        stage.enter("ada")
        stage.do(c.OpenRequest("ada"))
        assert stage.do(c.ChangeRights("ada", Role.MODERATOR, False)).events == (
            RequestClosed("ada", "may_share_now"),
            RightsChanged("ada", Role.MODERATOR, False),
        )

    def test_a_demoted_organizer_who_watches_is_not_put_out(self) -> None:
        stage = Stage("anyone")
        stage.enter("olga", role="organizer")
        stage.do(c.ChangeRights("olga", Role.ATTENDEE, False))
        assert stage.room.people["olga"].admitted

    @pytest.mark.parametrize("participant", ["ada", "nobody"])
    def test_nothing_new_is_nothing_to_journal(self, participant: str) -> None:
        stage = Stage()
        stage.enter("ada")
        assert stage.do(c.ChangeRights(participant, Role.ATTENDEE, False)) == Accepted()

    def test_of_somebody_away_hold_when_they_come_back(self) -> None:
        stage = Stage("moderated")
        stage.enter("ada")
        stage.do(c.OpenRequest("ada"))
        stage.drop("ada")
        stage.do(c.ChangeRights("ada", Role.MODERATOR, False))
        assert stage.queue == []
