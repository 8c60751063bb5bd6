import av
import pytest

from signaling.media.light_peer import COLOURS, camera_layers, chroma_of, colour_of, tone_clip, video_clip


def decoded(frames: tuple[bytes, ...]) -> list[av.VideoFrame]:
    codec = av.CodecContext.create("vp8", "r")
    assert isinstance(codec, av.VideoCodecContext)
    return [picture for frame in frames for picture in codec.decode(av.Packet(frame))]


def test_a_clip_begins_with_its_only_keyframe() -> None:
    clip = video_clip(160, 90, 10, 50_000, 4)
    assert [index for index, frame in enumerate(clip.frames) if not frame[0] & 1] == [0]


def test_a_clip_decodes_to_moving_pictures_of_its_size() -> None:
    clip = video_clip(160, 90, 10, 50_000, 4)
    pictures = decoded(clip.frames)
    assert len(pictures) == len(clip.frames) == 20
    assert {(picture.width, picture.height) for picture in pictures} == {(160, 90)}
    assert len({bytes(picture.planes[0]) for picture in pictures}) == len(pictures)


def test_a_clip_played_twice_decodes_without_a_break() -> None:
    clip = video_clip(160, 90, 10, 50_000, 4)
    assert len(decoded(clip.frames * 2)) == 40


@pytest.mark.parametrize("colour", range(COLOURS))
def test_the_colour_survives_coding(colour: int) -> None:
    picture = decoded(video_clip(64, 48, 10, 30_000, colour).frames)[-1]
    u, v = (bytes(picture.planes[index]) for index in (1, 2))
    width = picture.planes[1].width
    assert colour_of(sum(u[:width]) / width, sum(v[:width]) / width) == colour


def test_each_colour_is_its_own() -> None:
    assert [colour_of(*chroma_of(colour)) for colour in range(COLOURS)] == list(range(COLOURS))


def test_both_layers_of_a_camera_show_the_same_colour() -> None:
    layers = camera_layers(5)
    assert set(layers) == {"l", "h"}
    assert {clip.colour for clip in layers.values()} == {5}
    assert layers["l"].width < layers["h"].width


def test_a_tone_is_opus_in_packets_of_20_ms() -> None:
    codec = av.CodecContext.create("opus", "r")
    assert isinstance(codec, av.AudioCodecContext)
    packets = tone_clip(440, 1.0).packets
    assert len(packets) == 50
    frames = [frame for packet in packets for frame in codec.decode(av.Packet(packet))]
    assert sum(frame.samples for frame in frames) / 48_000 == pytest.approx(1.0, abs=0.02)
