"""When a session is recorded (product section 7): from the first person on camera, with pauses of up to an hour."""

from __future__ import annotations

import pytest

from capacity.table import DEFAULT_TABLE
from signaling.room import commands as c
from signaling.room.decide import next_deadline
from signaling.room.documents import room_document
from signaling.room.events import RecordingEnded, RecordingPaused, RecordingResumed, RecordingStarted, RoomClosed
from signaling.room.records import decode_snapshot, encode_snapshot
from signaling.room.state import Role
from tests.support.rooms import Stage
from tests.support.tables import cases

HOUR = 3600.0


@pytest.fixture
def stage() -> Stage:
    """A session that is to be recorded; "ada", "bob" and the organizer "olga" watch."""
    stage = Stage(record=True)
    stage.enter("ada", "bob")
    stage.enter("olga", role="organizer")
    stage.settle()
    return stage


def act_out(stage: Stage, story: str) -> None:
    """Steps such as `ada camera`, `ada stops`, `olga youtube`, `ada drops`, `ada back`, `59m`, `record off`,
    `disk full`, `n1 down 61m`; after each the room does what is due."""
    for step in story.split(", "):
        who, _, what = step.partition(" ")
        match what.split():
            case []:
                stage.now += 60 * int(who.removesuffix("m"))
            case ["camera" | "screen" as kind]:
                stage.share(who, kind)
            case ["silent"]:
                stage.share(who, "camera", audio=False, video=False)
            case ["youtube"]:
                stage.do(c.ShareYouTube(who, "dQw4w9WgXcQ"))
            case ["stops"]:
                stage.do(c.StopShare(who, stage.room.seats_of[who][0]))
            case ["drops"]:
                stage.drop(who)
            case ["back"]:
                stage.enter(who, connection=f"{who}/2")
            case ["leaves"]:
                stage.leave(who)
            case ["off"]:
                stage.change(record=False)
            case ["on"]:
                stage.change(record=True)
            case ["full"]:
                stage.do(c.EndRecording(stage.room.recording.id if stage.room.recording else "", "disk_full"))
            case ["closed"]:
                stage.do(c.CloseRoom())
            case ["down", minutes]:
                since, stage.now = stage.now, stage.now + 60 * int(minutes.removesuffix("m"))
                stage.do(c.LoseNode(who))
                stage.do(c.InterruptRecording(since))
            case _:
                raise ValueError(step)
        stage.settle()


@cases(
    """
    what happens                                                | recording
    59m                                                         | armed
    ada camera                                                  | recording
    ada silent                                                  | recording
    ada screen                                                  | recording
    ada camera, ada stops                                       | paused
    ada camera, bob camera, ada stops                           | recording
    ada camera, ada leaves                                      | paused
    ada camera, ada drops                                       | paused
    ada camera, ada drops, ada back                             | recording
    ada camera, ada drops, 1m                                   | paused
    ada camera, bob screen, ada drops                           | recording
    ada camera, ada youtube, ada stops                          | paused
    ada camera, ada youtube, ada stops, bob screen              | recording
    ada camera, ada stops, 59m                                  | paused
    ada camera, ada stops, 59m, ada camera                      | recording
    ada camera, ada stops, 60m                                  | ended
    ada camera, ada stops, 61m, bob camera                      | ended
    ada camera, ada stops, 59m, ada camera, ada stops, 59m      | paused
    ada camera, 300m, ada stops, 1m, bob camera, 300m           | recording
    ada camera, record off                                      | off
    ada camera, record off, record on                           | recording
    ada camera, ada stops, record off, record on                | armed
    record off, ada camera                                      | off
    record off, ada camera, record on                           | recording
    ada camera, ada stops, 61m, record off                      | off
    ada camera, ada stops, 61m, record off, record on, 61m      | armed
    ada camera, disk full                                       | ended
    ada camera, disk full, bob camera, 59m                      | ended
    ada camera, ada stops, disk full                            | ended
    ada camera, disk full, record off, record on                | recording
    disk full                                                   | armed
    ada camera, n1 down 1m                                      | paused
    ada camera, n1 down 1m, ada back                            | recording
    ada camera, n1 down 61m, ada back                           | ended
    ada camera, n2 down 61m                                     | recording
    ada camera, ada stops, n1 down 59m, bob back, bob camera    | recording
    ada camera, ada stops, n1 down 61m, bob back, bob camera    | ended
    ada camera, room closed                                     | ended
    """
)
def test_a_recording_follows_who_is_on_screen(stage: Stage, case: dict[str, str]) -> None:
    act_out(stage, case["what happens"])
    assert room_document(stage.room)["recording"] == case["recording"]
    assert decode_snapshot(encode_snapshot(stage.room), "ses_1", DEFAULT_TABLE) == stage.room


def test_every_step_is_an_event_with_its_time(stage: Stage) -> None:
    start = stage.now
    ada = stage.share("ada")
    (started,) = stage.settle()
    assert isinstance(started, RecordingStarted)
    assert started == RecordingStarted(started.recording, start)
    stage.now += 10
    stage.do(c.StopShare("ada", ada))
    assert stage.settle() == [RecordingPaused(start + 10)]
    stage.now += 10
    stage.share("bob")
    assert stage.settle() == [RecordingResumed(start + 20)]


class TestAPause:
    @pytest.fixture
    def paused(self, stage: Stage) -> Stage:
        act_out(stage, "ada camera, ada stops")
        return stage

    def test_is_over_at_the_very_second_however_late_the_room_looks(self, paused: Stage) -> None:
        paused_at = paused.now
        assert next_deadline(paused.room) == paused_at + HOUR
        assert paused.wait(HOUR + 1234.5) == [RecordingEnded(paused_at + HOUR, "nobody")]
        assert next_deadline(paused.room) is None

    def test_does_not_go_on_for_who_comes_before_anybody_looked(self, paused: Stage) -> None:
        paused_at = paused.now
        paused.now += HOUR
        paused.share("bob")
        assert paused.settle() == [RecordingEnded(paused_at + HOUR, "nobody")]

    @cases(
        """
        late           | the reason stays
        record off     | nobody
        disk full      | nobody
        room closed    | nobody
        """
    )
    def test_ended_before_whatever_would_end_it_later(self, paused: Stage, case: dict[str, str]) -> None:
        paused_at = paused.now
        paused.now += HOUR + 60
        act_out(paused, case["late"])
        assert RecordingEnded(paused_at + HOUR, "nobody") in paused.history

    def test_that_a_dead_server_left_behind_began_when_it_was_last_at_work(self, stage: Stage) -> None:
        act_out(stage, "ada camera")
        died_at, stage.now = stage.now, stage.now + 1800
        stage.do(c.LoseNode("n1"))
        assert stage.do(c.InterruptRecording(died_at)).events == (RecordingPaused(died_at),)
        stage.settle()
        stage.wait(1799)
        assert stage.room.recording_state == "paused"
        assert stage.wait(1) == [RecordingEnded(died_at + HOUR, "nobody")]

    def test_never_begins_before_the_recording_or_in_the_future(self, stage: Stage) -> None:
        act_out(stage, "ada camera")
        began = stage.now
        stage.now += 60
        stage.do(c.LoseNode("n1"))
        assert stage.do(c.InterruptRecording(began - 10)).events == (RecordingPaused(began),)
        act_out(stage, "ada back")
        stage.do(c.LoseNode("n1"))
        assert stage.do(c.InterruptRecording(stage.now + 10)).events == (RecordingPaused(stage.now),)


def test_an_end_names_its_reason(stage: Stage) -> None:
    act_out(stage, "ada camera")
    assert stage.do(c.CloseRoom()).events == (RecordingEnded(stage.now, "closed"), RoomClosed())


def test_an_end_for_another_recording_is_ignored(stage: Stage) -> None:
    act_out(stage, "ada camera")
    assert stage.do(c.EndRecording("rec_1-abc-1", "disk_full")).events == ()


def test_ids_are_unique_for_ever(stage: Stage) -> None:
    act_out(stage, "ada camera, record off, record on, record off, record on")
    again = Stage(record=True)
    again.now += 1
    again.enter("ada")
    act_out(again, "ada camera")
    history = [*stage.history, *again.history]
    ids = [event.recording for event in history if isinstance(event, RecordingStarted)]
    assert len(ids) == len(set(ids)) == 4
    assert all(each.startswith("rec_1-") for each in ids)


def test_a_snapshot_from_before_there_were_recordings_is_read() -> None:
    stage = Stage()
    stage.do(c.Enter("ada", "k1", "n1", "Ada", Role.ATTENDEE, False))
    old = encode_snapshot(stage.room).replace(b'"recording":null,', b"").replace(b',"next_recording":1', b"")
    assert b"recording" not in old
    assert decode_snapshot(old, "ses_1", DEFAULT_TABLE) == stage.room
