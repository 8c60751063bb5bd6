import pytest

from signaling.media.light_peer import Slot


def slot(kind: str = "video") -> Slot:
    return Slot("v0", "video", 1, 2) if kind == "video" else Slot("a0", "audio", 1, None)


def receive(watched: Slot, *sequences: int, now: float = 0.0) -> None:
    for sequence in sequences:
        watched.receive(sequence & 0xFFFF, 0, 100, now)


def test_packets_in_order_are_counted() -> None:
    watched = slot()
    receive(watched, 10, 11, 12)
    assert (watched.packets, watched.octets, watched.lost, watched.repeated) == (3, 300, 0, 0)


def test_marked_packets_end_frames() -> None:
    watched = slot()
    for sequence, marker in ((1, 0), (2, 1), (3, 1)):
        watched.receive(sequence, marker, 100, 0.0)
    assert watched.frames == 2


def test_a_hole_is_lost_until_it_is_filled() -> None:
    watched = slot()
    receive(watched, 10, 13)
    assert watched.lost == 2
    receive(watched, 11)
    assert watched.lost == 1
    receive(watched, 12)
    assert (watched.lost, watched.repeated) == (0, 0)


def test_a_packet_that_comes_twice_is_a_repeat() -> None:
    watched = slot()
    receive(watched, 10, 11, 11, 10)
    assert (watched.packets, watched.repeated, watched.lost) == (2, 2, 0)


def test_sequence_numbers_wrap() -> None:
    watched = slot()
    receive(watched, *range(0xFFFE, 0xFFFE + 6))
    assert (watched.packets, watched.lost) == (6, 0)
    assert watched.receive(5, 0, 1, 0.0) == 0x10000 + 0xFFFE + 7


def test_holes_are_asked_for_at_once_and_again_after_a_while() -> None:
    watched = slot()
    receive(watched, 10, 13)
    assert watched.nacks(0.0, again=0.1) == [11, 12]
    assert watched.nacks(0.05, again=0.1) == []
    receive(watched, 11)
    assert watched.nacks(0.1, again=0.1) == [12]


def test_what_never_comes_is_given_up_and_a_keyframe_wanted() -> None:
    watched = slot()
    receive(watched, 10, 12)
    asked = [watched.nacks(n / 8, again=0.125) for n in range(8)]
    assert asked == [[11]] * 6 + [[], []]
    assert watched.wants_keyframe
    assert watched.lost == 1


def test_a_large_jump_wants_a_keyframe_instead_of_every_packet() -> None:
    watched = slot()
    receive(watched, 10, 500)
    assert watched.nacks(0.0, again=0.1) == []
    assert watched.wants_keyframe
    assert watched.lost == 489


def test_audio_is_never_asked_for_again() -> None:
    watched = slot("audio")
    receive(watched, 10, 13)
    assert watched.nacks(0.0, again=0.1) == []
    assert watched.lost == 2


def test_holes_are_bounded() -> None:
    watched = slot()
    receive(watched, *range(0, 1000, 2))
    assert len(watched.nacks(0.0, again=1.0)) == 128


def test_a_report_tells_the_loss_since_the_last_one() -> None:
    watched = slot()
    receive(watched, 0, 1, 2, 3)
    assert watched.report(0.0).fraction_lost == 0
    receive(watched, 4, 6)
    report = watched.report(0.0)
    assert (report.fraction_lost, report.packets_lost) == (256 // 3, 1)
    assert report.highest_sequence & 0xFFFF == 6


def test_a_report_answers_the_last_sender_report() -> None:
    watched = slot()
    receive(watched, 0)
    watched.note_sender_report(0xABCD1234, 2.0)
    report = watched.report(2.5)
    assert (report.lsr, report.dlsr) == (0xABCD1234, 32768)


def test_lag_is_what_queues_add_to_the_least_delay() -> None:
    watched = slot()
    for timestamp, now in ((0xFFFFFFFF - 9000 + 1, 10.0), (0, 10.05), (9000, 10.5)):
        watched.time(timestamp, now)
    assert watched.lag == pytest.approx(0.35)
    watched.time(18000, 10.25)
    assert watched.lag == pytest.approx(0.0)
    assert watched.worst_lag == pytest.approx(0.35)


def test_speakers_are_counted_by_seat_number() -> None:
    watched = slot("audio")
    for speaker in (7, 7, 9):
        watched.hear(speaker)
    assert (watched.speakers, watched.speaker) == ({7: 2, 9: 1}, 9)
