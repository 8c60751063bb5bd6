"""SDP: reading clients' offers and writing the answers. Pure.

Offers are untrusted. Only what is understood reaches aiortc's parser, so that its cost is bounded by the
number of m-lines. Answers are written from a template: one for 55 m-lines takes a few milliseconds.
Sources: RFC 8866 (SDP), RFC 8829 (JSEP), RFC 8843 (BUNDLE), RFC 8853 (simulcast).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from aiortc import sdp as parser

from signaling.media.port import BadOffer

MAX_OFFER = 400_000
"""Characters: 55 m-lines with every codec that Chromium has are 260,000."""

MAX_SECTIONS = 64
MAX_LINES = 400
"""Lines of one m-section; a browser's have up to 160."""

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"

_RECEIVED: Mapping[str, tuple[str, ...]] = {"audio": (MID, AUDIO_LEVEL), "video": (MID, RID, REPAIRED_RID)}
_SENT: Mapping[str, tuple[str, ...]] = {"audio": (AUDIO_LEVEL,), "video": (SEND_TIME,)}
CODECS: Mapping[str, str] = {"audio": "opus", "video": "VP8"}
"""The one codec of each kind that is forwarded."""

_FEEDBACK = ("nack", "nack pli", "ccm fir", "goog-remb")
_TOKEN = re.compile(r"[A-Za-z0-9_.~+-]{1,64}")
_RID_NAME = re.compile(r"[A-Za-z0-9]{1,16}")
_KEPT = frozenset(
    {
        "v=", "o=", "m=", "a=group", "a=mid", "a=extmap", "a=ssrc", "a=ssrc-group", "a=setup", "a=fingerprint",
        "a=ice-ufrag", "a=ice-pwd", "a=sendonly", "a=recvonly", "a=sendrecv", "a=inactive",
    }
)  # fmt: skip
_OF_CODEC = ("a=rtpmap", "a=fmtp")
_CODEC_LINE = re.compile(r"a=rtpmap:(\d{1,3}) (?:opus|vp8|rtx)/", re.IGNORECASE)

LAYERS = ("h", "l")
"""The RIDs of simulcast: large and small."""


@dataclass(frozen=True, slots=True)
class OfferedMedia:
    """One m-section of an offer. `usable` is False for what can only be answered with port 0."""

    kind: str
    mid: str
    usable: bool
    protocol: str = "UDP/TLS/RTP/SAVPF"
    formats: str = "0"
    sends: bool = False
    receives: bool = False
    payload_type: int = 0
    rtx_payload_type: int | None = None
    feedback: tuple[str, ...] = ()
    extensions: Mapping[str, int] = ()  # type: ignore[assignment]
    rids: tuple[str, ...] = ()
    """The layers taken of those offered; empty without simulcast."""
    ssrcs: tuple[int, ...] = ()
    """The media's SSRC and its RTX's, if the offer tells them."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A client's offer, checked."""

    session: str
    """Identifies the client's peer connection, with the fingerprints (the id of the o= line)."""
    fingerprints: tuple[tuple[str, str], ...]
    server: bool
    """Whether the server waits for the client's handshake (the usual case)."""
    ufrag: str
    password: str
    media: tuple[OfferedMedia, ...]


def parse_offer(text: str) -> Offer:
    """Read an offer; raises BadOffer with a sentence for the client."""
    if len(text) > MAX_OFFER:
        raise BadOffer(f"The offer is too large: at most {MAX_OFFER} characters.")
    session, sections = parser.grouplines(text)
    if not text.startswith("v=0"):
        raise BadOffer("This is not an SDP offer: it must begin with v=0.")
    if not sections:
        raise BadOffer("The offer has no media.")
    if len(sections) > MAX_SECTIONS:
        raise BadOffer(f"The offer has too many m-lines: at most {MAX_SECTIONS}.")
    if len(session) > MAX_LINES or any(len(lines) > MAX_LINES for lines in sections):
        raise BadOffer(f"A section of the offer has too many lines: at most {MAX_LINES}.")
    kept = _keep(session) + [line for lines in sections for line in _keep(lines)]
    try:
        description = parser.SessionDescription.parse("\r\n".join(kept))
    except Exception as error:
        # aiortc's parser asserts, indexes and unpacks as it goes: any exception means "not SDP".
        raise BadOffer("The offer is not well-formed SDP.") from error
    media = tuple(
        _offered(section, [line.strip() for line in lines], place)
        for place, (section, lines) in enumerate(zip(description.media, sections, strict=True))
    )
    mids = [each.mid for each in media]
    if len(set(mids)) != len(mids):
        raise BadOffer("Two m-lines of the offer have the same mid.")
    usable = [each for each in media if each.usable]
    if not usable:
        raise BadOffer("The offer has no audio or video.")
    bundled = {str(mid) for group in description.group if group.semantic == "BUNDLE" for mid in group.items}
    if len(usable) > 1 and not bundled.issuperset(each.mid for each in usable):
        raise BadOffer("All media must be in one BUNDLE group (bundlePolicy max-bundle).")
    first = description.media[media.index(usable[0])]
    return _offer(description.origin or "", first, media)


def _offer(origin: str, first: parser.MediaDescription, media: tuple[OfferedMedia, ...]) -> Offer:
    fingerprints = tuple(
        (each.algorithm, each.value) for each in (first.dtls.fingerprints if first.dtls is not None else ())
    )
    if first.dtls is None or not fingerprints:
        raise BadOffer("The offer has no DTLS fingerprint or a=setup.")
    if first.ice is None or not first.ice.usernameFragment or not first.ice.password:
        raise BadOffer("The offer has no ICE credentials.")
    identity = origin.split()
    return Offer(
        session=identity[1] if len(identity) > 1 else "",
        fingerprints=fingerprints,
        server=first.dtls.role != "server",
        ufrag=first.ice.usernameFragment,
        password=first.ice.password,
        media=media,
    )


def _keep(lines: Sequence[str]) -> list[str]:
    """The lines that are understood; of codecs only those that are forwarded."""
    # A browser's fmtp may stand before its rtpmap.
    codecs = [_CODEC_LINE.match(line) for line in lines if line.startswith("a=rtpmap:")]
    known = {found[1] for found in codecs if found is not None}
    kept = []
    for line in lines:
        name, _, value = line.partition(":")
        if name in _KEPT or line[:2] in _KEPT or (name in _OF_CODEC and value.partition(" ")[0] in known):
            kept.append(line.rstrip())
    return kept


def _offered(section: parser.MediaDescription, lines: Sequence[str], place: int) -> OfferedMedia:
    mid = section.rtp.muxId or str(place)
    if not _TOKEN.fullmatch(mid):
        raise BadOffer(f"The mid of m-line {place + 1} is not a token.")
    if section.kind not in CODECS:
        # A data channel, say: not used here, so that m-line is declined and the rest goes on.
        if not _TOKEN.fullmatch(section.kind):
            raise BadOffer(f"m-line {place + 1} is not well-formed.")
        formats = " ".join(each for each in map(str, section.fmt[:1]) if _TOKEN.fullmatch(each))
        return OfferedMedia(section.kind, mid, usable=False, protocol=section.profile, formats=formats or "0")
    if section.port == 0 and "a=bundle-only" not in lines:
        return OfferedMedia(section.kind, mid, usable=False)
    codec = next((c for c in section.rtp.codecs if c.name.lower() == CODECS[section.kind].lower()), None)
    if codec is None:
        raise BadOffer(f"There is no common {section.kind} codec: this server takes {CODECS[section.kind]}.")
    payload_type = int(codec.payloadType or 0)
    repairs = [c for c in section.rtp.codecs if c.name.lower() == "rtx" and c.parameters.get("apt") == payload_type]
    rtx = repairs[0] if repairs and section.kind == "video" else None
    offered = {line.partition(" ")[2] for line in lines if line.startswith(f"a=rtcp-fb:{payload_type} ")}
    return OfferedMedia(
        kind=section.kind,
        mid=mid,
        usable=True,
        sends=section.direction in (None, "sendrecv", "sendonly"),
        receives=section.direction in (None, "sendrecv", "recvonly"),
        payload_type=payload_type,
        rtx_payload_type=None if rtx is None else rtx.payloadType,
        feedback=tuple(each for each in _FEEDBACK if each in offered),
        # Ids above 14 need the two-byte form, which isn't sent here.
        extensions={each.uri: each.id for each in section.rtp.headerExtensions if 1 <= each.id <= 14},
        rids=_rids(lines),
        ssrcs=_ssrcs(section),
    )


def _rids(lines: Sequence[str]) -> tuple[str, ...]:
    offered = [line[6:].split() for line in lines if line.startswith("a=rid:")]
    names = [words[0] for words in offered if words[1:2] == ["send"] and _RID_NAME.fullmatch(words[0])]
    return tuple(name for name in names if name in LAYERS) or tuple(names[:1])


def _ssrcs(section: parser.MediaDescription) -> tuple[int, ...]:
    for group in section.ssrc_group:
        if group.semantic == "FID" and len(group.items) == 2:
            return int(group.items[0]), int(group.items[1])
    return tuple(each.ssrc for each in section.ssrc[:1])


@dataclass(frozen=True, slots=True)
class AnsweredSlot:
    """The stream that the server sends on an m-section."""

    name: str
    ssrc: int
    rtx_ssrc: int


@dataclass(frozen=True, slots=True)
class Transport:
    """What an answer says of the server's side of the connection."""

    ufrag: str
    password: str
    fingerprint: str
    setup: Literal["passive", "active"]
    candidates: tuple[str, ...]
    version: int = 1


def candidate_line(number: int, host: str, port: int, priority: int) -> str:
    return f"a=candidate:{number} 1 udp {priority} {host} {port} typ host"


def build_answer(offer: Offer, transport: Transport, slots: Mapping[str, AnsweredSlot], *, receive: bool) -> str:
    """Answer an offer: with `receive` the client's streams are taken, and `slots` (by mid) are sent."""
    accepted = [each.mid for each in offer.media if each.usable]
    lines = [
        "v=0",
        f"o=- {offer.session if offer.session.isdigit() else 1} {transport.version} IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {' '.join(accepted)}",
        "a=msid-semantic:WMS *",
    ]
    head = [
        "c=IN IP4 0.0.0.0",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=ice-ufrag:{transport.ufrag}",
        f"a=ice-pwd:{transport.password}",
        f"a=fingerprint:{transport.fingerprint}",
        f"a=setup:{transport.setup}",
    ]
    for media in offer.media:
        if not media.usable:
            lines += [f"m={media.kind} 0 {media.protocol} {media.formats}", "c=IN IP4 0.0.0.0", f"a=mid:{media.mid}"]
            lines.append("a=inactive")
            continue
        types = [media.payload_type] if media.rtx_payload_type is None else [media.payload_type, media.rtx_payload_type]
        lines += [f"m={media.kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, types))}", *head, f"a=mid:{media.mid}"]
        # With BUNDLE the first m-line's would do, but aiortc's clients look for them in the last one.
        lines += [*transport.candidates, "a=end-of-candidates"]
        lines += _codec_lines(media)
        slot = slots.get(media.mid)
        if slot is not None:
            lines += _sent_lines(media, slot)
        elif receive and media.sends:
            lines += _received_lines(media)
        else:
            lines.append("a=inactive")
    return "\r\n".join(lines) + "\r\n"


def _codec_lines(media: OfferedMedia) -> list[str]:
    number = media.payload_type
    if media.kind == "audio":
        return [f"a=rtpmap:{number} opus/48000/2", f"a=fmtp:{number} minptime=10;useinbandfec=1"]
    lines = [f"a=rtpmap:{number} VP8/90000"]
    # Without RTX nothing is repeated, so a NACK would be answered by nobody.
    wanted = (each for each in media.feedback if each != "nack" or media.rtx_payload_type is not None)
    lines += [f"a=rtcp-fb:{number} {each}" for each in wanted]
    if media.rtx_payload_type is not None:
        lines += [f"a=rtpmap:{media.rtx_payload_type} rtx/90000", f"a=fmtp:{media.rtx_payload_type} apt={number}"]
    return lines


def _sent_lines(media: OfferedMedia, slot: AnsweredSlot) -> list[str]:
    lines = [f"a=extmap:{media.extensions[uri]} {uri}" for uri in _SENT[media.kind] if uri in media.extensions]
    lines += ["a=sendonly", f"a=msid:{slot.name} {slot.name}"]
    if media.rtx_payload_type is None:
        return [*lines, f"a=ssrc:{slot.ssrc} cname:hub"]
    group = f"a=ssrc-group:FID {slot.ssrc} {slot.rtx_ssrc}"
    return [*lines, group, f"a=ssrc:{slot.ssrc} cname:hub", f"a=ssrc:{slot.rtx_ssrc} cname:hub"]


def _received_lines(media: OfferedMedia) -> list[str]:
    lines = [f"a=extmap:{media.extensions[uri]} {uri}" for uri in _RECEIVED[media.kind] if uri in media.extensions]
    lines.append("a=recvonly")
    if media.rids:
        lines += [*(f"a=rid:{rid} recv" for rid in media.rids), f"a=simulcast:recv {';'.join(media.rids)}"]
    return lines
