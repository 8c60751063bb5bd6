"""A viewer without a screen: counts what arrives on each slot and gives feedback as a browser would."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress

from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RTCP_SR,
    RtcpPsfbPacket,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    pack_remb_fci,
)

from signaling.media.light_peer.connection import LightConnection, Loss
from signaling.media.light_peer.offer import Answer, Offerer, Stream
from signaling.media.light_peer.picture import PictureDecoder
from signaling.media.light_peer.publisher import Exchange
from signaling.media.light_peer.sender import HEADER
from signaling.media.light_peer.slot import Slot

_REPORT_SECONDS = 1.0
_NACK_SECONDS = 0.08
_BLOCKS = 31
"""Report blocks that fit one receiver report (a five-bit count)."""


class LightWatcher:
    """Watches `audio` and `video` slots over one connection.

    With `headers_only` media is not decrypted, which halves the cost for load: keyframes are not
    counted and nothing can be decoded, all other counts hold.
    """

    def __init__(
        self,
        audio: int,
        video: int,
        *,
        headers_only: bool = False,
        bitrate: int = 20_000_000,
        loss: Loss | None = None,
        source: str = "0.0.0.0",  # noqa: S104 -- a client's ephemeral port
    ) -> None:
        self.slots: dict[str, Slot] = {}
        """By name: "a0", "v0" and on; filled when the server has answered."""
        self.bitrate = bitrate
        """What the REMB tells the server, in bits/s; may be changed at any time."""
        self.nacks = self.keyframe_requests = 0
        self.unknown = 0
        """Packets on an SSRC that the server did not announce."""
        self._headers_only = headers_only
        self._offerer = Offerer([Stream("audio")] * audio + [Stream("video")] * video)
        self._by_ssrc: dict[int, Slot] = {}
        self._by_rtx: dict[int, Slot] = {}
        self._decoders: dict[str, PictureDecoder] = {}
        self._ssrc = secrets.randbits(31) + 1
        self._loop = asyncio.get_running_loop()
        self._report_timer: asyncio.TimerHandle | None = None
        self._nack_timer: asyncio.TimerHandle | None = None
        self.connection = LightConnection(
            self._offerer, self._on_rtp, self._on_rtcp, source=source, loss=loss, decrypt=not headers_only
        )

    async def watch(self, exchange: Exchange, seconds: float = 10.0) -> None:
        """Offer and connect. Raises ConnectionError, ValueError (an answer that doesn't fit), and what
        `exchange` raises; then `close` is still due."""
        answer = await self._offer(exchange)
        await self.connection.connect(answer, seconds)
        self._report_timer = self._loop.call_later(_REPORT_SECONDS * secrets.randbelow(1000) / 1000, self._report)

    async def grow(self, exchange: Exchange, video: int) -> None:
        """Offer again on the same connection, with `video` video slots in all; fewer than now changes nothing."""
        more = video - sum(stream.kind == "video" for stream in self._offerer.streams)
        self._offerer.streams += [Stream("video")] * more
        self.connection.renew(await self._offer(exchange))

    async def restart_ice(self, exchange: Exchange) -> None:
        """Offer again with new ICE credentials on the same connection."""
        self._offerer.restart_ice()
        self.connection.renew(await self._offer(exchange))

    def decode(self, name: str) -> PictureDecoder:
        """Decode a video slot from now on; asks for a keyframe. Not for a watcher of headers only."""
        assert not self._headers_only
        decoder = self._decoders.setdefault(name, PictureDecoder())
        slot = self.slots.get(name)
        if slot is not None:
            slot.decoder, slot.wants_keyframe = decoder, decoder.waits_for_keyframe
        return decoder

    @property
    def packets(self) -> int:
        return sum(slot.packets for slot in self.slots.values())

    @property
    def lost(self) -> int:
        return sum(slot.lost for slot in self.slots.values())

    async def close(self) -> None:
        self._stop()
        await self.connection.close()

    def abandon(self) -> None:
        """Vanish without a word, as a client that loses power."""
        self._stop()
        self.connection.abandon()

    async def _offer(self, exchange: Exchange) -> Answer:
        answer = self._offerer.read(await exchange(self._offerer.write()))
        self._take([(stream.ssrc, stream.rtx_ssrc) for stream in answer.streams])
        return answer

    def _take(self, ssrcs: list[tuple[int | None, int | None]]) -> None:
        counters = {"audio": 0, "video": 0}
        for stream, (ssrc, rtx_ssrc) in zip(self._offerer.streams, ssrcs, strict=True):
            name = f"{stream.kind[0]}{counters[stream.kind]}"
            counters[stream.kind] += 1
            if ssrc is None:
                raise ValueError(f"the answer announces no SSRC for slot {name}")
            if name in self.slots and self.slots[name].ssrc == ssrc:
                continue
            slot = self.slots[name] = Slot(name, stream.kind, ssrc, rtx_ssrc, decoder=self._decoders.get(name))
            slot.wants_keyframe = slot.decoder is not None
            self._by_ssrc[ssrc] = slot
            if rtx_ssrc is not None:
                self._by_rtx[rtx_ssrc] = slot

    def _stop(self) -> None:
        for timer in (self._report_timer, self._nack_timer):
            if timer is not None:
                timer.cancel()
        self._report_timer = self._nack_timer = None

    # --- media in --------------------------------------------------------------------------------

    def _on_rtp(self, data: bytes) -> None:
        if len(data) < HEADER.size:
            return
        first, second, sequence, timestamp, ssrc = HEADER.unpack_from(data)
        slot = self._by_ssrc.get(ssrc)
        if slot is None:
            self._on_rtx(data, first, second, ssrc)
            return
        now = self._loop.time()
        marker = second >> 7
        unwrapped = slot.receive(sequence, marker, len(data), now)
        if unwrapped is None:
            return
        slot.time(timestamp, now)
        if slot.kind == "audio":
            if first & 0x0F and len(data) >= 16:
                slot.hear(int.from_bytes(data[12:16], "big"))
        elif not self._headers_only:
            self._inspect(slot, unwrapped, marker, _payload(data, first), now)
        if slot._holes and self._nack_timer is None:
            self._send_nacks()

    def _on_rtx(self, data: bytes, first: int, second: int, ssrc: int) -> None:
        """A resent packet (RFC 4588): the original sequence number leads the payload."""
        slot = self._by_rtx.get(ssrc)
        if slot is None:
            self.unknown += 1
            return
        if self._headers_only:
            # Which one it is stands in the part not decrypted: take it for the one asked for longest ago.
            original, payload = slot.oldest_hole(), b""
            if original is None:
                return
        else:
            payload = _payload(data, first)
            if len(payload) < 3:  # a probe for bandwidth carries padding only
                return
            original, payload = int.from_bytes(payload[:2], "big"), payload[2:]
        now = self._loop.time()
        unwrapped = slot.receive(original & 0xFFFF, second >> 7, len(data), now)
        if unwrapped is None:
            return
        slot.recovered += 1
        if payload:
            self._inspect(slot, unwrapped, second >> 7, payload, now)

    def _inspect(self, slot: Slot, unwrapped: int, marker: int, payload: bytes, now: float) -> None:
        with suppress(ValueError):
            slot.inspect(unwrapped, marker, payload, now)

    def _on_rtcp(self, data: bytes) -> None:
        at, now = 0, self._loop.time()
        while at + 16 <= len(data):
            if data[at + 1] == RTCP_SR:
                slot = self._by_ssrc.get(int.from_bytes(data[at + 4 : at + 8], "big"))
                if slot is not None:
                    slot.note_sender_report(int.from_bytes(data[at + 10 : at + 14], "big"), now)
            at += 4 + 4 * int.from_bytes(data[at + 2 : at + 4], "big")

    # --- feedback --------------------------------------------------------------------------------

    def _send_nacks(self) -> None:
        now = self._loop.time()
        open_holes = False
        for slot in self._by_ssrc.values():
            if not slot._holes or slot.kind == "audio":
                continue
            asked = slot.nacks(now, _NACK_SECONDS)
            if asked:
                self.nacks += 1
                self.connection.send_rtcp(bytes(RtcpRtpfbPacket(RTCP_RTPFB_NACK, self._ssrc, slot.ssrc, lost=asked)))
            open_holes = open_holes or bool(slot._holes)
        self._nack_timer = self._loop.call_later(_NACK_SECONDS, self._send_nacks) if open_holes else None

    def _report(self) -> None:
        if not self.connection.open:
            return
        now = self._loop.time()
        heard = [slot for slot in self.slots.values() if slot.packets]
        for start in range(0, max(1, len(heard)), _BLOCKS):
            blocks = [slot.report(now) for slot in heard[start : start + _BLOCKS]]
            compound = bytes(RtcpRrPacket(self._ssrc, blocks))
            if start == 0:
                fci = pack_remb_fci(self.bitrate, [slot.ssrc for slot in heard if slot.kind == "video"][:255])
                compound += bytes(RtcpPsfbPacket(RTCP_PSFB_APP, self._ssrc, 0, fci))
            self.connection.send_rtcp(compound)
        for slot in self.slots.values():
            if slot.wants_keyframe:
                slot.wants_keyframe = slot.decoder is not None and slot.decoder.waits_for_keyframe
                self.keyframe_requests += 1
                self.connection.send_rtcp(bytes(RtcpPsfbPacket(RTCP_PSFB_PLI, self._ssrc, slot.ssrc)))
        self._report_timer = self._loop.call_later(_REPORT_SECONDS, self._report)


def _payload(data: bytes, first: int) -> bytes:
    """A plain packet's payload without CSRCs, extension and padding (RFC 3550 section 5.1)."""
    start = 12 + 4 * (first & 0x0F)
    if first & 0x10:
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    return data[start : len(data) - data[-1]] if first & 0x20 else data[start:]
