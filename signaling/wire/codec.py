"""JSON and MessagePack to plain maps and back, with limits on all that a client sends.

The only importer of msgpack. A frame for many connections is encoded once per subprotocol (`Frames`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NoReturn

import msgpack
from websockets.frames import Frame, Opcode

MAX_MESSAGE_BYTES = 512 * 1024
"""The largest message is the offer of a watcher with 50 video and 5 audio slots: 66 KB with chosen
codecs, about 250 KB with Chromium's default ones, and JSON escapes each line's end."""

MAX_HELLO_BYTES = 16 * 1024
"""Until `hello` was accepted nobody needs more than a ticket's length."""

MAX_DEPTH = 16
MAX_LENGTH = 256
"""Entries of one array or map."""
MAX_VALUES = 4096
"""Values in one message, all depths together."""
MAX_INTEGER = 2**53 - 1
"""Larger integers aren't exact in every client's language."""
_INTEGER_DIGITS = 20


class Subprotocol(StrEnum):
    """The WebSocket subprotocols; the same messages in another encoding."""

    JSON = "roomserver.v1.json"
    MSGPACK = "roomserver.v1.msgpack"

    @property
    def opcode(self) -> Opcode:
        """JSON goes in text frames, MessagePack in binary ones."""
        return Opcode.TEXT if self is Subprotocol.JSON else Opcode.BINARY


class NotUnderstood(Exception):
    """The bytes are no message: wrong encoding, not a map, over a limit. The text is for the client."""


class NotUtf8(NotUnderstood):
    """A text that isn't UTF-8: WebSocket asks to end the connection (RFC 6455, 8.1)."""


def encode(subprotocol: Subprotocol, message: Mapping[str, Any]) -> bytes:
    if subprotocol is Subprotocol.JSON:
        return json.dumps(message, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    encoded: bytes = msgpack.packb(message)
    return encoded


def frame(subprotocol: Subprotocol, message: Mapping[str, Any]) -> bytes:
    """A whole WebSocket frame as a server sends it: unmasked, so that the same bytes suit every connection."""
    return Frame(subprotocol.opcode, encode(subprotocol, message)).serialize(mask=False)


class Frames:
    """One message for many connections: encoded and framed once per subprotocol, when first needed."""

    __slots__ = ("_frames", "message")

    def __init__(self, message: Mapping[str, Any]) -> None:
        self.message = message
        self._frames: dict[Subprotocol, bytes] = {}

    def of(self, subprotocol: Subprotocol) -> bytes:
        made = self._frames.get(subprotocol)
        if made is None:
            made = self._frames[subprotocol] = frame(subprotocol, self.message)
        return made


def decode(subprotocol: Subprotocol, payload: bytes | bytearray) -> dict[str, Any]:
    """Read one message. Raises NotUnderstood for anything but a map of plain values within the limits."""
    try:
        message = _from_json(payload) if subprotocol is Subprotocol.JSON else _from_msgpack(payload)
        # Bad bytes raise subclasses of ValueError in both libraries, and nesting beyond their stacks the others.
    except RecursionError:
        raise NotUnderstood("The message is nested too deeply.") from None
    except (ValueError, TypeError, msgpack.UnpackException) as reason:
        raise NotUnderstood(
            f"The message can't be read as {subprotocol.name}: {(str(reason) or type(reason).__name__)[:200]}"
        ) from None
    if not isinstance(message, dict):
        raise NotUnderstood("A message is a map with a type.")
    _check(message)
    return message


def decode_trusted(subprotocol: Subprotocol, payload: bytes | str) -> dict[str, Any]:
    """Read a message of the server, which a client has no reason to limit."""
    message: dict[str, Any] = json.loads(payload) if subprotocol is Subprotocol.JSON else msgpack.unpackb(payload)
    return message


def _from_json(payload: bytes | bytearray) -> Any:
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        raise NotUtf8("A text frame is not UTF-8.") from None
    return json.loads(
        text,
        object_pairs_hook=_map,
        parse_constant=_no_constant,
        parse_int=_integer,
    )


def _from_msgpack(payload: bytes | bytearray) -> Any:
    return msgpack.unpackb(
        payload,
        raw=False,
        strict_map_key=True,
        object_pairs_hook=_map,
        max_str_len=MAX_MESSAGE_BYTES,
        max_bin_len=0,
        max_array_len=MAX_LENGTH,
        max_map_len=MAX_LENGTH,
        max_ext_len=0,
    )


def _map(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        # Two readers could take two different ones of them for the truth.
        raise ValueError("a key comes twice in one map")
    return made


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _integer(digits: str) -> int:
    if len(digits) > _INTEGER_DIGITS:
        raise ValueError("an integer is too large")
    return int(digits)


def _check(message: dict[str, Any]) -> None:
    """Walk a decoded message without recursion, counting."""
    left = MAX_VALUES
    level: list[Any] = [message]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        left -= len(level)
        if left < 0:
            raise NotUnderstood("The message holds too many values.")
        for value in level:
            if isinstance(value, dict):
                _check_length(value)
                for key in value:
                    _check_text(key)
                below.extend(value.values())
            elif isinstance(value, list):
                _check_length(value)
                below.extend(value)
            else:
                _check_scalar(value)
        if not below:
            return
        level = below
    raise NotUnderstood(f"The message is nested deeper than {MAX_DEPTH} levels.")


def _check_length(value: dict[str, Any] | list[Any]) -> None:
    if len(value) > MAX_LENGTH:
        raise NotUnderstood(f"An array or map has more than {MAX_LENGTH} entries.")


def _check_scalar(value: object) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise NotUnderstood("An integer is too large.")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise NotUnderstood("A number is not finite.")
    else:
        raise NotUnderstood("Only maps, arrays, strings, numbers, booleans and null are allowed.")


def _check_text(value: object) -> None:
    if not isinstance(value, str):
        raise NotUnderstood("A map's keys are strings.")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            # JSON can escape half of a surrogate pair; such a string could never be sent on.
            raise NotUnderstood("A string is not valid Unicode.") from None
