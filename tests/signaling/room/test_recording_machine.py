"""Generated histories of a room that is recorded, against a plain reading of product section 7.

All that may happen in a room may happen here too; the recording is worked out anew from everything each time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from signaling.room import commands as c
from signaling.room.decide import Accepted, Refused, next_deadline
from signaling.room.events import Event, RecordingStarted, SettingsChanged
from signaling.room.state import Role, RoomSettings
from tests.signaling.room.test_room_machine import PICK, SETTINGS, RoomMachine
from tests.support.plain_rules import Moment, captured, recording
from tests.support.searching import SEARCHING


class RecordedRoomMachine(RoomMachine):
    @initialize(first=SETTINGS)
    def open_doors(self, first: RoomSettings) -> None:
        self.recordings: list[str] = []
        self.moments: list[Moment] = []
        super().open_doors(replace(first, record=True))
        self.moments.insert(0, Moment(self.now, "on", False))

    def act(self, command: c.Command) -> Accepted | Refused:
        present = self.room.recording.id if self.room.recording is not None else None
        outcome = super().act(command)
        match command:
            case c.EndRecording(recording=ended) if ended == present:
                self.note("full")
            case c.CloseRoom():
                self.note("closed")
            case c.InterruptRecording(since=since):
                self.note("down", since)
            case c.Settle() if isinstance(outcome, Accepted) and not outcome.events:
                self.note("rest")
        return outcome

    def check_what_is_given(self, event: Event, previous: Event | None) -> None:
        super().check_what_is_given(event, previous)
        if isinstance(event, RecordingStarted):
            assert event.recording not in self.recordings, "an id comes only once"
            self.recordings.append(event.recording)
        elif isinstance(event, SettingsChanged) and event.settings.record is not self.room.settings.record:
            self.note("on" if event.settings.record else "off")

    def note(self, what: Literal["rest", "on", "off", "full", "closed", "down"], since: float = 0.0) -> None:
        self.moments.append(Moment(self.now, what, captured(self.room), since))

    @rule(minutes=st.sampled_from([1, 59, 60, 61]))
    def minutes_pass(self, minutes: int) -> None:
        self.the_room_settles()
        self.now += 60 * minutes

    @precondition(lambda self: self.room.seats)
    @rule(shows_a_video=st.booleans())
    def everybody_goes_off_screen(self, shows_a_video: bool) -> None:
        if shows_a_video:
            self.somebody_enters("j", "n2", Role.ORGANIZER, invited=False)
            self.act(c.ShareYouTube("j", "dQw4w9WgXcQ"))
        for seat in list(self.room.seats.values()):
            self.act(c.StopShare(seat.participant, seat.id) if seat.source is None else c.PlayYouTube("j"))
        self.the_room_settles()

    @rule(who=PICK)
    def somebody_goes_on_camera(self, who: int) -> None:
        self.act(c.StartShare(self.person(who), "camera", True, True))
        self.the_room_settles()

    @rule(passed=st.sampled_from([0.0, 30.0, 3570.0, 4000.0]), node=st.sampled_from(["n1", "n2", "n3"]))
    def the_server_was_down(self, passed: float, node: str) -> None:
        since = self.now
        self.now += passed
        self.act(c.LoseNode(node))
        self.act(c.InterruptRecording(since))
        self.the_room_settles()

    @precondition(lambda self: self.recordings)
    @rule(pick=PICK, minutes=st.sampled_from([0, 0, 61]))
    def the_disk_is_full(self, pick: int, minutes: int) -> None:
        self.now += 60 * minutes
        self.act(
            c.EndRecording(
                self.recordings[-1] if pick > 50 else self.recordings[pick % len(self.recordings)], "disk_full"
            )
        )

    @rule()
    def the_switch_is_turned(self) -> None:
        self.act(c.ChangeSettings(replace(self.room.settings, record=not self.room.settings.record)))

    @invariant()
    def the_recording_is_what_all_that_happened_makes_of_it(self) -> None:
        state, when, begun = recording(self.moments)
        present = self.room.recording
        assert (self.room.recording_state, len(self.recordings)) == (state, begun)
        if state == "paused":
            assert present is not None
            assert when is not None
            assert present.paused_at == when
            deadline = next_deadline(self.room)
            assert deadline is not None
            assert deadline <= when + 3600
        elif state == "ended":
            assert present is not None
            assert present.ended_at == when


RecordedRoomMachine.TestCase.settings = settings(
    max_examples=20_000 if SEARCHING else 150, stateful_step_count=100 if SEARCHING else 50
)
TestRecordedRoomMachine = RecordedRoomMachine.TestCase
