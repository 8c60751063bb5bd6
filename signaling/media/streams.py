"""A publisher's stream as the worker receives it: order, gaps, keyframes, rate."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from signaling.media.feedback import Gaps, Reception, build_nack, build_pli
from signaling.media.forward import Counters, Kind, Source
from signaling.media.rtp import SILENCE, Header, History, Packet, Unwrapper, parse_vp8, widen_picture_id
from signaling.media.tap import TrackTap

HISTORY = {"audio": 0, "h": 1024, "": 1024, "l": 256}
"""Packets kept for resending: about 10 s at 1 Mbit/s, and no less of the small layer. Opus conceals by itself."""

KEYFRAME_INTERVAL = 0.35
"""Seconds between two requests to one encoder: a keyframe costs everybody a burst, and Chromium ignores a request
within 0.3 s of its last keyframe."""

KEYFRAME_REPEAT = 1.0
"""Seconds after which a request is repeated while somebody still waits."""

FLOW_SECONDS = 1.0
"""Without a packet for so long a stream isn't flowing: its layer is off."""


CAPTURED_KEYFRAMES = 20.0
"""Seconds between two keyframes of a captured stream: what was lost for good freezes its picture no longer."""


class Encoder:
    """What the layers of a camera share: one encoder makes their keyframes, all at once. `send_rtcp` reaches it."""

    __slots__ = ("keyframe_asked", "send_rtcp")

    def __init__(self, send_rtcp: Callable[[bytes], None]) -> None:
        self.send_rtcp = send_rtcp
        self.keyframe_asked = 0.0
        """When it was last asked for a keyframe, or sent one: until `KEYFRAME_INTERVAL` later it ignores requests."""


class Stream(Source):
    """One source with what its reception needs."""

    __slots__ = (
        "_counters", "_encoder", "_keyframe_wanted", "_octets", "_pictures", "_sequence",
        "bitrate", "gaps", "keyframe_due", "last_arrival", "payload_type", "reception", "reports_passed", "rid",
        "seat", "ssrc", "tap",
    )  # fmt: skip

    def __init__(
        self, kind: Kind, seat: str, rid: str, encoder: Encoder, counters: Counters, *, payload_type: int
    ) -> None:
        size = HISTORY["audio"] if kind == "audio" else HISTORY.get(rid, HISTORY[""])
        super().__init__(kind, History(size) if size else None, seat_number(seat))
        self.seat = seat
        self.rid = rid
        self.payload_type = payload_type
        self.ssrc = 0
        """0 until the first packet."""
        self.bitrate = 0.0
        """Bits a second, lately."""
        self.last_arrival = 0.0
        self.reports_passed = 0.0
        """When a sender report was last passed on to the slots."""
        self.tap: TrackTap | None = None
        """Gets what is taken in, while the stream is captured."""
        self.keyframe_due = inf
        """When the encoder is asked for the next keyframe for what is captured."""
        self._counters = counters
        self._encoder = encoder
        self._keyframe_wanted = False
        self._restart()

    def bind(self, ssrc: int) -> None:
        """The stream is sent under `ssrc` from now on; its numbering begins anew if it was another."""
        if self.ssrc not in (0, ssrc):
            if self.history is not None:
                self.history = History(HISTORY.get(self.rid, HISTORY[""]))
            for slot in self.slots[:]:
                slot.stop()
                slot.await_source(self)
            self._restart()
        self.ssrc = ssrc

    def capture(self, tap: TrackTap | None) -> None:
        """Hand what is taken in to `tap` from now on; None: to nobody."""
        if self.tap is not None:
            self.tap.close()
        self.tap = tap

    def need_keyframe(self, *, needed: bool) -> None:
        """What is captured of a picture from now on can't refer to what was before, and so begins with a keyframe;
        not `needed` while nothing of it is captured."""
        self.keyframe_due = 0.0 if needed and self.tap is not None and self.kind == "video" else inf

    def _restart(self) -> None:
        self._sequence = Unwrapper(16)
        self._pictures = Unwrapper(15)
        self._octets = 0
        self.gaps = Gaps()
        self.reception = Reception(self.clock)

    def flows(self, now: float) -> bool:
        return now - self.last_arrival < FLOW_SECONDS

    def take_audio(self, header: Header, payload: bytes, level: int | None, now: float) -> Packet:
        index = self._arrived(header.sequence, header.timestamp, len(payload), now)
        return Packet(index, header.timestamp, header.marker, payload, level=SILENCE if level is None else level)

    def skip(self, header: Header, now: float) -> None:
        """Count a packet of a seat that may not send: for reports only."""
        self._arrived(header.sequence, header.timestamp, 0, now)
        self.gaps = Gaps()

    def take_video(self, header: Header, sequence: int, payload: bytes, now: float, *, repaired: bool) -> Packet | None:
        """Take a packet in, asking for what is missing before it; None if it is malformed or a repetition."""
        if repaired:
            # Not counted as received: the loss that is reported is the network's.
            index = self._sequence.unwrap(sequence)
        else:
            index = self._arrived(sequence, header.timestamp, len(payload), now)
        lost = self.gaps.arrived(index, now)
        if lost is None:
            self.ask_keyframe(now)
        elif lost:
            self._ask_again(lost)
        packet = Packet(index, header.timestamp, header.marker, payload)
        if payload:
            vp8 = parse_vp8(payload)
            if vp8 is None:
                return None
            packet.keyframe = vp8.keyframe
            packet.picture_id, packet.picture_id_at = vp8.picture_id, vp8.picture_id_at
            packet.tl0, packet.tl0_at = vp8.tl0, vp8.tl0_at
            if vp8.picture_id_bits == 7:
                packet.picture_id = self._widen(vp8.picture_id)
                packet.payload = widen_picture_id(payload, vp8, packet.picture_id)
                packet.tl0_at += 1
            if vp8.keyframe:
                self._keyframe_wanted = False
                self._encoder.keyframe_asked = now
                if self.tap is not None:
                    self.keyframe_due = now + CAPTURED_KEYFRAMES
        if self.history is not None and not self.history.put(packet):
            return None
        return packet

    def ask_keyframe(self, now: float) -> None:
        """Ask the publisher for a keyframe, at once or as soon as the last request is old enough."""
        if now - self._encoder.keyframe_asked < KEYFRAME_INTERVAL:
            self._keyframe_wanted = True
            return
        self._keyframe_wanted = False
        self._encoder.keyframe_asked = now
        if self.ssrc:
            self._encoder.send_rtcp(build_pli(self.ssrc))
            self._counters.plis_out += 1

    def tick(self, now: float) -> None:
        """Repeat what is due: NACKs, and keyframe requests while somebody waits."""
        if self.gaps:
            again, given_up = self.gaps.due(now)
            if again:
                self._ask_again(again)
            if given_up:
                self.ask_keyframe(now)
        if now >= self.keyframe_due and self.flows(now):
            self.keyframe_due = now + KEYFRAME_REPEAT
            self.ask_keyframe(now)
        since = now - self._encoder.keyframe_asked
        if (self._keyframe_wanted and since >= KEYFRAME_INTERVAL) or (
            self.waiting and self.kind == "video" and since >= KEYFRAME_REPEAT
        ):
            self.ask_keyframe(now)

    def measure(self, seconds: float) -> None:
        """Renew `bitrate` from what came in the last `seconds`."""
        octets = self.reception.octets
        rate = (octets - self._octets) * 8 / seconds
        self._octets = octets
        self.bitrate = rate if self.bitrate == 0 else 0.5 * self.bitrate + 0.5 * rate

    def end(self) -> None:
        """Nobody gets this stream any more."""
        for slot in [*self.slots, *self.waiting]:
            slot.stop()

    def _arrived(self, sequence: int, timestamp: int, size: int, now: float) -> int:
        index = self._sequence.unwrap(sequence)
        self.reception.arrived(index, timestamp, size, now)
        self.last_arrival = now
        return index

    def _ask_again(self, indexes: list[int]) -> None:
        self._encoder.send_rtcp(build_nack(self.ssrc, [index & 0xFFFF for index in indexes]))
        self._counters.nacks_out += len(indexes)

    def _widen(self, picture_id: int) -> int:
        # The way from the newest one is the shortest on 7 bits; the count goes on over 15.
        newest = self._pictures.newest
        if newest is None:
            return self._pictures.unwrap(picture_id) & 0x7FFF
        step = (picture_id - newest + 64) % 128 - 64
        return self._pictures.unwrap((newest + step) & 0x7FFF) & 0x7FFF


def seat_number(seat: str) -> int:
    """The number in a seat's id, which audio packets carry as CSRC (protocol, "Media")."""
    digits = "".join(each for each in seat if each in "0123456789")
    return int(digits[-9:] or "0")
