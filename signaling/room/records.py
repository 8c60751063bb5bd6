"""Rooms and events as bytes for the journal: JSON with a version, readable by people and by later programs.

A field may be added to an event with a default and is then absent in older records. Any other change
needs a new version number and a reader for the old one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeVar, get_args

from capacity.table import ViewerCapTable
from signaling.room.apply import rebuild_derived
from signaling.room.events import Event
from signaling.room.state import (
    Grant,
    Overflow,
    Person,
    Recording,
    Request,
    Role,
    Room,
    RoomSettings,
    Seat,
    SeatKind,
    SharePolicy,
    YouTube,
)

VERSION = 1

T = TypeVar("T")


class RecordError(ValueError):
    """The bytes are not a record, or one of a newer program. Says what is wrong with them."""


def encode_entry(at: float, events: Sequence[Event]) -> bytes:
    """One journal entry: all the events of one batch, decided at time `at`."""
    return _dump({"version": VERSION, "at": at, "events": [[type(each).__name__, _plain(each)] for each in events]})


def decode_entry(payload: bytes) -> tuple[float, tuple[Event, ...]]:
    """What `encode_entry` was given. Raises RecordError."""
    record = _load(payload)
    try:
        return float(record["at"]), tuple(_event(name, values) for name, values in record["events"])
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"a journal entry can't be read: {error!r}") from error


def encode_snapshot(room: Room) -> bytes:
    """A room without what its journal doesn't own: the session's id and the operator's viewer caps."""
    return _dump(
        {
            "version": VERSION,
            "settings": _plain(room.settings),
            "people": [_plain(person) for person in room.people.values()],
            "seats": [_plain(seat) for seat in room.seats.values()],
            "requests": [_plain(request) for request in room.requests.values()],
            "grants": [_plain(grant) for grant in room.grants.values()],
            "youtube": None if room.youtube is None else _plain(room.youtube),
            "recording": None if room.recording is None else _plain(room.recording),
            "closed": room.closed,
            "next_seat": room.next_seat,
            "next_order": room.next_order,
            "next_recording": room.next_recording,
        }
    )


def decode_snapshot(snapshot: bytes, session: str, caps: ViewerCapTable) -> Room:
    """The room that `encode_snapshot` was given. Raises RecordError."""
    record = _load(snapshot)
    try:
        recording = record.get("recording")  # older snapshots know of none
        room = Room(
            session=session,
            caps=caps,
            settings=_build(RoomSettings, record["settings"]),
            people={each["participant"]: _build(Person, each) for each in record["people"]},
            seats={each["id"]: _build(Seat, each) for each in record["seats"]},
            requests={each["participant"]: _build(Request, each) for each in record["requests"]},
            grants={each["participant"]: _build(Grant, each) for each in record["grants"]},
            youtube=None if record["youtube"] is None else _build(YouTube, record["youtube"]),
            recording=None if recording is None else _build(Recording, recording),
            closed=record["closed"],
            next_seat=record["next_seat"],
            next_order=record["next_order"],
            next_recording=record.get("next_recording", 1),
        )
        rebuild_derived(room)
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"a snapshot can't be read: {error!r}") from error
    return room


def _dump(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(
        "utf-8", "surrogatepass"
    )


def _load(payload: bytes) -> dict[str, Any]:
    try:
        record = json.loads(payload.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise RecordError(f"a record is not JSON: {error}") from error
    version = record.get("version") if isinstance(record, dict) else None
    if version != VERSION:
        raise RecordError(f"a record has version {version!r}; this program reads version {VERSION}")
    assert isinstance(record, dict)
    return record


def _plain(value: Any) -> dict[str, Any]:
    """The fields of a dataclass that differ from their defaults, as JSON can hold them."""
    plain = {}
    for each in fields(value):
        content = getattr(value, each.name)
        if each.default is MISSING or content != each.default:
            plain[each.name] = _plain(content) if isinstance(content, RoomSettings) else content
    return plain


_EVENTS: dict[str, type[Event]] = {event.__name__: event for event in get_args(Event)}


def _event(name: str, values: Mapping[str, Any]) -> Event:
    if name not in _EVENTS:
        raise ValueError(f"no event is called {name!r}")
    return _build(_EVENTS[name], values)


def _settings(values: Mapping[str, Any]) -> RoomSettings:
    return _build(RoomSettings, values)


_READ: dict[str, Callable[[Any], Any]] = {
    "role": Role,
    "kind": SeatKind,
    "settings": _settings,
    "share_policy": SharePolicy,
    "overflow": Overflow,
}
"""Fields whose content JSON holds in another form; a name means the same in every record."""


def _build(kind: type[T], values: Mapping[str, Any]) -> T:
    if not isinstance(values, dict):
        raise TypeError(f"{kind.__name__} can't be made of {values!r:.40}")
    return kind(**{name: _READ[name](value) if name in _READ else value for name, value in values.items()})
