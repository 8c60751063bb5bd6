"""RTCP: reading and writing reports and feedback, and what they are made of (loss, gaps). Pure.

Sources: RFC 3550 (SR, RR, SDES, BYE), RFC 4585 (NACK, PLI), RFC 5104 (FIR),
draft-alvestrand-rmcat-remb-03 (REMB). Readers take untrusted bytes and skip what they can't read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from struct import Struct

from signaling.media.rtp import signed_distance

_HEAD = Struct("!BBH")
_WORD = Struct("!I")
_FEEDBACK = Struct("!BBHII")
_SENDER = Struct("!BBHIQIII")
_BLOCK = Struct("!IIIIII")
_LOST = Struct("!HH")

SENDER_REPORT, RECEIVER_REPORT, DESCRIPTION, BYE, TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK = 200, 201, 202, 203, 205, 206
_NACK, _PLI, _FIR, _APPLICATION = 1, 1, 4, 15

MAX_LOST = 256
"""Sequence numbers read from one NACK message: more is not a request that can be met."""

MAX_GAP = 64
"""A gap of this many packets is not repaired by NACK: a keyframe is cheaper."""

OWN_SSRC = 1
"""The SSRC of the server itself in feedback; it sends no stream under it."""


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says of one stream. `lost` is the fraction of the last interval, 0 to 255 of 256."""

    ssrc: int
    lost: int
    total_lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    ssrc: int
    ntp: int
    timestamp: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    blocks: tuple[ReportBlock, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    ssrc: int
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyframeRequest:
    """A PLI or a FIR."""

    ssrc: int


@dataclass(frozen=True, slots=True)
class Remb:
    """An estimate of the bits a second that the named streams may have together."""

    bitrate: int
    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bye:
    ssrcs: tuple[int, ...]


Message = SenderReport | ReceiverReport | Nack | KeyframeRequest | Remb | Bye


def parse_compound(data: bytes) -> Iterator[Message]:
    """The messages of an RTCP packet that matter here, in order; the rest and malformed ones are skipped."""
    at = 0
    while at + 4 <= len(data):
        first, kind, words = _HEAD.unpack_from(data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            return
        count = first & 0x1F
        body = data[at + 4 : end]
        at = end
        if kind == SENDER_REPORT and len(body) >= 24:
            ssrc, ntp, timestamp = _WORD.unpack_from(body)[0], int.from_bytes(body[4:12], "big"), body[12:16]
            yield SenderReport(ssrc, ntp, int.from_bytes(timestamp, "big"), _blocks(body[24:], count))
        elif kind == RECEIVER_REPORT and len(body) >= 4:
            yield ReceiverReport(_blocks(body[4:], count))
        elif kind == BYE and len(body) >= 4 * count:
            yield Bye(tuple(_WORD.unpack_from(body, 4 * i)[0] for i in range(count)))
        elif kind in (TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK) and len(body) >= 8:
            yield from _feedback(kind, count, body)


def _blocks(body: bytes, count: int) -> tuple[ReportBlock, ...]:
    blocks = []
    for at in range(0, min(count * _BLOCK.size, len(body) // _BLOCK.size * _BLOCK.size), _BLOCK.size):
        ssrc, loss, highest, jitter, last_report, delay = _BLOCK.unpack_from(body, at)
        blocks.append(ReportBlock(ssrc, loss >> 24, loss & 0xFFFFFF, highest, jitter, last_report, delay))
    return tuple(blocks)


def _feedback(kind: int, form: int, body: bytes) -> Iterator[Message]:
    ssrc = _WORD.unpack_from(body, 4)[0]
    if kind == TRANSPORT_FEEDBACK and form == _NACK:
        yield Nack(ssrc, tuple(_lost(body)))
    elif kind == PAYLOAD_FEEDBACK and form == _PLI:
        yield KeyframeRequest(ssrc)
    elif kind == PAYLOAD_FEEDBACK and form == _FIR:
        for at in range(8, len(body) - 7, 8):
            yield KeyframeRequest(_WORD.unpack_from(body, at)[0])
    elif kind == PAYLOAD_FEEDBACK and form == _APPLICATION and body[8:12] == b"REMB" and len(body) >= 16:
        exponent, mantissa = body[13] >> 2, int.from_bytes(body[13:16], "big") & 0x3FFFF
        named = range(16, min(len(body) - 3, 16 + 4 * body[12]), 4)
        yield Remb(mantissa << exponent, tuple(_WORD.unpack_from(body, at)[0] for at in named))


def _lost(body: bytes) -> Iterator[int]:
    left = MAX_LOST
    for at in range(8, len(body) - 3, 4):
        first, following = _LOST.unpack_from(body, at)
        for sequence in (first, *((first + bit + 1) & 0xFFFF for bit in range(16) if following >> bit & 1)):
            if left == 0:
                return
            left -= 1
            yield sequence


def build_nack(ssrc: int, sequences: Sequence[int]) -> bytes:
    """A NACK for `sequences` (at least one), neighbours folded into bit masks."""
    items: list[tuple[int, int]] = []
    for sequence in sequences:
        if items and 0 < (ahead := (sequence - items[-1][0]) & 0xFFFF) <= 16:
            items[-1] = (items[-1][0], items[-1][1] | 1 << (ahead - 1))
        else:
            items.append((sequence, 0))
    head = _FEEDBACK.pack(0x80 | _NACK, TRANSPORT_FEEDBACK, 2 + len(items), OWN_SSRC, ssrc)
    return head + b"".join(_LOST.pack(*item) for item in items)


def build_pli(ssrc: int) -> bytes:
    return _FEEDBACK.pack(0x80 | _PLI, PAYLOAD_FEEDBACK, 2, OWN_SSRC, ssrc)


def build_remb(bitrate: int, ssrcs: Sequence[int]) -> bytes:
    """Tell a sender the most it may send over `ssrcs` together, in bits a second."""
    exponent = max(0, bitrate.bit_length() - 18)
    packed = len(ssrcs) << 24 | exponent << 18 | bitrate >> exponent
    head = _FEEDBACK.pack(0x80 | _APPLICATION, PAYLOAD_FEEDBACK, 4 + len(ssrcs), OWN_SSRC, 0)
    return head + b"REMB" + _WORD.pack(packed) + b"".join(map(_WORD.pack, ssrcs))


def build_sender_report(ssrc: int, ntp: int, timestamp: int, packets: int, octets: int) -> bytes:
    """An SR for one stream, followed by the CNAME that RFC 3550 wants in each compound packet."""
    report = _SENDER.pack(0x80, SENDER_REPORT, 6, ssrc, ntp, timestamp, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    # One chunk: SSRC, item CNAME of three bytes, and the end of the list, which fill three words.
    return report + _HEAD.pack(0x81, DESCRIPTION, 3) + _WORD.pack(ssrc) + b"\x01\x03hub\x00\x00\x00"


def build_receiver_report(blocks: Iterable[ReportBlock]) -> bytes:
    """An RR of at most 31 blocks."""
    packed = [
        _BLOCK.pack(b.ssrc, b.lost << 24 | b.total_lost & 0xFFFFFF, b.highest, b.jitter, b.last_report, b.delay)
        for b in blocks
    ]
    head = _HEAD.pack(0x80 | len(packed), RECEIVER_REPORT, 1 + 6 * len(packed))
    return head + _WORD.pack(OWN_SSRC) + b"".join(packed)


class Reception:
    """What the server receives of one stream, for its receiver reports (RFC 3550, appendix A).

    Packets that came back by RTX are a stream of their own and don't count: the loss is the network's.
    """

    __slots__ = (
        "_clock", "_expected", "_first", "_jitter", "_received", "_transit", "highest", "octets", "received",
        "report_ntp", "report_time",
    )  # fmt: skip

    def __init__(self, clock: int) -> None:
        self._clock = clock
        self._first: int | None = None
        self._transit: int | None = None
        self._jitter = 0.0
        self._expected = self._received = 0
        self.highest = 0
        self.received = 0
        self.octets = 0
        self.report_ntp = 0
        self.report_time = 0.0

    def arrived(self, index: int, timestamp: int, size: int, now: float) -> None:
        if self._first is None:
            self._first = self.highest = index
        elif index > self.highest:
            self.highest = index
        self.received += 1
        self.octets += size
        transit = (int(now * self._clock) - timestamp) & 0xFFFFFFFF
        if self._transit is not None:
            deviation = abs(signed_distance(transit, self._transit, 32))
            self._jitter += (deviation - self._jitter) / 16
        self._transit = transit

    def reported(self, ntp: int, now: float) -> None:
        """The sender's report came: the next receiver report says so."""
        self.report_ntp = ntp >> 16 & 0xFFFFFFFF
        self.report_time = now

    def block(self, ssrc: int, now: float) -> ReportBlock | None:
        """The report of what came since the last call; None before the first packet."""
        if self._first is None:
            return None
        expected = self.highest - self._first + 1
        due, came = expected - self._expected, self.received - self._received
        self._expected, self._received = expected, self.received
        fraction = min(255, max(0, ((due - came) << 8) // due)) if due > 0 else 0
        total = min(0x7FFFFF, max(0, expected - self.received))
        delay = int((now - self.report_time) * 65536) & 0xFFFFFFFF if self.report_ntp else 0
        jitter = min(0xFFFFFFFF, int(self._jitter))
        return ReportBlock(ssrc, fraction, total, self.highest & 0xFFFFFFFF, jitter, self.report_ntp, delay)


@dataclass(slots=True)
class _Request:
    began: float
    due: float
    times: int = 1


class Gaps:
    """Which packets of a stream are missing and worth asking for again."""

    ASKED_AT_MOST = 4
    SHORTEST, FIRST, LONGEST = 0.05, 0.1, 0.5
    """Seconds between two requests for the same packet: a round trip with room to spare, learnt from how long
    packets took to come after they were asked for."""

    __slots__ = ("_interval", "_missing", "highest")

    def __init__(self) -> None:
        self.highest: int | None = None
        self._interval = self.FIRST
        self._missing: dict[int, _Request] = {}

    def __bool__(self) -> bool:
        return bool(self._missing)

    def arrived(self, index: int, now: float) -> list[int] | None:
        """Take note of a packet; the indexes to ask for at once. None: the gap is too wide, ask for a keyframe."""
        if self.highest is None:
            self.highest = index
        ahead = index - self.highest
        if ahead <= 0:
            request = self._missing.pop(index, None)
            if request is not None:
                self._learn(now - request.began)
            return []
        lost = range(self.highest + 1, index)
        self.highest = index
        if len(lost) + len(self._missing) >= MAX_GAP:
            self._missing.clear()
            return None
        for each in lost:
            self._missing[each] = _Request(now, now + self._interval)
        return list(lost)

    def due(self, now: float) -> tuple[list[int], bool]:
        """The indexes to ask for again now, and whether some were given up (ask for a keyframe)."""
        again: list[int] = []
        given_up = False
        for index, request in list(self._missing.items()):
            if request.due > now:
                continue
            if request.times >= self.ASKED_AT_MOST:
                del self._missing[index]
                given_up = True
            else:
                request.times += 1
                request.due = now + self._interval
                again.append(index)
        return again, given_up

    def _learn(self, took: float) -> None:
        wished = min(self.LONGEST, max(self.SHORTEST, 1.2 * took))
        self._interval += (wished - self._interval) / 4
