"""Who may share, and what a seat is (product sections 2 and 3)."""

from __future__ import annotations

from itertools import product

import pytest

from signaling.room import commands as c
from signaling.room.decide import Accepted, Refused
from signaling.room.events import GrantEnded, MediaLiveSet, SeatChanged, SeatEnded, SeatTaken
from signaling.room.state import Grant, Role, Seat, SeatKind
from tests.support.rooms import Stage
from tests.support.tables import cases

WHO_MAY_SHARE = """
    policy      | who               | grant | camera seat | camera          | screen
    anyone      | attendee          | no    | no          | yes             | yes
    anyone      | attendee          | no    | yes         | already_sharing | yes
    anyone      | moderator         | no    | no          | yes             | yes
    anyone      | organizer         | no    | no          | yes             | yes
    invite_only | attendee          | no    | no          | not_invited     | not_invited
    invite_only | attendee          | no    | yes         | already_sharing | not_invited
    invite_only | invited attendee  | no    | no          | yes             | yes
    invite_only | invited attendee  | no    | yes         | already_sharing | yes
    invite_only | moderator         | no    | no          | not_invited     | not_invited
    invite_only | invited moderator | no    | no          | yes             | yes
    invite_only | organizer         | no    | no          | yes             | yes
    invite_only | attendee          | yes   | no          | yes             | yes
    moderated   | attendee          | no    | no          | must_ask        | must_ask
    moderated   | invited attendee  | no    | no          | must_ask        | must_ask
    moderated   | attendee          | yes   | no          | yes             | yes
    moderated   | attendee          | no    | yes         | already_sharing | yes
    moderated   | moderator         | no    | no          | yes             | yes
    moderated   | organizer         | no    | no          | yes             | yes
"""


def somebody(policy: str, who: str, *, grant: bool, camera: bool) -> Stage:
    """A room in which "p" is who the table says, come by it in the way that product section 3 allows."""
    stage = Stage("anyone")
    *invited, role = who.split()
    stage.enter("p", role=role, invited=bool(invited))
    if camera:
        stage.share("p")
    stage.change(share_policy=policy)
    if grant:
        stage.room.grants["p"] = Grant("p", "s77", stage.now + 60)
    return stage


@cases(WHO_MAY_SHARE)
@pytest.mark.parametrize("kind", ["camera", "screen"])
def test_who_may_share(case: dict[str, str], kind: c.ShareKind) -> None:
    stage = somebody(case["policy"], case["who"], grant=case["grant"] == "yes", camera=case["camera seat"] == "yes")
    outcome = stage.try_(c.StartShare("p", kind, True, True))
    assert (outcome.code.value if isinstance(outcome, Refused) else "yes") == case[kind]


def may_start(kind: str, policy: str, role: str, *, invited: bool, grant: bool, camera: bool) -> str:
    """The same rules, written from the product page without looking at the code."""
    if kind == "camera" and camera:
        return "already_sharing"
    if role == "organizer" or grant or policy == "anyone":
        return "yes"
    if policy == "moderated" and (role == "moderator" or (kind == "screen" and camera)):
        return "yes"
    if policy == "moderated":
        return "must_ask"
    return "yes" if invited else "not_invited"


@pytest.mark.parametrize("policy", ["anyone", "invite_only", "moderated"])
@pytest.mark.parametrize("role", ["attendee", "moderator", "organizer"])
def test_every_combination_agrees_with_the_rules_written_a_second_time(policy: str, role: str) -> None:
    kinds: list[c.ShareKind] = ["camera", "screen"]
    for invited, grant, camera, kind in product([False, True], [False, True], [False, True], kinds):
        stage = somebody(policy, f"invited {role}" if invited else role, grant=grant, camera=camera)
        outcome = stage.try_(c.StartShare("p", kind, True, True))
        answer = outcome.code.value if isinstance(outcome, Refused) else "yes"
        assert answer == may_start(kind, policy, role, invited=invited, grant=grant, camera=camera), (
            invited,
            grant,
            camera,
            kind,
        )


def test_a_grant_is_used_by_the_first_share_and_its_seat_keeps_the_reserved_id() -> None:
    stage = Stage("moderated")
    stage.enter("mo", role="moderator")
    stage.enter("ada")
    reserved = stage.approve("mo", "ada")
    stage.share("mo")
    outcome = stage.do(c.StartShare("ada", "screen", False, True))
    assert outcome.events == (
        GrantEnded("ada", reserved, "used"),
        SeatTaken(reserved, SeatKind.SCREEN, "ada", stage.now, audio=False, video=True, slot=1),
    )
    assert outcome.result == {"seat": reserved}
    assert stage.room.grants == {}
    # Good for one appearance: the camera beside it asks again.
    assert stage.refused(c.StartShare("ada", "camera", True, True)).code == "must_ask"


def test_who_left_the_screen_asks_again() -> None:
    stage = Stage("moderated")
    stage.enter("mo", role="moderator")
    stage.enter("ada")
    stage.approve("mo", "ada")
    seat = stage.share("ada")
    stage.do(c.StopShare("ada", seat))
    assert stage.refused(c.StartShare("ada", "camera", True, True)).code == "must_ask"


def test_stopping_ones_camera_leaves_ones_screen() -> None:
    stage = Stage()
    stage.enter("ada")
    camera, screen = stage.share("ada"), stage.share("ada", "screen")
    assert stage.do(c.StopShare("ada", camera)).events == (SeatEnded(camera, "ada", "stopped"),)
    assert list(stage.room.seats) == [screen]


def test_with_49_on_screen_exactly_one_screen_fits_until_somebody_stops() -> None:
    stage = Stage()
    people = [f"p{number}" for number in range(49)]
    stage.enter(*people)
    cameras = [stage.share(person) for person in people]
    stage.share("p0", "screen")
    refusal = stage.refused(c.StartShare("p1", "screen", False, True))
    assert refusal == Refused(
        refusal.code, "All 50 places on screen are taken.", {"seats_taken": 50, "max_on_screen": 50}
    )
    assert refusal.code == "full"
    stage.do(c.StopShare("p7", cameras[7]))
    stage.share("p1", "screen")
    assert stage.room.seats_taken == 50


def test_one_place_is_told_in_the_singular() -> None:
    stage = Stage(max_on_screen=1)
    stage.enter("ada", "bob")
    stage.share("ada")
    assert stage.refused(c.StartShare("bob", "camera", True, True)).message == "The only place on screen is taken."


def test_a_seat_id_never_comes_back() -> None:
    stage = Stage()
    stage.enter("ada")
    first = stage.share("ada")
    stage.do(c.StopShare("ada", first))
    assert (first, stage.share("ada")) == ("s1", "s2")


SOMEBODY_ELSES_SEAT = [
    c.StopShare("bob", "s1"),
    c.SetShare("bob", "s1", audio=False),
]


@pytest.mark.parametrize("command", SOMEBODY_ELSES_SEAT, ids=lambda command: type(command).__name__)
def test_only_its_owner_changes_or_stops_a_seat(command: c.Command) -> None:
    stage = Stage()
    stage.enter("ada", "bob")
    stage.share("ada")
    assert stage.refused(command).code == "forbidden"


@pytest.mark.parametrize("command", [c.StopShare("ada", "s9"), c.SetShare("ada", "s9", audio=False)])
def test_a_seat_that_does_not_exist(command: c.Command) -> None:
    stage = Stage()
    stage.enter("ada")
    refusal = stage.refused(command)
    assert (refusal.code, refusal.details) == ("no_such_seat", {"seat": "s9"})


@pytest.mark.parametrize("participant", ["nobody", "away"])
@pytest.mark.parametrize("make", [c.StartShare, c.StopShare, c.OpenRequest, c.WithdrawRequest], ids=str)
def test_who_has_no_live_connection_can_ask_for_nothing(participant: str, make: type) -> None:
    stage = Stage("moderated")
    stage.enter("away")
    stage.drop("away")
    rest: dict[type, tuple[object, ...]] = {c.StartShare: ("camera", True, True), c.StopShare: ("s1",)}
    assert stage.refused(make(participant, *rest.get(make, ()))).code == "forbidden"


class TestVideoSlots:
    def test_a_seat_gets_the_lowest_free_slot_and_keeps_it_until_it_ends(self) -> None:
        stage = Stage()
        stage.enter("ada", "bob", "cyd")
        ada, bob = stage.share("ada"), stage.share("bob")
        cyd = stage.share("cyd", video=False)
        assert [stage.room.seats[seat].slot for seat in (ada, bob, cyd)] == [0, 1, None]

        stage.do(c.SetShare("bob", bob, video=False))
        assert stage.room.seats[bob].slot == 1, "a camera that is off keeps its slot"
        stage.do(c.StopShare("ada", ada))
        stage.do(c.SetShare("cyd", cyd, video=True))
        assert stage.room.seats[cyd].slot == 0
        assert stage.room.seats[stage.share("ada")].slot == 2

    def test_fifty_seats_have_fifty_slots(self) -> None:
        stage = Stage()
        people = [f"p{number}" for number in range(50)]
        stage.enter(*people)
        for person in people:
            stage.share(person)
        assert {seat.slot for seat in stage.room.seats.values()} == set(range(50))


class TestTurningThingsOnAndOff:
    def test_what_is_not_named_stays(self) -> None:
        stage = Stage()
        stage.enter("ada")
        seat = stage.share("ada")
        stage.do(c.SetShare("ada", seat, audio=False))
        assert (stage.room.seats[seat].audio, stage.room.seats[seat].video) == (False, True)

    @pytest.mark.parametrize(
        "command", [c.SetShare("ada", "s1"), c.SetShare("ada", "s1", audio=True), c.SetShare("ada", "s1", video=True)]
    )
    def test_nothing_new_is_nothing_to_journal(self, command: c.SetShare) -> None:
        stage = Stage()
        stage.enter("ada")
        stage.share("ada")
        assert stage.do(command) == Accepted()

    def test_a_shared_video_has_neither_microphone_nor_camera(self) -> None:
        stage = Stage()
        stage.enter("ada")
        stage.share("ada")
        seat = stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ")).result["seat"]
        assert stage.refused(c.SetShare("ada", seat, audio=False)).code == "forbidden"

    def test_live_follows_the_media_plane(self) -> None:
        stage = Stage()
        stage.enter("ada")
        seat = stage.share("ada")
        assert stage.do(c.SetMediaLive(seat, True)).events == (MediaLiveSet(seat, True),)
        assert stage.do(c.SetMediaLive(seat, True)) == Accepted()
        assert stage.do(c.SetMediaLive("s99", True)) == Accepted(), "media of a seat that ended meanwhile"


MUTED = """
    asked                    | answer             | audio | video | muted
    audio on                 | yes                | on    | on    | no
    audio off                | yes                | off   | on    | yes
    video off                | yes                | off   | off   | yes
    audio off, video off     | yes                | off   | off   | yes
    audio on, video on       | muted_by_moderator | off   | on    | yes
    audio on, video off      | muted_by_moderator | off   | on    | yes
"""


@cases(MUTED)
def test_only_the_speaker_unmutes_and_only_on_purpose(case: dict[str, str]) -> None:
    stage = Stage()
    stage.enter("olga", role="organizer")
    stage.enter("ada")
    seat = stage.share("ada")
    stage.do(c.MuteSeat("olga", seat))
    asked = dict(part.split() for part in case["asked"].split(", "))
    wish = {name: value == "on" for name, value in asked.items()}
    outcome = stage.try_(c.SetShare("ada", seat, **wish))
    assert (outcome.code.value if isinstance(outcome, Refused) else "yes") == case["answer"]
    now: Seat = stage.room.seats[seat]
    assert (now.audio, now.video, now.muted) == (case["audio"] == "on", case["video"] == "on", case["muted"] == "yes")


def test_a_change_says_the_whole_new_state() -> None:
    stage = Stage()
    stage.enter("ada")
    seat = stage.share("ada", video=False)
    assert stage.do(c.SetShare("ada", seat, video=True)).events == (
        SeatChanged(seat, audio=True, video=True, muted=False, slot=0),
    )


def test_roles_have_the_names_of_the_protocol() -> None:
    assert [role.value for role in Role] == ["organizer", "moderator", "attendee"]
