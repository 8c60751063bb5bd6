"""A watch connection: all that one viewer sees and hears, on slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from signaling.media.feedback import KeyframeRequest, Nack, ReceiverReport, Remb, SenderReport, parse_compound
from signaling.media.forward import Kind, Slot
from signaling.media.layers import Allowance
from signaling.media.negotiation import Carrier, Negotiation
from signaling.media.port import BadOffer, Level
from signaling.media.sdp import AUDIO_LEVEL, SEND_TIME, AnsweredSlot, Offer, OfferedMedia
from signaling.media.streams import Stream

MAX_AUDIO_SLOTS = 8
MAX_VIDEO_SLOTS = 56
"""50 seats and a few to grow by."""

KEYFRAME_PATIENCE = 0.5
"""Seconds between two keyframe requests of one watcher for a slot that are heeded."""


class WatcherRoom(Protocol):
    """What a watch connection tells its room."""

    def watcher_ready(self, watcher: Watcher, now: float) -> None: ...

    def watcher_closed(self, watcher: Watcher) -> None: ...


class Watcher:
    """One viewer's slots. Raises BadOffer for an offer without streams or with too many, MediaUnavailable if
    there is no place for the connection."""

    def __init__(
        self, viewer: tuple[str, str], offer: Offer, carrier: Carrier, room: WatcherRoom, levels: dict[int, Level]
    ) -> None:
        check_watching(offer)
        self.negotiation = Negotiation(offer, carrier, self)
        self.id, self.participant = viewer
        self.audio: list[Slot] = []
        self.video: list[Slot] = []
        self.is_ready = False
        self.levels = levels
        """What the viewer said it shows; slots that it didn't name aren't there."""
        self.allowance = Allowance()
        self.shown_high: frozenset[str] = frozenset()
        """Seats that this viewer shows large."""
        self.updated = 0.0
        """When the allowance was last renewed."""
        self._room = room
        self._forwarder = carrier.forwarder
        self._counters = carrier.counters
        self._by_mid: dict[str, tuple[str, Slot]] = {}
        self._by_ssrc: dict[int, Slot] = {}
        self._requests: dict[int, float] = {}
        self._octets: dict[int, int] = {}
        """Sent on each slot, by SSRC, at the last look."""
        self._estimates: dict[frozenset[int], float] = {}
        """What the client estimated since then, by the slots that it speaks of."""

    def accept(self, offer: Offer) -> dict[str, AnsweredSlot]:
        """Give each receiving m-line of an offer a slot, those that have one keep it; raises BadOffer before
        changing anything."""
        receiving = check_watching(offer)
        link = self.negotiation.peer.link
        for media in receiving:
            if media.mid in self._by_mid:
                continue
            kind, slots, uri = self._place(media.kind)
            number = media.extensions.get(uri)
            slot = Slot(kind, link, media.payload_type, media.rtx_payload_type, number)
            self._by_mid[media.mid] = (f"{kind[0]}{len(slots)}", slot)
            self._by_ssrc[slot.ssrc] = slot
            slots.append(slot)
        return {
            media.mid: AnsweredSlot(name, slot.ssrc, slot.rtx_ssrc)
            for media in receiving
            for name, slot in [self._by_mid[media.mid]]
        }

    def _place(self, kind: str) -> tuple[Kind, list[Slot], str]:
        return ("audio", self.audio, AUDIO_LEVEL) if kind == "audio" else ("video", self.video, SEND_TIME)

    def hear(self, streams: Mapping[str, Stream]) -> None:
        """Hear these seats: who is heard already stays on the same slot."""
        coming = dict(streams)
        free: list[Slot] = []
        for slot in self.audio:
            shown = slot.pending or slot.source
            if isinstance(shown, Stream) and coming.get(shown.seat) is shown:
                del coming[shown.seat]
            else:
                free.append(slot)
        for slot in free:
            slot.stop()
        for slot, stream in zip(free, coming.values(), strict=False):
            slot.await_source(stream)

    def show(self, index: int, stream: Stream | None, now: float) -> None:
        """Show a stream on a video slot; another layer of the same seat goes on until the new one can begin."""
        slot = self.video[index]
        if stream is None:
            slot.stop()
            return
        current = slot.source
        if current is stream:
            slot.keep_source()
            return
        if slot.pending is stream:
            return
        if isinstance(current, Stream) and current.seat != stream.seat:
            slot.stop()
        slot.await_source(stream)
        stream.ask_keyframe(now)

    def measure(self, seconds: float) -> float:
        """The bits a second that were sent in the `seconds` since the last call. The allowance learns what the
        client estimated of them: what it named no estimate for passes besides."""
        octets = {ssrc: slot.octets + slot.rtx_octets for ssrc, slot in self._by_ssrc.items()}
        sent = {ssrc: (now - self._octets.get(ssrc, 0)) * 8 / seconds for ssrc, now in octets.items()}
        self._octets = octets
        if self._estimates:
            besides = sent.keys() - set[int]().union(*self._estimates)
            self.allowance.remb(sum(self._estimates.values()) + sum(sent[ssrc] for ssrc in besides))
            self._estimates = {}
        return sum(sent.values())

    # What the connection brings (PeerHandler)

    def ready(self, now: float) -> None:
        self.is_ready = True
        self._room.watcher_ready(self, now)

    def rtp(self, data: memoryview, size: int, now: float) -> None:  # noqa: ARG002  (a watcher's media is unread)
        """A watcher sends no media: dropped."""
        self._counters.input_drops += 1

    def rtcp(self, data: bytes, now: float) -> None:
        for message in parse_compound(data):
            if isinstance(message, Nack):
                self._resend(message, now)
            elif isinstance(message, KeyframeRequest):
                self._ask_keyframe(message.ssrc, now)
            elif isinstance(message, Remb):
                self._estimated(message)
            elif isinstance(message, ReceiverReport | SenderReport):
                lost = [b.lost / 256 for b in message.blocks if (s := self._by_ssrc.get(b.ssrc)) and s.source]
                if lost:
                    self.allowance.loss(max(lost))

    def closed(self) -> None:
        self.is_ready = False
        for slot in (*self.audio, *self.video):
            slot.stop()
        self._room.watcher_closed(self)

    def _estimated(self, remb: Remb) -> None:
        # Browsers estimate all video together, aiortc each stream by itself.
        named = frozenset(remb.ssrcs).intersection(self._by_ssrc) or frozenset(self._by_ssrc)
        self._estimates = {each: bits for each, bits in self._estimates.items() if each.isdisjoint(named)}
        self._estimates[named] = remb.bitrate

    def _resend(self, nack: Nack, now: float) -> None:
        slot = self._by_ssrc.get(nack.ssrc)
        self._counters.nacks_in += len(nack.sequences)
        if slot is not None:
            for sequence in nack.sequences:
                self._forwarder.resend(slot, sequence, now)

    def _ask_keyframe(self, ssrc: int, now: float) -> None:
        self._counters.plis_in += 1
        slot = self._by_ssrc.get(ssrc)
        source = None if slot is None else slot.source
        if isinstance(source, Stream) and now - self._requests.get(ssrc, 0.0) >= KEYFRAME_PATIENCE:
            self._requests[ssrc] = now
            source.ask_keyframe(now)


def check_watching(offer: Offer) -> Sequence[OfferedMedia]:
    """The m-lines of an offer that receive; raises BadOffer if they are none or too many."""
    receiving = [media for media in offer.media if media.usable and media.receives]
    for kind, limit in (("audio", MAX_AUDIO_SLOTS), ("video", MAX_VIDEO_SLOTS)):
        if sum(media.kind == kind for media in receiving) > limit:
            raise BadOffer(f"The offer receives too many {kind} tracks: at most {limit}.")
    if not receiving:
        raise BadOffer("The offer receives nothing.")
    return receiving
