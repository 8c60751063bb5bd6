"""What a light peer offers, as a browser would write it, and what it reads of the server's answer.

Bundled, rtcp-mux, no trickle: an ICE-lite server needs no candidates of ours (RFC 8445 section 2.5).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from aiortc import RTCCertificate, RTCDtlsParameters
from aiortc.sdp import MediaDescription, SessionDescription

Kind = Literal["audio", "video"]

AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"

_EXTENSIONS: dict[Kind, tuple[tuple[int, str], ...]] = {
    "audio": ((1, AUDIO_LEVEL), (2, SEND_TIME), (4, MID)),
    "video": ((2, SEND_TIME), (4, MID), (10, RID), (11, REPAIRED_RID)),
}
_CODECS: dict[Kind, tuple[str, ...]] = {
    "audio": ("a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1"),
    "video": (
        "a=rtpmap:96 VP8/90000",
        "a=rtcp-fb:96 goog-remb",
        "a=rtcp-fb:96 ccm fir",
        "a=rtcp-fb:96 nack",
        "a=rtcp-fb:96 nack pli",
        "a=rtpmap:97 rtx/90000",
        "a=fmtp:97 apt=96",
    ),
}
_PAYLOAD_TYPES: dict[Kind, str] = {"audio": "111", "video": "96 97"}


@dataclass(frozen=True, slots=True)
class IceCredentials:
    fragment: str
    password: str


@dataclass(frozen=True, slots=True)
class Stream:
    """One m-line of an offer. A sender without RIDs announces `ssrc` (and `rtx_ssrc` for video)."""

    kind: Kind
    sends: bool = False
    rids: tuple[str, ...] = ()
    ssrc: int | None = None
    rtx_ssrc: int | None = None


@dataclass(frozen=True, slots=True)
class AnsweredStream:
    """One m-line of an answer. `ssrc` and `rtx_ssrc` are what the server will send on, if it announced them."""

    kind: Kind
    mid: str
    accepted: bool
    payload_type: int | None
    rtx_payload_type: int | None
    extensions: dict[str, int]
    ssrc: int | None
    rtx_ssrc: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    candidates: tuple[tuple[str, int], ...]
    ice: IceCredentials
    dtls: RTCDtlsParameters
    streams: tuple[AnsweredStream, ...]


def fresh_credentials() -> IceCredentials:
    return IceCredentials(secrets.token_hex(4), secrets.token_hex(12))


@cache
def certificate() -> RTCCertificate:
    """One certificate for all light peers of this process: making one for each costs more than it hides."""
    return RTCCertificate.generateCertificate()


@cache
def _fingerprint() -> str:
    first = certificate().getFingerprints()[0]
    return f"{first.algorithm} {first.value}"


class Offerer:
    """The offers of one peer connection: the same session each time, a version that rises (RFC 3264 section 8)."""

    def __init__(self, streams: Sequence[Stream]) -> None:
        self.streams = list(streams)
        """May grow between two offers; a stream's mid is its index."""
        self.credentials = fresh_credentials()
        self._session = secrets.randbits(62)
        self._version = 0

    def restart_ice(self) -> None:
        """Take new credentials with the next offer (RFC 8445 section 9)."""
        self.credentials = fresh_credentials()

    def write(self) -> str:
        self._version += 1
        mids = " ".join(str(index) for index in range(len(self.streams)))
        lines = [
            "v=0",
            f"o=- {self._session} {self._version} IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            f"a=group:BUNDLE {mids}",
            "a=extmap-allow-mixed",
            "a=msid-semantic: WMS",
        ]
        for index, stream in enumerate(self.streams):
            lines += _stream_lines(self.credentials, stream, index)
        return "\r\n".join(lines) + "\r\n"

    def read(self, sdp: str) -> Answer:
        """Raises ValueError, naming what is missing, for an answer that doesn't fit the offer."""
        return read_answer(sdp, self.streams)


def _stream_lines(credentials: IceCredentials, stream: Stream, index: int) -> list[str]:
    lines = [
        f"m={stream.kind} 9 UDP/TLS/RTP/SAVPF {_PAYLOAD_TYPES[stream.kind]}",
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        f"a=ice-ufrag:{credentials.fragment}",
        f"a=ice-pwd:{credentials.password}",
        f"a=fingerprint:{_fingerprint()}",
        "a=setup:actpass",
        f"a=mid:{index}",
        *(f"a=extmap:{id_} {uri}" for id_, uri in _EXTENSIONS[stream.kind]),
        "a=sendonly" if stream.sends else "a=recvonly",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        *_CODECS[stream.kind],
    ]
    if not stream.sends:
        return lines
    lines.append(f"a=msid:light {stream.kind}{index}")
    if stream.rids:
        lines += [f"a=rid:{rid} send" for rid in stream.rids]
        lines.append("a=simulcast:send " + ";".join(stream.rids))
    else:
        if stream.rtx_ssrc is not None:
            lines.append(f"a=ssrc-group:FID {stream.ssrc} {stream.rtx_ssrc}")
        lines += [f"a=ssrc:{ssrc} cname:light" for ssrc in (stream.ssrc, stream.rtx_ssrc) if ssrc is not None]
    return lines


def read_answer(sdp: str, offered: Sequence[Stream]) -> Answer:
    """Raises ValueError, naming what is missing, for an answer that doesn't fit the offer."""
    media = SessionDescription.parse(sdp).media
    if [m.kind for m in media] != [stream.kind for stream in offered]:
        raise ValueError("the answer's m-lines are not the offer's")
    first = media[0]
    if first.ice is None or first.ice.usernameFragment is None or first.ice.password is None:
        raise ValueError("the answer has no ICE credentials")
    if first.dtls is None or not first.dtls.fingerprints:
        raise ValueError("the answer has no DTLS fingerprint")
    candidates = tuple((c.ip, c.port) for c in first.ice_candidates if c.protocol.lower() == "udp" and ":" not in c.ip)
    if not candidates:
        raise ValueError("the answer has no IPv4 UDP candidate")
    return Answer(
        candidates=candidates,
        ice=IceCredentials(first.ice.usernameFragment, first.ice.password),
        dtls=first.dtls,
        streams=tuple(_answered(m, stream) for m, stream in zip(media, offered, strict=True)),
    )


def _answered(media: MediaDescription, offered: Stream) -> AnsweredStream:
    by_name = {codec.name.lower(): codec.payloadType for codec in media.rtp.codecs}
    ssrcs = [description.ssrc for description in media.ssrc]
    return AnsweredStream(
        kind=offered.kind,
        mid=media.rtp.muxId,
        accepted=media.port != 0 and media.direction not in (None, "inactive"),
        payload_type=by_name.get("opus" if offered.kind == "audio" else "vp8"),
        rtx_payload_type=by_name.get("rtx"),
        extensions={extension.uri: extension.id for extension in media.rtp.headerExtensions},
        ssrc=ssrcs[0] if ssrcs else None,
        rtx_ssrc=ssrcs[1] if len(ssrcs) > 1 else None,
    )
