"""RTCP: what is written reads back, what others write is read, loss and gaps are found."""

from __future__ import annotations

import pytest
from aiortc.rtp import (
    RtcpByePacket,
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSenderInfo,
    RtcpSrPacket,
    pack_remb_fci,
    unpack_remb_fci,
)
from hypothesis import given
from hypothesis import strategies as st

from signaling.media.feedback import (
    MAX_GAP,
    MAX_LOST,
    Bye,
    Gaps,
    KeyframeRequest,
    Nack,
    ReceiverReport,
    Reception,
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

words = st.integers(0, 0xFFFFFFFF)
sequences = st.integers(0, 0xFFFF)
blocks = st.builds(
    ReportBlock,
    ssrc=words,
    lost=st.integers(0, 255),
    total_lost=st.integers(0, 0x7FFFFF),
    highest=words,
    jitter=words,
    last_report=words,
    delay=words,
)


@given(words, st.lists(sequences, min_size=1, max_size=MAX_LOST, unique=True))
def test_a_nack_reads_back(ssrc: int, lost: list[int]) -> None:
    (nack,) = parse_compound(build_nack(ssrc, lost))
    assert isinstance(nack, Nack)
    assert (nack.ssrc, set(nack.sequences)) == (ssrc, set(lost))


def test_a_nack_folds_neighbours_over_the_wrap() -> None:
    data = build_nack(7, [0xFFFE, 0xFFFF, 0, 14, 15])
    assert len(data) == 12 + 2 * 4
    assert list(parse_compound(data)) == [Nack(7, (0xFFFE, 0xFFFF, 0, 14, 15))]


def test_a_nack_for_everything_is_read_in_part() -> None:
    everything = build_nack(7, range(0x1000))
    (nack,) = parse_compound(everything)
    assert isinstance(nack, Nack)
    assert nack.sequences == tuple(range(MAX_LOST))


@given(words)
def test_keyframe_requests_read_back(ssrc: int) -> None:
    assert list(parse_compound(build_pli(ssrc))) == [KeyframeRequest(ssrc)]
    fir = b"\x84\xce\0\6" + bytes(8) + ssrc.to_bytes(4, "big") + b"\x05\0\0\0" + bytes(8)
    assert list(parse_compound(fir)) == [KeyframeRequest(ssrc), KeyframeRequest(0)]


@given(st.integers(0, 10_000_000_000), st.lists(words, max_size=5))
def test_remb_loses_less_than_the_mantissa_holds(bitrate: int, ssrcs: list[int]) -> None:
    (remb,) = parse_compound(build_remb(bitrate, ssrcs))
    assert isinstance(remb, Remb)
    assert bitrate * (1 - 2**-17) <= remb.bitrate <= bitrate
    assert remb.ssrcs == tuple(ssrcs)
    (packet,) = RtcpPacket.parse(build_remb(bitrate, ssrcs))
    assert isinstance(packet, RtcpPsfbPacket)
    assert unpack_remb_fci(packet.fci) == (remb.bitrate, ssrcs)


@given(words, st.integers(0, 2**64 - 1), words, words, words)
def test_a_sender_report_reads_back(ssrc: int, ntp: int, timestamp: int, packets: int, octets: int) -> None:
    data = build_sender_report(ssrc, ntp, timestamp, packets, octets)
    assert list(parse_compound(data)) == [SenderReport(ssrc, ntp, timestamp)]
    report, description = RtcpPacket.parse(data)
    assert isinstance(report, RtcpSrPacket)
    assert (report.sender_info.packet_count, report.sender_info.octet_count) == (packets, octets)
    assert "hub" in str(description)


@given(st.lists(blocks, max_size=31))
def test_a_receiver_report_reads_back(reported: list[ReportBlock]) -> None:
    assert list(parse_compound(build_receiver_report(reported))) == [ReceiverReport(tuple(reported))]


def test_what_another_library_writes_is_read() -> None:
    info = RtcpReceiverInfo(ssrc=5, fraction_lost=64, packets_lost=9, highest_sequence=0x10003, jitter=7, lsr=1, dlsr=2)
    block = ReportBlock(5, 64, 9, 0x10003, 7, 1, 2)
    data = b"".join(
        bytes(packet)
        for packet in (
            RtcpSrPacket(
                3, RtcpSenderInfo(ntp_timestamp=2**40, rtp_timestamp=99, packet_count=1, octet_count=2), [info]
            ),
            RtcpRrPacket(ssrc=4, reports=[info]),
            RtcpRtpfbPacket(fmt=1, ssrc=4, media_ssrc=6, lost=[1, 2, 30]),
            RtcpPsfbPacket(fmt=1, ssrc=4, media_ssrc=6),
            RtcpPsfbPacket(fmt=15, ssrc=4, media_ssrc=0, fci=pack_remb_fci(1_000_000, [6])),
            RtcpByePacket(sources=[8, 9]),
        )
    )
    (remb,) = [each for each in parse_compound(data) if isinstance(each, Remb)]
    assert list(parse_compound(data)) == [
        SenderReport(3, 2**40, 99, (block,)),
        ReceiverReport((block,)),
        Nack(6, (1, 2, 30)),
        KeyframeRequest(6),
        remb,
        Bye((8, 9)),
    ]
    assert remb.bitrate == pytest.approx(1_000_000, rel=1e-4)


@pytest.mark.parametrize(
    "data",
    ["80", "80c8", "80c80006", "80c80001 00000001", "40c90001 00000001", "81cd0001 00000001", "8fce0003" + "00" * 12],
)
def test_malformed_rtcp_is_skipped(data: str) -> None:
    assert list(parse_compound(bytes.fromhex(data))) == []


@given(st.binary(max_size=120))
def test_no_bytes_make_reading_fail(data: bytes) -> None:
    list(parse_compound(data))
    list(parse_compound(b"\x81\xcd\x00\x05" + data))
    list(parse_compound(b"\x8f\xce\x00\x06" + data))


class TestReception:
    def test_loss_is_what_did_not_arrive_since_the_last_report(self) -> None:
        reception = Reception(90_000)
        for index in range(0x1FFF0, 0x1FFF0 + 10):
            reception.arrived(index, 0, 100, 1.0)
        assert reception.block(7, 1.0) == ReportBlock(7, 0, 0, 0x1FFF9, 0, 0, 0)
        for index in (0x1FFFA, 0x1FFFC, 0x1FFFD, 0x20000):
            reception.arrived(index, 0, 100, 1.0)
        block = reception.block(7, 1.0)
        assert block is not None
        assert (block.lost, block.total_lost, block.highest) == (256 * 3 // 7, 3, 0x20000)
        assert reception.block(7, 1.0) == ReportBlock(7, 0, 3, 0x20000, 0, 0, 0)

    def test_late_and_repeated_packets_do_not_make_loss_negative(self) -> None:
        reception = Reception(90_000)
        for index in (10, 12, 11, 11, 11):
            reception.arrived(index, 0, 100, 1.0)
        block = reception.block(7, 1.0)
        assert block is not None
        assert (block.lost, block.total_lost) == (0, 0)

    def test_nothing_is_reported_before_the_first_packet(self) -> None:
        assert Reception(90_000).block(7, 1.0) is None

    def test_jitter_is_nothing_for_a_steady_stream_over_the_wrap_of_its_timestamps(self) -> None:
        reception = Reception(90_000)
        for number in range(100):
            reception.arrived(number, (0xFFFFFFFF - 90_000 + number * 3000) & 0xFFFFFFFF, 1, 100 + number / 30)
        block = reception.block(7, 104.0)
        assert block is not None
        assert block.jitter <= 1

    def test_the_last_sender_report_is_answered(self) -> None:
        reception = Reception(90_000)
        reception.arrived(1, 0, 1, 1.0)
        reception.reported(0x1111222233334444, 2.0)
        block = reception.block(7, 2.5)
        assert block is not None
        assert (block.last_report, block.delay) == (0x22223333, 0x8000)


class TestGaps:
    def test_a_gap_is_asked_for_at_once_and_again_until_given_up(self) -> None:
        gaps = Gaps()
        assert gaps.arrived(100, 0.0) == []
        assert gaps.arrived(103, 0.0) == [101, 102]
        assert gaps.due(0.05) == ([], False)
        for turn in (1, 2, 3):
            assert gaps.due(turn * 0.11) == ([101, 102], False)
        assert gaps.due(0.44) == ([], True)
        assert not gaps

    def test_what_comes_is_not_asked_for_again(self) -> None:
        gaps = Gaps()
        gaps.arrived(100, 0.0)
        gaps.arrived(103, 0.0)
        assert gaps.arrived(102, 0.05) == []
        assert gaps.due(0.11) == ([101], False)

    def test_far_away_clients_get_more_time(self) -> None:
        gaps = Gaps()
        gaps.arrived(0, 0.0)
        now = 0.0
        for index in range(2, 80, 2):
            now += 1.0
            gaps.arrived(index, now)
            gaps.due(now + 0.11)
            gaps.due(now + 0.22)
            gaps.arrived(index - 1, now + 0.3)
        gaps.arrived(100, now)
        assert gaps.due(now + 0.3) == ([], False)
        assert gaps.due(now + 0.4)[0] != []

    def test_a_wide_gap_wants_a_keyframe(self) -> None:
        gaps = Gaps()
        gaps.arrived(100, 0.0)
        assert gaps.arrived(100 + MAX_GAP + 1, 0.0) is None
        assert not gaps
        assert gaps.arrived(102 + MAX_GAP, 0.0) == []

    def test_many_small_gaps_are_bounded_too(self) -> None:
        gaps = Gaps()
        asked = [gaps.arrived(index, 0.0) for index in range(0, 1000, 2)]
        assert asked.count(None) == len(asked) // MAX_GAP
