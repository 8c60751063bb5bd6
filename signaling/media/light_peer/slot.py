"""What a light watcher knows of one slot: counts, holes in the sequence, and what to report about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiortc.rtp import RtcpReceiverInfo

from signaling.media.light_peer.clip import OPUS_RATE, VIDEO_RATE
from signaling.media.light_peer.offer import Kind
from signaling.media.light_peer.picture import PictureDecoder, starts_keyframe

_MISSING = 128
_FRESH_GAP = 64
"""A larger jump is not asked for packet by packet: a keyframe is cheaper."""
_NACK_TRIES = 6
_SPEAKERS = 256
_CLOCKS: dict[Kind, int] = {"audio": OPUS_RATE, "video": VIDEO_RATE}


@dataclass(slots=True)
class _Hole:
    tries: int
    due: float


@dataclass(slots=True)
class Slot:
    """One receive-only stream. Sequence numbers are unwrapped to plain integers."""

    name: str
    kind: Kind
    ssrc: int
    rtx_ssrc: int | None
    packets: int = 0
    octets: int = 0
    frames: int = 0
    """Ends of frames seen (marker bits)."""
    keyframes: int = 0
    """Stays 0 for a watcher that reads headers only."""
    recovered: int = 0
    """Came by RTX."""
    repeated: int = 0
    speakers: dict[int, int] = field(default_factory=dict)
    """Packets by CSRC: for audio, the number of the seat that speaks (protocol, "Media")."""
    speaker: int | None = None
    decoder: PictureDecoder | None = None
    last_packet: float = 0.0
    lag: float = 0.0
    """Seconds that the newest packet came later than the least delayed one did, by its RTP timestamp: what
    queues on the way have added."""
    worst_lag: float = 0.0
    wants_keyframe: bool = False
    _first: int = -1
    _highest: int = -1
    _holes: dict[int, _Hole] = field(default_factory=dict)
    _unique: int = 0
    _reported: tuple[int, int] = (0, 0)
    _sender_report: tuple[int, float] = (0, 0.0)
    _began: tuple[int, float] | None = None
    _least_transit: float = 0.0

    @property
    def lost(self) -> int:
        """Packets that never came, neither by themselves nor by RTX."""
        return max(0, self._expected - self._unique)

    @property
    def _expected(self) -> int:
        return self._highest - self._first + 1 if self._first >= 0 else 0

    def receive(self, sequence: int, marker: int, size: int, now: float) -> int | None:
        """Count a packet by its 16-bit sequence number. Returns the unwrapped one, None for a repeat."""
        if self._first < 0:
            # A cycle's headroom, so that a reordered first packet stays positive.
            self._first = self._highest = unwrapped = sequence + 0x10000
        else:
            unwrapped = self._highest + ((sequence - self._highest + 0x8000 & 0xFFFF) - 0x8000)
        if unwrapped > self._highest:
            if unwrapped - self._highest > 1:
                self._open_holes(unwrapped, now)
            self._highest = unwrapped
        elif self._unique and self._holes.pop(unwrapped, None) is None:
            self.repeated += 1
            return None
        self._unique += 1
        self.packets += 1
        self.octets += size
        self.frames += marker
        self.last_packet = now
        return unwrapped

    def time(self, timestamp: int, now: float) -> None:
        """Measure the lag by a packet's RTP timestamp."""
        if self._began is None:
            self._began = timestamp, now
        first, began = self._began
        sent = ((timestamp - first + 0x80000000 & 0xFFFFFFFF) - 0x80000000) / _CLOCKS[self.kind]
        transit = now - began - sent
        self._least_transit = min(self._least_transit, transit)
        self.lag = transit - self._least_transit
        self.worst_lag = max(self.worst_lag, self.lag)

    def hear(self, speaker: int) -> None:
        self.speaker = speaker
        if speaker in self.speakers or len(self.speakers) < _SPEAKERS:
            self.speakers[speaker] = self.speakers.get(speaker, 0) + 1

    def inspect(self, unwrapped: int, marker: int, payload: bytes, now: float) -> None:
        """Look into a decrypted video payload. Raises ValueError for garbage."""
        if starts_keyframe(payload):
            self.keyframes += 1
        if self.decoder is not None:
            self.decoder.push(unwrapped, marker, payload, now)
            self.wants_keyframe = self.decoder.waits_for_keyframe

    def oldest_hole(self) -> int | None:
        return next(iter(self._holes), None)

    def nacks(self, now: float, again: float) -> list[int]:
        """The 16-bit sequence numbers to ask for now; each is asked for anew after `again` seconds, a few times."""
        if self.rtx_ssrc is None:
            return []
        due = [sequence for sequence, hole in self._holes.items() if hole.due <= now]
        asked: list[int] = []
        for sequence in due:
            hole = self._holes[sequence]
            if hole.tries >= _NACK_TRIES:
                del self._holes[sequence]
                self.wants_keyframe = True
                continue
            hole.tries += 1
            hole.due = now + again
            asked.append(sequence & 0xFFFF)
        return asked

    def note_sender_report(self, ntp_middle: int, now: float) -> None:
        self._sender_report = ntp_middle, now

    def report(self, now: float) -> RtcpReceiverInfo:
        """The receiver report block since the last one (RFC 3550 section 6.4.1)."""
        expected, unique = self._expected, self._unique
        new = expected - self._reported[0]
        gone = new - (unique - self._reported[1])
        self._reported = expected, unique
        middle, heard = self._sender_report
        return RtcpReceiverInfo(
            ssrc=self.ssrc,
            fraction_lost=min(255, max(0, (gone << 8) // new)) if new > 0 else 0,
            packets_lost=self.lost,
            highest_sequence=self._highest & 0xFFFFFFFF,
            jitter=0,
            lsr=middle,
            dlsr=round((now - heard) * 65536) & 0xFFFFFFFF if middle else 0,
        )

    def _open_holes(self, unwrapped: int, now: float) -> None:
        if unwrapped - self._highest > _FRESH_GAP:
            self.wants_keyframe = self.kind == "video"
            return
        for sequence in range(self._highest + 1, unwrapped):
            self._holes[sequence] = _Hole(0, now)
        while len(self._holes) > _MISSING:
            del self._holes[next(iter(self._holes))]
