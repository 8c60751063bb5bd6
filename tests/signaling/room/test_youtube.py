"""The shared video: which links, who controls it, and the position that everybody sees (product section 6)."""

from __future__ import annotations

import pytest

from signaling.room import commands as c
from signaling.room.decide import Accepted, Refused
from signaling.room.documents import room_document
from signaling.room.events import SeatEnded, SeatTaken, YouTubeMoved, YouTubeShared
from signaling.room.state import Role, SeatKind
from signaling.room.youtube import position_at, video_id
from tests.support.rooms import Stage
from tests.support.tables import cases

LINKS = """
    link                                                              | answer
    https://www.youtube.com/watch?v=dQw4w9WgXcQ                       | dQw4w9WgXcQ
    http://youtube.com/watch?v=dQw4w9WgXcQ                            | dQw4w9WgXcQ
    https://m.youtube.com/watch?v=dQw4w9WgXcQ&feature=share           | dQw4w9WgXcQ
    https://music.youtube.com/watch?v=dQw4w9WgXcQ                     | dQw4w9WgXcQ
    https://WWW.YouTube.com/watch?app=desktop&v=dQw4w9WgXcQ#t=10      | dQw4w9WgXcQ
    https://www.youtube.com/watch/?v=dQw4w9WgXcQ                      | dQw4w9WgXcQ
    https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL123&index=4    | dQw4w9WgXcQ
    https://youtu.be/dQw4w9WgXcQ                                      | dQw4w9WgXcQ
    https://youtu.be/dQw4w9WgXcQ?si=abc&t=42                          | dQw4w9WgXcQ
    https://youtu.be/dQw4w9WgXcQ?list=PL123                           | dQw4w9WgXcQ
    https://www.youtube.com/live/jfKfPfyJRdk?feature=share            | jfKfPfyJRdk
    https://www.youtube.com/embed/dQw4w9WgXcQ                         | dQw4w9WgXcQ
    https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ                | dQw4w9WgXcQ
    https://www.youtube.com/shorts/a-b_c1d2e3f                        | a-b_c1d2e3f
    youtube.com/watch?v=dQw4w9WgXcQ                                   | dQw4w9WgXcQ
    youtu.be/dQw4w9WgXcQ                                              | dQw4w9WgXcQ
    dQw4w9WgXcQ                                                       | dQw4w9WgXcQ
    -_-_-_-_-_-                                                       | -_-_-_-_-_-
    https://www.youtube.com/playlist?list=PL123                       | playlist
    https://www.youtube.com/watch?list=PL123                          | playlist
    https://music.youtube.com/playlist?list=OLAK5uy                   | playlist
    https://www.youtube.com/embed/videoseries?list=PL123              | playlist
    https://www.youtube.com/playlist                                  | playlist
    https://www.youtube.com/embed/live_stream?channel=UC123           | not_a_video
    https://www.youtube.com/watch                                     | not_a_video
    https://www.youtube.com/watch?v=                                  | not_a_video
    https://www.youtube.com/watch?v=tooshort                          | not_a_video
    https://www.youtube.com/watch?v=dQw4w9WgXcQQ                      | not_a_video
    https://www.youtube.com/@somebody/live                            | not_a_video
    https://www.youtube.com/channel/UC123                             | not_a_video
    https://www.youtube.com/                                          | not_a_video
    https://youtu.be/                                                 | not_a_video
    https://youtu.be/dQw4w9WgXcQ/more                                 | not_a_video
    https://vimeo.com/123456789                                       | not_a_video
    https://youtube.com.example.org/watch?v=dQw4w9WgXcQ               | not_a_video
    https://youtube.com@example.org/watch?v=dQw4w9WgXcQ               | not_a_video
    https://notyoutube.com/watch?v=dQw4w9WgXcQ                        | not_a_video
    javascript://youtube.com/watch?v=dQw4w9WgXcQ                      | not_a_video
    ftp://youtube.com/watch?v=dQw4w9WgXcQ                             | not_a_video
    https://[youtube.com/watch?v=dQw4w9WgXcQ                          | not_a_video
    a video about cats                                                | not_a_video
    videoseries                                                       | not_a_video
"""


@cases(LINKS)
def test_which_links_are_videos(case: dict[str, str]) -> None:
    answer = video_id(case["link"])
    assert (answer.code.value if isinstance(answer, Refused) else answer) == case["answer"]


@pytest.mark.parametrize(
    "text", ["", "  ", "dQw4w9WgXc\u0661", "https://youtu.be/dQw4w9WgXcQ" + "?" * 5000, "\x00" * 11]
)
def test_other_things_are_not(text: str) -> None:
    answer = video_id(text)
    assert isinstance(answer, Refused)
    assert answer.code == "not_a_video"


def test_spaces_around_a_link_come_from_copying() -> None:
    assert video_id("  https://youtu.be/dQw4w9WgXcQ\n") == "dQw4w9WgXcQ"


WHO_CONTROLS = """
    policy      | who              | on screen | share, play, pause, seek | stop
    moderated   | organizer        | no        | yes                      | yes
    moderated   | moderator        | no        | yes                      | yes
    moderated   | attendee         | no        | forbidden                | forbidden
    moderated   | attendee         | yes       | forbidden                | forbidden
    anyone      | attendee         | no        | forbidden                | forbidden
    anyone      | attendee         | yes       | yes                      | yes
    anyone      | moderator        | no        | forbidden                | yes
    anyone      | organizer        | no        | forbidden                | yes
    anyone      | organizer        | yes       | yes                      | yes
    invite_only | invited attendee | no        | forbidden                | forbidden
    invite_only | invited attendee | yes       | yes                      | yes
    invite_only | organizer        | no        | forbidden                | yes
"""


def session(case: dict[str, str], *, shared: bool) -> Stage:
    """A session in which "p" is who the table says, and in which "owner" may have shared a video."""
    stage = Stage("anyone")
    *invited, role = case["who"].split()
    stage.enter("owner")
    stage.enter("p", role=role, invited=bool(invited))
    if case["on screen"] == "yes":
        stage.share("p")
    if shared:
        stage.share("owner")
        stage.do(c.ShareYouTube("owner", "dQw4w9WgXcQ"))
    stage.change(share_policy=case["policy"])
    return stage


def told(outcome: Accepted | Refused) -> str:
    return outcome.code.value if isinstance(outcome, Refused) else "yes"


@cases(WHO_CONTROLS)
def test_who_controls_it(case: dict[str, str]) -> None:
    expected = case["share, play, pause, seek"]
    assert told(session(case, shared=False).try_(c.ShareYouTube("p", "dQw4w9WgXcQ"))) == expected
    for command in (c.PauseYouTube("p"), c.PlayYouTube("p"), c.SeekYouTube("p", 3.0)):
        assert told(session(case, shared=True).try_(command)) == expected
    assert told(session(case, shared=True).try_(c.StopYouTube("p"))) == case["stop"]


@pytest.fixture
def stage() -> Stage:
    """A session with "ada" on screen (s1) and "olga", an organizer who only watches."""
    stage = Stage()
    stage.enter("olga", role="organizer")
    stage.enter("ada", "bob")
    stage.share("ada")
    return stage


def test_it_takes_a_seat_without_a_video_slot(stage: Stage) -> None:
    outcome = stage.do(c.ShareYouTube("ada", "https://youtu.be/dQw4w9WgXcQ"))
    assert outcome.events == (
        SeatTaken("s2", SeatKind.INTEGRATION, "ada", stage.now, True, True, None, "youtube"),
        YouTubeShared("s2", "dQw4w9WgXcQ", stage.now),
    )
    assert outcome.result == {"seat": "s2"}
    assert stage.room.seats_taken == 2


class TestIsRefused:
    def test_where_it_is_switched_off(self, stage: Stage) -> None:
        stage.change(youtube=False)
        assert stage.refused(c.ShareYouTube("ada", "dQw4w9WgXcQ")).code == "disabled"

    def test_while_another_one_is_shared(self, stage: Stage) -> None:
        stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ"))
        refusal = stage.refused(c.ShareYouTube("ada", "jfKfPfyJRdk"))
        assert (refusal.code, refusal.details) == ("already_sharing", {"seat": "s2", "video": "dQw4w9WgXcQ"})

    def test_when_no_seat_is_free(self, stage: Stage) -> None:
        stage.change(max_on_screen=1)
        assert stage.refused(c.ShareYouTube("ada", "dQw4w9WgXcQ")).code == "full"

    def test_for_links_of_other_things(self, stage: Stage) -> None:
        assert stage.refused(c.ShareYouTube("ada", "https://vimeo.com/1")).code == "not_a_video"
        assert stage.refused(c.ShareYouTube("ada", "https://youtube.com/playlist?list=PL1")).code == "playlist"

    @pytest.mark.parametrize(
        "command", [c.PlayYouTube("ada"), c.PauseYouTube("ada"), c.SeekYouTube("ada", 1.0), c.StopYouTube("ada")]
    )
    def test_while_nothing_is_shared(self, stage: Stage, command: c.Command) -> None:
        assert stage.refused(command).code == "no_such_seat"

    @pytest.mark.parametrize("position", [-0.1, float("nan"), float("inf"), 1e300])
    def test_at_an_impossible_position(self, stage: Stage, position: float) -> None:
        stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ"))
        refusal = stage.refused(c.SeekYouTube("ada", position))
        assert (refusal.code, refusal.details) == ("bad_message", {"field": "position"})


class TestThePosition:
    def test_runs_while_playing_and_stands_while_paused(self, stage: Stage) -> None:
        stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ"))
        stage.now += 10
        assert stage.do(c.PauseYouTube("ada")).events == (YouTubeMoved(False, 10.0, stage.now),)
        stage.now += 100
        assert stage.do(c.PlayYouTube("ada")).events == (YouTubeMoved(True, 10.0, stage.now),)
        stage.now += 5
        video = stage.room.youtube
        assert video is not None
        assert position_at(video, stage.now) == 15.0

    def test_after_seeking_is_where_one_sought(self, stage: Stage) -> None:
        stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ"))
        stage.now += 10
        assert stage.do(c.SeekYouTube("ada", 90)).events == (YouTubeMoved(True, 90.0, stage.now),)
        stage.do(c.PauseYouTube("ada"))
        stage.do(c.SeekYouTube("ada", 7.5))
        assert room_document(stage.room)["youtube"] == {
            "seat": "s2",
            "video": "dQw4w9WgXcQ",
            "playing": False,
            "position": 7.5,
            "at": stage.now,
            "rate": 1.0,
        }

    def test_in_the_document_is_the_one_at_its_time(self, stage: Stage) -> None:
        stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ"))
        shared_at = stage.now
        stage.now += 33
        document = room_document(stage.room)["youtube"]
        assert (document["position"], document["at"]) == (0.0, shared_at), "an unchanged state needs no patch"

    def test_never_runs_backwards_on_a_node_whose_clock_is_behind(self, stage: Stage) -> None:
        stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ"))
        stage.now -= 5
        assert stage.do(c.PauseYouTube("ada")).events == (YouTubeMoved(False, 0.0, stage.now),)

    @pytest.mark.parametrize("command", [c.PlayYouTube("ada"), c.PauseYouTube("ada")])
    def test_is_not_moved_by_what_is_so_already(self, stage: Stage, command: c.Command) -> None:
        stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ"))
        if isinstance(command, c.PauseYouTube):
            stage.do(command)
        assert stage.do(command) == Accepted()


class TestItEnds:
    def test_when_its_owner_stops_it_either_way(self, stage: Stage) -> None:
        for command in (c.StopYouTube("ada"), c.StopShare("ada", "s3")):
            seat = stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ")).result["seat"]
            assert stage.do(command).events == (SeatEnded(seat, "ada", "stopped"),)
            assert "youtube" not in room_document(stage.room)

    def test_when_an_organizer_stops_it(self, stage: Stage) -> None:
        stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ"))
        assert stage.do(c.StopYouTube("olga")).events == (SeatEnded("s2", "ada", "removed", "olga"),)

    def test_when_its_owner_leaves(self, stage: Stage) -> None:
        stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ"))
        stage.leave("ada")
        assert stage.room.youtube is None

    def test_when_its_owner_is_lost(self, stage: Stage) -> None:
        stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ"))
        stage.drop("ada")
        stage.wait(15)
        assert stage.room.youtube is None

    def test_but_not_when_the_switch_is_turned_off(self, stage: Stage) -> None:
        """As with every other setting, what is on screen stays until somebody ends it."""
        stage.do(c.ShareYouTube("ada", "dQw4w9WgXcQ"))
        stage.change(youtube=False)
        stage.do(c.PauseYouTube("ada"))
        assert stage.room.youtube is not None

    def test_and_its_demoted_owner_may_still_stop_it(self) -> None:
        stage = Stage("moderated")
        stage.enter("mo", role="moderator")
        stage.do(c.ShareYouTube("mo", "dQw4w9WgXcQ"))
        stage.do(c.ChangeRights("mo", Role.ATTENDEE, False))
        assert stage.refused(c.PauseYouTube("mo")).code == "forbidden"
        stage.do(c.StopYouTube("mo"))
