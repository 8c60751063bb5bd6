"""A speaker without a camera: sends clips as a browser would and obeys what the server asks of it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiortc.rtp import (
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    unpack_remb_fci,
)

from signaling.media.light_peer.clip import AudioClip, VideoClip
from signaling.media.light_peer.connection import LightConnection, Loss
from signaling.media.light_peer.offer import Offerer, Stream
from signaling.media.light_peer.sender import AudioSender, VideoSender

Exchange = Callable[[str], Awaitable[str]]
"""Carries an SDP offer to the server and brings its answer."""

_REPORT_SECONDS = 1.0
_BEHIND_SECONDS = 0.5
"""A process that was held up for longer goes on from now instead of sending what it missed in one burst."""


class LightPublisher:
    """Publishes one seat: `video` is one clip, or simulcast layers by RID; None for none, likewise `audio`."""

    def __init__(
        self,
        video: VideoClip | Mapping[str, VideoClip] | None,
        audio: AudioClip | None,
        *,
        loss: Loss | None = None,
        source: str = "0.0.0.0",  # noqa: S104 -- a client's ephemeral port
    ) -> None:
        self.layers = _layers(video)
        self.audio = None if audio is None else AudioSender(audio, _ssrc())
        self.nacks = self.resent = 0
        self.bitrate_limit: int | None = None
        """What the server's last REMB allows, in bits/s."""
        self.fraction_lost = 0.0
        """The worst loss in the server's last receiver report, 0 to 1."""
        self._offerer = Offerer(self._describe())
        self._timers: dict[object, asyncio.TimerHandle] = {}
        self._loop = asyncio.get_running_loop()
        self._start = 0.0
        self.connection = LightConnection(self._offerer, lambda _packet: None, self._on_rtcp, source=source, loss=loss)

    def _describe(self) -> list[Stream]:
        streams = [] if self.audio is None else [Stream("audio", sends=True, ssrc=self.audio.ssrc)]
        if self.layers and self.layers[0].rid is None:
            layer = self.layers[0]
            streams.append(Stream("video", sends=True, ssrc=layer.ssrc, rtx_ssrc=layer.rtx_ssrc))
        elif self.layers:
            streams.append(Stream("video", sends=True, rids=tuple(layer.rid or "" for layer in self.layers)))
        return streams

    async def publish(self, exchange: Exchange, seconds: float = 10.0) -> None:
        """Offer, connect and begin to send. Raises ConnectionError, ValueError (an answer that doesn't fit),
        and what `exchange` raises; then `close` is still due."""
        answer = self._offerer.read(await exchange(self._offerer.write()))
        senders: dict[str, list[AudioSender | VideoSender]] = {"audio": [], "video": [*self.layers]}
        if self.audio is not None:
            senders["audio"].append(self.audio)
        for stream in answer.streams:
            if not stream.accepted or stream.payload_type is None:
                raise ValueError(f"the answer refuses our {stream.kind}")
            for sender in senders[stream.kind]:
                sender.accept(stream)
        await self.connection.connect(answer, seconds)
        self._start = self._loop.time()
        for sender in (*senders["audio"], *senders["video"]):
            self._schedule(sender, self._start + sender.interval * secrets.randbelow(1000) / 1000)
        self._timers[self] = self._loop.call_later(_REPORT_SECONDS, self._report)

    async def restart_ice(self, exchange: Exchange) -> None:
        """Offer again with new ICE credentials on the same connection."""
        self._offerer.restart_ice()
        self.connection.renew(self._offerer.read(await exchange(self._offerer.write())))

    def advise(self, layers: Mapping[str, Mapping[str, Any]]) -> None:
        """Obey a `media.send`: switch the simulcast layers it names on and off."""
        for sender in self.layers:
            told = layers.get(sender.rid or "")
            if told is not None:
                sender.set_active(active=bool(told.get("active", True)))

    def set_video(self, *, on: bool) -> None:
        for sender in self.layers:
            sender.set_active(active=on)

    def set_audio(self, *, on: bool) -> None:
        if self.audio is not None:
            self.audio.active = on

    async def close(self) -> None:
        self._stop()
        await self.connection.close()

    def abandon(self) -> None:
        """Vanish without a word, as a client that loses power."""
        self._stop()
        self.connection.abandon()

    def _stop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    # --- sending ---------------------------------------------------------------------------------

    def _schedule(self, sender: AudioSender | VideoSender, due: float) -> None:
        self._timers[sender] = self._loop.call_at(due, self._tick, sender, due)

    def _tick(self, sender: AudioSender | VideoSender, due: float) -> None:
        now = self._loop.time()
        if now - due > _BEHIND_SECONDS:
            due = now
        if sender.active:
            send = self.connection.send_rtp
            for packet in sender.frame(due - self._start):
                send(packet)
        if self.connection.open:
            self._schedule(sender, due + sender.interval)

    def _report(self) -> None:
        elapsed = self._loop.time() - self._start
        for sender in self._senders():
            if sender.active and sender.packets:
                self.connection.send_rtcp(sender.report(sender.timestamp(elapsed)))
        if self.connection.open:
            self._timers[self] = self._loop.call_later(_REPORT_SECONDS, self._report)

    def _senders(self) -> list[AudioSender | VideoSender]:
        return [*([] if self.audio is None else [self.audio]), *self.layers]

    # --- feedback --------------------------------------------------------------------------------

    def _on_rtcp(self, data: bytes) -> None:
        try:
            packets = RtcpPacket.parse(data)
        except ValueError:
            return
        for packet in packets:
            if isinstance(packet, RtcpPsfbPacket):
                self._on_picture_feedback(packet)
            elif isinstance(packet, RtcpRtpfbPacket) and packet.fmt == RTCP_RTPFB_NACK:
                self._on_nack(packet)
            elif isinstance(packet, RtcpRrPacket) and packet.reports:
                self.fraction_lost = max(report.fraction_lost for report in packet.reports) / 256

    def _on_picture_feedback(self, packet: RtcpPsfbPacket) -> None:
        wanted: set[int] = set()
        if packet.fmt == RTCP_PSFB_PLI:
            wanted = {packet.media_ssrc}
        elif packet.fmt == RTCP_PSFB_FIR:
            wanted = {int.from_bytes(packet.fci[at : at + 4], "big") for at in range(0, len(packet.fci), 8)}
        else:
            try:
                self.bitrate_limit = unpack_remb_fci(packet.fci)[0]
            except ValueError:
                return  # some other application's feedback
        for layer in self.layers:
            if layer.ssrc in wanted:
                layer.request_keyframe(self._loop.time() - self._start)

    def _on_nack(self, packet: RtcpRtpfbPacket) -> None:
        self.nacks += 1
        for layer in self.layers:
            if layer.ssrc == packet.media_ssrc:
                for sequence in packet.lost:
                    again = layer.resend(sequence & 0xFFFF)
                    if again is not None:
                        self.resent += 1
                        self.connection.send_rtp(again)


def _layers(video: VideoClip | Mapping[str, VideoClip] | None) -> list[VideoSender]:
    if video is None:
        return []
    if isinstance(video, VideoClip):
        return [VideoSender(video, _ssrc(), _ssrc())]
    return [VideoSender(clip, _ssrc(), _ssrc(), rid) for rid, clip in video.items()]


def _ssrc() -> int:
    return secrets.randbits(31) + 1
