"""When media were made: senders with clocks that drift, networks that delay, reports that jitter and lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recording.clocks import TrackClock, fit_clocks
from recording.outline import Outline
from recording.packets import Numbering, read_packet
from recording.track_file import PACKET, REPORT
from signaling.media.feedback import SenderReport, parse_compound
from tests.support.recorded_media import AUDIO_RATE, START, VIDEO_RATE, Network, Numbers, Sender, Sent, reports

DELAY = 0.02
SYNC, ABSOLUTE = 0.010, 0.030
"""Seconds by which audio and video of one sender may disagree, and by which both may be off."""

MINUTES = 3


@dataclass(frozen=True, slots=True)
class Track:
    sender: Sender
    rate: int
    interval: float
    sent: list[Sent]


def made(sender: Sender, rate: int, interval: float, *, start: float = 0.0, seconds: float = 60.0 * MINUTES) -> Track:
    """Packets without content, one each `interval` seconds."""
    numbers = Numbers(ssrc=rate)
    sent = []
    for number in range(int(seconds / interval)):
        time = START + start + number * interval
        sent.append(Sent(time, PACKET, numbers.packet(sender.ticks(time, rate), b"\x10\x01")))
    return Track(sender, rate, interval, sent)


def reported(track: Track, every: float = 2.0, jitter: float = 0.005, random: Random | None = None) -> Track:
    random = random or Random(track.rate)
    first, last = track.sent[0].time, track.sent[-1].time
    times = np.arange(first + every * random.random(), last, every)
    numbers = Numbers(ssrc=track.rate)
    told = reports(numbers, track.sender, times, track.rate, lambda: random.uniform(-jitter, jitter))
    return replace(track, sent=sorted(track.sent + told, key=lambda sent: sent.time))


def camera(sender: Sender) -> Track:
    return made(sender, VIDEO_RATE, 1 / 30)


def microphone(sender: Sender) -> Track:
    return made(sender, AUDIO_RATE, 0.02)


def outline(rate: int, arrivals: list[tuple[float, Sent]]) -> Outline:
    drawn = Outline(rate, video=False)
    for arrival, sent in arrivals:
        if sent.kind == REPORT:
            report = next(parse_compound(sent.data))
            assert isinstance(report, SenderReport)
            drawn.report(report.timestamp, report.ntp, arrival)
        else:
            drawn.packet(sent.data, arrival)
    return drawn


def fit(tracks: list[Track], network: Callable[[], Network]) -> list[np.ndarray]:
    """By how much each track's packets are placed later than the least delayed packet would be."""
    arrivals = [network().arrivals(track.sent) for track in tracks]
    clocks = fit_clocks([outline(track.rate, came) for track, came in zip(tracks, arrivals, strict=True)])
    return [errors(clock, came) for clock, came in zip(clocks, arrivals, strict=True)]


def errors(clock: TrackClock, arrivals: list[tuple[float, Sent]]) -> np.ndarray:
    numbering = Numbering()
    found = []
    for arrival, sent in arrivals:
        if sent.kind == PACKET:
            packet = read_packet(sent.data, arrival, numbering)
            assert packet is not None
            found.append((packet.number, clock.time(packet.number, packet.timestamp) - sent.time - DELAY))
    return np.array([error for _, error in sorted(found)])


def apart(video: np.ndarray, audio: np.ndarray) -> float:
    """The most by which two tracks that were made at the same time disagree, over time."""
    places = np.linspace(0, 1, 500)
    one, other = (np.interp(places, np.linspace(0, 1, len(each)), each) for each in (video, audio))
    return float(np.abs(one - other).max())


SENDERS = {
    "true clocks": Sender(),
    "a clock that is years off": Sender(ntp_offset=-1e8),
    "a fast clock": Sender(ntp_drift=8e-4),
    "a slow clock": Sender(ntp_offset=3.3, ntp_drift=-8e-4),
    "a fast sound card": Sender(media_drift=8e-4),
    "clocks that run apart": Sender(ntp_drift=-5e-4, media_drift=5e-4),
}
NETWORKS: dict[str, Callable[[], Network]] = {
    "steady": lambda: Network(DELAY),
    "jittering": lambda: Network(DELAY, jitter=0.3, loss=0.03, repaired=0.8, repeated=0.02),
}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
@pytest.mark.parametrize("sender", SENDERS.values(), ids=SENDERS)
def test_audio_and_video_of_one_sender_agree(sender: Sender, network: Callable[[], Network]) -> None:
    video, audio = fit([reported(camera(sender)), reported(microphone(sender), 4.3)], network)

    assert apart(video, audio) < SYNC
    assert max(np.abs(video).max(), np.abs(audio).max()) < ABSOLUTE


def late(track: Track, start: float, seconds: float, delay: float) -> Track:
    """Held up on its way: what was sent from `start` on comes `delay` later, and what follows catches up."""
    hold = START + start
    sent = [
        replace(each, time=each.time + delay * max(0.0, 1 - (each.time - hold) / seconds))
        if each.time >= hold
        else each
        for each in track.sent
    ]
    return replace(track, sent=sent)


def placed(tracks: list[Track], sent: list[Track]) -> list[np.ndarray]:
    """Errors against when packets of `sent` were made, having come as those of `tracks` did."""
    arrivals = [Network(DELAY, jitter=0.05).arrivals(track.sent) for track in tracks]
    clocks = fit_clocks([outline(track.rate, came) for track, came in zip(tracks, arrivals, strict=True)])
    return [
        errors(clock, [(each.time, each) for each in track.sent]) for clock, track in zip(clocks, sent, strict=True)
    ]


@pytest.mark.parametrize("told", [True, False], ids=["with reports", "without reports"])
def test_a_burst_of_delay_moves_nothing(told: bool) -> None:
    tracks = [camera(Sender(ntp_drift=3e-4)), microphone(Sender(ntp_drift=3e-4))]
    if told:
        tracks = [reported(track) for track in tracks]

    for found in placed([late(track, 60.0, 6.0, 3.0) for track in tracks], tracks):
        assert np.abs(found).max() < ABSOLUTE


@pytest.mark.parametrize("told", [True, False], ids=["with reports", "without reports"])
def test_a_track_that_begins_in_a_burst_is_placed_by_what_follows(told: bool) -> None:
    tracks = [camera(Sender()), microphone(Sender())]
    if told:
        tracks = [reported(track) for track in tracks]

    for found in placed([late(track, 0.0, 4.0, 2.0) for track in tracks], tracks):
        assert np.abs(found).max() < ABSOLUTE


@pytest.mark.parametrize("told", [True, False], ids=["with reports", "without reports"])
@pytest.mark.parametrize("jump", [-0x4000_0000, -700_000, 700_000, 0x4000_0000])
def test_timestamps_may_begin_anew(jump: int, told: bool) -> None:
    video = reported(camera(Sender(ntp_offset=9.0)))
    whole = reported(microphone(Sender(ntp_offset=9.0))) if told else microphone(Sender(ntp_offset=9.0))
    audio = replace(whole, sent=[jumped(each, jump) if each.time > START + 70 else each for each in whole.sent])

    _, found = placed([video, audio], [video, audio])

    assert np.abs(found).max() < ABSOLUTE


def jumped(sent: Sent, ticks: int) -> Sent:
    at = 16 if sent.kind == REPORT else 4
    timestamp = int.from_bytes(sent.data[at : at + 4], "big") + ticks & 0xFFFFFFFF
    return replace(sent, data=sent.data[:at] + timestamp.to_bytes(4, "big") + sent.data[at + 4 :])


@pytest.mark.parametrize("told", [True, False], ids=["with reports", "without reports"])
def test_timestamps_may_stand_still_while_nothing_is_sent(told: bool) -> None:
    whole = reported(microphone(Sender())) if told else microphone(Sender())
    kept = [each for each in whole.sent if not START + 60 <= each.time < START + 75]
    frozen = [jumped(each, -15 * AUDIO_RATE) if each.time >= START + 75 else each for each in kept]
    track = replace(whole, sent=renumbered(frozen))

    (found,) = placed([track], [track])

    assert np.abs(found).max() < ABSOLUTE


def renumbered(sent: list[Sent]) -> list[Sent]:
    numbers = count()
    return [
        replace(each, data=each.data[:2] + next(numbers).to_bytes(2, "big") + each.data[4:])
        if each.kind == PACKET
        else each
        for each in sent
    ]


@pytest.mark.parametrize("step", [-3600.0, -0.3, 0.3, 20.0])
def test_the_senders_clock_may_be_set(step: float) -> None:
    tracks = [reported(camera(Sender())), reported(microphone(Sender()), 4.7)]
    stepped = [replace(track, sent=[set_clock(each, START + 77, step) for each in track.sent]) for track in tracks]

    video, audio = placed(stepped, tracks)

    assert apart(video, audio) < SYNC
    assert max(np.abs(video).max(), np.abs(audio).max()) < ABSOLUTE


def set_clock(sent: Sent, since: float, step: float) -> Sent:
    if sent.kind == PACKET or sent.time < since:
        return sent
    ntp = int.from_bytes(sent.data[8:16], "big") + round(step * 2**32)
    return replace(sent, data=sent.data[:8] + ntp.to_bytes(8, "big") + sent.data[16:])


@pytest.mark.parametrize("part", [0.1, 1.0], ids=["some", "all"])
def test_nonsensical_reports_are_not_believed(part: float) -> None:
    random = Random(3)
    tracks = []
    for track in (reported(camera(Sender())), reported(microphone(Sender()))):
        sent = [
            replace(each, data=each.data[:8] + random.randbytes(12) + each.data[20:])
            if each.kind == REPORT and random.random() < part
            else each
            for each in track.sent
        ]
        tracks.append(replace(track, sent=sent))

    video, audio = placed(tracks, tracks)

    assert apart(video, audio) < SYNC
    assert max(np.abs(video).max(), np.abs(audio).max()) < ABSOLUTE


def test_what_begins_later_agrees_with_what_is_there() -> None:
    sender = Sender(ntp_offset=-5.0, ntp_drift=6e-4, media_drift=1e-4)
    audio = reported(microphone(sender))
    video = reported(made(sender, VIDEO_RATE, 1 / 30, start=100.0, seconds=30.0))

    found = placed([audio, video], [audio, video])

    for errors_ in found:
        assert np.abs(errors_).max() < ABSOLUTE


def test_rare_packets_are_enough() -> None:
    quiet = made(Sender(media_drift=3e-4), AUDIO_RATE, 0.4)

    (found,) = fit([quiet], lambda: Network(DELAY, jitter=0.2))

    assert np.abs(found).max() < ABSOLUTE


def test_times_never_decrease() -> None:
    random = Random(8)
    whole = reported(microphone(Sender(ntp_drift=-9e-4)))
    sent = [
        jumped(each, random.choice([-96_000, 0, 480_000])) if each.time > START + 20 else each for each in whole.sent
    ]
    clock = fit_clocks([outline(AUDIO_RATE, Network(DELAY, jitter=0.3).arrivals(sent[:3000]))])[0]

    for stretch in clock.stretches:
        assert np.all(np.diff(stretch.times) > 0)


@given(
    sender=st.builds(Sender, st.floats(-1e6, 1e6), st.floats(-8e-4, 8e-4), st.floats(-2e-4, 2e-4)),
    every=st.floats(1.0, 5.0),
    jitter=st.floats(0.0, 0.3),
    loss=st.floats(0.0, 0.05),
    seed=st.integers(0, 1000),
)
@settings(max_examples=15, deadline=None)
def test_any_sender_is_followed(sender: Sender, every: float, jitter: float, loss: float, seed: int) -> None:
    random = Random(seed)
    tracks = [
        reported(made(sender, VIDEO_RATE, 1 / 15, seconds=90.0), every, random=random),
        reported(made(sender, AUDIO_RATE, 0.06, seconds=90.0), every, random=random),
    ]

    video, audio = fit(tracks, lambda: Network(DELAY, jitter=jitter, loss=loss, random=random))

    assert apart(video, audio) < SYNC
    assert max(np.abs(video).max(), np.abs(audio).max()) < ABSOLUTE
