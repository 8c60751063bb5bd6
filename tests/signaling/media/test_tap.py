"""What of a room's media is handed to the tap, and when."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from signaling.media.feedback import KeyframeRequest, build_sender_report
from signaling.media.port import StageSeat
from signaling.media.rtp import parse_header
from signaling.media.tap import TrackHeader
from tests.support.media_room import HeldRoom, Speaker, camera
from tests.support.noted_tap import NotedTap

ON = camera("s1", 0, "ada")
REC = "rec_1"


@pytest.fixture
def tap() -> NotedTap:
    return NotedTap()


@pytest.fixture
def room(tap: NotedTap) -> HeldRoom:
    return HeldRoom(tap)


def recorded(room: HeldRoom, *seats: StageSeat) -> Speaker:
    """A speaker whose room is recorded from the start."""
    room.stage(*(seats or (ON,)), recording=REC)
    return room.speaker("s1")


class TestWhatIsCaptured:
    def test_packets_as_they_came_by_kind(self, room: HeldRoom, tap: NotedTap) -> None:
        speaker = recorded(room)
        for number in range(20):
            speaker.frame(keyframe=number == 0)
            speaker.sound()
        assert sorted(tap.of("video") + tap.of("audio")) == sorted(speaker.delivered)
        assert tap.of("video") == speaker.delivered[::2], "in order"
        assert [(track.recording, track.header) for track in tap.tracks] == [
            (REC, TrackHeader("s1", "ada", "audio", "", "opus", 48_000, 111)),
            (REC, TrackHeader("s1", "ada", "video", "", "VP8", 90_000, 96)),
        ]

    def test_nothing_while_the_room_is_not_recorded(self, room: HeldRoom, tap: NotedTap) -> None:
        room.stage(ON)
        speaker = room.speaker("s1")
        speaker.frame(keyframe=True)
        speaker.sound()
        assert tap.tracks == []

    @pytest.mark.parametrize("kind", ["camera", "screen", "integration"])
    def test_streams_from_elsewhere_never(
        self, room: HeldRoom, tap: NotedTap, kind: Literal["camera", "screen", "integration"]
    ) -> None:
        seat = replace(ON, kind=kind)
        speaker = recorded(room, seat)
        speaker.frame(keyframe=True)
        speaker.sound()
        assert len(tap.filled) == (0 if kind == "integration" else 2)

    def test_neither_muted_sound_nor_a_picture_that_is_off(self, room: HeldRoom, tap: NotedTap) -> None:
        speaker = recorded(room)
        speaker.frame(keyframe=True)
        speaker.sound(payload=b"before")
        room.stage(replace(ON, audio=False, video=False), recording=REC)
        lost = speaker.frame()
        speaker.repair(lost, speaker.sent[lost])
        speaker.sound(payload=b"secret")
        for stream in ("audio", ""):
            speaker.rtcp(build_sender_report(speaker.ssrcs[stream], 5 << 32, 1, 1, 1))
        assert [len(track.packets) for track in tap.tracks] == [1, 1]
        room.stage(ON, recording=REC)
        speaker.sound(payload=b"after")
        speaker.frame(keyframe=True)
        assert [packet[-6:] for packet in tap.of("audio")] == [b"before", b"\0after"]
        assert [len(track.packets) for track in tap.tracks] == [2, 2], "the same tracks go on"
        assert not any(track.reports for track in tap.tracks)

    def test_each_layer_is_a_track(self, room: HeldRoom, tap: NotedTap) -> None:
        room.stage(ON, recording=REC)
        speaker = room.speaker("s1", rids=("l", "h"))
        for rid in ("l", "h", "h", "l"):
            speaker.frame(rid, keyframe=True)
        assert tap.of("video", "l") == [speaker.delivered[0], speaker.delivered[3]]
        assert tap.of("video", "h") == speaker.delivered[1:3]

    @pytest.mark.parametrize("rid", ["", "h"])
    def test_a_repair_is_captured_as_the_packet_it_repairs(self, room: HeldRoom, tap: NotedTap, rid: str) -> None:
        room.stage(ON, recording=REC)
        speaker = room.speaker("s1", rids=(rid,) if rid else ())
        speaker.frame(rid, keyframe=True)
        lost = speaker.frame(rid, lost=True)
        speaker.frame(rid)
        speaker.repair(lost, speaker.sent[lost], rid)
        speaker.repair(lost, speaker.sent[lost], rid)
        *_, repaired = packets = tap.of("video", rid)
        header = parse_header(repaired, len(repaired))
        assert header is not None
        assert (header.sequence, header.ssrc, header.payload_type) == (lost, speaker.ssrcs[rid], 96)
        assert repaired[header.payload :] == speaker.sent[lost]
        assert len(packets) == 3, "and once"

    def test_what_is_malformed_is_not(self, room: HeldRoom, tap: NotedTap) -> None:
        speaker = recorded(room)
        speaker.deliver((96, speaker.ssrcs[""], 5, 0), b"\x90")
        speaker.deliver((96, 99_999, 1, 0), b"from nowhere")
        assert tap.filled == []

    def test_sender_reports(self, room: HeldRoom, tap: NotedTap) -> None:
        speaker = recorded(room)
        speaker.frame(keyframe=True)
        for second in range(3):
            speaker.rtcp(build_sender_report(speaker.ssrcs[""], second << 32, 90_000 * second, 1, 1))
            speaker.rtcp(build_sender_report(12_345, 1, 1, 1, 1))
        told = {track.header.kind: [(each.ntp, each.timestamp) for each in track.reports] for track in tap.tracks}
        assert told == {"audio": [], "video": [(second << 32, 90_000 * second) for second in range(3)]}


class TestTracks:
    def test_recording_begins_pauses_and_ends_in_the_middle(self, room: HeldRoom, tap: NotedTap) -> None:
        speaker = room.start()
        room.stage(camera("s1", 0), recording=REC)
        speaker.sound(payload=b"one")
        room.stage(camera("s1", 0), recording=REC)
        speaker.sound(payload=b"two")
        room.stage(camera("s1", 0))
        speaker.sound(payload=b"between")
        room.stage(camera("s1", 0), recording=REC)
        speaker.sound(payload=b"six")
        room.stage(camera("s1", 0), recording="rec_2")
        speaker.sound(payload=b"ten")
        assert [(track.recording, [packet[-3:] for packet in track.packets]) for track in tap.filled] == [
            (REC, [b"one", b"two"]), (REC, [b"six"]), ("rec_2", [b"ten"]),
        ]  # fmt: skip
        assert [track.closed for track in tap.filled] == [True, True, False]

    def test_leaving_the_screen_ends_them(self, room: HeldRoom, tap: NotedTap) -> None:
        speaker = recorded(room)
        speaker.frame(keyframe=True)
        room.stage(recording=REC)
        assert [track.closed for track in tap.tracks] == [True, True]

    def test_another_ssrc_or_connection_begins_new_ones(self, room: HeldRoom, tap: NotedTap) -> None:
        room.stage(ON, recording=REC)
        speaker = room.speaker("s1", rids=("l",))
        speaker.frame("l", keyframe=True)
        speaker.ssrcs["l"] += 500
        speaker.frame("l", keyframe=True)
        assert [track.closed for track in tap.filled] == [True, False]
        room.speaker("s1", rids=("l",)).frame("l", keyframe=True)
        assert [track.closed for track in tap.filled] == [True, True, False]
        assert [len(track.packets) for track in tap.filled] == [1, 1, 1]

    def test_a_seat_that_changes_hands_begins_new_ones(self, room: HeldRoom, tap: NotedTap) -> None:
        speaker = recorded(room)
        speaker.sound()
        room.stage(replace(ON, participant="bob"), recording=REC)
        speaker.sound()
        assert [(track.header.participant, track.closed) for track in tap.filled] == [("ada", True), ("bob", False)]


class TestKeyframes:
    def test_one_is_asked_for_when_a_track_begins_until_it_comes(self, room: HeldRoom) -> None:
        speaker = room.start()
        room.keep_sending(speaker.frame)
        room.pass_time(2)
        speaker.told(KeyframeRequest)
        room.stage(camera("s1", 0), recording=REC)
        room.pass_time(0.05)
        assert speaker.told(KeyframeRequest) == [KeyframeRequest(speaker.ssrcs[""])]
        room.pass_time(3.2)
        assert len(speaker.told(KeyframeRequest)) == 3
        speaker.frame(keyframe=True)
        room.pass_time(15)
        assert speaker.told(KeyframeRequest) == []

    def test_one_is_asked_for_every_20_seconds(self, room: HeldRoom) -> None:
        speaker = recorded(room)
        asked = 0

        def answer() -> None:
            nonlocal asked
            new = len(speaker.told(KeyframeRequest))
            asked += new
            speaker.frame(keyframe=new > 0)

        room.keep_sending(answer)
        room.pass_time(101)
        assert asked == 6

    def test_one_is_asked_for_when_the_camera_comes_back_and_not_while_it_is_off(self, room: HeldRoom) -> None:
        speaker = recorded(room)
        room.keep_sending(speaker.frame)
        speaker.frame(keyframe=True)
        room.pass_time(1)
        speaker.told(KeyframeRequest)
        room.stage(replace(ON, video=False), recording=REC)
        room.pass_time(30)
        assert speaker.told(KeyframeRequest) == []
        room.stage(ON, recording=REC)
        room.pass_time(0.1)
        assert len(speaker.told(KeyframeRequest)) == 1

    def test_none_of_a_layer_that_is_off(self, room: HeldRoom) -> None:
        room.stage(ON, recording=REC)
        speaker = room.speaker("s1", rids=("l", "h"))
        speaker.frame("l", keyframe=True)
        speaker.frame("h", keyframe=True)
        room.pass_time(5)
        speaker.told(KeyframeRequest)
        room.pass_time(60)
        assert speaker.told(KeyframeRequest) == []


class TestAdvice:
    def active(self, room: HeldRoom) -> bool:
        return bool(room.events.advice[-1][1].layers["h"]["active"])

    def test_cameras_send_their_large_layer_while_few_are_recorded(self, room: HeldRoom) -> None:
        room.start(rids=("l", "h"))
        assert not self.active(room)
        others = [camera(f"s{number}", number) for number in range(2, 10)]
        room.stage(camera("s1", 0), *others, recording=REC)
        assert self.active(room)
        room.stage(camera("s1", 0), *others, camera("s10", 10), recording=REC)
        assert not self.active(room)
        room.stage(camera("s1", 0), *others, camera("s10", 10, video=False), recording=REC)
        assert self.active(room)
        room.stage(camera("s1", 0), *others)
        assert not self.active(room)

    def test_it_stays_as_it_was_where_nothing_can_be_captured(self) -> None:
        room = HeldRoom()
        speaker = room.start(rids=("l", "h"))
        room.stage(camera("s1", 0), recording=REC)
        speaker.frame("l")
        assert not self.active(room)
