"""Who is heard and who speaks."""

from __future__ import annotations

from signaling.media.speakers import Speakers

LOUD, NORMAL, NOISE = 20, 35, 70


def speak(speakers: Speakers, levels: dict[str, int], start: float, seconds: float) -> float:
    """Everybody sends a packet each 20 ms; returns the time after."""
    packets = round(seconds / 0.02)
    for number in range(packets):
        for seat, level in levels.items():
            speakers.heard(seat, level, start + number * 0.02)
    return start + seconds


def test_the_loudest_come_first() -> None:
    speakers = Speakers()
    now = speak(speakers, {"s1": NOISE, "s2": LOUD, "s3": NORMAL}, 10.0, 1.0)
    assert speakers.rank(2, now) == ("s2", "s3", "s1")
    assert speakers.speaking(now) == ("s2", "s3")


def test_a_newcomer_must_be_clearly_louder_than_who_is_heard() -> None:
    speakers = Speakers()
    levels = {"s1": NORMAL, "s2": NORMAL, "s3": NOISE, "s4": NOISE}
    now = speak(speakers, levels, 10.0, 1.0)
    assert speakers.rank(1, now)[:2] == ("s1", "s2")
    now = speak(speakers, {**levels, "s3": NORMAL - 3}, now, 1.0)
    assert speakers.rank(1, now)[:2] == ("s1", "s2")
    now = speak(speakers, {**levels, "s3": LOUD}, now, 1.0)
    assert speakers.rank(1, now)[:2] == ("s3", "s1")


def test_a_word_is_heard_soon_and_a_pause_forgives_long() -> None:
    speakers = Speakers()
    now = speak(speakers, {"s1": NOISE}, 10.0, 2.0)
    assert speakers.speaking(now) == ()
    now = speak(speakers, {"s1": NORMAL}, now, 0.2)
    assert speakers.speaking(now) == ("s1",)
    now = speak(speakers, {"s1": NOISE}, now, 0.1)
    assert speakers.speaking(now) == ("s1",)
    now = speak(speakers, {"s1": 127}, now, 2.0)
    assert speakers.speaking(now) == ()


def test_who_sends_nothing_is_silent_and_comes_last() -> None:
    speakers = Speakers()
    now = speak(speakers, {"s1": LOUD}, 10.0, 1.0)
    now = speak(speakers, {"s2": NORMAL}, now, 1.0)
    assert speakers.speaking(now) == ("s2",)
    assert speakers.rank(1, now) == ("s2", "s1")


def test_whoever_is_forgotten_was_never_there() -> None:
    speakers = Speakers()
    now = speak(speakers, {"s1": LOUD, "s2": NOISE}, 10.0, 1.0)
    speakers.speaking(now)
    assert speakers.spoke("s1") == now
    speakers.forget("s1")
    speakers.forget("s9")
    assert speakers.rank(2, now) == ("s2",)
    assert speakers.speaking(now) == ()
    assert speakers.spoke("s1") == 0.0
