"""What a room's clients tell each other through it: losses, keyframes, reports, advice, congestion."""

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
    build_nack,
    build_pli,
    build_receiver_report,
    build_remb,
    build_sender_report,
    parse_compound,
)
from signaling.media.rtp import signed_distance
from tests.support.media_room import HeldRoom, camera


@pytest.fixture
def room() -> HeldRoom:
    return HeldRoom()


def build_fir(ssrc: int) -> bytes:
    return b"\x84\xce\0\4" + bytes(8) + ssrc.to_bytes(4, "big") + b"\x05\0\0\0"


def lossy_report(ssrc: int, share: float) -> bytes:
    return build_receiver_report([ReportBlock(ssrc, int(share * 256), 0, 0, 0, 0, 0)])


class TestRepairs:
    def test_what_a_publisher_lost_is_asked_for_and_passed_on_when_it_comes(self, room: HeldRoom) -> None:
        speaker = room.start()
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
        speaker = room.start(rids=("l", "h"))
        viewer = room.viewer()
        speaker.frame("l", keyframe=True)
        lost = speaker.frame("l", lost=True)
        speaker.frame("l")
        speaker.repair(lost, speaker.sent[lost], "l")
        assert len(viewer.take("v0")) == 3

    def test_what_does_not_come_again_is_given_up_for_a_keyframe(self, room: HeldRoom) -> None:
        speaker = room.start()
        room.viewer()
        speaker.frame(keyframe=True)
        speaker.frame(lost=True)
        speaker.frame()
        room.pass_time(0.45)
        messages = [type(message) for data in speaker.peer.end.rtcp for message in parse_compound(data)]
        assert messages.count(Nack) == 4
        room.pass_time(0.5)
        assert speaker.told(KeyframeRequest)

    def test_padding_that_probes_bandwidth_is_no_media(self, room: HeldRoom) -> None:
        speaker = room.start()
        viewer = room.viewer()
        speaker.frame(keyframe=True)
        viewer.take("v0")
        speaker.deliver((97, speaker.repairs[""], 1, 0), b"")
        assert viewer.peer.end.received == []
        speaker.deliver((96, speaker.ssrcs[""], (speaker.sequences[""] + 1) & 0xFFFF, 0), b"")
        (empty,) = viewer.take("v0")
        assert empty.payload == b"", "its number must not be missing"

    def test_what_a_watcher_lost_is_sent_again(self, room: HeldRoom) -> None:
        speaker = room.start()
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
        speaker = room.start()
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
        speaker = room.start(rids=("l", "h"))
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
    def test_none_is_asked_for_while_an_encoder_would_ignore_it_because_it_has_just_sent_one(
        self, room: HeldRoom
    ) -> None:
        speaker = room.start()
        speaker.frame(keyframe=True)
        speaker.told(KeyframeRequest)
        room.viewer()
        room.keep_sending(speaker.frame)
        room.pass_time(0.3)
        assert speaker.told(KeyframeRequest) == []
        room.pass_time(0.1)
        assert speaker.told(KeyframeRequest) == [KeyframeRequest(speaker.ssrcs[""])]

    def test_a_watcher_who_joins_gets_one_and_they_are_asked_for_until_it_comes(self, room: HeldRoom) -> None:
        speaker = room.start()
        room.pass_time(0.4)
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

    @pytest.mark.parametrize("build", [build_pli, build_fir], ids=["PLI", "FIR"])
    def test_watchers_requests_reach_the_publisher_but_not_each(
        self, room: HeldRoom, build: Callable[[int], bytes]
    ) -> None:
        speaker = room.start()
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
        speaker = room.start()
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
        speaker = room.start()
        viewer = room.viewer()
        speaker.frame(keyframe=True)
        for _ in range(50):
            speaker.rtcp(build_sender_report(speaker.ssrcs[""], 77 << 32, 0, 1, 1))
        assert len(viewer.peer.end.rtcp) == 1


class TestAdvice:
    def test_the_large_layer_is_asked_for_while_somebody_shows_it(self, room: HeldRoom) -> None:
        room.start(rids=("l", "h"))

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
        room.start(rids=("l", "h"))
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
            viewer.rtcp(lossy_report(viewer.ssrcs["v0"], 0.5) + lossy_report(viewer.ssrcs["a0"], 0.5))
            room.pass_time(1.0)
            if not seen or shown() != seen[-1]:
                seen.append(shown())
        assert [{"h"}, {"l"}] in seen or [{"l"}, {"h"}] in seen
        assert [{"l"}, {"l"}] in seen
        assert seen[-1] == [set(), set()]
        assert viewer.take("a0")

    @pytest.mark.parametrize(("share", "sound", "stays"), [(1.1, 1000, True), (0.5, 1, False)])
    def test_an_estimate_speaks_of_the_streams_it_names(
        self, room: HeldRoom, share: float, sound: int, stays: bool
    ) -> None:
        room.stage(camera("s1", 0), camera("s2", 1))
        speakers = [room.speaker(seat) for seat in ("s1", "s2")]
        viewer = room.viewer()

        def send() -> None:
            for speaker in speakers:
                speaker.sound(payload=b"s" * sound)
                speaker.frame(keyframe=True)
                sequence = speaker.sequences[""] = (speaker.sequences[""] + 1) & 0xFFFF
                speaker.deliver((96, speaker.ssrcs[""], sequence, 3000), b"\x80\x00\x01" + bytes(400))

        room.keep_sending(send)
        room.pass_time(2)
        went_on = True
        for _ in range(20):
            viewer.peer.end.received.clear()
            room.pass_time(1)
            for slot in ("v0", "v1"):
                carried = 8 * sum(len(each.payload) for each in viewer.take(slot))
                went_on = went_on and carried > 0
                viewer.rtcp(build_remb(int(carried * share), [viewer.ssrcs[slot]]))
        assert went_on == stays
        assert viewer.take("a0") != []

    def test_the_publisher_is_told_what_came_and_what_it_may_send(self, room: HeldRoom) -> None:
        speaker = room.start()
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
