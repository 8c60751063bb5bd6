"""One room of a media worker without network or clock: packets go in by hand, what watchers get comes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from signaling.media.feedback import Message, parse_compound
from signaling.media.forward import Counters, PythonForwarder
from signaling.media.light_peer.offer import Offerer, Stream
from signaling.media.negotiation import Carrier
from signaling.media.peers import Credentials, PeerHandler, Peers
from signaling.media.port import SendAdvice, StageSeat
from signaling.media.router import Room
from signaling.media.rtp import HEADER
from signaling.media.sdp import AUDIO_LEVEL, MID, REPAIRED_RID, RID, parse_offer
from signaling.media.tap import Tap
from tests.support.srtp_ends import FarEnd, Received

TICK = 0.05


class HeldPeer:
    """Stands for a connection that is up as soon as it is made."""

    def __init__(self, handler: PeerHandler) -> None:
        self.handler = handler
        self.end = FarEnd()
        self.link = self.end.link
        self.send_rtcp = self.end.rtcp.append
        self.credentials = Credentials("ufrag0", "password")
        self.is_closed = False

    def restart_ice(self) -> None:
        self.credentials = Credentials(f"ufrag{int(self.credentials.ufrag[5:]) + 1}", "password")

    def close(self) -> None:
        if not self.is_closed:
            self.is_closed = True
            self.link.sendto = None
            self.handler.closed()


class HeldPeers:
    """Stands for `Peers`."""

    class certificate:  # noqa: N801  (an attribute of Peers)
        fingerprint = "sha-256 AA"

    def __init__(self) -> None:
        self.made: list[HeldPeer] = []

    def create(self, _fingerprints: object, handler: PeerHandler, *, server: bool) -> HeldPeer:
        self.made.append(HeldPeer(handler))
        return self.made[-1]


@dataclass
class RecordedEvents:
    """What the room tells, in order."""

    lives: list[tuple[str, bool]] = field(default_factory=list)
    speakers: list[tuple[str, ...]] = field(default_factory=list)
    advice: list[tuple[str, SendAdvice]] = field(default_factory=list)

    def live(self, session: str, seat: str, live: bool) -> None:
        self.lives.append((seat, live))

    def speaking(self, session: str, seats: Sequence[str]) -> None:
        self.speakers.append(tuple(seats))

    def send(self, session: str, seat: str, advice: SendAdvice) -> None:
        self.advice.append((seat, advice))


class HeldRoom:
    """A room and everybody's clients. Time passes only by `pass_time`."""

    def __init__(self, tap: Tap | None = None) -> None:
        self.now = 1000.0
        self.counters = Counters()
        self.events = RecordedEvents()
        self.peers = HeldPeers()
        carrier = Carrier(cast(Peers, self.peers), tuple, PythonForwarder(self.counters), self.counters, tap)
        self.room = Room("room", carrier, self.events)
        self._sending: list[Callable[[], object]] = []

    def stage(self, *seats: StageSeat, recording: str | None = None) -> None:
        self.room.stage(seats, self.now, recording)

    def speaker(self, seat: str, *, rids: Sequence[str] = (), audio: bool = True, video: bool = True) -> Speaker:
        return Speaker(self, seat, rids, audio=audio, video=video)

    def start(self, seat: str = "s1", slot: int = 0, *, rids: Sequence[str] = ()) -> Speaker:
        """Put one seat on stage, whose client has sent a keyframe of each layer."""
        self.stage(camera(seat, slot))
        speaker = self.speaker(seat, rids=rids)
        for rid in rids or ("",):
            speaker.frame(rid, keyframe=True)
        self.pass_time(0.05)
        return speaker

    def viewer(self, watcher: str = "w1", participant: str = "bob", *, audio: int = 3, video: int = 4) -> Viewer:
        return Viewer(self, watcher, participant, audio=audio, video=video)

    def keep_sending(self, send: Callable[[], object]) -> None:
        """Call `send` before each tick from now on."""
        self._sending.append(send)

    def pass_time(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK)):
            for send in self._sending:
                send()
            self.now += TICK
            self.room.tick(self.now)


class Speaker:
    """A publisher's client: sends one frame or packet at a time."""

    def __init__(self, room: HeldRoom, seat: str, rids: Sequence[str], *, audio: bool, video: bool) -> None:
        self._room = room
        self._seat = seat
        base = 1000 * (len(room.peers.made) + 1)
        self.ssrcs = {"audio": base + 1, "": base + 2, "h": base + 3, "l": base + 4}
        self.repairs = {"": base + 12, "h": base + 13, "l": base + 14}
        self._rids = tuple(rids)
        streams = [Stream("audio", sends=True, ssrc=self.ssrcs["audio"])] if audio else []
        if video and rids:
            streams.append(Stream("video", sends=True, rids=self._rids))
        elif video:
            streams.append(Stream("video", sends=True, ssrc=self.ssrcs[""], rtx_ssrc=self.repairs[""]))
        self.offerer = Offerer(streams)
        self._video_mid = str(len(streams) - 1)
        self.sequences = dict.fromkeys(self.ssrcs, 0xFFF8)
        self.pictures = dict.fromkeys(self.ssrcs, 0x7FF8)
        self.sent: dict[int, bytes] = {}
        """Payloads of the frames sent last, by sequence number."""
        self.delivered: list[bytes] = []
        """The packets that arrived, whole."""
        self.offer()
        self.peer = room.peers.made[-1]

    def offer(self) -> str:
        text = self.offerer.write()
        self._ids = dict(parse_offer(text).media[-1].extensions) | dict(parse_offer(text).media[0].extensions)
        return self._room.room.publish(self._seat, text)

    def sound(self, level: int = 30, payload: bytes = b"sound") -> None:
        """Send 20 ms of sound."""
        extension = bytes([self._ids[AUDIO_LEVEL] << 4, level, 0, 0])
        self._send("audio", payload, extension=extension, step=960)

    def frame(self, rid: str = "", *, keyframe: bool = False, lost: bool = False) -> int:
        """Send a frame of one packet (or lose it on the way); returns its sequence number."""
        self.pictures[rid] = (self.pictures[rid] + 1) & 0x7FFF
        picture = self.pictures[rid]
        head = bytes([0x90, 0xE0, 0x80 | picture >> 8, picture & 0xFF, picture & 0xFF, 0x20, 0 if keyframe else 1])
        payload = head + (rid or "lone").encode()
        sequence = self._send(rid, payload, extension=self._naming(rid, RID), lost=lost, step=3000)
        self.sent[sequence] = payload
        return sequence

    def repair(self, sequence: int, payload: bytes, rid: str = "") -> None:
        """Send a packet again by RTX."""
        header = (97, self.repairs[rid], 7, 0)
        self.deliver(header, sequence.to_bytes(2, "big") + payload, self._naming(rid, REPAIRED_RID))

    def deliver(self, header: tuple[int, int, int, int], payload: bytes, extension: bytes = b"") -> None:
        """Have a packet arrive, decrypted. `header` is payload type, SSRC, sequence number and timestamp."""
        payload_type, ssrc, sequence, timestamp = header
        first, block = 0x80, b""
        if extension:
            first, block = 0x90, b"\xbe\xde" + (len(extension) // 4).to_bytes(2, "big") + extension
        packet = HEADER.pack(first, payload_type, sequence, timestamp & 0xFFFFFFFF, ssrc) + block + payload
        self.delivered.append(packet)
        buffer = memoryview(bytearray(packet + bytes(50)))
        self.peer.handler.rtp(buffer, len(packet), self._room.now)

    def rtcp(self, data: bytes) -> None:
        self.peer.handler.rtcp(data, self._room.now)

    def told(self, kind: type[Message]) -> list[Any]:
        """Feedback of a kind that came since the last call for any kind."""
        messages = [message for data in self.peer.end.rtcp for message in parse_compound(data)]
        self.peer.end.rtcp.clear()
        return [message for message in messages if isinstance(message, kind)]

    def _naming(self, rid: str, uri: str) -> bytes:
        if not rid:
            return b""
        named = bytes([self._ids[MID] << 4]) + self._video_mid.encode() + bytes([self._ids[uri] << 4]) + rid.encode()
        return named + bytes(-len(named) % 4)

    def _send(self, stream: str, payload: bytes, *, extension: bytes, step: int, lost: bool = False) -> int:
        sequence = self.sequences[stream] = (self.sequences[stream] + 1) & 0xFFFF
        if not lost:
            payload_type = 111 if stream == "audio" else 96
            self.deliver((payload_type, self.ssrcs[stream], sequence, step * sequence), payload, extension)
        return sequence


class Viewer:
    """A watcher's client."""

    def __init__(self, room: HeldRoom, watcher: str, participant: str, *, audio: int, video: int) -> None:
        self._room = room
        self._watcher = watcher
        self._participant = participant
        self.offerer = Offerer([Stream("audio")] * audio + [Stream("video")] * video)
        self.ssrcs: dict[str, int] = {}
        self.offer()
        self.peer = room.peers.made[-1]
        self.peer.handler.ready(room.now)

    def offer(self) -> str:
        answer = self._room.room.watch(self._watcher, self._participant, self.offerer.write())
        self.ssrcs = dict(self._slots(answer))
        return answer

    @staticmethod
    def _slots(answer: str) -> Iterator[tuple[str, int]]:
        for section in answer.split("m=")[1:]:
            name, ssrc = re.search(r"a=msid:(\S+)", section), re.search(r"a=ssrc:(\d+)", section)
            if name is not None and ssrc is not None:
                yield name[1], int(ssrc[1])

    def take(self, slot: str) -> list[Received]:
        """What came on a slot since the last call for it."""
        found = self.peer.end.of(self.ssrcs[slot])
        self.peer.end.received = [each for each in self.peer.end.received if each not in found]
        return found

    def sees(self, slot: str) -> list[str]:
        """The streams from which frames came on a slot since the last call: "h", "l" or "lone"."""
        return [each.payload[7:].decode() for each in self.take(slot)]

    def rtcp(self, data: bytes) -> None:
        self.peer.handler.rtcp(data, self._room.now)


def camera(seat: str, slot: int | None, owner: str = "", *, audio: bool = True, video: bool = True) -> StageSeat:
    return StageSeat(seat, "camera", owner or f"owner of {seat}", slot, audio=audio, video=video)
