from aiortc.codecs.vpx import VpxPayloadDescriptor
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtp import HeaderExtensionsMap, RtcpPacket, RtcpSdesPacket, RtcpSrPacket, RtpPacket, unwrap_rtx

from signaling.media.light_peer import AudioClip, VideoClip
from signaling.media.light_peer.offer import AUDIO_LEVEL, MID, REPAIRED_RID, RID, AnsweredStream
from signaling.media.light_peer.sender import AudioSender, VideoSender

KEY, DELTA = b"\x10" + b"k" * 2500, b"\x11" + b"d" * 100
CLIP = VideoClip(64, 48, 10, 0, (KEY, DELTA, DELTA))
IDS = {AUDIO_LEVEL: 1, MID: 4, RID: 10, REPAIRED_RID: 11}


def extensions() -> HeaderExtensionsMap:
    ids = HeaderExtensionsMap()
    ids.configure(
        RTCRtpParameters(
            headerExtensions=[RTCRtpHeaderExtensionParameters(id=id_, uri=uri) for uri, id_ in IDS.items()]
        )
    )
    return ids


def video(rid: str | None = None) -> VideoSender:
    sender = VideoSender(CLIP, 1111, 2222, rid)
    sender.accept(AnsweredStream("video", "1", True, 96, 97, IDS, None, None))
    return sender


def parsed(sender: VideoSender, elapsed: float) -> list[RtpPacket]:
    return [RtpPacket.parse(packet, extensions()) for packet in sender.frame(elapsed)]


def is_keyframe(packets: list[RtpPacket]) -> bool:
    return VpxPayloadDescriptor.parse(packets[0].payload)[1][:1] == KEY[:1]


def test_a_frame_is_packets_of_one_timestamp_with_the_marker_on_the_last() -> None:
    packets = parsed(video(), 1.0)
    assert len(packets) == 3
    assert len({packet.timestamp for packet in packets}) == 1
    assert [packet.marker for packet in packets] == [0, 0, 1]
    assert [(packet.sequence_number - packets[0].sequence_number) & 0xFFFF for packet in packets] == [0, 1, 2]


def test_the_packets_of_a_frame_are_the_frame_again() -> None:
    parts = [VpxPayloadDescriptor.parse(packet.payload) for packet in parsed(video(), 0)]
    assert b"".join(data for _, data in parts) == KEY
    assert [descriptor.partition_start for descriptor, _ in parts] == [1, 0, 0]
    assert len({(descriptor.picture_id, descriptor.tl0picidx) for descriptor, _ in parts}) == 1


def test_picture_ids_count_frames() -> None:
    sender = video()
    ids = [VpxPayloadDescriptor.parse(parsed(sender, n / 10)[0].payload)[0].picture_id or 0 for n in range(3)]
    assert [(each - ids[0]) & 0x7FFF for each in ids] == [0, 1, 2]


def test_time_passes_at_the_video_clock() -> None:
    sender = video()
    first, second = (parsed(sender, elapsed)[0].timestamp for elapsed in (0.0, 0.5))
    assert (second - first) & 0xFFFFFFFF == 45_000


def test_a_layer_is_named_by_its_rid_on_every_packet() -> None:
    for packet in parsed(video("h"), 0):
        assert (packet.extensions.mid, packet.extensions.rtp_stream_id) == ("1", "h")


def test_the_loop_comes_back_to_its_keyframe() -> None:
    sender = video()
    assert [is_keyframe(parsed(sender, n / 10)) for n in range(4)] == [True, False, False, True]


def test_a_keyframe_request_restarts_the_loop() -> None:
    sender = video()
    parsed(sender, 0)
    parsed(sender, 0.1)
    sender.request_keyframe(5.0)
    assert is_keyframe(parsed(sender, 5.1))


def test_keyframe_requests_that_come_together_get_one_keyframe() -> None:
    sender = video()
    parsed(sender, 1.0)
    sender.request_keyframe(1.05)
    assert not is_keyframe(parsed(sender, 1.1))
    assert sender.keyframe_requests == 1


def test_a_layer_switched_on_begins_at_a_keyframe() -> None:
    sender = video()
    parsed(sender, 0)
    sender.set_active(active=False)
    sender.set_active(active=True)
    assert is_keyframe(parsed(sender, 0.1))


def test_a_lost_packet_is_resent_by_rtx() -> None:
    sender = video("l")
    lost = parsed(sender, 0)[1]
    again = sender.resend(lost.sequence_number)
    assert again is not None
    rtx = RtpPacket.parse(again, extensions())
    assert (rtx.ssrc, rtx.payload_type) == (2222, 97)
    assert (rtx.extensions.mid, rtx.extensions.repaired_rtp_stream_id) == ("1", "l")
    restored = unwrap_rtx(rtx, 96, 1111)
    assert (restored.sequence_number, restored.timestamp, restored.payload) == (
        lost.sequence_number,
        lost.timestamp,
        lost.payload,
    )


def test_what_is_no_longer_held_is_not_resent() -> None:
    sender = video()
    old = parsed(sender, 0)[0].sequence_number
    for n in range(600):
        parsed(sender, n / 10)
    assert sender.resend(old) is None


def test_a_report_tells_what_was_sent() -> None:
    sender = video()
    packets = parsed(sender, 0)
    report, description = RtcpPacket.parse(sender.report(77))
    assert isinstance(report, RtcpSrPacket)
    assert isinstance(description, RtcpSdesPacket)
    assert (report.ssrc, report.sender_info.packet_count, report.sender_info.rtp_timestamp) == (1111, len(packets), 77)


def test_audio_tells_its_level() -> None:
    sender = AudioSender(AudioClip((b"opus",)), 3333)
    sender.accept(AnsweredStream("audio", "0", True, 111, None, IDS, None, None))
    sender.level = 12
    (packet,) = (RtpPacket.parse(data, extensions()) for data in sender.frame(0))
    assert (packet.ssrc, packet.payload_type, packet.payload) == (3333, 111, b"opus")
    assert packet.extensions.audio_level == (True, 12)
    assert packet.extensions.mid == "0"
