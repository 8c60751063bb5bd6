"""Which picture of a seat is shown: VP8 of a real encoder, over networks that lose, delay and repeat."""

from __future__ import annotations

from pathlib import Path

import pytest

from recording.pictures import HOLD, SeatPictures, Shown
from recording.timed_tracks import read_clock
from recording.track_file import TrackFile
from tests.support.recorded_media import (
    START,
    VIDEO_RATE,
    Network,
    Numbers,
    Sender,
    Sent,
    flashes,
    is_flash,
    number_of,
    reports,
    video,
    write_track,
)

FPS = 30
DELAY = 0.02


def opened(*tracks: TrackFile, hold: float = HOLD) -> SeatPictures:
    return SeatPictures(tracks, read_clock(tracks), hold=hold)


def shown(pictures: SeatPictures, seconds: float, *, since: float = 0.0) -> list[Shown | None]:
    """What is shown in the middle of each thirtieth of a second, as if packets took no time."""
    ticks = range(round(since * FPS), round((since + seconds) * FPS))
    return [pictures.at(START + DELAY + (tick + 0.5) / FPS) for tick in ticks]


def numbers(pictures: list[Shown | None]) -> list[int | None]:
    return [None if each is None else number_of(each.frame) for each in pictures]


def camera(folder: Path, seconds: int = 6, network: Network | None = None, keyframes: int = 90) -> TrackFile:
    sent = video(Numbers(), Sender(), flashes(seconds, keyframes=keyframes))
    return write_track(folder, "video", (network or Network(DELAY)).arrivals(sent))


def without(sent: list[Sent], start: float, end: float) -> list[Sent]:
    return [each for each in sent if not START + start <= each.time < START + end]


def test_each_frame_is_shown_in_its_time(tmp_path: Path) -> None:
    pictures = shown(opened(camera(tmp_path)), 6)

    assert numbers(pictures) == list(range(180))
    assert [each.serial for each in pictures if each] == list(range(1, 181))
    assert [is_flash(each.frame) for each in pictures if each] == [number % 30 < 3 for number in range(180)]


def test_repaired_repeated_and_overtaken_packets_make_no_difference(tmp_path: Path) -> None:
    network = Network(DELAY, jitter=0.04, loss=0.05, repaired=1.0, repeated=0.05)

    seen = numbers(shown(opened(camera(tmp_path, 8, network)), 8))

    assert [number for number in seen if number is not None][5:] == list(range(5, 240))


@pytest.mark.parametrize("fps", [12, 24])
def test_a_slow_camera_is_held_from_picture_to_picture(tmp_path: Path, fps: int) -> None:
    sent = video(Numbers(), Sender(), flashes(4, fps=fps), fps=fps)
    seen = numbers(shown(opened(write_track(tmp_path, "video", Network(DELAY).arrivals(sent))), 4))

    assert seen == [int((tick + 0.5) / FPS * fps) for tick in range(120)]


def test_the_last_good_picture_stays_until_a_keyframe(tmp_path: Path) -> None:
    sent = video(Numbers(), Sender(), flashes(4, keyframes=24))
    lost = without(sent, 0.9, 0.93)
    seen = numbers(shown(opened(write_track(tmp_path, "video", Network(DELAY).arrivals(lost))), 4))

    assert seen == [26 if 26 < number < 48 else number for number in range(120)]


def test_a_damaged_picture_that_moves_is_preferred_after_a_second(tmp_path: Path) -> None:
    sent = video(Numbers(), Sender(), flashes(4, keyframes=120))
    lost = without(sent, 0.9, 0.93)
    seen = shown(opened(write_track(tmp_path, "video", Network(DELAY).arrivals(lost))), 4)

    serials = [each.serial for each in seen if each]
    assert serials[26:57] == [27] * 31
    assert serials[60:] == list(range(serials[60], serials[60] + 60))


@pytest.mark.parametrize("loss", [0.002, 0.01, 0.05])
def test_what_is_shown_under_loss_is_never_garbage_for_long(tmp_path: Path, loss: float) -> None:
    seen = numbers(shown(opened(camera(tmp_path, 12, Network(DELAY, loss=loss), keyframes=45)), 12))

    right = [number for tick, number in enumerate(seen) if number is not None and tick - 60 < number <= tick]
    assert len(right) > 0.8 * len(seen)


def test_there_is_no_picture_before_the_first_keyframe(tmp_path: Path) -> None:
    sent = without(video(Numbers(), Sender(), flashes(6)), 0.0, 1.0)
    seen = numbers(shown(opened(write_track(tmp_path, "video", Network(DELAY).arrivals(sent))), 4))

    assert seen == [None] * 90 + list(range(90, 120))


def test_there_is_none_once_nothing_came_for_five_seconds(tmp_path: Path) -> None:
    sent = without(video(Numbers(), Sender(), flashes(12)), 2.0, 9.0)
    seen = numbers(shown(opened(write_track(tmp_path, "video", Network(DELAY).arrivals(sent))), 12))

    assert seen[:60] == list(range(60))
    assert seen[60:208] == [59] * 148
    assert seen[211:270] == [None] * 59
    assert seen[270:] == list(range(270, 360))


def test_it_may_be_held_for_longer(tmp_path: Path) -> None:
    sent = without(video(Numbers(), Sender(), flashes(12)), 2.0, 9.0)
    seen = numbers(shown(opened(write_track(tmp_path, "video", Network(DELAY).arrivals(sent)), hold=60), 12))

    assert seen[60:270] == [59] * 210


def test_the_size_may_change(tmp_path: Path) -> None:
    names = Numbers()
    sent: list[Sent] = []
    for at, (width, height) in enumerate([(320, 180), (160, 90), (480, 270)]):
        clip = flashes(2, width=width, height=height, first=at * 60)
        sent += video(names, Sender(), clip, start=START + at * 2)
    pictures = shown(opened(write_track(tmp_path, "video", Network(DELAY).arrivals(sent))), 6)

    assert numbers(pictures) == list(range(180))
    assert [each.frame.width for each in pictures[::60] if each] == [320, 160, 480]


def simulcast(folder: Path, gap: tuple[float, float]) -> list[TrackFile]:
    """A large layer that is off for a while, and a small one."""
    large = without(video(Numbers(ssrc=1), Sender(), flashes(8, keyframes=30, width=480, height=270)), *gap)
    small = video(Numbers(ssrc=2), Sender(), flashes(8, keyframes=30, width=160, height=90))
    return [
        write_track(folder, "video", Network(DELAY).arrivals(sent), rid=rid, number=number)
        for number, (rid, sent) in enumerate((("h", large), ("l", small)))
    ]


def test_the_larger_layer_is_shown_while_it_flows(tmp_path: Path) -> None:
    pictures = shown(opened(*simulcast(tmp_path, (2.0, 5.5))), 8)

    widths = [each.frame.width if each else None for each in pictures]
    assert widths[:89] == [480] * 89
    assert widths[91:180] == [160] * 89
    assert widths[180:] == [480] * 60
    assert [number for tick, number in enumerate(numbers(pictures)) if tick < 60 or tick > 90] == [
        number for number in range(240) if number < 60 or number > 90
    ]


def test_the_small_layer_is_shown_while_the_large_one_is_damaged(tmp_path: Path) -> None:
    pictures = shown(opened(*simulcast(tmp_path, (2.1, 2.13))), 8)

    assert [each.frame.width if each else None for each in pictures[64:90]] == [160] * 26
    assert numbers(pictures)[:63] == list(range(63))
    assert numbers(pictures)[64:] == list(range(64, 240))


def test_beginning_in_the_middle_shows_what_is_shown_there_anyway(tmp_path: Path) -> None:
    track = camera(tmp_path, 30, Network(DELAY, jitter=0.03, loss=0.02, repaired=0.9), keyframes=60)
    whole = numbers(shown(opened(track), 30))

    for since in (12.3, 14.0, 25.5):
        part = numbers(shown(opened(track), 4.5, since=since))
        assert part == whole[round(since * FPS) :][: len(part)]


def test_time_that_nobody_asks_for_is_left_out(tmp_path: Path) -> None:
    pictures = opened(camera(tmp_path, 30, keyframes=60))

    assert numbers(shown(pictures, 2)) == list(range(60))
    assert numbers(shown(pictures, 2, since=27)) == list(range(810, 870))


def test_tracks_of_one_seat_follow_one_another(tmp_path: Path) -> None:
    first = video(Numbers(ssrc=1), Sender(), flashes(3))
    later = video(Numbers(ssrc=2, sequence=9), Sender(), flashes(3, first=150), start=START + 5)
    tracks = [
        write_track(tmp_path, "video", Network(DELAY).arrivals(sent), number=number)
        for number, sent in enumerate((first, later))
    ]
    seen = numbers(shown(opened(*tracks), 8))

    assert seen == [*range(90), *[89] * 60, *range(150, 240)]


def test_a_torn_and_damaged_file_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    track = camera(tmp_path, 6)
    data = bytearray(track.path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 5000] = bytes(5000)
    track.path.write_bytes(data[: len(data) * 9 // 10])

    seen = numbers(shown(opened(TrackFile(track.path)), 6))

    assert seen[:30] == list(range(30))
    assert seen[100:140] == list(range(100, 140))


def test_pictures_are_shown_by_the_senders_clock(tmp_path: Path) -> None:
    sender = Sender(ntp_offset=50.0, ntp_drift=4e-4)
    sent = video(Numbers(), sender, flashes(12))
    sent += reports(Numbers(), sender, [START + second for second in range(12)], VIDEO_RATE)
    track = write_track(tmp_path, "video", Network(DELAY, jitter=0.2).arrivals(sent))

    pictures = shown(opened(track), 12)

    flashing = [tick for tick, each in enumerate(pictures) if each and is_flash(each.frame)]
    assert max(abs(tick - round(tick / FPS) * FPS) for tick in flashing[3:]) <= 3
