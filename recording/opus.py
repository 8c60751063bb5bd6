"""Decodes Opus packets, and conceals those that are missing."""

from __future__ import annotations

import av
import numpy as np
from numpy.typing import NDArray

from recording.packets import opus_samples

RATE = 48_000
"""Samples a second: Opus has no other clock."""

Samples = NDArray[np.float32]


class OpusDecoder:
    """The decoder of one track; stereo becomes mono.

    libopus, not FFmpeg's own decoder: only it conceals. It takes a packet without any content, which has but the
    first byte that tells its form, as one that was lost (RFC 6716 section 3.2.1)."""

    __slots__ = ("_codec", "_form")

    def __init__(self) -> None:
        codec = av.CodecContext.create("libopus", "r")
        assert isinstance(codec, av.AudioCodecContext)
        codec.sample_rate, codec.layout = RATE, "mono"
        self._codec = codec
        self._form = b""

    def decode(self, payload: bytes) -> Samples:
        """The samples of a packet, as many as `opus_samples` says; one that can't be decoded is concealed."""
        expected = opus_samples(payload)
        decoded = self._decode(payload)
        if len(decoded) != expected:
            return self.conceal(expected)
        self._form = bytes([payload[0] & 0xFC])
        return decoded

    def conceal(self, samples: int) -> Samples:
        """What may have sounded where nothing came: what sounded before, growing faint."""
        parts: list[Samples] = []
        missing = samples
        while missing > 0:
            part = self._decode(self._form) if self._form else np.zeros(0, np.float32)
            if not len(part):
                part = np.zeros(missing, np.float32)
            parts.append(part)
            missing -= len(part)
        return np.concatenate(parts)[:samples] if parts else np.zeros(0, np.float32)

    def _decode(self, payload: bytes) -> Samples:
        try:
            frames = self._codec.decode(av.Packet(payload))
        except av.FFmpegError:
            return np.zeros(0, np.float32)
        # One plane of 16-bit samples each: libopus gives nothing else when asked for one channel.
        parts = [np.frombuffer(memoryview(frame.planes[0]), np.int16, frame.samples) for frame in frames]
        return np.concatenate([np.zeros(0, np.int16), *parts]).astype(np.float32) / np.float32(32768)
