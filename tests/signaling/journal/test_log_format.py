"""What is read of a journal file that is not what was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.journal.log_format import Damaged, Head, UnknownVersion, decode, encode_head, encode_record
from signaling.journal.port import Entry

HEAD = Head("0123456789abcdef", 7, b"state at seven")
PAYLOADS = [b"eight", b"", b"ten" * 20]
STARTS = [len(encode_head(HEAD))]
for number, payload in enumerate(PAYLOADS):
    STARTS.append(STARTS[-1] + len(encode_record(8 + number, payload)))
FILE = encode_head(HEAD) + b"".join(encode_record(8 + number, payload) for number, payload in enumerate(PAYLOADS))
ENTRIES = [Entry(8 + number, payload) for number, payload in enumerate(PAYLOADS)]


def test_a_whole_file_is_read_whole() -> None:
    contents = decode(FILE)
    assert contents.head == HEAD
    assert list(contents.entries) == ENTRIES
    assert (contents.last, contents.records_end) == (10, len(FILE))
    assert [contents.offset_after(sequence) for sequence in (7, 8, 9, 10)] == STARTS


@pytest.mark.parametrize("length", range(STARTS[0], len(FILE)))
def test_a_file_cut_at_any_byte_keeps_every_whole_entry_before(length: int) -> None:
    contents = decode(FILE[:length])
    whole = sum(end <= length for end in STARTS[1:])
    assert list(contents.entries) == ENTRIES[:whole]
    assert contents.records_end == STARTS[whole]


@pytest.mark.parametrize("length", range(STARTS[0]))
def test_a_file_cut_within_its_head_or_snapshot_is_damaged(length: int) -> None:
    with pytest.raises(Damaged):
        decode(FILE[:length])


@pytest.mark.parametrize("offset", range(STARTS[0]))
def test_any_bit_flipped_in_head_or_snapshot_is_noticed(offset: int) -> None:
    for bit in range(8):
        data = bytearray(FILE)
        data[offset] ^= 1 << bit
        with pytest.raises(Damaged):
            decode(bytes(data))


@pytest.mark.parametrize("offset", range(STARTS[0], len(FILE)))
def test_any_bit_flipped_in_an_entry_ends_the_reading_before_it(offset: int) -> None:
    for bit in range(8):
        data = bytearray(FILE)
        data[offset] ^= 1 << bit
        contents = decode(bytes(data))
        sound = sum(end <= offset for end in STARTS[1:])
        assert list(contents.entries) == ENTRIES[:sound]
        assert contents.records_end == STARTS[sound]


def test_zeros_after_the_end_are_no_entries() -> None:
    contents = decode(FILE + bytes(4096))
    assert list(contents.entries) == ENTRIES
    assert contents.records_end == len(FILE)


@pytest.mark.parametrize("sequence", [7, 8, 10, 12])
def test_an_entry_out_of_order_is_not_read(sequence: int) -> None:
    data = encode_head(Head("0123456789abcdef", 8, b"")) + encode_record(sequence, b"from another time")
    assert list(decode(data).entries) == []


def test_no_snapshot_and_an_empty_one_are_told_apart() -> None:
    for snapshot in (None, b""):
        assert decode(encode_head(Head("0123456789abcdef", 0, snapshot))).head.snapshot == snapshot


def test_a_newer_format_is_told_from_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.journal.log_format.VERSION", 2)
    newer = encode_head(HEAD)
    monkeypatch.undo()
    with pytest.raises(UnknownVersion, match="2"):
        decode(newer)


@given(st.binary(max_size=300))
def test_any_bytes_are_damaged_or_a_file(data: bytes) -> None:
    with pytest.raises(Damaged):
        decode(data)


@given(st.binary(max_size=300))
def test_any_bytes_after_the_entries_change_none_of_them(tail: bytes) -> None:
    contents = decode(FILE + tail)
    assert list(contents.entries)[: len(ENTRIES)] == ENTRIES
    assert contents.records_end >= len(FILE)
