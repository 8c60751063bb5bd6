"""The bytes of one room's journal file. Pure: bytes in, bytes out.

    file    = head snapshot record*
    head    = magic(4) version(u16) has_snapshot(u16) epoch(16, ASCII) base(u64) snapshot_length(u64)
              crc32 of the snapshot(u32) crc32 of the head so far(u32)
    record  = length(u32) crc32(u32) sequence(u64) payload(length)

Big-endian. `base` is the sequence that the snapshot shows (0 without one); records follow it without a gap. A
record's crc32 is over its length, sequence and payload, so that neither zeros that a power cut left nor the
rest of an older record pass for one. A later version keeps the head's size and checks, so that this one can
tell a newer file (hands off) from a damaged one (put aside).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from signaling.journal.port import Entry

VERSION: Final = 1
EPOCH_LENGTH: Final = 16

_MAGIC: Final = b"RSJL"
_HEAD: Final = struct.Struct(f">4sHH{EPOCH_LENGTH}sQQI")
_CHECK: Final = struct.Struct(">I")
_RECORD: Final = struct.Struct(">IIQ")
_LENGTH_AND_SEQUENCE: Final = struct.Struct(">IQ")


class Damaged(Exception):
    """The head or the snapshot is not what was written: nothing in the file can be trusted."""


class UnknownVersion(Exception):
    """A newer roomserver wrote this file."""


@dataclass(frozen=True, slots=True)
class Head:
    epoch: str
    base: int
    snapshot: bytes | None


@dataclass(frozen=True, slots=True)
class Contents:
    head: Head
    entries: Sequence[Entry]
    records_start: int
    records_end: int  # what follows is torn or corrupt

    @property
    def last(self) -> int:
        return self.head.base + len(self.entries)

    def offset_after(self, sequence: int) -> int:
        """Where the record of `sequence` + 1 begins, or would begin. `sequence` is between base and last."""
        count = sequence - self.head.base
        return self.records_start + sum(_RECORD.size + len(entry.payload) for entry in self.entries[:count])


def encode_head(head: Head) -> bytes:
    """Head and snapshot."""
    snapshot = head.snapshot or b""
    start = _HEAD.pack(
        _MAGIC,
        VERSION,
        head.snapshot is not None,
        head.epoch.encode("ascii"),
        head.base,
        len(snapshot),
        crc32(snapshot),
    )
    return start + _CHECK.pack(crc32(start)) + snapshot


def encode_record(sequence: int, payload: bytes) -> bytes:
    return _RECORD.pack(len(payload), _record_check(sequence, payload), sequence) + payload


def decode(data: bytes) -> Contents:
    """Read a whole file, as far as it is sound. Raises Damaged, UnknownVersion."""
    head, start = _decode_head(data)
    entries: list[Entry] = []
    end = start
    while len(data) - end >= _RECORD.size:
        length, check, sequence = _RECORD.unpack_from(data, end)
        payload = data[end + _RECORD.size : end + _RECORD.size + length]
        if len(payload) != length or sequence != head.base + len(entries) + 1:
            break
        if check != _record_check(sequence, payload):
            break
        entries.append(Entry(sequence, payload))
        end += _RECORD.size + length
    return Contents(head, tuple(entries), start, end)


def _decode_head(data: bytes) -> tuple[Head, int]:
    start = _HEAD.size + _CHECK.size
    if len(data) < start:
        raise Damaged("shorter than a head")
    magic, version, has_snapshot, epoch, base, length, check = _HEAD.unpack_from(data)
    if magic != _MAGIC:
        raise Damaged("not a journal file")
    if _CHECK.unpack_from(data, _HEAD.size)[0] != crc32(data[: _HEAD.size]):
        raise Damaged("the head's checksum is wrong")
    if version != VERSION:
        raise UnknownVersion(f"format version {version} is not {VERSION}")
    snapshot = data[start : start + length]
    if len(snapshot) != length or crc32(snapshot) != check:
        raise Damaged("the snapshot's checksum is wrong")
    return Head(epoch.decode("ascii"), base, snapshot if has_snapshot else None), start + length


def _record_check(sequence: int, payload: bytes) -> int:
    return crc32(payload, crc32(_LENGTH_AND_SEQUENCE.pack(len(payload), sequence)))
