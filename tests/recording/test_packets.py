"""Packets of a track: numbers that wrap, order, repetitions, gaps, and frames of VP8."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording.packets import CodedFrame, Frames, InOrder, MediaPacket, Numbering, opus_samples, read_packet
from tests.support.recorded_media import Network, Numbers, Sender, Sent, audio, flashes, opus, video


def packets(arrivals: list[tuple[float, Sent]]) -> list[MediaPacket]:
    """The packets as a track's reader puts them in order."""
    numbering, order = Numbering(), InOrder()
    found = []
    for arrival, sent in arrivals:
        packet = read_packet(sent.data, arrival, numbering)
        assert packet is not None
        found += list(order.push(packet))
    return found + list(order.flush())


def frames(ordered: list[MediaPacket]) -> list[CodedFrame]:
    assembled = Frames()
    found = [frame for packet in ordered for frame in assembled.push(packet)]
    return found + list(assembled.flush())


def packet(number: int, arrival: float = 0.0, payload: bytes = b"x", timestamp: int = 0) -> MediaPacket:
    return MediaPacket(number, timestamp, True, payload, arrival)


def test_frames_come_whole_out_of_a_network_that_delays_repeats_and_repairs() -> None:
    clip = flashes(4)
    network = Network(jitter=0.05, loss=0.05, repaired=1.0, repeated=0.05)

    found = frames(packets(network.arrivals(video(Numbers(), Sender(), clip))))

    assert [frame.data for frame in found] == list(clip)
    assert all(frame.whole and frame.follows for frame in found)
    assert [frame.keyframe for frame in found] == [number % 90 == 0 for number in range(len(clip))]


def test_sequence_numbers_and_timestamps_wrap() -> None:
    numbers = Numbers(sequence=65_530, timestamp=0xFFFF_FF00)

    found = packets(Network().arrivals(video(numbers, Sender(), flashes(4))))

    assert [each.number - found[0].number for each in found] == list(range(len(found)))
    assert found[-1].timestamp - found[0].timestamp == pytest.approx(90_000 * 119 / 30, abs=1)


def test_numbering_begins_in_the_middle_as_if_it_had_counted_on() -> None:
    data = [sent.data for sent in audio(Numbers(sequence=65_530), Sender(), [b"\x78x"] * 20)]
    whole = Numbering()
    read = [read_packet(each, 0.0, whole) for each in data[:10]]
    newest = read[-1]
    assert newest is not None

    rest = Numbering(newest.number, newest.timestamp)

    assert [read_packet(each, 0.0, rest) for each in data[10:]] == [read_packet(each, 0.0, whole) for each in data[10:]]


def test_what_is_lost_breaks_one_frame_and_is_told_by_the_next() -> None:
    clip = flashes(4)
    sent = video(Numbers(), Sender(), clip)
    big = next(number for number in range(1, len(sent)) if sent[number].data[12] == 0x80)
    del sent[big]

    found = frames(packets(Network().arrivals(sent)))

    damaged = [number for number, frame in enumerate(found) if not frame.whole]
    assert damaged
    assert all(frame.follows or frame in (found[damaged[-1]], found[damaged[-1] + 1]) for frame in found)
    assert [frame.data for frame in found if frame.whole and frame.data not in clip] == []


def test_padding_is_no_part_of_a_frame() -> None:
    found = frames(
        [packet(1, payload=b"\x10\x01a"), packet(2, payload=b""), packet(3, payload=b"\x10\x01b", timestamp=9)]
    )

    assert [(frame.data, frame.whole, frame.follows) for frame in found] == [
        (b"\x01a", True, True),
        (b"\x01b", True, True),
    ]


def test_a_missing_packet_is_awaited_for_three_seconds() -> None:
    order = InOrder()
    assert not list(order.push(packet(0, -3.0)))
    assert [each.number for each in order.push(packet(1, 0.0))] == [0, 1]

    assert not list(order.push(packet(3, 0.1)))
    assert not list(order.push(packet(4, 3.0)))
    assert [each.number for each in order.push(packet(5, 3.2))] == [3, 4, 5]
    assert not list(order.push(packet(2, 3.3)))


def test_the_first_packets_may_come_in_any_order() -> None:
    order = InOrder()
    came = [packet(number, arrival / 2) for arrival, number in enumerate((7, 5, 6, 5, 9, 8, 10))]

    assert [each.number for packet_ in came for each in order.push(packet_)] == [5, 6, 7, 8, 9, 10]


@given(st.lists(st.binary(max_size=40), max_size=60), st.integers(0, 10))
def test_any_bytes_are_read_without_an_error(datagrams: list[bytes], seed: int) -> None:
    random = Random(seed)
    numbering, order, assembled = Numbering(), InOrder(), Frames()
    for datagram in datagrams:
        data = bytes([0x80, 96, *random.randbytes(10)]) + datagram if random.random() < 0.8 else datagram
        read = read_packet(data, 0.0, numbering)
        if read is not None:
            opus_samples(read.payload)
            for each in order.push(read):
                list(assembled.push(each))
    for each in order.flush():
        list(assembled.push(each))
    list(assembled.flush())


@pytest.mark.parametrize("samples", [120, 240, 480, 960, 1920, 2880])
def test_the_duration_of_an_opus_packet_is_told_by_its_first_bytes(samples: int) -> None:
    sound = np.zeros(samples * 4, np.float32)

    assert {opus_samples(each) for each in opus(sound, samples=samples)} == {samples}
