"""Track files: the packets of one stream of one seat, with the times at which they arrived.

A file is a line of JSON (what the track is) and then records: a header of 16 bytes and a payload.

    magic    1 byte    0xA5
    kind     1 byte    0: an RTP packet, decrypted, as received; 1: an RTCP sender report
    length   2 bytes   of the payload
    arrival  8 bytes   nanoseconds since the Unix epoch; never decreases within a file
    check    4 bytes   CRC-32 of the 12 bytes before it and of the payload

Numbers are little-endian. A file is only ever appended to. A server that is killed leaves a torn record at its end,
where reading ends without complaint; records that were damaged in the middle are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO, NamedTuple
from zlib import crc32

from signaling.media.tap import TrackHeader

__all__ = ["PACKET", "REPORT", "TrackFile", "TrackHeader", "TrackRecord", "TrackWriter", "read_tracks"]

FORMAT = 1
PACKET, REPORT = 0, 1
"""Kinds of records."""

MAGIC = 0xA5
MAX_PAYLOAD = 2048
"""Bytes: packets come in datagrams of at most 1500. What claims to be longer is no record."""

PIECE = 64 << 10
"""A writer hands on its records when they are this many bytes."""

_FACTS = Struct("<BBHQ")
_CHECK = Struct("<I")
_RECORD = Struct("<BBHQI")
_FLAG = bytes([MAGIC])
_MAX_HEADER = 4096
_CHUNK = 1 << 20
_NEAR = 1 << 20
"""Bytes within which looking for a time goes on record by record."""

_UNSAFE = re.compile(r"[^A-Za-z0-9_.~-]")


class TrackRecord(NamedTuple):
    """One record. `arrival` is Unix time in seconds."""

    kind: int
    arrival: float
    payload: bytes


class TrackWriter:
    """Makes a track file's bytes, and hands them to `put` in pieces of about 64 KiB that hold whole records."""

    __slots__ = ("_buffer", "_put")

    def __init__(self, header: TrackHeader, put: Callable[[bytearray], object]) -> None:
        self._put = put
        self._buffer = bytearray(json.dumps({"format": FORMAT, **asdict(header)}).encode() + b"\n")

    def packet(self, data: bytes | memoryview, arrival: int) -> None:
        """Add an RTP packet. `arrival` is in nanoseconds since the Unix epoch, not less than the last one."""
        self._add(PACKET, data, arrival)

    def report(self, data: bytes, arrival: int) -> None:
        """Add an RTCP packet that begins with a sender report."""
        self._add(REPORT, data, arrival)

    def flush(self) -> None:
        """Hand on what has been added."""
        if self._buffer:
            buffer, self._buffer = self._buffer, bytearray()
            self._put(buffer)

    def _add(self, kind: int, data: bytes | memoryview, arrival: int) -> None:
        facts = _FACTS.pack(MAGIC, kind, len(data), arrival)
        buffer = self._buffer
        buffer += facts
        buffer += _CHECK.pack(crc32(data, crc32(facts)))
        buffer += data
        if len(buffer) >= PIECE:
            self.flush()


class TrackFile:
    """A track file, complete or still growing. Raises OSError, and ValueError if it doesn't begin as one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            line = file.readline(_MAX_HEADER)
        self.header = _header(line, path)
        self._first = len(line)

    def records(self, since: float = 0.0) -> Iterator[TrackRecord]:
        """The records in the order of their arrival, those before Unix time `since` left out.

        Ends at what was there when it is reached; reading a file that is written to meanwhile is fine."""
        with self.path.open("rb") as file:
            file.seek(self._find(file, since) if since > 0 else self._first)
            for record in _read(file):
                if record.arrival >= since:
                    yield record

    def _find(self, file: BinaryIO, since: float) -> int:
        """A place in the file at which no record from `since` on has been passed."""
        low, high = self._first, file.seek(0, 2)
        while high - low > _NEAR:
            middle = (low + high) // 2
            file.seek(middle)
            record = next(_read(file), None)
            if record is not None and record.arrival < since:
                low = middle
            else:
                high = middle
        return low


def read_tracks(folder: Path) -> list[TrackFile]:
    """The tracks of a recording, by file name; what isn't one (its server was killed as it began) is left out."""
    tracks = []
    for path in sorted(folder.glob("*.rtp")):
        try:
            tracks.append(TrackFile(path))
        except ValueError:
            continue
    return tracks


def track_name(header: TrackHeader, run: str, number: int) -> str:
    """The file name of a track. `run` names a worker process, `number` counts its tracks."""
    parts = (header.seat, header.kind, header.rid or "0", run, str(number))
    return "-".join(_UNSAFE.sub("_", part) for part in parts) + ".rtp"


def _header(line: bytes, path: Path) -> TrackHeader:
    try:
        facts: Any = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict):
        raise ValueError(f"{path.name}: not a track file")
    if facts.pop("format", None) != FORMAT:
        raise ValueError(f"{path.name}: a track file of another version")
    try:
        header = TrackHeader(**facts)
    except TypeError as error:
        raise ValueError(f"{path.name}: {error}") from None
    texts = (header.seat, header.participant, header.rid, header.codec)
    numbers = (header.clock_rate, header.payload_type)
    if header.kind not in ("audio", "video") or not all(isinstance(each, str) for each in texts):
        raise ValueError(f"{path.name}: says not what track it is")
    if not all(type(each) is int and each >= 0 for each in numbers) or header.clock_rate == 0:
        raise ValueError(f"{path.name}: says not how it is counted")
    return header


def _read(file: BinaryIO) -> Iterator[TrackRecord]:
    """The records from where `file` stands, which may be in the middle of one."""
    data, at = b"", 0
    while True:
        more = file.read(_CHUNK)
        data, at = data[at:] + more, 0
        # While more may come, a record must be there whole before it is judged.
        last = len(data) - (_RECORD.size + MAX_PAYLOAD if more else _RECORD.size)
        while at <= last:
            magic, kind, length, arrival, check = _RECORD.unpack_from(data, at)
            end = at + _RECORD.size + length
            if magic == MAGIC and kind <= REPORT and length <= MAX_PAYLOAD and end <= len(data):
                payload = data[at + _RECORD.size : end]
                if crc32(payload, crc32(data[at : at + _FACTS.size])) == check:
                    at = end
                    yield TrackRecord(kind, arrival / 1_000_000_000, payload)
                    continue
            at = data.find(_FLAG, at + 1)
            if at < 0:
                at = len(data)
        if not more:
            return
