"""The WebSocket shell: websockets' sans-I/O protocol on uvicorn's transport, without a task of its own.

uvicorn parses the upgrade request and hands the connection over (`uvicorn.Config(ws=...)`): it makes
one of these, calls `connection_made`, and `data_received` with the request written out again.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, cast

from websockets.exceptions import PayloadTooBig
from websockets.frames import Close, Frame, Opcode
from websockets.frames import CloseCode as StandardCloseCode
from websockets.http11 import Request
from websockets.protocol import State as ProtocolState
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol as SubprotocolName

from signaling.clock import Clock
from signaling.close_codes import CloseCode
from signaling.counters import Counters
from signaling.handshake import Doorkeeper, hold_little_unsent, select_subprotocol
from signaling.heartbeat import PING, Heartbeat
from signaling.limits import Allowance, Limits
from signaling.outbox import BEHIND
from signaling.room.decide import Accepted, Outcome
from signaling.room.refusals import Code
from signaling.wire import codec, outbound
from signaling.wire.codec import NotUnderstood, NotUtf8, Subprotocol
from signaling.wire.inbound import BadMessage, Hello, Inbound, PeopleList, parse

if TYPE_CHECKING:
    from signaling.asking import Asker

_protocol_log = logging.getLogger("signaling.websocket")
# The library tells of each opening and closing; the hub counts them instead.
_protocol_log.setLevel(logging.WARNING)

_REASON_BYTES = 123
"""What a close frame has room for."""


class Host(Protocol):
    """What a connection needs of its hub."""

    clock: Clock
    limits: Limits
    counters: Counters
    heartbeat: Heartbeat
    doorkeeper: Doorkeeper

    def new_connection_id(self) -> str: ...

    def opened(self, connection: HubProtocol) -> None: ...

    def said_hello(self, connection: HubProtocol, hello: Hello) -> None: ...

    def said(self, connection: HubProtocol, message: Inbound) -> None: ...

    def ended(self, connection: HubProtocol) -> None: ...


class _State(Enum):
    HANDSHAKE = 1
    NO_HELLO = 2
    ENTERING = 3
    """`hello` was said and is not answered."""
    INSIDE = 4
    CLOSING = 5
    CLOSED = 6


def _write_nothing(_: bytes) -> None:
    pass


class HubProtocol(asyncio.Protocol):
    """One connection; to its room it is a `Peer`."""

    # Thousands of these are held: a dict each would be a tenth of their memory.
    __slots__ = (
        "_address",
        "_allowance",
        "_hello_id",
        "_host",
        "_partial",
        "_partial_opcode",
        "_pong_missing",
        "_proto",
        "_server_connections",
        "_state",
        "_transport",
        "asker",
        "id",
        "in_flight",
        "offering",
        "offers",
        "paused",
        "subprotocol",
        "version",
        "write",
    )

    def __init__(self, host: Host, server_connections: set[Any]) -> None:
        self._host = host
        self._server_connections = server_connections
        self._proto = ServerProtocol(
            subprotocols=[cast(SubprotocolName, each.value) for each in Subprotocol],
            select_subprotocol=select_subprotocol,
            max_size=codec.MAX_HELLO_BYTES,
            logger=_protocol_log,
        )
        self._state = _State.HANDSHAKE
        self._address: str | None = None
        """Counted by the doorkeeper as long as this is set."""
        self._partial = bytearray()
        self._partial_opcode: Opcode | None = None
        self._pong_missing = False
        self._hello_id = 0
        self._allowance = Allowance(host.limits, host.clock.now())
        self.id = host.new_connection_id()
        self.subprotocol = Subprotocol.JSON
        self.version = BEHIND
        self.write: Callable[[bytes], None] = _write_nothing
        self.paused = False
        self.in_flight = 0
        """Commands without an answer yet."""
        self.offers = 0
        """Offers without an answer yet."""
        self.offering = asyncio.Lock()
        self.asker: Asker | None = None
        """The connection in its room, once the hub has found that."""

    # --- asyncio ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._server_connections.add(self)

    def data_received(self, data: bytes) -> None:
        if self._state is _State.CLOSED:
            return
        self._proto.receive_data(data)
        for event in self._proto.events_received():
            if isinstance(event, Request):
                self._shake_hands(event)
            elif isinstance(event, Frame):
                self._frame(event)
        if self._proto.parser_exc is not None and not self.is_gone:
            if isinstance(self._proto.parser_exc, PayloadTooBig):
                self._refuse_size()
            self._begin_closing()
        self._flush()

    def eof_received(self) -> None:
        return None

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the transport's signature
        self._begin_closing()
        self._state = _State.CLOSED
        self._server_connections.discard(self)
        self._host.heartbeat.gone(self)

    def pause_writing(self) -> None:
        """The reader is slow: it gets no more updates, and nothing more is read from it meanwhile."""
        self.paused = True
        self.version = BEHIND
        if self._is_open:
            self._host.heartbeat.fell_behind(self)
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self.paused = False
        self._host.heartbeat.caught_up(self)
        if not self._transport.is_closing():
            self._transport.resume_reading()
        if self._state is _State.INSIDE and self.asker is not None:
            self.asker.room.greet(self.asker.member)

    def shutdown(self) -> None:
        """uvicorn is going to stop."""
        if self._state is _State.HANDSHAKE:
            self._transport.close()
        self.close(CloseCode.GOING_AWAY, "The server is going away.")

    # --- what the room and the hub do with it ---

    def send(self, message: Mapping[str, Any]) -> None:
        """One message to this connection alone."""
        self._host.counters.messages_out += 1
        self.write(codec.frame(self.subprotocol, message))

    def reply(self, message_id: int, outcome: Outcome) -> None:
        """The answer to a command."""
        if isinstance(outcome, Accepted):
            self.send(outbound.accepted(message_id, dict(outcome.result)))
        else:
            self.refuse(message_id, outcome.code, outcome.message, outcome.details)

    def refuse(self, message_id: int | None, code: Code, message: str, details: dict[str, Any] | None = None) -> None:
        self._host.counters.refused[code] += 1
        self.send(outbound.refused(message_id, code, message, details))

    def let_in(self) -> None:
        """The room accepted the hello; a greeting follows."""
        if self._state is _State.ENTERING:
            self._state = _State.INSIDE
            self._proto.max_message_size = codec.MAX_MESSAGE_BYTES
            self.send(outbound.accepted(self._hello_id))

    def close(self, code: CloseCode, reason: str) -> None:
        """Say goodbye; nothing is written after it. Does nothing on a connection that is closing."""
        if not self._is_open:
            return
        self._host.counters.closed[code] += 1
        self._begin_closing()
        if self._proto.state is ProtocolState.OPEN:
            self._proto.send_close(code, reason.encode()[:_REASON_BYTES].decode(errors="ignore"))
        self._flush()
        if self.paused:
            self._transport.resume_reading()  # for the answer to the close

    @property
    def is_gone(self) -> bool:
        """Closing or closed."""
        return self._state in (_State.CLOSING, _State.CLOSED)

    # --- what the heartbeat finds ---

    def ping(self) -> None:
        if self._pong_missing:
            self._host.counters.lost += 1
            self._begin_closing()  # in the same moment it may be found too slow as well
            self._transport.abort()
        elif not self.paused:
            self._pong_missing = True
            self.write(PING)

    def hello_overdue(self) -> None:
        self.close(CloseCode.NO_HELLO, "No hello came in time.")

    def stale_too_long(self) -> None:
        self.close(CloseCode.TOO_SLOW, "This connection reads too slowly.")

    def close_overdue(self) -> None:
        self._transport.abort()

    # --- inner workings ---

    @property
    def _is_open(self) -> bool:
        return self._state in (_State.NO_HELLO, _State.ENTERING, _State.INSIDE)

    def _shake_hands(self, request: Request) -> None:
        doorkeeper = self._host.doorkeeper
        address = doorkeeper.address(self._transport, request.headers)
        rejection = doorkeeper.rejection(request, address)
        response = self._proto.accept(request) if rejection is None else self._proto.reject(*rejection)
        self._proto.send_response(response)
        if response.status_code != 101:
            self._begin_closing()
            return
        doorkeeper.came(address)
        self._address = address
        self.subprotocol = Subprotocol(str(self._proto.subprotocol))
        self._state = _State.NO_HELLO
        self._transport.set_write_buffer_limits(high=self._host.limits.write_buffer_bytes)
        hold_little_unsent(self._transport, self._host.limits.unsent_bytes)
        self._flush()
        self.write = self._transport.write
        self._host.heartbeat.opened(self)
        self._host.opened(self)

    def _frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            self._begin_closing()
        if not self._is_open:
            return
        now = self._host.clock.now()
        if not self._allowance.frame(now):
            self.close(CloseCode.NOT_UNDERSTOOD, "Far too many messages.")
        elif frame.opcode is Opcode.PONG:
            self._pong_missing = False
        elif frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            if frame.opcode is not Opcode.CONT:
                self._partial_opcode = frame.opcode
            if frame.fin and not self._partial:
                self._message(frame.data, now)
                return
            self._partial += frame.data
            if frame.fin:
                whole, self._partial = self._partial, bytearray()
                self._message(whole, now)

    def _message(self, payload: Any, now: float) -> None:
        self._host.counters.messages_in += 1
        try:
            if self._partial_opcode is not self.subprotocol.opcode:
                wanted = self.subprotocol
                raise NotUnderstood(f"Messages of {wanted.value} come in {wanted.opcode.name} frames.")
            message = parse(codec.decode(self.subprotocol, payload))
        except NotUtf8 as reason:
            self._begin_closing()
            self._proto.fail(StandardCloseCode.INVALID_DATA, str(reason))
        except NotUnderstood as reason:
            self._misunderstood(None, str(reason), now)
        except BadMessage as reason:
            self._bad_message(reason, now)
        else:
            self._understood(message, now)

    def _understood(self, message: Inbound, now: float) -> None:
        if self._state is _State.NO_HELLO:
            if isinstance(message, Hello):
                self._state = _State.ENTERING
                self._hello_id = message.id
                self._host.heartbeat.said_hello(self)
                self._settle_address()
                self._host.said_hello(self, message)
            else:
                self.close(CloseCode.NO_HELLO, "The first message has to be hello.")
            return
        wait = self._allowance.command(now, lists_people=isinstance(message, PeopleList))
        if wait > 0 or self.in_flight >= self._host.limits.commands_in_flight:
            self._refuse_rate(message.id, wait or 1.0)
        elif isinstance(message, Hello):
            self.refuse(message.id, Code.BAD_MESSAGE, "type: hello is said only once.", {"field": "type"})
        elif self._state is _State.ENTERING:
            self.refuse(message.id, Code.NOT_ADMITTED, "Wait for the welcome.")
        else:
            self._host.said(self, message)

    def _bad_message(self, reason: BadMessage, now: float) -> None:
        if self._state is _State.NO_HELLO:
            self.close(CloseCode.NO_HELLO, str(reason))
        elif reason.field == "type":
            self._misunderstood(reason.id, str(reason), now)
        else:
            wait = self._allowance.command(now)
            if wait > 0:
                self._refuse_rate(reason.id, wait)
            else:
                self.refuse(reason.id, Code.BAD_MESSAGE, str(reason), {"field": reason.field})

    def _refuse_rate(self, message_id: int | None, wait: float) -> None:
        # Rounded up: who waits exactly so long isn't refused again.
        details = {"retry_after": math.ceil(wait * 100 + 1e-6) / 100}
        self.refuse(message_id, Code.RATE_LIMITED, "Too many commands; wait a little.", details)

    def _misunderstood(self, message_id: int | None, text: str, now: float) -> None:
        if self._state is _State.NO_HELLO:
            self.close(CloseCode.NO_HELLO, text)
        elif not self._allowance.misunderstanding(now):
            self.close(CloseCode.NOT_UNDERSTOOD, text)
        else:
            self.refuse(message_id, Code.BAD_MESSAGE, text, {"field": "type"})

    def _refuse_size(self) -> None:
        """The library has written its own close (1009); the protocol has a code of its own for this."""
        self._proto.data_to_send()
        self._host.counters.closed[CloseCode.NOT_UNDERSTOOD] += 1
        close = Close(CloseCode.NOT_UNDERSTOOD, "The message is over the size limit.")
        self._transport.write(Frame(Opcode.CLOSE, close.serialize()).serialize(mask=False))
        self._half_close()

    def _begin_closing(self) -> None:
        if self.is_gone:
            return
        was_open, self._state = self._is_open, _State.CLOSING
        self.version = BEHIND
        self.write = _write_nothing
        self._settle_address()
        self._host.heartbeat.closing(self)
        if was_open:
            # The person is away from now on, however long the other side takes to answer the close.
            self._host.ended(self)

    def _settle_address(self) -> None:
        if self._address is not None:
            self._host.doorkeeper.settled(self._address)
            self._address = None

    def _flush(self) -> None:
        for data in self._proto.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._half_close()

    def _half_close(self) -> None:
        # Closing at once, with unread bytes, would reset the connection and lose the close frame on its way.
        if self._transport.can_write_eof():
            self._transport.write_eof()
        else:
            self._transport.close()
