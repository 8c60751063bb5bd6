"""Reading RTP: headers, extensions, the VP8 descriptor, counters that wrap."""

from __future__ import annotations

import pytest
from aiortc.rtp import HeaderExtensionsMap, RtpPacket
from hypothesis import example, given
from hypothesis import strategies as st

from signaling.media.rtp import (
    History,
    Packet,
    Unwrapper,
    Vp8,
    extensions,
    parse_header,
    parse_vp8,
    signed_distance,
    widen_picture_id,
)

PLAIN = bytes.fromhex("80e0 0102 00000304 00000506") + b"payload"


def parts(data: bytes) -> tuple[int, ...] | None:
    header = parse_header(data, len(data))
    return None if header is None else tuple(header)


@pytest.mark.parametrize(
    ("data", "header"),
    [
        pytest.param(PLAIN, (0x80, 96, 0x0102, 0x0304, 0x0506, 0, 0, 0, 12, 19), id="plain"),
        pytest.param(
            bytes.fromhex("81600102 00000304 00000506 00000009") + b"x",
            (0, 96, 0x0102, 0x0304, 0x0506, 0, 0, 0, 16, 17),
            id="with a CSRC",
        ),
        pytest.param(
            bytes.fromhex("90600102 00000304 00000506 bede0001 10ff0000") + b"x",
            (0, 96, 0x0102, 0x0304, 0x0506, 0xBEDE, 16, 20, 20, 21),
            id="with an extension",
        ),
        pytest.param(
            bytes.fromhex("a0600102 00000304 00000506") + b"xy\0\3",
            (0, 96, 0x0102, 0x0304, 0x0506, 0, 0, 0, 12, 13),
            id="with padding",
        ),
        pytest.param(
            bytes.fromhex("a0600102 00000304 00000506") + b"\0\2",
            (0, 96, 0x0102, 0x0304, 0x0506, 0, 0, 0, 12, 12),
            id="nothing but padding",
        ),
        pytest.param(b"", None, id="empty"),
        pytest.param(PLAIN[:11], None, id="cut in the header"),
        pytest.param(b"\x40" + PLAIN[1:], None, id="version 1"),
        pytest.param(bytes.fromhex("8f600102 00000304 00000506"), None, id="CSRCs missing"),
        pytest.param(bytes.fromhex("90600102 00000304 00000506 bede"), None, id="extension's head cut"),
        pytest.param(bytes.fromhex("90600102 00000304 00000506 bede0002 10ff0000"), None, id="extension cut"),
        pytest.param(bytes.fromhex("a0600102 00000304 00000506") + b"x\0", None, id="padding of zero"),
        pytest.param(bytes.fromhex("a0600102 00000304 00000506") + b"x\x09", None, id="padding beyond the payload"),
    ],
)
def test_a_header_is_read_or_refused(data: bytes, header: tuple[int, ...] | None) -> None:
    assert parts(data) == header


def test_bytes_behind_the_packet_are_not_read() -> None:
    assert parse_header(PLAIN + b"\xff" * 9, 13) == parse_header(PLAIN[:13], 13)


@st.composite
def packets(draw: st.DrawFn) -> RtpPacket:
    word = st.integers(0, 0xFFFFFFFF)
    packet = RtpPacket(
        draw(st.integers(0, 127)), draw(st.integers(0, 1)), draw(st.integers(0, 0xFFFF)), draw(word), draw(word)
    )
    packet.csrc = draw(st.lists(word, max_size=15))
    packet.payload = draw(st.binary(max_size=40))
    packet.padding_size = draw(st.integers(0, 20))
    return packet


@given(packets())
def test_headers_read_as_another_library_wrote_them(packet: RtpPacket) -> None:
    data = packet.serialize(HeaderExtensionsMap())
    header = parse_header(data, len(data))
    assert header is not None
    assert header.marker == 0x80 * packet.marker
    assert header[1:5] == (packet.payload_type, packet.sequence_number, packet.timestamp, packet.ssrc)
    assert data[header.payload : header.payload_end] == packet.payload


@given(st.binary(max_size=80))
def test_no_bytes_make_reading_fail(data: bytes) -> None:
    header = parse_header(data, len(data))
    if header is not None:
        assert header.payload <= header.payload_end <= len(data)
        extensions(data, header)
    parse_vp8(data)


@pytest.mark.parametrize(
    ("extension", "found"),
    [
        ("bede0001 10ff0000", {1: b"\xff"}),
        ("bede0002 22010203 0010aa00", {2: b"\1\2\3", 1: b"\xaa"}),
        ("bede0001 f0ff10aa", {}),
        ("bede0001 17000000", {}),
        ("10000001 0101aa00", {1: b"\xaa"}),
        ("10000001 0100 0200", {1: b"", 2: b""}),
        ("10000001 0109aabb", {}),
        ("abcd0001 10ff0000", {}),
        ("bede0000", {}),
    ],
    ids=[
        "one",
        "two, padded between",
        "15 ends it",
        "cut",
        "two-byte form",
        "empty values",
        "two-byte cut",
        "no form",
        "none",
    ],
)
def test_extensions_are_found_in_both_forms(extension: str, found: dict[int, bytes]) -> None:
    data = bytes.fromhex("90600102 00000304 00000506" + extension)
    header = parse_header(data, len(data))
    assert header is not None
    assert extensions(data, header) == found


@pytest.mark.parametrize(
    ("payload", "vp8"),
    [
        ("10 00", Vp8(True, -1, 0, 0, -1, 0)),
        ("10 01", Vp8(False, -1, 0, 0, -1, 0)),
        ("00 00", Vp8(False, -1, 0, 0, -1, 0)),
        ("11 00", Vp8(False, -1, 0, 0, -1, 0)),
        ("90 80 05 00", Vp8(True, 5, 2, 7, -1, 0)),
        ("90 80 8102 00", Vp8(True, 0x102, 2, 15, -1, 0)),
        ("90 c0 8102 09 01", Vp8(False, 0x102, 2, 15, 9, 4)),
        ("90 e0 8102 09 20 00", Vp8(True, 0x102, 2, 15, 9, 4)),
        ("90 f0 05 09 20 00", Vp8(True, 5, 2, 7, 9, 3)),
        ("90 40 09 00", Vp8(True, -1, 0, 0, 9, 2)),
        ("90 00 00", Vp8(True, -1, 0, 0, -1, 0)),
        ("10", Vp8(False, -1, 0, 0, -1, 0)),
        ("90 20", Vp8(False, -1, 0, 0, -1, 0)),
        ("90", None),
        ("90 80", None),
        ("90 80 81", None),
        ("90 40", None),
        ("", None),
    ],
)
def test_a_vp8_descriptor_is_read_or_refused(payload: str, vp8: Vp8 | None) -> None:
    assert parse_vp8(bytes.fromhex(payload)) == vp8


@given(st.integers(0, 127), st.integers(0, 0x7FFF), st.binary(min_size=1, max_size=8))
def test_a_short_picture_id_is_written_long(short: int, long: int, rest: bytes) -> None:
    payload = bytes([0x90, 0xC0, short, 77]) + rest
    vp8 = parse_vp8(payload)
    assert vp8 is not None
    widened = parse_vp8(widen_picture_id(payload, vp8, long))
    assert widened == Vp8(vp8.keyframe, long, 2, 15, 77, 4)


@pytest.mark.parametrize(
    ("newer", "older", "bits", "distance"),
    [(5, 3, 16, 2), (3, 5, 16, -2), (0, 0xFFFF, 16, 1), (0xFFFF, 0, 16, -1), (0, 0x7FFF, 15, 1), (0, 127, 7, 1)],
)
def test_distance_goes_the_short_way_round(newer: int, older: int, bits: int, distance: int) -> None:
    assert signed_distance(newer, older, bits) == distance


@example(bits=16, start=0xFFFE, steps=[1, 1, 1, 1])
@example(bits=15, start=0x7FFF, steps=[1, 1, -1, 2])
@given(st.sampled_from([7, 8, 15, 16, 32]), st.integers(0, 0x7F), st.lists(st.integers(-20, 40), max_size=200))
def test_unwrapping_undoes_the_wrap(bits: int, start: int, steps: list[int]) -> None:
    unwrapper = Unwrapper(bits)
    first = unwrapper.unwrap(start)
    value = newest = start
    for step in steps:
        value = max(newest - 60, value + step)
        newest = max(newest, value)
        assert unwrapper.unwrap(value % (1 << bits)) - first == value - start


def test_history_keeps_the_newest_and_tells_repetitions() -> None:
    history = History(8)
    packets = {index: Packet(index, 0, 0, b"") for index in range(5, 20)}
    for packet in packets.values():
        assert history.put(packet)
    assert [index for index in packets if history.get(index) is not None] == list(range(12, 20))
    assert history.get(12) is packets[12]
    assert not history.put(packets[12]), "a repetition"
    assert not history.put(packets[5]), "older than what is kept"
