"""The hot loop: one packet of a source goes to every slot that shows it.

Everything per forwarded packet is in this file, behind `Forwarder`, so that a native kernel can take its place.
One implementation must own all that is sent under an SSRC: SRTP counts its packets, and two counters would
encrypt two packets alike.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from struct import Struct
from typing import Any, Literal, Protocol

from signaling.media.rtp import AUDIO_CLOCK, VIDEO_CLOCK, History, Packet
from signaling.media.srtp import PacketBuffer, protect

# Both carry one header extension of one byte-form element in one word; word 0 is nothing but padding.
_VIDEO = Struct("!BBHIIII")
_AUDIO = Struct("!BBHIIIII")
_SHORT = Struct("!H")
_ONE_WORD_EXTENSION = 0xBEDE0001
_VIDEO_FLAGS = 0x90
_AUDIO_FLAGS = 0x91

MAPPINGS_KEPT = 8
"""Switches of a slot that a late NACK can reach back over."""

REPLAY_LIMIT = 256
"""Packets after a keyframe's late start that a switching slot gets from history."""

RESEND_WINDOW = 2048
"""How far behind the newest packet of a slot a NACK may reach."""

RESEND_INTERVAL = 0.04
"""Seconds in which a packet isn't repeated to the same watcher again: about a round trip."""

Kind = Literal["audio", "video"]


@dataclass(slots=True)
class Counters:
    """What a worker counts, for the operator. Totals since its start."""

    packets_in: int = 0
    bytes_in: int = 0
    packets_out: int = 0
    bytes_out: int = 0
    send_drops: int = 0
    """Datagrams that the system's send buffer didn't take."""
    input_drops: int = 0
    """Media packets that were malformed, not authentic, or from a seat that may not send."""
    late_drops: int = 0
    """Media packets that had waited too long to be read: the worker has more to do than it can."""
    nacks_in: int = 0
    nacks_out: int = 0
    rtx_in: int = 0
    rtx_out: int = 0
    plis_in: int = 0
    plis_out: int = 0


class Link:
    """Where a connection's packets go and how they are encrypted. Shared by all its slots."""

    __slots__ = ("address", "context", "send_rtcp", "sendto")

    def __init__(self, send_rtcp: Callable[[bytes], None]) -> None:
        self.send_rtcp = send_rtcp
        """Encrypts and sends a report or feedback; does nothing while the connection isn't up."""
        self.sendto: Callable[[Any, Any], int] | None = None
        """None until the connection is up, and again when it has ended."""
        self.address: Any = None
        self.context: Any = None


class Source:
    """One stream of a publisher: a microphone, or one layer of a camera or screen."""

    __slots__ = ("clock", "contributor", "history", "kind", "slots", "waiting")

    def __init__(self, kind: Kind, history: History | None, contributor: int = 0) -> None:
        self.kind = kind
        self.clock = VIDEO_CLOCK if kind == "video" else AUDIO_CLOCK
        self.history = history
        self.contributor = contributor
        """The seat's number, written as CSRC into audio packets."""
        self.slots: list[Slot] = []
        """Slots that get each packet."""
        self.waiting: list[Slot] = []
        """Slots that get this source from its next keyframe (audio: its next packet) on."""


class Mapping:
    """How a stretch of a slot's stream is numbered, from its first packet on to the next mapping's."""

    __slots__ = (
        "first", "history", "index_offset", "picture_offset", "source", "start", "timestamp_offset", "tl0_offset",
    )  # fmt: skip

    def __init__(self, source: Source, start: int, first: int, timestamp_offset: int) -> None:
        self.source = source
        self.history = source.history
        self.start = start
        """Index of the source's packet with which it began; what is older isn't sent."""
        self.first = first
        """Index in the slot's stream that this packet got."""
        self.index_offset = first - start
        self.timestamp_offset = timestamp_offset
        self.picture_offset = 0
        self.tl0_offset = 0


class Slot:
    """One stream to one watcher: the same SSRC, whoever is shown on it."""

    __slots__ = (
        "extension", "kind", "last_picture", "last_time", "last_timestamp", "last_tl0", "link", "mapping",
        "mappings", "newest", "octets", "packets", "payload_type", "pending", "resent", "rtx_octets",
        "rtx_payload_type", "rtx_sequence", "rtx_ssrc", "ssrc",
    )  # fmt: skip

    def __init__(
        self, kind: Kind, link: Link, payload_type: int, rtx_payload_type: int | None, extension_id: int | None
    ) -> None:
        self.kind = kind
        self.link = link
        self.ssrc = secrets.randbits(32) or 1
        self.rtx_ssrc = secrets.randbits(32) or 1
        self.payload_type = payload_type
        self.rtx_payload_type = rtx_payload_type
        # abs-send-time has three bytes, audio level one.
        length_code = 2 if kind == "video" else 0
        self.extension = 0 if extension_id is None else (extension_id << 4 | length_code) << 24
        self.mapping: Mapping | None = None
        """None while nothing is shown."""
        self.mappings: deque[Mapping] = deque(maxlen=MAPPINGS_KEPT)
        self.pending: Source | None = None
        """The source that takes over with its next keyframe."""
        self.newest = 0x10000 + secrets.randbits(15)
        """Index of the newest packet sent; the low 16 bits are its sequence number."""
        self.last_timestamp = secrets.randbits(32)
        self.last_time = 0.0
        self.last_picture = secrets.randbits(15)
        self.last_tl0 = secrets.randbits(8)
        self.rtx_sequence = secrets.randbits(15)
        self.packets = 0
        self.octets = 0
        self.rtx_octets = 0
        self.resent: dict[int, float] = {}

    @property
    def source(self) -> Source | None:
        """What is shown now."""
        return None if self.mapping is None else self.mapping.source

    def await_source(self, source: Source) -> None:
        """Switch to `source` with its next keyframe; what is shown now goes on until then."""
        if self.pending is not None:
            self.pending.waiting.remove(self)
        self.pending = source
        source.waiting.append(self)

    def keep_source(self) -> None:
        """Give up a switch that is still waiting."""
        if self.pending is not None:
            self.pending.waiting.remove(self)
            self.pending = None

    def stop(self) -> None:
        """Show nothing from now on."""
        self.keep_source()
        if self.mapping is not None:
            self.mapping.source.slots.remove(self)
            self.mapping = None

    def begin(self, source: Source, packet: Packet, now: float) -> Mapping:
        """Show `source` from `packet` on, its numbers continuing those of what was shown before."""
        self.stop()
        first = self.newest + 1
        if self.last_time:
            # Time goes on by the clock, for another source's timestamps say nothing of ours.
            passed = max(1, int((now - self.last_time) * source.clock))
            timestamp = self.last_timestamp + passed
        else:
            timestamp = self.last_timestamp
        mapping = Mapping(source, packet.index, first, (timestamp - packet.timestamp) & 0xFFFFFFFF)
        mapping.picture_offset = self.last_picture + 1 - packet.picture_id
        mapping.tl0_offset = self.last_tl0 + 1 - packet.tl0
        self.mapping = mapping
        self.mappings.append(mapping)
        source.slots.append(self)
        return mapping


class Forwarder(Protocol):
    """Sends packets to slots. Implementations never raise for a network that doesn't take them."""

    def forward(self, source: Source, packet: Packet, now: float) -> None:
        """Send a new packet of `source` to all its slots; a keyframe also to those that wait for one.
        `now` is monotonic seconds, also written as abs-send-time."""

    def resend(self, slot: Slot, sequence: int, now: float) -> bool:
        """Send again, as RTX, what went out on `slot` as `sequence`; False if that isn't known any more."""


class PythonForwarder:
    """`Forwarder` in Python: SRTP in place in one buffer, one sendto a packet."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._buffer = PacketBuffer()

    def forward(self, source: Source, packet: Packet, now: float) -> None:
        word = self._extension_word(packet, source, now)
        send = self._send
        for slot in source.slots:
            send(slot, slot.mapping, packet, word, now)
        if source.waiting and (packet.keyframe or source.kind == "audio"):
            self._begin_waiting(source, packet, now)

    def resend(self, slot: Slot, sequence: int, now: float) -> bool:
        if slot.rtx_payload_type is None or slot.link.sendto is None:
            # Never again under the media's own SSRC: AES-GCM must not encrypt twice under one sequence number.
            return False
        behind = (slot.newest - sequence) & 0xFFFF
        index = slot.newest - behind
        if behind > RESEND_WINDOW:
            return False
        mapping = next((m for m in reversed(slot.mappings) if m.first <= index), None)
        if mapping is None or mapping.history is None:
            return False
        packet = mapping.history.get(index - mapping.index_offset)
        if packet is None or packet.index < mapping.start:
            return False
        if slot.resent.get(index, 0.0) + RESEND_INTERVAL > now:
            return True
        if len(slot.resent) >= RESEND_WINDOW:
            slot.resent.clear()
        slot.resent[index] = now
        slot.rtx_sequence = (slot.rtx_sequence + 1) & 0xFFFF
        view = self._buffer.view
        _VIDEO.pack_into(
            view, 0, _VIDEO_FLAGS, packet.marker | slot.rtx_payload_type, slot.rtx_sequence,
            (packet.timestamp + mapping.timestamp_offset) & 0xFFFFFFFF, slot.rtx_ssrc,
            _ONE_WORD_EXTENSION, slot.extension and slot.extension | int(now * 262144) & 0xFFFFFF,
        )  # fmt: skip
        _SHORT.pack_into(view, _VIDEO.size, sequence)
        size = self._put_payload(mapping, packet, _VIDEO.size + 2)
        if self._transmit(slot.link, size):
            slot.rtx_octets += size
            self._counters.rtx_out += 1
        return True

    def _begin_waiting(self, source: Source, packet: Packet, now: float) -> None:
        for slot in source.waiting[:]:
            mapping = slot.begin(source, packet, now)
            self._send(slot, mapping, packet, self._extension_word(packet, source, now), now)
            if source.history is None:
                continue
            # A keyframe whose first packet came late (by NACK): the rest of it is in history.
            index = packet.index + 1
            while (later := source.history.get(index)) is not None and index - packet.index < REPLAY_LIMIT:
                self._send(slot, mapping, later, self._extension_word(later, source, now), now)
                index += 1

    @staticmethod
    def _extension_word(packet: Packet, source: Source, now: float) -> int:
        # abs-send-time: seconds as 6.18 bits in three bytes. Audio level: the first byte of three.
        return int(now * 262144) & 0xFFFFFF if source.kind == "video" else packet.level << 16

    def _send(self, slot: Slot, mapping: Mapping | None, packet: Packet, word: int, now: float) -> None:
        assert mapping is not None
        index = packet.index + mapping.index_offset
        if index < mapping.first:
            return
        link = slot.link
        if link.sendto is None:
            return
        timestamp = (packet.timestamp + mapping.timestamp_offset) & 0xFFFFFFFF
        extension = slot.extension and slot.extension | word
        view = self._buffer.view
        if slot.kind == "video":
            start = 20
            _VIDEO.pack_into(
                view, 0, _VIDEO_FLAGS, packet.marker | slot.payload_type, index & 0xFFFF, timestamp, slot.ssrc,
                _ONE_WORD_EXTENSION, extension,
            )  # fmt: skip
        else:
            start = 24
            # The first packet after a change of speaker is marked as the beginning of a talk spurt.
            marker = 0x80 if index == mapping.first else packet.marker
            _AUDIO.pack_into(
                view, 0, _AUDIO_FLAGS, marker | slot.payload_type, index & 0xFFFF, timestamp, slot.ssrc,
                mapping.source.contributor, _ONE_WORD_EXTENSION, extension,
            )  # fmt: skip
        size = self._put_payload(mapping, packet, start)
        if index > slot.newest:
            slot.newest = index
            slot.last_timestamp = timestamp
            slot.last_time = now
            if packet.picture_id >= 0:
                slot.last_picture = packet.picture_id + mapping.picture_offset & 0x7FFF
                if packet.tl0 >= 0:
                    slot.last_tl0 = packet.tl0 + mapping.tl0_offset & 0xFF
        slot.packets += 1
        slot.octets += size
        self._transmit(link, size)

    def _put_payload(self, mapping: Mapping, packet: Packet, start: int) -> int:
        view = self._buffer.view
        payload = packet.payload
        end = start + len(payload)
        view[start:end] = payload
        if packet.picture_id >= 0:
            picture = packet.picture_id + mapping.picture_offset & 0x7FFF | 0x8000
            _SHORT.pack_into(view, start + packet.picture_id_at, picture)
            if packet.tl0 >= 0:
                view[start + packet.tl0_at] = packet.tl0 + mapping.tl0_offset & 0xFF
        return end

    def _transmit(self, link: Link, size: int) -> bool:
        buffer = self._buffer
        buffer.length[0] = size
        if protect(link.context, buffer.raw, buffer.length):
            self._counters.send_drops += 1
            return False
        assert link.sendto is not None
        try:
            sent = link.sendto(buffer.view[: buffer.length[0]], link.address)
        except OSError:
            # The send buffer is full or the route is gone: as if lost on the way, to be asked for again.
            self._counters.send_drops += 1
            return False
        self._counters.packets_out += 1
        self._counters.bytes_out += sent
        return True
