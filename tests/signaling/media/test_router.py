"""A room's media: who gets what, and what stops at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from signaling.media.feedback import (
    KeyframeRequest,
    Nack,
    ReceiverReport,
    Remb,
    ReportBlock,
    SenderReport,
    build_fir,
    build_nack,
    build_pli,
    build_receiver_report,
    build_sender_report,
    parse_compound,
)
from signaling.media.light_peer.offer import Offerer, Stream
from signaling.media.port import BadOffer, StageSeat
from signaling.media.rtp import signed_distance
from tests.support.media_room import HeldRoom, Speaker, Viewer, camera


@pytest.fixture
def room() -> HeldRoom:
    return HeldRoom()


def start(room: HeldRoom, seat: str = "s1", slot: int = 0, *, rids: tuple[str, ...] = ()) -> Speaker:
    """Put one seat on stage, whose client has sent a keyframe of each layer."""
    room.stage(camera(seat, slot))
    speaker = room.speaker(seat, rids=rids)
    for rid in rids or ("",):
        speaker.frame(rid, keyframe=True)
    room.pass_time(0.05)
    return speaker


class TestPictures:
    def test_a_seat_is_seen_on_its_slot_from_a_keyframe_on(self, room: HeldRoom) -> None:
        speaker = start(room, slot=2)
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
        speaker = start(room, rids=("l", "h"))
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
        speaker = start(room, rids=("l", "h"))
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
        speaker = start(room, rids=("l", "h"))
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
        speaker = start(room)
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
        speaker = start(room)
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
        speaker = start(room)
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
        speaker = start(room)
        assert room.events.lives == [("s1", True)]
        room.pass_time(1.5)
        assert len(room.events.lives) == 1
        room.pass_time(2)
        assert room.events.lives == [("s1", True), ("s1", False)]
        speaker.frame()
        assert room.events.lives[-1] == ("s1", True)
        speaker.peer.close()
        assert room.events.lives[-1] == ("s1", False)


class TestAdvice:
    def test_the_large_layer_is_asked_for_while_somebody_shows_it(self, room: HeldRoom) -> None:
        start(room, rids=("l", "h"))

        def active() -> bool:
            return bool(room.events.advice[-1][1].layers["h"]["active"])

        assert not active()
        room.viewer()
        room.pass_time(1.1)
        assert not active()
        room.room.view("w1", {0: "high"}, room.now)
        assert active()
        told = len(room.events.advice)
        room.room.view("w1", {0: "low"}, room.now)
        room.pass_time(3)
        assert active(), "for a while after"
        room.pass_time(4)
        assert not active()
        assert len(room.events.advice) == told + 1

    def test_it_shrinks_as_more_are_on_screen(self, room: HeldRoom) -> None:
        start(room, rids=("l", "h"))
        room.stage(camera("s1", 0), *(camera(f"s{number}", number) for number in range(2, 9)))
        seat, advice = room.events.advice[-1]
        assert (seat, advice.layers["h"]["height"]) == ("s1", 360)


class TestCongestion:
    def test_layers_then_tiles_then_all_video_go_and_sound_stays(self, room: HeldRoom) -> None:
        room.stage(camera("s1", 0), camera("s2", 1))
        speakers = [room.speaker(seat, rids=("l", "h")) for seat in ("s1", "s2")]
        viewer = room.viewer()
        padding = b"x" * 400

        def send() -> None:
            for speaker in speakers:
                speaker.sound(payload=b"s" * 50)
                for rid, packets in (("l", 1), ("h", 6)):
                    speaker.frame(rid, keyframe=True)
                    for _ in range(packets):
                        sequence = speaker.sequences[rid] = (speaker.sequences[rid] + 1) & 0xFFFF
                        speaker.deliver((96, speaker.ssrcs[rid], sequence, 3000), b"\x80\x00\x01" + padding)

        def shown() -> list[set[str]]:
            viewer.peer.end.received.clear()
            room.pass_time(0.2)
            return [{s for s in viewer.sees(slot) if s in ("h", "l")} for slot in ("v0", "v1")]

        room.keep_sending(send)
        room.room.view("w1", {0: "high", 1: "high"}, room.now)
        room.pass_time(3)
        assert shown() == [{"h"}, {"h"}]
        seen: list[list[set[str]]] = []
        for _ in range(40):
            print(
                room.now,
                room.room._watchers["w1"].allowance.bitrate,
                room.room._watchers["w1"].allowance._pressure,
                seen[-1:],
            )
            viewer.rtcp(lossy_report(viewer.ssrcs["v0"], 0.5) + lossy_report(viewer.ssrcs["a0"], 0.5))
            room.pass_time(1.0)
            if not seen or shown() != seen[-1]:
                seen.append(shown())
        assert [{"h"}, {"l"}] in seen or [{"l"}, {"h"}] in seen
        assert [{"l"}, {"l"}] in seen
        assert seen[-1] == [set(), set()]
        assert viewer.take("a0")

    def test_the_publisher_is_told_what_came_and_what_it_may_send(self, room: HeldRoom) -> None:
        speaker = start(room)
        speaker.told(Remb)
        room.pass_time(0.95)
        speaker.told(Remb)
        for number in range(20):
            speaker.frame(lost=number in (3, 4, 5, 6, 7))
        room.pass_time(1.0)
        messages = [message for data in speaker.peer.end.rtcp for message in parse_compound(data)]
        (report,) = [message for message in messages if isinstance(message, ReceiverReport)]
        block = next(each for each in report.blocks if each.ssrc == speaker.ssrcs[""])
        assert block.lost == 256 * 5 // 20
        (remb,) = [message for message in messages if isinstance(message, Remb)]
        assert remb.bitrate >= 295_000, "150 kbit/s of picture, sound, and room for repairs"


def lossy_report(ssrc: int, share: float) -> bytes:
    return build_receiver_report([ReportBlock(ssrc, int(share * 256), 0, 0, 0, 0, 0)])


class TestRepairs:
    def test_what_a_publisher_lost_is_asked_for_and_passed_on_when_it_comes(self, room: HeldRoom) -> None:
        speaker = start(room)
        viewer = room.viewer()
        speaker.frame(keyframe=True)
        speaker.told(Nack)
        lost = [speaker.frame(lost=True), speaker.frame(lost=True)]
        speaker.frame()
        assert speaker.told(Nack) == [Nack(speaker.ssrcs[""], tuple(lost))]
        first = viewer.take("v0")[0].sequence
        for sequence in reversed(lost):
            speaker.repair(sequence, speaker.sent[sequence])
        assert [(each.sequence - first) & 0xFFFF for each in viewer.take("v0")] == [2, 1]
        speaker.repair(lost[0], speaker.sent[lost[0]])
        assert viewer.take("v0") == [], "a repetition"
        room.pass_time(1)
        assert speaker.told(Nack) == []

    def test_layers_are_repaired_too(self, room: HeldRoom) -> None:
        speaker = start(room, rids=("l", "h"))
        viewer = room.viewer()
        speaker.frame("l", keyframe=True)
        lost = speaker.frame("l", lost=True)
        speaker.frame("l")
        speaker.repair(lost, speaker.sent[lost], "l")
        assert len(viewer.take("v0")) == 3

    def test_what_does_not_come_again_is_given_up_for_a_keyframe(self, room: HeldRoom) -> None:
        speaker = start(room)
        room.viewer()
        speaker.frame(keyframe=True)
        speaker.frame(lost=True)
        speaker.frame()
        room.pass_time(0.4)
        messages = [type(message) for data in speaker.peer.end.rtcp for message in parse_compound(data)]
        assert messages.count(Nack) == 3
        room.pass_time(0.4)
        assert speaker.told(KeyframeRequest)

    def test_padding_that_probes_bandwidth_is_no_media(self, room: HeldRoom) -> None:
        speaker = start(room)
        viewer = room.viewer()
        speaker.frame(keyframe=True)
        viewer.take("v0")
        speaker.deliver((97, speaker.repairs[""], 1, 0), b"")
        assert viewer.peer.end.received == []
        speaker.deliver((96, speaker.ssrcs[""], (speaker.sequences[""] + 1) & 0xFFFF, 0), b"")
        (empty,) = viewer.take("v0")
        assert empty.payload == b"", "its number must not be missing"

    def test_what_a_watcher_lost_is_sent_again(self, room: HeldRoom) -> None:
        speaker = start(room)
        viewer = room.viewer()
        speaker.frame(keyframe=True)
        speaker.frame()
        packets = viewer.take("v0")
        viewer.rtcp(build_nack(viewer.ssrcs["v0"], [each.sequence for each in packets]))
        viewer.rtcp(build_nack(12345, [1, 2, 3]))
        again = viewer.peer.end.received
        assert [each.payload[2:] for each in again] == [each.payload for each in packets]
        assert room.counters.rtx_out == 2

    def test_malformed_media_is_dropped(self, room: HeldRoom) -> None:
        speaker = start(room)
        viewer = room.viewer()
        speaker.frame(keyframe=True)
        viewer.take("v0")
        next_one = (speaker.sequences[""] + 1) & 0xFFFF
        speaker.deliver((96, speaker.ssrcs[""], next_one, 0), b"\x90")
        speaker.deliver((96, 99_999, 1, 0), b"from nowhere")
        speaker.peer.handler.rtp(memoryview(b"\x80\x60"), 2, room.now)
        assert viewer.peer.end.received == []
        assert room.counters.input_drops == 3

    def test_a_client_cannot_bring_endless_streams(self, room: HeldRoom) -> None:
        speaker = start(room, rids=("l", "h"))
        viewer = room.viewer()
        for ssrc in range(50_000, 50_100):
            speaker.ssrcs["l"] = ssrc
            speaker.frame("l", keyframe=True)
        speaker.repairs["l"] = 60_000
        for ssrc in range(60_000, 60_100):
            speaker.repairs["l"] = ssrc
            speaker.repair(1, b"x", "l")
        assert room.counters.input_drops > 150
        assert viewer.take("v0")


class TestKeyframes:
    def test_a_watcher_who_joins_gets_one_and_they_are_asked_for_until_it_comes(self, room: HeldRoom) -> None:
        speaker = start(room)
        speaker.told(KeyframeRequest)
        viewer = room.viewer()
        assert speaker.told(KeyframeRequest) == [KeyframeRequest(speaker.ssrcs[""])]
        room.keep_sending(speaker.frame)
        room.pass_time(3.2)
        assert len(speaker.told(KeyframeRequest)) == 3
        speaker.frame(keyframe=True)
        room.pass_time(3)
        assert speaker.told(KeyframeRequest) == []
        assert viewer.take("v0")

    @pytest.mark.parametrize("build", [build_pli, lambda ssrc: build_fir(ssrc, 1)], ids=["PLI", "FIR"])
    def test_watchers_requests_reach_the_publisher_but_not_each(
        self, room: HeldRoom, build: Callable[[int], bytes]
    ) -> None:
        speaker = start(room)
        viewers = [room.viewer(f"w{number}") for number in range(10)]
        speaker.frame(keyframe=True)
        room.pass_time(1)
        speaker.told(KeyframeRequest)
        for _ in range(20):
            for viewer in viewers:
                viewer.rtcp(build(viewer.ssrcs["v0"]))
                viewer.rtcp(build(4711))
            room.pass_time(0.05)
        assert 2 <= len(speaker.told(KeyframeRequest)) <= 4
        assert room.counters.plis_in == 400


class TestReports:
    def test_sender_reports_pass_with_the_slots_numbers(self, room: HeldRoom) -> None:
        speaker = start(room)
        viewer = room.viewer()
        speaker.frame(keyframe=True)
        (packet,) = viewer.take("v0")
        sent = 3000 * speaker.sequences[""]
        speaker.rtcp(build_sender_report(speaker.ssrcs[""], 77 << 32, sent + 500, 1, 1))
        (report,) = [each for data in viewer.peer.end.rtcp for each in parse_compound(data)]
        assert isinstance(report, SenderReport)
        assert (report.ssrc, report.ntp) == (viewer.ssrcs["v0"], 77 << 32)
        assert signed_distance(report.timestamp, packet.header.timestamp, 32) == 500

    def test_a_flood_of_sender_reports_is_not_passed_on(self, room: HeldRoom) -> None:
        speaker = start(room)
        viewer = room.viewer()
        speaker.frame(keyframe=True)
        for _ in range(50):
            speaker.rtcp(build_sender_report(speaker.ssrcs[""], 77 << 32, 0, 1, 1))
        assert len(viewer.peer.end.rtcp) == 1


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

    def test_an_offer_of_another_peer_connection_replaces_the_first(self, room: HeldRoom) -> None:
        speaker = start(room)
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
