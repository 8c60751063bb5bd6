"""Slots: one unbroken stream to the watcher, whoever is shown on it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from signaling.media.forward import RESEND_INTERVAL, Counters, PythonForwarder, Slot, Source
from signaling.media.rtp import History, Packet, parse_vp8, signed_distance
from tests.support.srtp_ends import FarEnd, Received

LEVEL, SEND_TIME = 1, 3
FRAME_SECONDS = 1 / 30


def frame(index: int, *, keyframe: bool = False, picture: int | None = None, timestamp: int | None = None) -> Packet:
    """A video packet that is a frame of its own; picture id and TL0PICIDX count with `index` unless told."""
    picture = (index if picture is None else picture) & 0x7FFF
    head = bytes([0x90, 0xE0, 0x80 | picture >> 8, picture & 0xFF, picture & 0xFF, 0x20, 0 if keyframe else 1])
    return Packet(
        index=index,
        timestamp=(3000 * index if timestamp is None else timestamp) & 0xFFFFFFFF,
        marker=0x80,
        payload=head + index.to_bytes(8, "big"),
        keyframe=keyframe,
        picture_id=picture,
        picture_id_at=2,
        tl0=picture & 0xFF,
        tl0_at=4,
    )


class Stage:
    """A forwarder, one watcher's video slot, and sources that send on a clock of their own."""

    def __init__(self) -> None:
        self.counters = Counters()
        self.forwarder = PythonForwarder(self.counters)
        self.end = FarEnd()
        self.slot = Slot("video", self.end.link, 96, 97, SEND_TIME)
        self.now = 50.0

    def source(self) -> Source:
        return Source("video", History(1024))

    def send(self, source: Source, *packets: Packet) -> None:
        for packet in packets:
            assert source.history is not None
            source.history.put(packet)
            self.forwarder.forward(source, packet, self.now)
            self.now += FRAME_SECONDS

    @property
    def media(self) -> list[Received]:
        return self.end.of(self.slot.ssrc)


def picture_ids(received: list[Received]) -> list[int]:
    found = [parse_vp8(each.payload) for each in received]
    return [each.picture_id for each in found if each is not None]


def base_layers(received: list[Received]) -> list[int]:
    found = [parse_vp8(each.payload) for each in received]
    return [each.tl0 for each in found if each is not None]


def test_nothing_is_shown_before_a_keyframe() -> None:
    stage = Stage()
    source = stage.source()
    stage.slot.await_source(source)
    stage.send(source, frame(1), frame(2), frame(3, keyframe=True), frame(4))
    assert [each.payload[-1] for each in stage.media] == [3, 4]


def test_a_switch_waits_for_the_new_keyframe_while_the_old_goes_on() -> None:
    stage = Stage()
    old, new = stage.source(), stage.source()
    stage.slot.await_source(old)
    stage.send(old, frame(1, keyframe=True), frame(2))
    stage.slot.await_source(new)
    stage.send(new, frame(71))
    stage.send(old, frame(3))
    stage.send(new, frame(72, keyframe=True))
    stage.send(old, frame(4))
    stage.send(new, frame(73))
    assert [each.payload[-1] for each in stage.media] == [1, 2, 3, 72, 73]


def test_a_switch_given_up_changes_nothing() -> None:
    stage = Stage()
    old, new = stage.source(), stage.source()
    stage.slot.await_source(old)
    stage.send(old, frame(1, keyframe=True))
    stage.slot.await_source(new)
    stage.slot.keep_source()
    stage.send(new, frame(72, keyframe=True))
    stage.send(old, frame(2))
    assert [each.payload[-1] for each in stage.media] == [1, 2]
    assert new.waiting == new.slots == []


def test_a_stopped_slot_sends_nothing_more() -> None:
    stage = Stage()
    source = stage.source()
    stage.slot.await_source(source)
    stage.send(source, frame(1, keyframe=True))
    stage.slot.stop()
    stage.send(source, frame(2), frame(3, keyframe=True))
    assert len(stage.media) == 1


@given(
    stretches=st.lists(
        st.tuples(
            st.integers(0x8000, 0x2_0000),  # first index of the source
            st.integers(0, 0x7FFF),  # its first picture id
            st.integers(0, 0xFFFFFFFF),  # its first timestamp
            st.integers(1, 6),  # frames
        ),
        min_size=1,
        max_size=12,
    )
)
def test_numbers_go_on_without_a_break_over_switches(stretches: list[tuple[int, int, int, int]]) -> None:
    stage = Stage()
    for first, picture, timestamp, count in stretches:
        source = stage.source()
        stage.slot.await_source(source)
        for step in range(count):
            packet = frame(first + step, keyframe=step == 0, picture=picture + step, timestamp=timestamp + 3000 * step)
            stage.send(source, packet)
    received = stage.media
    assert len(received) == sum(count for *_, count in stretches)
    for before, after in pairwise(received):
        assert signed_distance(after.sequence, before.sequence) == 1
        passed = signed_distance(after.header.timestamp, before.header.timestamp, 32)
        assert abs(passed - 3000) <= 1, "time goes on by the clock"
    for numbers, bits in ((picture_ids(received), 15), (base_layers(received), 8)):
        steps = [signed_distance(after, before, bits) for before, after in pairwise(numbers)]
        assert set(steps) <= {1}


def test_gaps_of_the_source_stay_gaps_so_that_the_watcher_asks() -> None:
    stage = Stage()
    source = stage.source()
    stage.slot.await_source(source)
    stage.send(source, frame(0xFFFE, keyframe=True), frame(0x10001), frame(0x10000))
    first = stage.media[0].sequence
    assert [(each.sequence - first) & 0xFFFF for each in stage.media] == [0, 3, 2]


def test_what_is_older_than_the_switch_is_not_sent() -> None:
    stage = Stage()
    source = stage.source()
    stage.slot.await_source(source)
    stage.send(source, frame(10, keyframe=True), frame(9), frame(11))
    assert [each.payload[-1] for each in stage.media] == [10, 11]


def test_the_rest_of_a_keyframe_follows_when_its_first_packet_comes_last() -> None:
    stage = Stage()
    source = stage.source()
    stage.slot.await_source(source)
    stage.send(source, frame(11), frame(12), frame(10, keyframe=True), frame(13))
    assert [each.payload[-1] for each in stage.media] == [10, 11, 12, 13]


def test_a_resend_repeats_the_identical_bytes_even_after_switches() -> None:
    stage = Stage()
    for first in (0xFFF0, 0x8000, 0x1_3000):
        source = stage.source()
        stage.slot.await_source(source)
        stage.send(source, frame(first, keyframe=True), *(frame(first + step) for step in range(1, 30)))
    stage.now += 1
    sent = stage.media
    for each in sent:
        assert stage.forwarder.resend(stage.slot, each.sequence, stage.now)
    repeated = stage.end.of(stage.slot.rtx_ssrc)
    assert [int.from_bytes(each.payload[:2], "big") for each in repeated] == [each.sequence for each in sent]
    assert [each.payload[2:] for each in repeated] == [each.payload for each in sent]
    assert [each.header.timestamp for each in repeated] == [each.header.timestamp for each in sent]
    assert {each.header.payload_type for each in repeated} == {97}
    steps = [(b.sequence - a.sequence) & 0xFFFF for a, b in pairwise(repeated)]
    assert set(steps) == {1}


def test_a_repeated_request_within_a_round_trip_is_not_met_twice() -> None:
    stage = Stage()
    source = stage.source()
    stage.slot.await_source(source)
    stage.send(source, frame(1, keyframe=True))
    sequence = stage.media[0].sequence
    for later in (0.0, RESEND_INTERVAL / 2, RESEND_INTERVAL * 1.1):
        assert stage.forwarder.resend(stage.slot, sequence, stage.now + later)
    assert len(stage.end.of(stage.slot.rtx_ssrc)) == 2


def test_what_was_never_sent_or_is_forgotten_is_not_resent() -> None:
    stage = Stage()
    source = stage.source()
    stage.slot.await_source(source)
    stage.send(source, *(frame(index, keyframe=index == 100) for index in range(100, 1500)))
    first, last = stage.media[0].sequence, stage.media[-1].sequence
    for sequence in (last + 1, first, first - 1, last + 0x8000):
        assert not stage.forwarder.resend(stage.slot, sequence & 0xFFFF, stage.now)


def test_nothing_is_resent_to_a_client_without_rtx() -> None:
    stage = Stage()
    stage.slot = Slot("video", stage.end.link, 96, None, SEND_TIME)
    source = stage.source()
    stage.slot.await_source(source)
    stage.send(source, frame(1, keyframe=True))
    assert not stage.forwarder.resend(stage.slot, stage.media[0].sequence, stage.now)
    assert len(stage.end.received) == 1


def test_video_carries_the_time_of_sending() -> None:
    stage = Stage()
    source = stage.source()
    stage.slot.await_source(source)
    stage.now = 64.5
    stage.send(source, frame(1, keyframe=True))
    assert stage.media[0].extensions == {SEND_TIME: (1 << 17).to_bytes(3, "big")}


def test_sound_carries_its_speaker_and_level_and_marks_a_change() -> None:
    stage = Stage()
    slot = Slot("audio", stage.end.link, 111, None, LEVEL)
    ada, bob = Source("audio", None, 7), Source("audio", None, 12)
    slot.await_source(ada)
    for number in range(2):
        stage.forwarder.forward(ada, Packet(number, 960 * number, 0, b"ada", level=30), stage.now + number * 0.02)
    slot.await_source(bob)
    stage.forwarder.forward(bob, Packet(9, 5, 0, b"bob", level=40), stage.now + 0.04)
    received = stage.end.of(slot.ssrc)
    assert [each.payload for each in received] == [b"ada", b"ada", b"bob"]
    assert [each.contributors for each in received] == [(7,), (7,), (12,)]
    assert [each.extensions for each in received] == [{LEVEL: b"\x1e"}, {LEVEL: b"\x1e"}, {LEVEL: b"\x28"}]
    assert [each.header.marker for each in received] == [0x80, 0, 0x80]
    assert (received[2].sequence - received[0].sequence) & 0xFFFF == 2
    assert abs(signed_distance(received[2].header.timestamp, received[1].header.timestamp, 32) - 960) <= 1


def test_extensions_that_were_not_negotiated_are_left_out() -> None:
    stage = Stage()
    stage.slot = Slot("video", stage.end.link, 96, 97, None)
    source = stage.source()
    stage.slot.await_source(source)
    stage.send(source, frame(1, keyframe=True))
    assert stage.media[0].extensions == {}


def test_a_payload_without_picture_id_goes_through_unchanged() -> None:
    stage = Stage()
    source = stage.source()
    stage.slot.await_source(source)
    packets = [
        Packet(1, 0, 0, b"\x10\x00\x01", keyframe=True),
        Packet(2, 0, 0x80, b""),
        Packet(3, 9, 0x80, b"\x10\x01"),
    ]
    stage.send(source, *packets)
    assert [each.payload for each in stage.media] == [each.payload for each in packets]


def test_a_full_send_buffer_loses_packets_that_can_be_asked_for() -> None:
    stage = Stage()
    source = stage.source()
    stage.slot.await_source(source)
    stage.send(source, frame(1, keyframe=True))
    stage.end.full = True
    stage.send(source, frame(2))
    stage.end.full = False
    assert (stage.counters.send_drops, stage.counters.packets_out) == (1, 1)
    lost = (stage.media[0].sequence + 1) & 0xFFFF
    assert stage.forwarder.resend(stage.slot, lost, stage.now)
    assert stage.end.received[-1].payload[-1] == 2


def test_a_connection_that_is_not_up_gets_nothing() -> None:
    stage = Stage()
    stage.end.link.sendto = None
    source = stage.source()
    stage.slot.await_source(source)
    stage.send(source, frame(1, keyframe=True))
    assert not stage.forwarder.resend(stage.slot, stage.slot.newest & 0xFFFF, stage.now)
    assert stage.counters.packets_out == 0
