"""A publish connection: one seat's microphone, camera or screen coming in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from signaling.media.feedback import (
    Bye,
    SenderReport,
    build_receiver_report,
    build_remb,
    build_sender_report,
    parse_compound,
)
from signaling.media.forward import Kind
from signaling.media.negotiation import Carrier, Negotiation
from signaling.media.port import BadOffer, SendAdvice
from signaling.media.rtp import HEADER, Header, extensions, parse_header
from signaling.media.sdp import AUDIO_LEVEL, CODECS, MID, REPAIRED_RID, RID, Offer, OfferedMedia
from signaling.media.streams import Encoder, Stream
from signaling.media.tap import TrackHeader

MAX_BINDINGS = 32
"""SSRCs that one connection may bring in its life: two layers, sound and their repairs are five, and each change
costs all watchers a keyframe."""

REPORT_INTERVAL = 0.5
"""Seconds between two sender reports of a stream that are passed on."""


class PublisherRoom(Protocol):
    """What a publish connection tells its room."""

    def stream_began(self, publisher: Publisher, now: float) -> None:
        """One of the publisher's streams flows that didn't before."""

    def heard(self, seat: str, level: int, now: float) -> None:
        """A packet of sound came, with its level."""

    def publisher_closed(self, publisher: Publisher) -> None: ...


class Publisher:
    """Takes the packets of a seat in and has them forwarded. Raises BadOffer for an offer without streams
    or with too many, MediaUnavailable if there is no place for the connection."""

    def __init__(self, seat: str, offer: Offer, carrier: Carrier, room: PublisherRoom) -> None:
        check_publishing(offer)
        self.negotiation = Negotiation(offer, carrier, self)
        self.seat = seat
        self.audio: Stream | None = None
        self.video: dict[str, Stream] = {}
        """The layers by RID, "" without simulcast."""
        self.may_send_audio = False
        self.may_send_video = False
        self.live = False
        """What the hub was last told."""
        self.advice: SendAdvice | None = None
        """What the client was last told to send."""
        self.remb = 0
        """The most this publisher may send, in bits a second; 0 until advised."""
        self._room = room
        self._forwarder = carrier.forwarder
        self._counters = carrier.counters
        self._tap = carrier.tap
        self._recorded: tuple[str | None, str] = (None, "")
        """The recording and the participant under whose names packets are captured."""
        self._by_mid: dict[str, dict[str, Stream]] = {}
        self._by_ssrc: dict[int, Stream] = {}
        self._repairs: dict[int, Stream] = {}
        self._repair_types: set[int] = set()
        self._bindings = 0
        self._extensions: dict[int, str] = {}
        self._level_id: int | None = None

    @property
    def streams(self) -> list[Stream]:
        return [*self.video.values()] if self.audio is None else [self.audio, *self.video.values()]

    def accept(self, offer: Offer) -> None:
        """Take the streams of an offer that aren't known yet; raises BadOffer before changing anything."""
        for media in check_publishing(offer):
            self._extensions.update({number: uri for uri, number in media.extensions.items()})
            if media.rtx_payload_type is not None:
                self._repair_types.add(media.rtx_payload_type)
            if media.mid in self._by_mid:
                continue
            kind: Kind = "audio" if media.kind == "audio" else "video"
            encoder = Encoder(self.negotiation.peer.send_rtcp)
            streams = {
                rid: Stream(kind, self.seat, rid, encoder, self._counters, payload_type=media.payload_type)
                for rid in media.rids or ("",)
            }
            self._by_mid[media.mid] = streams
            if media.kind == "audio":
                self.audio = streams[""]
                self._level_id = media.extensions.get(AUDIO_LEVEL)
            else:
                self.video = streams
            self._bind_announced(media, streams)

    def _bind_announced(self, media: OfferedMedia, streams: dict[str, Stream]) -> None:
        if media.rids or not media.ssrcs:
            return
        streams[""].bind(media.ssrcs[0])
        self._by_ssrc[media.ssrcs[0]] = streams[""]
        self._capture(streams[""])
        if len(media.ssrcs) > 1:
            self._repairs[media.ssrcs[1]] = streams[""]

    def allow(self, *, audio: bool, video: bool) -> None:
        """Forward sound and picture from now on, or drop them at once."""
        if video != self.may_send_video:
            for stream in self.video.values():
                stream.need_keyframe(needed=video)
        self.may_send_audio, self.may_send_video = audio, video
        if not audio and self.audio is not None:
            self.audio.end()
        if not video:
            for stream in self.video.values():
                stream.end()

    def record(self, recording: str | None, participant: str) -> None:
        """Capture what is forwarded under these names from now on; None: nothing."""
        if self._recorded != (recording, participant):
            self._recorded = recording, participant
            for stream in self.streams:
                self._capture(stream)

    def _capture(self, stream: Stream) -> None:
        """Begin a track of a stream under its present SSRC, or none."""
        recording, participant = self._recorded
        tap = None
        if self._tap is not None and recording is not None and stream.ssrc:
            codec, kind = CODECS[stream.kind], stream.kind
            facts = (self.seat, participant, kind, stream.rid, codec, stream.clock, stream.payload_type)
            tap = self._tap.track(recording, TrackHeader(*facts))
        stream.capture(tap)
        stream.need_keyframe(needed=self.may_send_video)

    # What the connection brings (PeerHandler)

    def ready(self, now: float) -> None:
        """Nothing to do: the client sends when it is ready itself."""

    def rtp(self, data: memoryview, size: int, now: float) -> None:
        header = parse_header(data, size)
        if header is None:
            self._counters.input_drops += 1
            return
        stream = self._by_ssrc.get(header.ssrc)
        if stream is not None:
            self._take(stream, data, size, header, now)
            return
        if header.ssrc not in self._repairs and not self._bind(data, header):
            self._counters.input_drops += 1
            return
        stream = self._repairs.get(header.ssrc)
        if stream is None:
            self._take(self._by_ssrc[header.ssrc], data, size, header, now)
        elif header.payload_end - header.payload >= 2:  # less is padding that probes the bandwidth
            self._counters.rtx_in += 1
            original = int.from_bytes(data[header.payload : header.payload + 2], "big")
            self._take_repair(stream, data, header, now, original)

    def rtcp(self, data: bytes, now: float) -> None:
        for message in parse_compound(data):
            if isinstance(message, SenderReport):
                stream = self._by_ssrc.get(message.ssrc)
                if stream is not None:
                    self._pass_on(stream, message, now)
            elif isinstance(message, Bye):
                # A layer that is switched off says so: its watchers needn't wait to find out.
                for ssrc in message.ssrcs:
                    if ssrc in self._by_ssrc:
                        self._by_ssrc[ssrc].last_arrival = 0.0

    def closed(self) -> None:
        for stream in self.streams:
            stream.end()
            stream.capture(None)
        self._room.publisher_closed(self)

    def report(self, now: float) -> None:
        """Tell the client what arrived and how much it may send; to be called once a second."""
        streams = [stream for stream in self.streams if stream.ssrc]
        blocks = [block for stream in streams if (block := stream.reception.block(stream.ssrc, now)) is not None]
        if not blocks:
            return
        data = build_receiver_report(blocks)
        video = [stream.ssrc for stream in streams if stream.kind == "video"]
        if video and self.remb:
            data += build_remb(self.remb, video)
        self.negotiation.peer.send_rtcp(data)

    def _take(self, stream: Stream, data: memoryview, size: int, header: Header, now: float) -> None:
        if not stream.flows(now):
            stream.last_arrival = now
            self._room.stream_began(self, now)
        if stream.kind == "video":
            self._take_video(stream, data, size, header, now)
            return
        if not self.may_send_audio:
            stream.skip(header, now)
            self._counters.input_drops += 1
            return
        level = None
        if self._level_id is not None and header.profile:
            value = extensions(data, header).get(self._level_id)
            level = value[0] & 0x7F if value else None
        packet = stream.take_audio(header, bytes(data[header.payload : header.payload_end]), level, now)
        self._room.heard(self.seat, packet.level, now)
        self._forwarder.forward(stream, packet, now)
        if stream.tap is not None:
            stream.tap.packet(data[:size], now)

    def _take_video(self, stream: Stream, data: memoryview, size: int, header: Header, now: float) -> None:
        if not self.may_send_video:
            stream.skip(header, now)
            self._counters.input_drops += 1
            return
        payload = bytes(data[header.payload : header.payload_end])
        packet = stream.take_video(header, header.sequence, payload, now, repaired=False)
        if packet is None:
            self._counters.input_drops += 1
            return
        self._forwarder.forward(stream, packet, now)
        if stream.tap is not None:
            stream.tap.packet(data[:size], now)

    def _take_repair(self, stream: Stream, data: memoryview, header: Header, now: float, original: int) -> None:
        payload = bytes(data[header.payload + 2 : header.payload_end])
        packet = None
        if self.may_send_video:
            packet = stream.take_video(header, original, payload, now, repaired=True)
        if packet is None:
            self._counters.input_drops += 1
            return
        self._forwarder.forward(stream, packet, now)
        if stream.tap is not None:
            # As the packet that it repairs: what was lost is captured as if it had only come late.
            kind = header.marker | stream.payload_type
            stream.tap.packet(HEADER.pack(0x80, kind, original, header.timestamp, stream.ssrc) + payload, now)

    def _bind(self, data: memoryview, header: Header) -> bool:
        """Learn from header extensions which stream an unknown SSRC is; False if none tell."""
        if self._bindings >= MAX_BINDINGS:
            return False
        named = {
            self._extensions[number]: value.decode("ascii", "replace")
            for number, value in extensions(data, header).items()
            if number in self._extensions
        }
        streams = self._by_mid.get(named.get(MID, ""))
        if streams is None:
            return False
        if REPAIRED_RID in named or header.payload_type in self._repair_types:
            stream = streams.get(named.get(REPAIRED_RID, ""))
            if stream is None:
                return False
            self._bindings += 1
            self._repairs[header.ssrc] = stream
            return True
        stream = streams.get(named.get(RID, ""))
        if stream is None and len(streams) == 1:
            stream = next(iter(streams.values()))
        if stream is None:
            return False
        self._bindings += 1
        self._by_ssrc = {ssrc: each for ssrc, each in self._by_ssrc.items() if each is not stream}
        self._by_ssrc[header.ssrc] = stream
        stream.bind(header.ssrc)
        self._capture(stream)
        return True

    def _pass_on(self, stream: Stream, report: SenderReport, now: float) -> None:
        stream.reception.reported(report.ntp, now)
        if stream.tap is not None and (self.may_send_audio if stream.kind == "audio" else self.may_send_video):
            stream.tap.report(report, now)
        if now - stream.reports_passed < REPORT_INTERVAL:
            return
        stream.reports_passed = now
        for slot in stream.slots:
            if slot.mapping is not None:
                timestamp = (report.timestamp + slot.mapping.timestamp_offset) & 0xFFFFFFFF
                slot.link.send_rtcp(build_sender_report(slot.ssrc, report.ntp, timestamp, slot.packets, slot.octets))


def check_publishing(offer: Offer) -> Sequence[OfferedMedia]:
    """The streams of an offer to publish; raises BadOffer if they are none or too many."""
    sending = [media for media in offer.media if media.usable and media.sends]
    kinds = [media.kind for media in sending]
    if not kinds:
        raise BadOffer("The offer sends nothing.")
    if kinds.count("audio") > 1 or kinds.count("video") > 1:
        raise BadOffer("A seat sends at most one audio and one video track.")
    return sending
