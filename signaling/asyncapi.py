"""The protocol as an AsyncAPI 3 document, made from the types that check what clients say and what the hub says.

`action` is from the server's side: it receives what clients send.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter

from signaling.close_codes import COME_BACK, CloseCode
from signaling.handshake import PATH
from signaling.room.refusals import Code
from signaling.wire import inbound, outbound
from signaling.wire.codec import MAX_MESSAGE_BYTES, Subprotocol

_SCHEMAS = "#/components/schemas/"
_MESSAGES = "#/components/messages/"
_CHANNEL = {"$ref": "#/channels/room"}

_CLOSE_CODES = {
    CloseCode.LEFT: "left",
    CloseCode.GOING_AWAY: "the server is going away",
    CloseCode.TOO_SLOW: "too slow to read",
    CloseCode.MOVED: "the room moved to another server",
    CloseCode.DEPENDENCY_DOWN: "a dependency of the server is down",
    CloseCode.NO_HELLO: "no or bad hello in time",
    CloseCode.BAD_TOKEN: "ticket or resume token invalid or expired",
    CloseCode.NOT_ALLOWED: "not allowed in this session",
    CloseCode.TAKEN_OVER: "taken over by a newer connection",
    CloseCode.CLOSED: "the session was deleted or its doors were closed",
    CloseCode.NOT_UNDERSTOOD: "messages not understood, too many, or over the size limit",
}


def asyncapi(host: str | None = None, *, secure: bool = True) -> dict[str, Any]:
    """The document as plain JSON. `host` is that of the server it is for, like "event.example:8443"."""
    if host is None:
        return dict(_document())
    return {**_document(), "servers": {"this": {"host": host, "protocol": "wss" if secure else "ws"}}}


@cache
def _document() -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    said = {_type_of(each): each for each in get_args(inbound.Inbound)}
    told = {_type_of(each): each for each in get_args(outbound.Outbound)}
    messages = {name: _message(name, kind, schemas) for name, kind in {**said, **told}.items()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "roomserver: rooms",
            "version": "1",
            "description": _description(),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "x-server-version": version("roomserver"),
        },
        "defaultContentType": "application/json",
        "channels": {
            "room": {
                "address": PATH,
                "title": "One connection of one participant in one room",
                "messages": {name: {"$ref": _MESSAGES + name} for name in messages},
                "bindings": {"ws": {"method": "GET", "headers": _handshake_headers(), "bindingVersion": "0.1.0"}},
            }
        },
        "operations": {
            **{_operation_id("receive", name): _received(name) for name in said},
            **{_operation_id("send", name): _sent(name) for name in told if name != "reply"},
        },
        "components": {"messages": messages, "schemas": dict(sorted(schemas.items()))},
    }


def _type_of(kind: Any) -> str:
    """The value of a message type's `type` field."""
    name: str = get_args(get_type_hints(kind)["type"])[0]
    return name


def _message(name: str, kind: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    schema = TypeAdapter(kind).json_schema(ref_template=_SCHEMAS + "{model}")
    schemas.update(schema.pop("$defs", {}))
    schemas[kind.__name__] = schema
    summary = (kind.__doc__ or "").strip().split("\n")[0]
    return {"name": name, "title": name, "summary": summary, "payload": {"$ref": _SCHEMAS + kind.__name__}}


def _operation_id(action: str, name: str) -> str:
    return action + "".join(part.title() for part in name.split("."))


def _received(name: str) -> dict[str, Any]:
    return {
        "action": "receive",
        "channel": _CHANNEL,
        "messages": [_channel_message(name)],
        "reply": {"channel": _CHANNEL, "messages": [_channel_message("reply")]},
    }


def _sent(name: str) -> dict[str, Any]:
    return {"action": "send", "channel": _CHANNEL, "messages": [_channel_message(name)]}


def _channel_message(name: str) -> Mapping[str, str]:
    return {"$ref": "#/channels/room/messages/" + name}


def _handshake_headers() -> dict[str, Any]:
    names = [each.value for each in Subprotocol]
    return {
        "type": "object",
        "required": ["Sec-WebSocket-Protocol"],
        "properties": {
            "Sec-WebSocket-Protocol": {
                "type": "string",
                "enum": names,
                "description": "JSON in text frames, or MessagePack in binary ones; the messages are the same.",
            }
        },
    }


def _description() -> str:
    refusals = ", ".join(f"`{code.value}`" for code in Code)
    closes = "\n".join(
        f"- {code.value}: {text}{'; come back with the resume token' if code in COME_BACK else ''}"
        for code, text in _CLOSE_CODES.items()
    )
    return (
        "Each message is a map with a `type`. A command carries an `id` and gets exactly one `reply` with it. "
        f"A client's message has at most {MAX_MESSAGE_BYTES} bytes.\n\n"
        f"Codes of refusals: {refusals}.\n\nClose codes:\n\n{closes}\n"
    )
