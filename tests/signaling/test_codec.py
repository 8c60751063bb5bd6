"""Bytes to plain maps: limits on all that a client may send, the same in both encodings."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Opcode

from signaling.wire.codec import (
    MAX_DEPTH,
    MAX_INTEGER,
    MAX_LENGTH,
    MAX_VALUES,
    Frames,
    NotUnderstood,
    Subprotocol,
    decode,
    encode,
    frame,
)
from signaling.wire.inbound import BadMessage, parse

both = pytest.mark.parametrize("subprotocol", list(Subprotocol))

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
plain = st.recursive(
    scalars | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)
messages = st.dictionaries(texts, plain, max_size=6)


@both
@given(message=messages)
def test_what_is_encoded_decodes_to_the_same(subprotocol: Subprotocol, message: dict[str, Any]) -> None:
    assert decode(subprotocol, encode(subprotocol, message)) == message


@both
@given(payload=st.binary(max_size=300))
def test_any_bytes_are_a_message_or_not_understood(subprotocol: Subprotocol, payload: bytes) -> None:
    with suppress(NotUnderstood, BadMessage):
        parse(decode(subprotocol, payload))


@both
@given(message=messages, position=st.integers(0, 400), byte=st.integers(0, 255))
def test_a_damaged_message_is_a_message_or_not_understood(
    subprotocol: Subprotocol, message: dict[str, Any], position: int, byte: int
) -> None:
    damaged = bytearray(encode(subprotocol, message))
    damaged[position % len(damaged)] = byte
    with suppress(NotUnderstood):
        decode(subprotocol, damaged)


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"in": value}
    return value


TOO_MUCH: dict[str, Any] = {
    "a list": [1, 2],
    "a number": 7,
    "deep": nested(MAX_DEPTH),
    "a long array": {"a": [0] * (MAX_LENGTH + 1)},
    "a long map": {"a": {str(number): 0 for number in range(MAX_LENGTH + 1)}},
    "many values": {str(number): [0] * 200 for number in range(MAX_VALUES // 200 + 1)},
    "a huge integer": {"a": MAX_INTEGER + 1},
    "a huge negative integer": {"a": -MAX_INTEGER - 1},
}


@both
@pytest.mark.parametrize("what", TOO_MUCH)
def test_over_a_limit_is_not_understood(subprotocol: Subprotocol, what: str) -> None:
    with pytest.raises(NotUnderstood):
        decode(subprotocol, encode(subprotocol, TOO_MUCH[what]))


@both
def test_the_limits_themselves_are_allowed(subprotocol: Subprotocol) -> None:
    message = {"deep": nested(MAX_DEPTH - 2), "long": [0] * MAX_LENGTH, "large": MAX_INTEGER, "none": None}
    assert decode(subprotocol, encode(subprotocol, message)) == message


BAD_JSON = {
    "cut off": b'{"type": "sync"',
    "two values": b'{"type": "sync"} {}',
    "a key twice": b'{"id": 1, "id": 2}',
    "not a number": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "overflow": b'{"a": 1e999}',
    "ten thousand digits": b'{"a": ' + b"9" * 10_000 + b"}",
    "half a surrogate pair": rb'{"a": "\ud83d"}',
    "half a surrogate pair as key": rb'{"\ud83d": 1}',
    "bottomless": b'{"a":' * 100_000,
    "bottomless arrays": b"[" * 200_000,
    "not UTF-8": b'{"a": "\xff"}',
    "empty": b"",
}


@pytest.mark.parametrize("what", BAD_JSON)
def test_bad_json_is_not_understood(what: str) -> None:
    with pytest.raises(NotUnderstood):
        decode(Subprotocol.JSON, BAD_JSON[what])


BAD_MSGPACK = {
    "cut off": msgpack.packb({"a": "text"})[:-1],
    "two values": msgpack.packb({"a": 1}) + b"\x01",
    "a key twice": b"\x82\xa1a\x01\xa1a\x02",
    "bytes": msgpack.packb({"a": b"raw"}),
    "a number as key": msgpack.packb({1: 2}),
    "bytes as key": msgpack.packb({b"a": 2}),
    "a list as key": b"\x81\x91\x01\x02",
    "an extension": msgpack.packb({"a": msgpack.ExtType(5, b"")}),
    "a time": msgpack.packb({"a": msgpack.Timestamp(1, 2)}),
    "not a number": msgpack.packb({"a": float("nan")}),
    "a claim of four billion entries": b"\xdd\xff\xff\xff\xff",
    "a claim of a long text": b"\xdb\xff\xff\xff\xff",
    "bottomless": b"\x91" * 200_000,
    "never used": b"\xc1",
    "not UTF-8": b"\x81\xa1a\xa1\xff",
    "empty": b"",
}


@pytest.mark.parametrize("what", BAD_MSGPACK)
def test_bad_msgpack_is_not_understood(what: str) -> None:
    with pytest.raises(NotUnderstood):
        decode(Subprotocol.MSGPACK, BAD_MSGPACK[what])


def test_a_frame_is_made_once_per_subprotocol_and_holds_the_encoded_message() -> None:
    frames = Frames({"type": "media.reset"})
    assert frames.of(Subprotocol.JSON) is frames.of(Subprotocol.JSON)
    assert json.loads(frames.of(Subprotocol.JSON)[2:]) == {"type": "media.reset"}
    assert frames.of(Subprotocol.MSGPACK)[0] == 0x80 | Opcode.BINARY
    long = frame(Subprotocol.MSGPACK, {"type": "x" * 70_000})
    assert long[1] == 127
    assert msgpack.unpackb(long[10:]) == {"type": "x" * 70_000}
