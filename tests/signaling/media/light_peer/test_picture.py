from collections.abc import Iterator

import pytest

from signaling.media.light_peer import PictureDecoder, video_clip
from signaling.media.light_peer.offer import AnsweredStream
from signaling.media.light_peer.picture import starts_keyframe
from signaling.media.light_peer.sender import VideoSender

Packet = tuple[int, int, bytes]


def packets(frames: int, colour: int = 3, first: int = 100) -> Iterator[Packet]:
    """Sequence, marker and payload of a clip's packets, its keyframe in several."""
    sender = VideoSender(video_clip(320, 180, 10, 400_000, colour), 1, 2)
    sender.accept(AnsweredStream("video", "0", True, 96, 97, {}, None, None))
    sequence = first
    for index in range(frames):
        for data in sender.frame(index / 10):
            yield sequence, data[1] >> 7, data[16:]
            sequence += 1


def push(decoder: PictureDecoder, sent: list[Packet], now: float = 0.0) -> None:
    for sequence, marker, payload in sent:
        decoder.push(sequence, marker, payload, now)


def test_frames_are_decoded_and_their_colour_known() -> None:
    decoder = PictureDecoder()
    push(decoder, list(packets(15)))
    assert (decoder.counts.decoded, decoder.counts.errors) == (15, 0)
    assert (decoder.counts.width, decoder.counts.height) == (320, 180)
    assert decoder.colour == 3


def test_packets_out_of_order_are_put_in_order() -> None:
    decoder = PictureDecoder()
    sent = list(packets(15))
    for at in range(2, len(sent) - 1, 2):
        sent[at], sent[at + 1] = sent[at + 1], sent[at]
    push(decoder, sent)
    assert (decoder.counts.decoded, decoder.counts.errors) == (15, 0)


def test_decoding_begins_at_a_keyframe() -> None:
    decoder = PictureDecoder()
    sent = list(packets(25))
    keyframes = [index for index, (_, _, payload) in enumerate(sent) if starts_keyframe(payload)]
    assert len(keyframes) == 2
    push(decoder, sent[3 : keyframes[1]])
    assert decoder.waits_for_keyframe
    push(decoder, sent[keyframes[1] :])
    assert (decoder.counts.decoded, decoder.counts.errors) == (5, 0)


def test_a_hole_holds_decoding_up_until_it_is_filled() -> None:
    decoder = PictureDecoder()
    sent = list(packets(10))
    late = sent.pop(5)
    push(decoder, sent)
    before = decoder.counts.decoded
    push(decoder, [late])
    assert before < decoder.counts.decoded == 10


def test_after_a_lasting_hole_the_next_keyframe_is_awaited() -> None:
    decoder = PictureDecoder()
    sent = list(packets(10))
    del sent[5]
    push(decoder, sent[:-1], now=0.0)
    push(decoder, sent[-1:], now=5.0)
    assert (decoder.waits_for_keyframe, decoder.counts.skips) == (True, 1)
    again = list(packets(10, colour=8, first=1000))
    push(decoder, again, now=6.0)
    assert (decoder.colour, decoder.counts.errors) == (8, 0)


def test_the_longest_pause_between_pictures_is_kept() -> None:
    decoder = PictureDecoder()
    sent = list(packets(3))
    push(decoder, [packet for packet in sent if packet[0] < sent[-1][0]], now=1.0)
    push(decoder, sent[-1:], now=1.25)
    assert decoder.counts.longest_gap == pytest.approx(0.25)


def test_garbage_is_an_error_not_a_crash() -> None:
    decoder = PictureDecoder()
    push(decoder, [(1, 1, b"\x10\x10" + b"\xff" * 50)])
    assert (decoder.counts.decoded, decoder.counts.errors) == (0, 1)


@pytest.mark.parametrize("payload", [b"", b"\x00\x10", b"\x10", b"\x90\x80\x80\x01\x11", b"\x11\x10"])
def test_what_is_no_keyframe_is_not_taken_for_one(payload: bytes) -> None:
    assert not starts_keyframe(payload)
