"""CPU per forwarded media packet: decrypt, route, rewrite, encrypt and send, for 20 and 100 viewers.

One speaker sends VP8 of 1 Mbit/s and Opus; every viewer gets all of it. The bare limit sends packets of the same
sizes to the same addresses with `socket.sendto` in a plain loop, without SRTP. Nobody reads the sockets that they
reach, so both pay for sending alone.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack

from bench.measure import Result, alternate, main, summarize
from signaling.media.forward import Counters, PythonForwarder
from signaling.media.light_peer.offer import Offerer, Stream
from signaling.media.negotiation import Carrier
from signaling.media.peers import Peers
from signaling.media.publishers import Publisher
from signaling.media.rtp import HEADER
from signaling.media.sdp import Offer, parse_offer
from signaling.media.srtp import PacketBuffer, SrtpContext, protect, unprotect
from signaling.media.tap import Tap
from signaling.media.watchers import Watcher

BENCH = "media_forward"
VIEWERS = (20, 100)
ROUNDS = 5
PACKETS = 60_000
"""Packets sent in a round, over all viewers."""

VIDEO_SSRC, AUDIO_SSRC = 0x1111, 0x2222
FRAME = (1100, 1100, 1100, 860)
"""Payload sizes of a video frame of 1 Mbit/s at 30 frames a second."""
SOUND = 80
"""Payload size of 20 ms of Opus; five for three frames of video."""


class Audience:
    """The room, as connections know it."""

    def stream_began(self, publisher: Publisher, now: float) -> None: ...

    def heard(self, seat: str, level: int, now: float) -> None: ...

    def publisher_closed(self, publisher: Publisher) -> None: ...

    def watcher_ready(self, watcher: Watcher, now: float) -> None: ...

    def watcher_closed(self, watcher: Watcher) -> None: ...


class Hall:
    """A speaker and viewers with keys and addresses, as they are after their handshakes."""

    def __init__(self, viewers: int, stack: ExitStack, tap: Tap | None = None) -> None:
        self.counters = Counters()
        peers = Peers(self.counters, limit=viewers + 1)
        self._carrier = Carrier(peers, tuple, PythonForwarder(self.counters), self.counters, tap)
        self.socket = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        key = os.urandom(28)
        self._speaking, self._hearing = (
            SrtpContext.with_key(key, inbound=False),
            SrtpContext.with_key(key, inbound=True),
        )
        self._buffer = PacketBuffer()
        self._sequence = {VIDEO_SSRC: 0, AUDIO_SSRC: 0}
        self._frames = 0
        sent = [Stream("audio", sends=True, ssrc=AUDIO_SSRC), Stream("video", sends=True, ssrc=VIDEO_SSRC)]
        offer = parse_offer(Offerer(sent).write())
        self._speaker = Publisher("s1", offer, self._carrier, Audience())
        self._speaker.accept(offer)
        self._speaker.allow(audio=True, video=True)
        self._speaker.record(None if tap is None else "rec_1", "ada")
        received = parse_offer(Offerer([Stream("audio"), Stream("video")]).write())
        self._keys: list[SrtpContext] = []
        self.addresses = [self._join(received, stack) for _ in range(viewers)]

    def _join(self, offer: Offer, stack: ExitStack) -> tuple[str, int]:
        receiver = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        receiver.bind(("127.0.0.1", 0))
        watcher = Watcher(("w", "p"), offer, self._carrier, Audience(), {})
        watcher.accept(offer)
        self._keys.append(SrtpContext.with_key(os.urandom(28), inbound=False))
        link = watcher.negotiation.peer.link
        link.context, link.sendto = self._keys[-1].context, self.socket.sendto
        address: tuple[str, int] = receiver.getsockname()
        link.address = address
        assert self._speaker.audio is not None
        watcher.hear({"s1": self._speaker.audio})
        watcher.show(0, self._speaker.video[""], time.monotonic())
        return address

    def speech(self, frames: int) -> list[bytes]:
        """What the speaker's client sends in `frames` frames' time: encrypted packets, made ahead of measuring."""
        packets = []
        for _ in range(frames):
            self._frames += 1
            for place, size in enumerate(FRAME):
                packets.append(self._video(place, size))
            sounds = 2 if self._frames % 3 else 1
            packets += [self._encrypt(AUDIO_SSRC, 0, self._frames * 1600, bytes(SOUND)) for _ in range(sounds)]
        return packets

    def _video(self, place: int, size: int) -> bytes:
        # A descriptor with a 15-bit picture id, TL0PICIDX and TID; the first frame is a keyframe.
        picture = (0x8000 | self._frames & 0x7FFF).to_bytes(2, "big")
        head = bytes([0x90 if place == 0 else 0x80, 0xE0, *picture, self._frames & 0xFF, 0x20, int(self._frames > 1)])
        marker = 0x80 if place == len(FRAME) - 1 else 0
        return self._encrypt(VIDEO_SSRC, marker, self._frames * 3000, head + bytes(size - len(head)))

    def _encrypt(self, ssrc: int, marker: int, timestamp: int, payload: bytes) -> bytes:
        self._sequence[ssrc] += 1
        packet = HEADER.pack(0x80, marker | 96, self._sequence[ssrc] & 0xFFFF, timestamp, ssrc) + payload
        buffer = self._buffer
        buffer.view[: len(packet)] = packet
        buffer.length[0] = len(packet)
        assert protect(self._speaking.context, buffer.raw, buffer.length) == 0
        return bytes(buffer.view[: buffer.length[0]])

    def take(self, packets: Sequence[bytes], now: float | None = None) -> None:
        """What a worker does with the packets that it read from its socket."""
        buffer, context = self._buffer, self._hearing.context
        for packet in packets:
            buffer.view[: len(packet)] = packet
            buffer.length[0] = len(packet)
            assert unprotect(context, buffer.raw, buffer.length) == 0
            self._speaker.rtp(buffer.view, buffer.length[0], time.monotonic() if now is None else now)


def measure(viewers: int) -> Result:
    with ExitStack() as stack:
        hall = Hall(viewers, stack)
        frames = PACKETS // viewers * 3 // 17

        def ours() -> float:
            packets = hall.speech(frames)
            before, began = hall.counters.packets_out, time.process_time()
            hall.take(packets)
            spent = time.process_time() - began
            return spent / (hall.counters.packets_out - before) * 1e6

        def bare() -> float:
            # As large as what we send: 20 or 24 bytes of header and 16 of authentication around the payload.
            sizes = [*(size + 36 for size in FRAME), SOUND + 40, SOUND + 40]
            packets = [bytes(size) for size in sizes] * frames
            send = hall.socket.sendto
            began = time.process_time()
            for packet in packets:
                for address in hall.addresses:
                    send(packet, address)
            return (time.process_time() - began) / (len(packets) * viewers) * 1e6

        rounds = alternate(ours, bare, ROUNDS)
        assert hall.counters.send_drops == 0
        return summarize(
            BENCH, f"{viewers} viewers", "µs CPU/packet", "socket.sendto of packets as large, without SRTP", rounds
        )


async def run_all() -> list[Result]:
    return [measure(viewers) for viewers in VIEWERS]


if __name__ == "__main__":
    main(lambda: asyncio.run(run_all()), __doc__.split("\n", 1)[0])
