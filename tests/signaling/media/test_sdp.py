"""Offers of real browsers are answered; what is no usable offer is refused with a sentence."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.media.port import BadOffer
from signaling.media.sdp import (
    AUDIO_LEVEL,
    MAX_LINES,
    MAX_OFFER,
    MAX_SECTIONS,
    MID,
    REPAIRED_RID,
    RID,
    SEND_TIME,
    AnsweredSlot,
    Transport,
    build_answer,
    candidate_line,
    parse_offer,
)

OFFERS = Path(__file__).parent / "offers"
"""Made by Chromium 156 and Firefox 153."""

TRANSPORT = Transport("uf", "pw", "sha-256 AA:BB", "passive", (candidate_line(1, "192.0.2.1", 7000, 99),), 3)


def offer(name: str) -> str:
    return (OFFERS / f"{name}.sdp").read_bytes().decode()


def sections(answer: str) -> list[list[str]]:
    """The lines of each m-section of an answer, whose form is checked on the way."""
    assert answer.endswith("\r\n")
    lines = answer.split("\r\n")[:-1]
    assert all(re.fullmatch(r"[a-z]=.+", line) for line in lines)
    starts = [place for place, line in enumerate(lines) if line.startswith("m=")]
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


@pytest.mark.parametrize(("browser", "types"), [("chromium", (111, 96, 97)), ("firefox", (109, 120, 124))])
def test_a_camera_is_answered(browser: str, types: tuple[int, int, int]) -> None:
    parsed = parse_offer(offer(f"{browser}_publish_camera"))
    sound, picture = parsed.media
    assert (sound.kind, sound.payload_type, sound.sends) == ("audio", types[0], True)
    assert (picture.kind, picture.payload_type, picture.rtx_payload_type, picture.sends) == ("video", *types[1:], True)
    assert len(sound.ssrcs) == 1
    assert len(picture.ssrcs) == 2
    answered = sections(build_answer(parsed, TRANSPORT, {}, receive=True))
    assert answered[0][0] == f"m=audio 9 UDP/TLS/RTP/SAVPF {types[0]}"
    assert answered[1][0] == f"m=video 9 UDP/TLS/RTP/SAVPF {types[1]} {types[2]}"
    for lines, uris in zip(answered, [(MID, AUDIO_LEVEL), (MID, RID, REPAIRED_RID)], strict=True):
        assert {"a=recvonly", "a=setup:passive", "a=rtcp-mux", "a=ice-ufrag:uf", "a=ice-pwd:pw"} <= set(lines)
        assert {line.split(" ")[1] for line in lines if line.startswith("a=extmap")} <= set(uris)
    assert TRANSPORT.candidates[0] in answered[0]
    assert f"a=rtcp-fb:{types[1]} nack pli" in answered[1]
    assert f"a=rtcp-fb:{types[1]} goog-remb" in answered[1]
    assert f"a=fmtp:{types[2]} apt={types[1]}" in answered[1]


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_layers_are_taken(browser: str) -> None:
    parsed = parse_offer(offer(f"{browser}_publish_layers"))
    assert parsed.media[1].rids == ("l", "h")
    lines = sections(build_answer(parsed, TRANSPORT, {}, receive=True))[1]
    assert lines[-3:] == ["a=rid:l recv", "a=rid:h recv", "a=simulcast:recv l;h"]


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
@pytest.mark.parametrize("video", [4, 50])
def test_slots_are_announced_in_the_order_of_the_offer(browser: str, video: int) -> None:
    parsed = parse_offer(offer(f"{browser}_watch_3_{video}"))
    assert [media.kind for media in parsed.media] == ["audio"] * 3 + ["video"] * video
    slots = {
        media.mid: AnsweredSlot(f"slot{place}", 1000 + place, 2000 + place) for place, media in enumerate(parsed.media)
    }
    answered = sections(build_answer(parsed, TRANSPORT, slots, receive=False))
    for place, lines in enumerate(answered):
        assert "a=sendonly" in lines
        assert f"a=ssrc:{1000 + place} cname:hub" in lines
        picture = lines[0].startswith("m=video")
        assert (f"a=ssrc-group:FID {1000 + place} {2000 + place}" in lines) == picture
        extensions = [line.split(" ")[1] for line in lines if line.startswith("a=extmap")]
        assert extensions == [SEND_TIME if picture else AUDIO_LEVEL]
        assert {*TRANSPORT.candidates, "a=end-of-candidates"} <= set(lines), "clients look in different places"


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_a_data_channel_is_declined_and_the_rest_answered(browser: str) -> None:
    answer = build_answer(parse_offer(offer(f"{browser}_publish_with_data_channel")), TRANSPORT, {}, receive=True)
    assert sections(answer)[2][0] == "m=application 0 UDP/DTLS/SCTP webrtc-datachannel"
    assert "a=group:BUNDLE 0 1\r\n" in answer


def test_a_stopped_m_line_is_answered_as_stopped() -> None:
    text = offer("chromium_watch_3_4").replace("m=video 9", "m=video 0", 1)
    parsed = parse_offer(text)
    assert [media.usable for media in parsed.media] == [True, True, True, False, True, True, True]
    answered = sections(build_answer(parsed, TRANSPORT, {}, receive=False))
    assert answered[3][0] == "m=video 0 UDP/TLS/RTP/SAVPF 0"
    bundled = (
        offer("chromium_watch_3_4").replace("m=video 9", "m=video 0", 1).replace("a=mid:3", "a=mid:3\r\na=bundle-only")
    )
    assert parse_offer(bundled).media[3].usable


def test_without_rtx_no_nack_is_negotiated() -> None:
    text = re.sub(r"a=rtpmap:\d+ rtx/90000\r\n", "", offer("chromium_watch_3_4"))
    parsed = parse_offer(text)
    slots = {media.mid: AnsweredSlot("v0", 5, 6) for media in parsed.media}
    answer = build_answer(parsed, TRANSPORT, slots, receive=False)
    assert "nack pli" in answer
    assert not re.search(r"a=rtcp-fb:96 nack\r\n", answer)
    assert "ssrc-group" not in answer


@pytest.mark.parametrize(("setup", "server"), [("actpass", True), ("active", True), ("passive", False)])
def test_the_server_waits_for_the_handshake_unless_the_client_does(setup: str, server: bool) -> None:
    assert parse_offer(offer("chromium_publish_camera").replace("a=setup:actpass", f"a=setup:{setup}")).server is server


CAMERA = offer("chromium_publish_camera")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "must begin with v=0", id="empty"),
        pytest.param("hello", "must begin with v=0", id="no SDP"),
        pytest.param("v=0\r\n", "no media", id="no m-line"),
        pytest.param("v=0\r\nm=audio\r\n", "not well-formed", id="cut m-line"),
        pytest.param(CAMERA.replace("a=mid:0", "a=mid:0 a"), "not a token", id="mid with a space"),
        pytest.param(CAMERA.replace("a=mid:1", "a=mid:0"), "same mid", id="mid twice"),
        pytest.param(CAMERA.replace("opus", "opuss"), "no common audio codec", id="no opus"),
        pytest.param(CAMERA.replace("VP8", "VP7"), "no common video codec", id="no VP8"),
        pytest.param(CAMERA.replace("a=fingerprint", "a=finger"), "no DTLS fingerprint", id="no fingerprint"),
        pytest.param(CAMERA.replace("a=setup", "a=set"), "no DTLS fingerprint or a=setup", id="no setup"),
        pytest.param(CAMERA.replace("a=setup:actpass", "a=setup:x"), "not well-formed", id="unknown setup"),
        pytest.param(CAMERA.replace("a=ice-pwd", "a=ice"), "no ICE credentials", id="no password"),
        pytest.param(CAMERA.replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 0"), "BUNDLE", id="not bundled"),
        pytest.param(
            CAMERA.replace("m=video 9", "m=video 0").replace("m=audio 9", "m=audio 0"),
            "no audio or video",
            id="all stopped",
        ),
        pytest.param(CAMERA + "a=x\r\n" * MAX_LINES, "too many lines", id="long section"),
        pytest.param("v=0\r\n" + "m=audio 9 X 0\r\n" * (MAX_SECTIONS + 1), "too many m-lines", id="many sections"),
        pytest.param(CAMERA + "a" * MAX_OFFER, "too large", id="huge"),
    ],
)
def test_what_is_no_usable_offer_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadOffer, match=sentence):
        parse_offer(text)


LINES = sorted({line for path in OFFERS.glob("*_publish_*.sdp") for line in path.read_text().splitlines()})


@given(st.text(max_size=200))
def test_any_text_is_an_offer_or_is_refused(text: str) -> None:
    for candidate in (text, "v=0\r\n" + text, CAMERA + text):
        with suppress(BadOffer):
            build_answer(parse_offer(candidate), TRANSPORT, {}, receive=True)


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=30), max_size=60), st.integers(0, len(CAMERA)))
def test_shuffled_lines_are_an_offer_or_are_refused(lines: list[str], cut: int) -> None:
    for candidate in ("\r\n".join(["v=0", *lines]), CAMERA[:cut] + "\r\n".join(lines)):
        with suppress(BadOffer):
            sections(build_answer(parse_offer(candidate), TRANSPORT, {}, receive=True))
