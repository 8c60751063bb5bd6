"""The sound of a seat, sample by sample: Opus of a real encoder, over networks that lose, delay and repeat."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from recording.pictures import SeatPictures
from recording.sound import SeatSound
from recording.timed_tracks import read_clock
from recording.track_file import TrackFile
from tests.support.recorded_media import (
    AUDIO_RATE,
    START,
    VIDEO_RATE,
    Network,
    Numbers,
    Sender,
    Sent,
    audio,
    beeps,
    flashes,
    is_flash,
    onsets,
    opus,
    reports,
    video,
    write_track,
)

FIRST = int(START) * AUDIO_RATE
DELAY = 0.02
ONSET = 0.0004
"""Seconds from the beginning of a beep until it is as loud as `onsets` wants it, about."""

Sound = NDArray[np.float32]


def read(sound: SeatSound, seconds: float, *, since: float = 0.0, samples: int = 1600) -> Sound:
    start, end = round(since * AUDIO_RATE), round((since + seconds) * AUDIO_RATE)
    return np.concatenate([sound.read(FIRST + at, min(samples, end - at)) for at in range(start, end, samples)])


def opened(*tracks: TrackFile) -> SeatSound:
    return SeatSound(tracks, read_clock(tracks))


def microphone(
    folder: Path, sound: Sound, network: Network | None = None, sender: Sender | None = None, *, number: int = 1
) -> TrackFile:
    """A track whose sound begins at START; it is heard one network delay and one packet later."""
    sent = audio(Numbers(), sender or Sender(), opus(sound))
    return write_track(folder, "audio", (network or Network(DELAY)).arrivals(sent), number=number)


HEARD = DELAY + 0.02
"""Seconds after which sound is heard of which no report tells when it was made: the network's and the packet's."""


def tone(seconds: float, hertz: float = 441.0, level: float = 0.4) -> Sound:
    return (level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * AUDIO_RATE)) / AUDIO_RATE)).astype(np.float32)


def speech(seconds: float) -> Sound:
    """Something with as many changes as speech: noise and tones that come and go."""
    count = int(seconds * AUDIO_RATE)
    time = np.arange(count) / AUDIO_RATE
    noise = np.convolve(np.random.default_rng(2).standard_normal(count), np.ones(8) / 8, "same")
    voiced = np.sum([np.sin(2 * np.pi * 130 * k * time + np.sin(7 * time)) / k for k in range(1, 12)], axis=0)
    envelope = np.clip(np.sin(2 * np.pi * 1.7 * time), 0, 1)
    sound: Sound = (0.12 * envelope * (voiced + noise * np.clip(np.sin(2 * np.pi * 0.9 * time), 0, 1))).astype(
        np.float32
    )
    return sound


def steps(sound: Sound) -> float:
    """The largest jump between two samples: a click is one."""
    return float(np.abs(np.diff(sound)).max())


def test_sound_is_heard_at_its_time_to_the_millisecond(tmp_path: Path) -> None:
    heard = read(opened(microphone(tmp_path, beeps(6, Sender()))), 6)

    errors = [at / AUDIO_RATE - second - HEARD - ONSET for second, at in enumerate(onsets(heard))]
    assert len(errors) == 6
    assert max(map(abs, errors[1:])) < 0.001


def test_the_waveform_is_kept(tmp_path: Path) -> None:
    heard = read(opened(microphone(tmp_path, tone(4))), 3, since=0.5 + HEARD)
    start = AUDIO_RATE // 2
    errors = [float(np.sqrt(np.mean((heard - tone(4)[start + lag :][: len(heard)]) ** 2))) for lag in range(-5, 6)]

    assert min(errors) < 0.01


@pytest.mark.parametrize("hertz", [300, 3000, 8000])
def test_reading_between_samples_keeps_the_level(tmp_path: Path, hertz: float) -> None:
    sender = Sender(media_drift=3e-4)
    heard = read(opened(microphone(tmp_path, tone(6, hertz), sender=sender)), 4, since=1)

    assert float(np.sqrt(np.mean(heard**2))) == pytest.approx(0.4 / np.sqrt(2), rel=0.1)
    assert steps(heard) < 1.1 * 0.4 * 2 * np.pi * hertz / AUDIO_RATE


def test_stereo_becomes_mono(tmp_path: Path) -> None:
    sent = audio(Numbers(), Sender(), opus(tone(3), stereo=True))
    heard = read(opened(write_track(tmp_path, "audio", Network(DELAY).arrivals(sent))), 2, since=0.5)

    assert heard.shape == (2 * AUDIO_RATE,)
    assert float(np.abs(heard).max()) == pytest.approx(0.4, rel=0.1)


@pytest.mark.parametrize("samples", [480, 960, 1920, 2880])
def test_packets_may_be_of_any_length(tmp_path: Path, samples: int) -> None:
    sent = audio(Numbers(), Sender(), opus(tone(3), samples=samples), samples=samples)
    heard = read(opened(write_track(tmp_path, "audio", Network(DELAY).arrivals(sent))), 2, since=0.5)

    assert float(np.abs(heard).max()) == pytest.approx(0.4, rel=0.1)
    assert steps(heard) < 0.03


def test_repaired_repeated_and_overtaken_packets_make_no_difference(tmp_path: Path) -> None:
    made = speech(8)
    network = Network(DELAY, loss=0.05, repaired=1.0, repeated=0.05)

    assert np.array_equal(
        read(opened(microphone(tmp_path, made)), 8),
        read(opened(microphone(tmp_path, made, network, number=2)), 8),
    )


def test_a_lost_packet_is_concealed(tmp_path: Path) -> None:
    packets = opus(tone(3))
    packets[60] = packets[61] = b""
    sent = audio(Numbers(), Sender(), packets)
    heard = read(opened(write_track(tmp_path, "audio", Network(DELAY).arrivals(sent))), 2, since=0.5)

    assert min(float(np.abs(part).max()) for part in heard.reshape(-1, 480)) > 0.2
    assert steps(heard) < 0.05


@pytest.mark.parametrize("loss", [0.01, 0.05])
def test_random_loss_makes_no_clicks(tmp_path: Path, loss: float) -> None:
    heard = read(opened(microphone(tmp_path, tone(10), Network(DELAY, loss=loss))), 9, since=0.5)

    assert steps(heard) < 0.08
    assert float(np.sqrt(np.mean(heard**2))) == pytest.approx(0.4 / np.sqrt(2), rel=0.15)


@pytest.mark.parametrize("counted", [True, False], ids=["lost", "not sent"])
def test_a_long_gap_fades_into_silence_and_out_of_it(tmp_path: Path, counted: bool) -> None:
    whole = audio(Numbers(), Sender(), opus(tone(4)))
    numbers = Numbers()
    sent = []
    for each in whole:
        if START + 1.5 <= each.time < START + 2.5:
            numbers.sequence += counted
        else:
            ticks = int.from_bytes(each.data[4:8], "big") - numbers.timestamp
            sent.append(Sent(each.time, each.kind, numbers.packet(ticks & 0xFFFFFFFF, each.data[12:])))
    heard = read(opened(write_track(tmp_path, "audio", Network(DELAY).arrivals(sent))), 3, since=0.5)

    assert steps(heard) < 0.05
    assert not heard[int(1.15 * AUDIO_RATE) : int(1.95 * AUDIO_RATE)].any()
    assert float(np.abs(heard[: int(0.95 * AUDIO_RATE)]).max()) > 0.3
    assert float(np.abs(heard[int(2.1 * AUDIO_RATE) :]).max()) > 0.3


def test_where_reading_is_cut_makes_no_difference(tmp_path: Path) -> None:
    track = microphone(tmp_path, speech(6), Network(DELAY, jitter=0.1, loss=0.02), Sender(media_drift=2e-4))
    whole = read(opened(track), 6)

    assert np.array_equal(whole, read(opened(track), 6, samples=1024))
    assert np.array_equal(whole, read(opened(track), 6, samples=AUDIO_RATE))


def test_beginning_in_the_middle_gives_the_same_samples(tmp_path: Path) -> None:
    track = microphone(tmp_path, speech(40), Network(DELAY, jitter=0.1, loss=0.02), Sender(media_drift=-4e-4))
    whole = read(opened(track), 40)

    for since in (11.1, 23.45, 37.0):
        part = read(opened(track), 3, since=since)
        assert np.array_equal(part, whole[round(since * AUDIO_RATE) :][: len(part)])


def test_clocks_that_were_read_of_different_parts_agree_between_them(tmp_path: Path) -> None:
    sender = Sender(ntp_offset=4.0, ntp_drift=2e-4, media_drift=1e-4)
    numbers = Numbers()
    made = audio(numbers, sender, opus(tone(240)))
    made += reports(Numbers(), sender, [START + at for at in range(1, 240, 3)], AUDIO_RATE)
    track = write_track(tmp_path, "audio", Network(DELAY, jitter=0.05).arrivals(made))
    before = SeatSound([track], read_clock([track], until=START + 200))
    after = SeatSound([track], read_clock([track], since=START + 40))

    ends, begins = (read(sound, 1, since=120) for sound in (before, after))

    assert float(np.abs(ends - begins).max()) < 0.01


def test_positions_may_be_left_out(tmp_path: Path) -> None:
    track = microphone(tmp_path, speech(30))
    whole, skipping = read(opened(track), 30), opened(track)

    for since in (2.0, 2.5, 9.0, 25.0):
        part = read(skipping, 0.5, since=since)
        assert np.array_equal(part, whole[round(since * AUDIO_RATE) :][: len(part)])


def test_tracks_of_one_seat_follow_one_another(tmp_path: Path) -> None:
    first = audio(Numbers(ssrc=1), Sender(), opus(tone(2)))
    later = audio(Numbers(ssrc=2, sequence=5, timestamp=77), Sender(), opus(tone(2)), start=START + 4)
    tracks = [
        write_track(tmp_path, "audio", Network(DELAY).arrivals(sent), number=number)
        for number, sent in enumerate((first, later))
    ]
    heard = read(opened(*tracks), 6.5)

    loud = [bool(np.abs(part[AUDIO_RATE // 4 :]).max() > 0.3) for part in heard[: 6 * AUDIO_RATE].reshape(12, -1)]
    assert loud == [True] * 4 + [False] * 4 + [True] * 4


def test_garbage_between_packets_is_survived(tmp_path: Path) -> None:
    packets = opus(tone(4))
    for at in range(20, 180, 13):
        packets[at] = bytes([at, *range(at % 50)])
    sent = audio(Numbers(), Sender(), packets)

    heard = read(opened(write_track(tmp_path, "audio", Network(DELAY).arrivals(sent))), 4)

    assert np.isfinite(heard).all()
    assert float(np.sqrt(np.mean(heard**2))) > 0.1


@pytest.mark.parametrize("drift", [-8e-4, 8e-4])
def test_sound_and_pictures_stay_together_while_clocks_drift(tmp_path: Path, drift: float) -> None:
    seconds = 40
    clip = flashes(seconds, width=160, height=90)
    sender = Sender(ntp_offset=-900.0, ntp_drift=drift, media_drift=-drift / 2)
    told = [START + 0.3 + 2.2 * at for at in range(seconds // 3)]
    seen = video(Numbers(), sender, clip) + reports(Numbers(), sender, told, VIDEO_RATE)
    said = audio(Numbers(), sender, opus(beeps(seconds, sender))) + reports(Numbers(), sender, told, AUDIO_RATE)
    network = Network(DELAY, jitter=0.15, loss=0.03, repaired=1.0, repeated=0.02)
    tracks = [
        write_track(tmp_path, "video", network.arrivals(sorted(seen, key=lambda each: each.time))),
        write_track(tmp_path, "audio", network.arrivals(sorted(said, key=lambda each: each.time))),
    ]
    clock = read_clock(tracks)
    pictures, sound = SeatPictures(tracks[:1], clock), SeatSound(tracks[1:], clock)

    heard = [at / AUDIO_RATE for at in onsets(read(sound, seconds))]
    times = np.arange(0, seconds, 0.005)
    flashing = [time for time in times if (shown := pictures.at(START + time)) and is_flash(shown.frame)]
    seen_from = [flashing[0], *(later for earlier, later in pairwise(flashing) if later - earlier > 0.5)]

    assert len(heard) == len(seen_from) == seconds
    assert max(abs(beep - flash) for beep, flash in zip(heard, seen_from, strict=True)) < 0.010
    assert max(abs(beep - second - DELAY) for second, beep in enumerate(heard)) < 0.030
