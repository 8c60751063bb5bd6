"""A client without a network: the hub's connection on one side of a pretended transport, websockets' sans-I/O
client on the other, so that everything but the kernel is real and time is the test's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import msgpack
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.typing import Subprotocol as SubprotocolName
from websockets.uri import parse_uri

from signaling.hub import Hub
from signaling.wire.codec import Subprotocol, encode
from tests.support.merge_patches import patched


class MemoryTransport(asyncio.Transport):
    """Hands what is written to the peer at once, or, while `stalled`, keeps it like a kernel whose buffer is full."""

    def __init__(self, peer: MemoryPeer, address: str) -> None:
        super().__init__({"peername": (address, 1)})
        self._peer = peer
        self._high = 64 * 1024
        self.buffered = bytearray()
        self.most_buffered = 0
        self.stalled = False
        self.closed = False
        self.reading = True
        self._paused = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed, "written after the end"
        if not self.stalled:
            self._peer.receive(bytes(data))
            return
        self.buffered += data
        self.most_buffered = max(self.most_buffered, len(self.buffered))
        if len(self.buffered) > self._high and not self._paused:
            self._paused = True
            self._peer.connection.pause_writing()

    def flow(self) -> None:
        """The reader reads again: everything flows out."""
        self.stalled = False
        data, self.buffered = bytes(self.buffered), bytearray()
        self._peer.receive(data)
        if self._paused:
            self._paused = False
            self._peer.connection.resume_writing()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._high = self._high if high is None else high

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        # The other side sees the end and closes; that comes back later, as from a network.
        asyncio.get_running_loop().call_soon(self.close)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            asyncio.get_running_loop().call_soon(self._peer.connection.connection_lost, None)

    def abort(self) -> None:
        self.close()

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


class MemoryPeer:
    """`messages` holds what came, in order; `documents` are kept as a client would keep them."""

    def __init__(
        self,
        hub: Hub,
        subprotocol: Subprotocol | None = Subprotocol.JSON,
        *,
        path: str = "/ws",
        headers: Mapping[str, str] | None = None,
        address: str = "192.0.2.1",
    ) -> None:
        self.subprotocol = subprotocol
        self.messages: list[dict[str, Any]] = []
        self.documents: dict[str, Any] = {}
        self.version: int | None = None
        self.epoch = ""
        self.resume = ""
        self.broken_chain: list[dict[str, Any]] = []
        self.response: Response | None = None
        self._next_id = 100
        offered = [] if subprotocol is None else [SubprotocolName(subprotocol.value)]
        self._client = ClientProtocol(parse_uri(f"ws://room.example{path}"), subprotocols=offered or None)
        self.transport = MemoryTransport(self, address)

        server_state = SimpleNamespace(connections=set())
        self.connection: Any = hub.protocol_factory(None, server_state, {})  # type: ignore[call-arg]
        self.connection.connection_made(self.transport)
        request = self._client.connect()
        for name, value in (headers or {}).items():
            request.headers[name] = value
        self._client.send_request(request)
        self._send_pending()

    # --- sending ---

    def say(self, message_type: str, **fields: Any) -> int:
        """Send a command and return its id."""
        self._next_id += 1
        self.send({"type": message_type, "id": self._next_id, **fields})
        return self._next_id

    def send(self, message: Mapping[str, Any]) -> None:
        assert self.subprotocol is not None
        self.send_frame(encode(self.subprotocol, message), self.subprotocol.opcode)

    def send_frame(self, payload: bytes, opcode: Opcode) -> None:
        if opcode is Opcode.TEXT:
            self._client.send_text(payload)
        else:
            self._client.send_binary(payload)
        self._send_pending()

    def send_bytes(self, data: bytes) -> None:
        """Raw bytes, past the client's protocol."""
        self.connection.data_received(data)

    def _send_pending(self) -> None:
        for data in self._client.data_to_send():
            if data and not self.transport.closed:
                self.connection.data_received(data)

    def hang_up(self) -> None:
        """The network is gone."""
        self.transport.close()

    # --- receiving ---

    def receive(self, data: bytes) -> None:
        if not data:
            return
        self._client.receive_data(data)
        for event in self._client.events_received():
            if isinstance(event, Response):
                self.response = event
            elif isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.BINARY):
                self._message(event)
        # Pongs and the answer to a close go back later, as from a network.
        asyncio.get_running_loop().call_soon(self._send_pending)

    def _message(self, frame: Frame) -> None:
        payload = bytes(frame.data)
        message = json.loads(payload) if frame.opcode is Opcode.TEXT else msgpack.unpackb(payload)
        self.messages.append(message)
        match message["type"]:
            case "welcome":
                self.documents = {name: message[name] for name in ("room", "you", "desk") if name in message}
                self.version, self.epoch, self.resume = message["version"], message["epoch"], message["resume"]
            case "resumed":
                room = self.documents["room"]
                self.documents = {"room": room, **{name: message[name] for name in ("you", "desk") if name in message}}
                self.version, self.resume = message["version"], message["resume"]
            case "update":
                name = message["doc"]
                if name == "room":
                    if message["base"] != self.version or message["version"] <= message["base"]:
                        self.broken_chain.append(message)
                    self.version = message["version"]
                self.documents[name] = patched(self.documents.get(name, {}), message["patch"])

    def of(self, message_type: str) -> list[dict[str, Any]]:
        """All messages of a type, in order."""
        return [message for message in self.messages if message["type"] == message_type]

    def reply(self, message_id: int) -> dict[str, Any]:
        """The one reply to a command."""
        (reply,) = [message for message in self.of("reply") if message.get("id") == message_id]
        return reply

    @property
    def closed_with(self) -> int | None:
        """The close code that came."""
        return None if self._client.close_rcvd is None else int(self._client.close_rcvd.code)

    @property
    def close_reason(self) -> str:
        return "" if self._client.close_rcvd is None else self._client.close_rcvd.reason
