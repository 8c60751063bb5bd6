"""A room's media: who gets what, and what stops at once."""

from __future__ import annotations

import re

import pytest

from signaling.media.feedback import (
    KeyframeRequest,
)
from signaling.media.light_peer.offer import Offerer, Stream
from signaling.media.port import BadOffer, StageSeat
from signaling.media.rtp import signed_distance
from tests.support.media_room import HeldRoom, Viewer, camera


@pytest.fixture
def room() -> HeldRoom:
    return HeldRoom()


class TestPictures:
    def test_a_seat_is_seen_on_its_slot_from_a_keyframe_on(self, room: HeldRoom) -> None:
        speaker = room.start(slot=2)
        viewer = room.viewer()
        speaker.frame()
        speaker.frame(keyframe=True)
        speaker.frame()
        assert viewer.sees("v2") == ["lone", "lone"]
        assert viewer.peer.end.received == []

    def test_nobody_sees_themselves(self, room: HeldRoom) -> None:
        room.stage(camera("s1", 0, "ada"))
        speaker, viewer = room.speaker("s1"), room.viewer(participant="ada")
        for _ in range(3):
            speaker.frame(keyframe=True)
            speaker.sound()
            room.pass_time(0.1)
        assert viewer.peer.end.received == []

    def test_layers_follow_what_the_watcher_shows(self, room: HeldRoom) -> None:
        speaker = room.start(rids=("l", "h"))
        viewer = room.viewer()

        def both(*, keyframe: bool) -> list[str]:
            for rid in ("l", "h"):
                speaker.frame(rid, keyframe=keyframe)
            return viewer.sees("v0")

        assert both(keyframe=True) == ["l"], "small without being asked for"
        room.room.view("w1", {0: "high"}, room.now)
        assert both(keyframe=False) == ["l"], "until the large one's keyframe"
        assert both(keyframe=True) == ["l", "h"]
        assert both(keyframe=False) == ["h"]
        room.room.view("w1", {0: "off"}, room.now)
        assert both(keyframe=True) == []
        room.room.view("w1", {0: "low"}, room.now)
        assert both(keyframe=True) == ["l"]

    def test_a_large_layer_that_pauses_is_replaced_by_the_small_one(self, room: HeldRoom) -> None:
        speaker = room.start(rids=("l", "h"))
        viewer = room.viewer()
        room.room.view("w1", {0: "high"}, room.now)
        speaker.frame("h", keyframe=True)
        assert viewer.sees("v0") == ["h"]
        room.keep_sending(lambda: speaker.frame("l", keyframe=True))
        room.pass_time(2.5)
        assert set(viewer.sees("v0")) == {"l"}
        speaker.frame("h")
        room.pass_time(0.1)
        speaker.frame("h", keyframe=True)
        assert viewer.sees("v0")[-1] == "h"

    def test_a_layer_that_says_good_bye_is_replaced_at_once(self, room: HeldRoom) -> None:
        speaker = room.start(rids=("l", "h"))
        viewer = room.viewer()
        room.room.view("w1", {0: "high"}, room.now)
        for rid in ("l", "h"):
            speaker.frame(rid, keyframe=True)
        assert viewer.sees("v0") == ["h"]
        speaker.rtcp(b"\x81\xcb\0\1" + speaker.ssrcs["h"].to_bytes(4, "big"))
        room.room.view("w1", {0: "high"}, room.now)
        speaker.frame("l", keyframe=True)
        assert viewer.sees("v0") == ["l"]

    def test_a_screen_that_does_not_change_stays(self, room: HeldRoom) -> None:
        room.stage(StageSeat("s2", "screen", "ada", 0, audio=False, video=True))
        speaker = room.speaker("s2", audio=False)
        viewer = room.viewer()
        speaker.frame(keyframe=True)
        room.pass_time(5)
        speaker.frame(keyframe=True)
        room.pass_time(5)
        speaker.frame()
        assert viewer.sees("v0") == ["lone"] * 3

    def test_a_stream_under_a_new_ssrc_goes_on_from_its_keyframe(self, room: HeldRoom) -> None:
        speaker = room.start(rids=("l", "h"))
        viewer = room.viewer()
        speaker.frame("l", keyframe=True)
        first = viewer.take("v0")[-1]
        speaker.ssrcs["l"] += 500
        speaker.sequences["l"] = 5
        speaker.frame("l")
        speaker.frame("l", keyframe=True)
        (after,) = viewer.take("v0")
        assert signed_distance(after.sequence, first.sequence) == 1

    def test_seats_may_change_places(self, room: HeldRoom) -> None:
        room.stage(camera("s1", 0), camera("s2", 1))
        first, second = room.speaker("s1"), room.speaker("s2")
        viewer = room.viewer()

        def contributors() -> list[str]:
            for speaker in (first, second):
                speaker.frame(keyframe=True)
            room.pass_time(0.05)
            return [slot for slot in ("v0", "v1") if viewer.take(slot)]

        contributors()
        assert contributors() == ["v0", "v1"]
        room.stage(camera("s1", 1), camera("s2", 0))
        first.frame()
        assert viewer.peer.end.received == []
        room.pass_time(0.05)
        assert contributors() == ["v0", "v1"]


class TestStopping:
    def test_what_the_stage_forbids_stops_at_once_and_resumes(self, room: HeldRoom) -> None:
        speaker = room.start()
        viewer = room.viewer()
        speaker.frame(keyframe=True)
        speaker.sound()
        room.pass_time(0.15)
        speaker.sound()
        assert viewer.take("v0")
        assert viewer.take("a0")
        room.stage(camera("s1", 0, audio=False))
        speaker.frame()
        speaker.sound()
        assert len(viewer.take("v0")) == 1
        assert viewer.take("a0") == []
        room.stage(camera("s1", 0, video=False))
        speaker.frame(keyframe=True)
        assert viewer.take("v0") == []
        assert room.counters.input_drops == 2
        room.stage(camera("s1", 0))
        room.pass_time(0.4)
        assert speaker.told(KeyframeRequest)
        speaker.frame(keyframe=True)
        assert len(viewer.take("v0")) == 1

    def test_a_seat_that_ended_loses_its_connection(self, room: HeldRoom) -> None:
        speaker = room.start()
        viewer = room.viewer()
        room.stage()
        assert speaker.peer.is_closed
        assert not viewer.peer.is_closed
        assert room.events.lives == [("s1", True), ("s1", False)]

    def test_a_seat_that_is_not_on_stage_cannot_publish(self, room: HeldRoom) -> None:
        with pytest.raises(BadOffer, match="not on screen"):
            room.speaker("s1")
        assert room.room.is_empty

    def test_unwatching_ends_the_connection(self, room: HeldRoom) -> None:
        speaker = room.start()
        viewer = room.viewer()
        room.room.unwatch("w1")
        room.room.unwatch("nobody")
        speaker.frame(keyframe=True)
        assert viewer.peer.is_closed
        assert viewer.peer.end.received == []
        room.stage()
        assert room.room.is_empty

    def test_a_room_of_nobody_is_empty_though_its_watcher_once_said_what_it_shows(self, room: HeldRoom) -> None:
        room.room.view("w1", {0: "high", 99: "high", -1: "low"}, room.now)
        assert not room.room.is_empty, "the watcher is still to come"
        room.room.unwatch("w1")
        assert room.room.is_empty


class TestSound:
    def test_the_loudest_are_heard_and_stay_on_their_slots(self, room: HeldRoom) -> None:
        levels = {f"s{number}": 40 + number for number in range(1, 6)}
        room.stage(*(camera(seat, None, video=False) for seat in levels))
        speakers = {seat: room.speaker(seat, video=False) for seat in levels}
        viewer, owner = room.viewer(), room.viewer("w2", "owner of s1")

        def speak() -> None:
            for seat, level in levels.items():
                speakers[seat].sound(level)

        def heard(who: Viewer) -> list[int]:
            who.peer.end.received.clear()
            room.pass_time(0.05)
            return [each.contributors[0] for name in ("a0", "a1", "a2") for each in who.take(name)]

        room.keep_sending(speak)
        room.pass_time(2)

        before = heard(viewer)
        assert set(before) == {1, 2, 3}
        assert set(heard(owner)) == {2, 3, 4}
        levels["s5"] = 20
        room.pass_time(2)
        after = heard(viewer)
        assert set(after) == {1, 2, 5}
        assert sum(a == b for a, b in zip(before, after, strict=True)) == 2

    def test_speakers_are_told_on_change_at_most_once_a_second(self, room: HeldRoom) -> None:
        room.stage(camera("s1", None, video=False))
        speaker = room.speaker("s1", video=False)
        levels = [30]
        room.keep_sending(lambda: speaker.sound(levels[0]))
        room.pass_time(3)
        assert room.events.speakers == [("s1",)]
        for turn in range(12):
            levels[0] = 127 if turn % 2 else 10
            room.pass_time(0.5)
        assert len(room.events.speakers) <= 1 + 6
        levels[0] = 127
        room.pass_time(5)
        assert room.events.speakers[-1] == ()


class TestLive:
    def test_media_begins_and_ceases(self, room: HeldRoom) -> None:
        speaker = room.start()
        assert room.events.lives == [("s1", True)]
        room.pass_time(1.5)
        assert len(room.events.lives) == 1
        room.pass_time(2)
        assert room.events.lives == [("s1", True), ("s1", False)]
        speaker.frame()
        assert room.events.lives[-1] == ("s1", True)
        speaker.peer.close()
        assert room.events.lives[-1] == ("s1", False)


class TestOffers:
    def test_a_later_offer_adds_slots_and_keeps_what_there_was(self, room: HeldRoom) -> None:
        viewer = room.viewer(audio=1, video=2)
        before = dict(viewer.ssrcs)
        viewer.offerer.streams += [Stream("video")] * 2
        viewer.offer()
        assert list(viewer.ssrcs) == ["a0", "v0", "v1", "v2", "v3"]
        assert before.items() <= viewer.ssrcs.items()
        assert len(room.peers.made) == 1
        assert viewer.peer.credentials.ufrag == "ufrag0"

    def test_new_credentials_restart_ice_on_the_same_connection(self, room: HeldRoom) -> None:
        viewer = room.viewer()
        viewer.offerer.restart_ice()
        assert "a=ice-ufrag:ufrag1" in viewer.offer()
        assert len(room.peers.made) == 1

    def test_the_same_credentials_continue_a_connection_whatever_the_session_id_is(self, room: HeldRoom) -> None:
        viewer = room.viewer()
        first = viewer.offerer.write()
        for session in ("111", "222"):
            room.room.watch("w1", "bob", re.sub(r"o=- \d+", f"o=- {session}", first))
        assert len(room.peers.made) == 1

    def test_an_offer_of_another_peer_connection_replaces_the_first(self, room: HeldRoom) -> None:
        speaker = room.start()
        first = room.viewer()
        room.room.view("w1", {0: "off"}, room.now)
        second = room.viewer()
        speaker.frame(keyframe=True)
        assert (first.peer.is_closed, second.peer.is_closed) == (True, False)
        assert second.take("v0") == [], "what the watcher said it shows holds for its new connection"
        again = room.speaker("s1")
        assert (speaker.peer.is_closed, again.peer.is_closed) == (True, False)
        room.room.view("w1", {0: "high"}, room.now)
        again.frame(keyframe=True)
        room.pass_time(0.1)
        again.frame(keyframe=True)
        assert second.take("v0") != []

    @pytest.mark.parametrize(
        ("streams", "sentence"),
        [
            ([Stream("video")], "sends nothing"),
            ([Stream("audio", sends=True, ssrc=1), Stream("audio", sends=True, ssrc=2)], "at most one audio"),
            ([Stream("video", sends=True, ssrc=1), Stream("video", sends=True, ssrc=2)], "at most one audio"),
        ],
    )
    def test_offers_to_publish_that_do_not_fit_are_refused(
        self, room: HeldRoom, streams: list[Stream], sentence: str
    ) -> None:
        room.stage(camera("s1", 0))
        with pytest.raises(BadOffer, match=sentence):
            room.room.publish("s1", Offerer(streams).write())
        assert room.peers.made == []

    @pytest.mark.parametrize(
        ("audio", "video", "sentence"), [(9, 1, "too many audio"), (1, 57, "too many video")], ids=["audio", "video"]
    )
    def test_watching_too_much_is_refused(self, room: HeldRoom, audio: int, video: int, sentence: str) -> None:
        with pytest.raises(BadOffer, match=sentence):
            room.viewer(audio=audio, video=video)
        room.room.unwatch("w1")
        assert room.room.is_empty
