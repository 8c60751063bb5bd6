"""Events and rooms as bytes: what is written is read again, and nothing else is taken for it."""

from __future__ import annotations

from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.table import DEFAULT_TABLE
from signaling.room import commands as c
from signaling.room.events import Event
from signaling.room.records import (
    RecordError,
    decode_entry,
    decode_snapshot,
    encode_entry,
    encode_snapshot,
)
from signaling.room.state import Role
from tests.support.rooms import Stage

TIMES = st.floats(0, 4e9)


def any_of(event: type[Event]) -> st.SearchStrategy[Event]:
    times = {name: TIMES for name, kind in get_type_hints(event).items() if kind is float}
    return st.builds(event, **times)


ONE_OF_EVERY_EVENT = st.tuples(*(any_of(event) for event in get_args(Event)))


def test_every_event_is_read_as_it_was_written() -> None:
    seen: set[type] = set()

    @given(ONE_OF_EVERY_EVENT, TIMES)
    def round_trip(events: tuple[Event, ...], at: float) -> None:
        read_at, read = decode_entry(encode_entry(at, events))
        assert (read_at, read) == (at, events)
        assert [repr(event) for event in read] == [repr(event) for event in events], "types too, like Role and not str"
        seen.update(type(event) for event in read)

    round_trip()
    assert seen == set(get_args(Event))


def test_a_snapshot_is_the_room_with_what_follows_from_it() -> None:
    stage = Stage("moderated")
    stage.enter("mo", role="moderator")
    stage.enter("ada", "bob", "cyd")
    stage.approve("mo", "ada")
    stage.share("ada")
    stage.do(c.ShareYouTube("mo", "dQw4w9WgXcQ"))
    stage.do(c.OpenRequest("bob"))
    stage.drop("cyd")
    restored = decode_snapshot(encode_snapshot(stage.room), "ses_1", DEFAULT_TABLE)
    assert restored == stage.room
    assert repr(restored) == repr(stage.room), "order and types too"


def test_a_snapshot_of_a_closed_room_stays_closed() -> None:
    stage = Stage()
    stage.enter("ada")
    stage.do(c.CloseRoom())
    assert decode_snapshot(encode_snapshot(stage.room), "ses_1", DEFAULT_TABLE) == stage.room


def test_names_may_hold_anything() -> None:
    stage = Stage()
    for number, name in enumerate(["", "李小龍", "a\x00b", '"quoted"', "👩‍👩‍👧", "\ud800"]):
        stage.do(c.Enter(f"p{number}", f"k{number}", "n1", name, Role.ATTENDEE, False))
    assert decode_entry(encode_entry(1.0, stage.history)) == (1.0, tuple(stage.history))
    assert decode_snapshot(encode_snapshot(stage.room), "ses_1", DEFAULT_TABLE) == stage.room


def test_a_record_is_small_enough_for_thousands_of_arrivals() -> None:
    stage = Stage()
    stage.enter(*(f"p{number}" for number in range(1000)))
    assert len(encode_entry(1.0, stage.history)) < 250_000
    assert len(encode_snapshot(stage.room)) < 200_000


BAD = [
    b"",
    b"\xff\xfe",
    b"null",
    b"[]",
    b"[" * 100_000,
    b'{"version":2,"at":1,"events":[]}',
    b'{"version":1}',
    b'{"version":1,"at":"x","events":[]}',
    b'{"version":1,"at":1,"events":[["Exploded",{}]]}',
    b'{"version":1,"at":1,"events":[["Admitted",{}]]}',
    b'{"version":1,"at":1,"events":[["Admitted",{"participant":"p","colour":"red"}]]}',
    b'{"version":1,"at":1,"events":[["RightsChanged",{"participant":"p","role":"king","invited":true}]]}',
    b'{"version":1,"at":1,"events":[["SettingsChanged",{"settings":null}]]}',
    b'{"version":1,"at":1,"events":5}',
    b'{"version":1,"at":1,"events":[7]}',
]


@pytest.mark.parametrize("record", BAD, ids=lambda record: repr(record[:70]))
def test_other_bytes_are_no_record(record: bytes) -> None:
    with pytest.raises(RecordError):
        decode_entry(record)
    with pytest.raises(RecordError):
        decode_snapshot(record, "ses_1", DEFAULT_TABLE)


@given(st.binary())
def test_any_bytes_are_a_record_or_an_error_that_says_so(record: bytes) -> None:
    with pytest.raises(RecordError):
        decode_entry(record)


def test_a_newer_record_is_named_as_such() -> None:
    with pytest.raises(RecordError, match="version 2; this program reads version 1"):
        decode_entry(b'{"version":2,"at":1,"events":[]}')
