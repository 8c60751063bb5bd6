import pytest
from aiortc.sdp import SessionDescription

from signaling.media.light_peer.offer import AUDIO_LEVEL, MID, Offerer, Stream, read_answer

STREAMS = [Stream("audio", sends=True, ssrc=11), Stream("video", sends=True, ssrc=21, rtx_ssrc=22)]


def answer(*changes: tuple[str, str]) -> str:
    """An ICE-lite server's answer to `STREAMS`, with text replaced."""
    sdp = (
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-lite\r\na=group:BUNDLE 0 1\r\n"
        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 127.0.0.1\r\na=recvonly\r\na=mid:0\r\na=rtcp-mux\r\n"
        "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef01234567\r\na=fingerprint:sha-256 AA:BB\r\na=setup:passive\r\n"
        "a=candidate:1 1 udp 2130706431 127.0.0.1 40000 typ host\r\n"
        f"a=extmap:1 {AUDIO_LEVEL}\r\na=extmap:4 {MID}\r\na=rtpmap:111 opus/48000/2\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 127.0.0.1\r\na=recvonly\r\na=mid:1\r\na=rtcp-mux\r\n"
        "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef01234567\r\na=fingerprint:sha-256 AA:BB\r\na=setup:passive\r\n"
        "a=ssrc-group:FID 5 6\r\na=ssrc:5 cname:x\r\na=ssrc:6 cname:x\r\n"
        "a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
    )
    for old, new in changes:
        assert old in sdp
        sdp = sdp.replace(old, new)
    return sdp


def test_an_offer_reads_as_it_was_meant() -> None:
    offerer = Offerer([*STREAMS, Stream("audio"), Stream("video")])
    read = SessionDescription.parse(offerer.write())
    assert [(m.kind, m.direction, m.rtp.muxId) for m in read.media] == [
        ("audio", "sendonly", "0"),
        ("video", "sendonly", "1"),
        ("audio", "recvonly", "2"),
        ("video", "recvonly", "3"),
    ]
    assert [[str(codec) for codec in m.rtp.codecs] for m in read.media[:2]] == [
        ["opus/48000/2"],
        ["VP8/90000", "rtx/90000"],
    ]
    assert [description.ssrc for description in read.media[1].ssrc] == [21, 22]
    assert all(m.rtcp_mux and m.dtls is not None and m.dtls.role == "auto" for m in read.media)
    assert all(m.ice is not None and m.ice.usernameFragment == offerer.credentials.fragment for m in read.media)


def test_a_simulcast_offer_names_its_layers_and_no_ssrc() -> None:
    sdp = Offerer([Stream("video", sends=True, rids=("l", "h"))]).write()
    assert "a=rid:l send\r\na=rid:h send\r\na=simulcast:send l;h\r\n" in sdp
    assert "a=ssrc" not in sdp


def test_the_offers_of_a_connection_are_versions_of_one_session() -> None:
    offerer = Offerer([Stream("audio")])
    first = offerer.write()
    offerer.restart_ice()
    offerer.streams.append(Stream("video"))
    second = offerer.write()
    (_, session, one, *_), (_, same, two, *_) = (sdp.splitlines()[1].split() for sdp in (first, second))
    assert (session, one, two) == (same, "1", "2")
    before, after = (SessionDescription.parse(sdp).media[0].ice for sdp in (first, second))
    assert before is not None
    assert after is not None
    assert before.usernameFragment != after.usernameFragment


def test_an_answer_gives_what_a_peer_needs() -> None:
    read = read_answer(answer(), STREAMS)
    assert read.candidates == (("127.0.0.1", 40000),)
    assert (read.ice.fragment, read.ice.password) == ("abcd", "0123456789abcdef01234567")
    audio, video = read.streams
    assert (audio.payload_type, audio.rtx_payload_type, audio.ssrc) == (111, None, None)
    assert audio.extensions == {AUDIO_LEVEL: 1, MID: 4}
    assert (video.payload_type, video.rtx_payload_type, video.ssrc, video.rtx_ssrc) == (96, 97, 5, 6)
    assert video.accepted


def test_a_rejected_stream_is_not_accepted() -> None:
    read = read_answer(answer(("m=video 9", "m=video 0")), STREAMS)
    assert [stream.accepted for stream in read.streams] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("m=video", "m=audio", "m-lines"),
        ("a=ice-ufrag:abcd\r\n", "", "ICE credentials"),
        ("a=fingerprint:sha-256 AA:BB\r\n", "", "DTLS fingerprint"),
        ("a=candidate:1 1 udp", "a=candidate:1 1 tcp", "candidate"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_the_reason(old: str, new: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_answer(answer((old, new)), STREAMS)
