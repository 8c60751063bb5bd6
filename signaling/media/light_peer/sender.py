"""Clips as RTP: what a light publisher sends on one SSRC, with its history for resending. No sockets, no timers."""

from __future__ import annotations

import secrets
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass

from aiortc import clock
from aiortc.rtp import RtcpSdesPacket, RtcpSenderInfo, RtcpSourceInfo, RtcpSrPacket

from signaling.media.light_peer.clip import OPUS_FRAME, OPUS_RATE, VIDEO_RATE, AudioClip, VideoClip
from signaling.media.light_peer.offer import AUDIO_LEVEL, MID, REPAIRED_RID, RID, SEND_TIME, AnsweredStream

HEADER = struct.Struct("!BBHII")

_PAYLOAD_BYTES = 1100
_HISTORY = 512
_KEYFRAME_SECONDS = 0.25
"""Requests for a keyframe that come closer together get one, as from a browser's encoder."""


@dataclass(frozen=True, slots=True)
class _Sent:
    sequence: int
    marker: int
    timestamp: int
    payload: bytes


class RtpSender:
    """One SSRC and its RTX companion. Sequence, timestamp and picture ids start at random (RFC 3550 section 5.1)."""

    def __init__(self, ssrc: int, rtx_ssrc: int | None, rid: str | None = None) -> None:
        self.ssrc, self.rtx_ssrc, self.rid = ssrc, rtx_ssrc, rid
        self.packets = self.octets = self.resent = 0
        self._sequence = secrets.randbits(16)
        self._rtx_sequence = secrets.randbits(16)
        self._first_timestamp = secrets.randbits(32)
        self._history: dict[int, _Sent] = {}
        self._payload_type = self._rtx_payload_type = 0
        self._extension = self._rtx_extension = b""
        self._level_id = self._send_time_id = 0

    def accept(self, stream: AnsweredStream) -> None:
        """Take payload types and header extensions from the answer."""
        assert stream.payload_type is not None
        ids = stream.extensions
        self._payload_type = stream.payload_type
        self._rtx_payload_type = stream.rtx_payload_type or 0
        self._level_id, self._send_time_id = ids.get(AUDIO_LEVEL, 0), ids.get(SEND_TIME, 0)
        mid = _element(ids.get(MID), stream.mid.encode())
        rid = (self.rid or "").encode()
        self._extension = mid + _element(ids.get(RID), rid)
        self._rtx_extension = mid + _element(ids.get(REPAIRED_RID), rid)

    def packet(self, timestamp: int, marker: int, payload: bytes, level: int | None = None) -> bytes:
        self._sequence = self._sequence + 1 & 0xFFFF
        self.packets += 1
        self.octets += len(payload)
        if self._rtx_payload_type:
            self._history.pop((self._sequence - _HISTORY) & 0xFFFF, None)
            self._history[self._sequence] = _Sent(self._sequence, marker, timestamp, payload)
        first = 0x80 if marker else 0
        extension = self._extended(self._extension, level)
        return HEADER.pack(0x90, first | self._payload_type, self._sequence, timestamp, self.ssrc) + extension + payload

    def resend(self, sequence: int) -> bytes | None:
        """The RTX packet (RFC 4588) of a lost one; None if it is no longer held or RTX is not negotiated."""
        lost = self._history.get(sequence)
        if lost is None or self.rtx_ssrc is None:
            return None
        self._rtx_sequence = self._rtx_sequence + 1 & 0xFFFF
        self.resent += 1
        first = 0x80 if lost.marker else 0
        header = HEADER.pack(0x90, first | self._rtx_payload_type, self._rtx_sequence, lost.timestamp, self.rtx_ssrc)
        return header + self._extended(self._rtx_extension, None) + sequence.to_bytes(2, "big") + lost.payload

    def report(self, timestamp: int) -> bytes:
        """A sender report and the CNAME, for the present moment's RTP timestamp."""
        info = RtcpSenderInfo(clock.current_ntp_time(), timestamp, self.packets & 0xFFFFFFFF, self.octets & 0xFFFFFFFF)
        return bytes(RtcpSrPacket(self.ssrc, info)) + bytes(
            RtcpSdesPacket([RtcpSourceInfo(self.ssrc, [(1, b"light")])])
        )

    def _extended(self, fixed: bytes, level: int | None) -> bytes:
        elements = fixed
        if level is not None and self._level_id:
            # RFC 6464: -dBov, and the voice bit for anything louder than silence
            elements += bytes((self._level_id << 4, level & 127 | (0x80 if level < 127 else 0)))
        if self._send_time_id:
            elements += bytes((self._send_time_id << 4 | 2,)) + _send_time()
        elements += b"\0" * (-len(elements) % 4)
        return struct.pack("!HH", 0xBEDE, len(elements) // 4) + elements


class VideoSender(RtpSender):
    """Sends a clip round and round; a loop, and each answer to a keyframe request, begins at its keyframe."""

    def __init__(self, clip: VideoClip, ssrc: int, rtx_ssrc: int, rid: str | None = None) -> None:
        super().__init__(ssrc, rtx_ssrc, rid)
        self.clip = clip
        self.active = True
        self.keyframes = self.keyframe_requests = self.frames = 0
        self._next = 0
        self._keyframe_at = float("-inf")
        self._picture = secrets.randbits(15)
        self._tl0 = secrets.randbits(8)

    @property
    def interval(self) -> float:
        return 1 / self.clip.fps

    def timestamp(self, elapsed: float) -> int:
        return self._first_timestamp + round(elapsed * VIDEO_RATE) & 0xFFFFFFFF

    def request_keyframe(self, elapsed: float) -> None:
        self.keyframe_requests += 1
        if elapsed - self._keyframe_at >= _KEYFRAME_SECONDS:
            self._next = 0

    def set_active(self, *, active: bool) -> None:
        """A layer that comes back begins at a keyframe."""
        if active and not self.active:
            self._next = 0
        self.active = active

    def frame(self, elapsed: float) -> Iterator[bytes]:
        """The packets of the next frame, `elapsed` seconds after the start."""
        data = self.clip.frames[self._next]
        if self._next == 0:
            self._keyframe_at = elapsed
            self.keyframes += 1
        self._next = (self._next + 1) % len(self.clip.frames)
        self._picture = self._picture + 1 & 0x7FFF
        self._tl0 = self._tl0 + 1 & 0xFF
        self.frames += 1
        # RFC 7741 section 4.2: picture id, TL0PICIDX and temporal layer 0, as browsers send in simulcast
        descriptor = struct.pack("!BHBB", 0xE0, 0x8000 | self._picture, self._tl0, 0x20)
        timestamp = self.timestamp(elapsed)
        for start in range(0, len(data), _PAYLOAD_BYTES):
            chunk = data[start : start + _PAYLOAD_BYTES]
            last = start + _PAYLOAD_BYTES >= len(data)
            yield self.packet(timestamp, int(last), (b"\x80" if start else b"\x90") + descriptor + chunk)


class AudioSender(RtpSender):
    """Sends a tone round and round with an audio level."""

    interval = OPUS_FRAME / OPUS_RATE

    def __init__(self, clip: AudioClip, ssrc: int) -> None:
        super().__init__(ssrc, None)
        self.clip = clip
        self.active = True
        self.level = 30
        """Loudness told with each packet: 0 is the loudest, 127 silence (RFC 6464)."""
        self._next = 0

    def timestamp(self, elapsed: float) -> int:
        return self._first_timestamp + round(elapsed * OPUS_RATE) & 0xFFFFFFFF

    def frame(self, elapsed: float) -> Iterator[bytes]:
        payload = self.clip.packets[self._next]
        self._next = (self._next + 1) % len(self.clip.packets)
        yield self.packet(self.timestamp(elapsed), 0, payload, self.level)


def _element(id_: int | None, value: bytes) -> bytes:
    """A one-byte-header extension element (RFC 8285); nothing where it is not negotiated or empty."""
    return bytes((id_ << 4 | len(value) - 1,)) + value if id_ and value else b""


def _send_time() -> bytes:
    """abs-send-time: seconds as 6.18 fixed point, modulo 64 s."""
    return ((time.time_ns() << 18) // 1_000_000_000 & 0xFFFFFF).to_bytes(3, "big")
