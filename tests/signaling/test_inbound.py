"""Every field of every message is checked, and an error names it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.wire.inbound import BadMessage, Inbound, parse

GOOD: list[dict[str, Any]] = [
    {"type": "hello", "id": 1, "ticket": "t"},
    {"type": "hello", "id": 1, "resume": "r", "epoch": "e", "version": 3},
    {"type": "share.start", "id": 1, "kind": "screen", "audio": False, "video": True},
    {"type": "share.stop", "id": 1, "seat": "s1"},
    {"type": "share.set", "id": 1, "seat": "s1", "audio": True},
    {"type": "request.open", "id": 1},
    {"type": "request.withdraw", "id": 1},
    {"type": "request.approve", "id": 1, "participant": "p"},
    {"type": "request.decline", "id": 1, "participant": "p"},
    {"type": "seat.remove", "id": 1, "seat": "s1"},
    {"type": "seat.mute", "id": 1, "seat": "s1"},
    {"type": "youtube.share", "id": 1, "url": "https://youtu.be/dQw4w9WgXcQ"},
    {"type": "youtube.share", "id": 1, "video": "dQw4w9WgXcQ"},
    {"type": "youtube.play", "id": 1},
    {"type": "youtube.pause", "id": 1},
    {"type": "youtube.seek", "id": 1, "position": 12},
    {"type": "youtube.stop", "id": 1},
    {"type": "people.list", "id": 1},
    {"type": "people.list", "id": 1, "after": "x", "query": "ad", "limit": 100},
    {"type": "media.publish", "id": 1, "seat": "s1", "sdp": "v=0"},
    {"type": "media.watch", "id": 1, "sdp": "v=0"},
    {"type": "media.candidate", "id": 1, "for": "watch", "candidate": {"candidate": "", "sdpMid": "0"}},
    {"type": "media.view", "id": 1, "slots": {"v0": "high", "v49": "off"}},
    {"type": "sync", "id": -1},
    {"type": "leave", "id": 0},
]


@pytest.mark.parametrize("message", GOOD, ids=lambda message: message["type"])
def test_a_good_message_is_read_and_unknown_fields_are_ignored(message: dict[str, Any]) -> None:
    read = parse({**message, "new_in_version_2": {"x": 1}})
    assert read.type == message["type"]
    assert read.id == message["id"]


def test_every_message_has_a_good_example_here() -> None:
    assert {type(parse(message)) for message in GOOD} == set(get_args(Inbound))


BAD: list[tuple[str, dict[str, Any]]] = [
    ("type", {}),
    ("type", {"type": None, "id": 1}),
    ("type", {"type": ["share.start"], "id": 1}),
    ("type", {"type": "share.begin", "id": 1}),
    ("id", {"type": "sync"}),
    ("id", {"type": "sync", "id": "1"}),
    ("id", {"type": "sync", "id": True}),
    ("id", {"type": "sync", "id": 1.5}),
    ("id", {"type": "sync", "id": 2**53}),
    ("ticket", {"type": "hello", "id": 1}),
    ("ticket", {"type": "hello", "id": 1, "ticket": "t", "resume": "r"}),
    ("ticket", {"type": "hello", "id": 1, "ticket": "t" * 5000}),
    ("version", {"type": "hello", "id": 1, "resume": "r", "version": "812"}),
    ("kind", {"type": "share.start", "id": 1}),
    ("kind", {"type": "share.start", "id": 1, "kind": "integration"}),
    ("audio", {"type": "share.start", "id": 1, "kind": "camera", "audio": "yes"}),
    ("video", {"type": "share.start", "id": 1, "kind": "camera", "video": 1}),
    ("seat", {"type": "share.stop", "id": 1}),
    ("seat", {"type": "seat.mute", "id": 1, "seat": ""}),
    ("participant", {"type": "request.approve", "id": 1, "participant": 5}),
    ("url", {"type": "youtube.share", "id": 1}),
    ("url", {"type": "youtube.share", "id": 1, "url": "x" * 3000}),
    ("position", {"type": "youtube.seek", "id": 1, "position": -1}),
    ("position", {"type": "youtube.seek", "id": 1, "position": True}),
    ("limit", {"type": "people.list", "id": 1, "limit": 101}),
    ("limit", {"type": "people.list", "id": 1, "limit": 0}),
    ("query", {"type": "people.list", "id": 1, "query": "x" * 200}),
    ("sdp", {"type": "media.watch", "id": 1, "sdp": ""}),
    ("for", {"type": "media.candidate", "id": 1, "candidate": "x"}),
    ("slots", {"type": "media.view", "id": 1, "slots": {"v100": "high"}}),
    ("slots", {"type": "media.view", "id": 1, "slots": {"a0": "high"}}),
    ("slots", {"type": "media.view", "id": 1, "slots": {"v0": "medium"}}),
    ("slots", {"type": "media.view", "id": 1, "slots": ["v0"]}),
]


@pytest.mark.parametrize(("field", "message"), BAD)
def test_a_bad_field_is_named(field: str, message: dict[str, Any]) -> None:
    with pytest.raises(BadMessage) as bad:
        parse(message)
    assert bad.value.field == field
    assert str(bad.value).startswith(f"{field}: ")
    expected = message.get("id")
    assert bad.value.id == (expected if type(expected) is int else None)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    message=st.sampled_from(GOOD), field=st.sampled_from(["id", "seat", "sdp", "slots", "kind", "ticket"]), value=values
)
def test_any_value_in_any_field_is_read_or_refused(message: dict[str, Any], field: str, value: object) -> None:
    with suppress(BadMessage):
        parse({**message, field: value})
