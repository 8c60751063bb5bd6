"""A Python client of rooms, on `websockets`: for programs, bots and tests.

    joined = await join("https://event.example", "ses_1", token)
    async with RoomClient(joined.url, joined.ticket) as room:
        await room.welcomed()
        seat = await room.share_start("camera")
        async for message in room.pushes():
            ...

`room`, `you` and `desk` are the documents as the server has them, kept by its patches. The client comes
back by itself after a lost connection, with its resume token, unless told otherwise.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin
from websockets.typing import Subprotocol as SubprotocolName

from signaling.client_commands import Message, RoomCommands
from signaling.close_codes import COME_BACK, CloseCode
from signaling.replica import Replica
from signaling.wire.codec import Subprotocol, decode_trusted, encode

PUSHES_KEPT = 1000
"""Messages that an iterator may be behind; older ones are dropped, the documents are current all the same."""
FIRST_DELAY = 0.5
LONGEST_DELAY = 5.0
"""Seconds before coming back: doubled each time, and drawn from the upper half so that crowds spread out. Shorter than
the room keeps a lost connection's seat and place in the queue (RECONNECT_SECONDS), also after a slow restart."""

_HELLO_ID = 0


class CommandRefused(Exception):
    """The server's "no" to a command: `code` and `details` for programs, the text for people."""

    def __init__(self, code: str, message: str, details: Mapping[str, Any]) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.details = dict(details)


class Disconnected(Exception):
    """There is no connection (any more): `code` is the server's close code, None if the network just went away."""

    def __init__(self, code: int | None, reason: str) -> None:
        super().__init__(f"{code}: {reason}" if code is not None else reason)
        self.code = code
        self.reason = reason

    @property
    def may_come_back(self) -> bool:
        return self.code is None or self.code in COME_BACK


@dataclass(frozen=True, slots=True)
class Joined:
    """What joining a session over HTTP gives."""

    ticket: str
    url: str
    ice_servers: list[dict[str, Any]] = field(default_factory=list)


async def join(base_url: str, session: str, token: str, http: httpx.AsyncClient | None = None) -> Joined:
    """A ticket to a session's room. `token` is an API or registrant token. Raises httpx.HTTPStatusError."""
    if http is None:
        async with httpx.AsyncClient() as own:
            return await join(base_url, session, token, own)
    response = await http.post(
        f"{base_url.rstrip('/')}/api/sessions/{session}/join", headers={"Authorization": f"Bearer {token}"}
    )
    response.raise_for_status()
    answer = response.json()
    return Joined(answer["ticket"], answer["url"], answer.get("ice_servers", []))


class RoomClient(RoomCommands):
    """One person's connection to one room.

    `rejoin` gets a new ticket over HTTP; it is called when the resume token is no longer good. `origin`
    and `proxy` are as `websockets.connect` takes them.
    """

    def __init__(
        self,
        url: str,
        ticket: str,
        *,
        subprotocol: Subprotocol = Subprotocol.MSGPACK,
        reconnect: bool = True,
        rejoin: Callable[[], Awaitable[str]] | None = None,
        origin: str | None = None,
        proxy: str | Literal[True] | None = None,
    ) -> None:
        self._url = url
        self._ticket: str | None = ticket
        self._subprotocol = subprotocol
        self._reconnect = reconnect
        self._rejoin = rejoin
        self._origin = None if origin is None else Origin(origin)
        self._proxy = proxy
        self._connection: ClientConnection | None = None
        self._life: asyncio.Task[None] | None = None
        self._replies: dict[int, asyncio.Future[Message]] = {}
        self._next_id = _HELLO_ID + 1
        self._listeners: dict[str, list[Callable[[Message], None]]] = {}
        self._iterators: list[asyncio.Queue[Message | None]] = []
        self._watchers: list[tuple[Callable[[RoomClient], object], asyncio.Future[None]]] = []
        self._leaving = False
        self._attempts = 0
        self._syncing: asyncio.Task[None] | None = None
        self.replica = Replica()
        self.connections = 0
        """How many were made so far; more than one: it came back."""
        self.waiting: Message | None = None
        """The last `waiting` message while in the waiting line."""
        self.ended: Disconnected | None = None
        """Why it is over for good; None while connected or coming back."""

    @property
    def room(self) -> dict[str, Any]:
        """What everybody sees. Empty before the first `welcome`."""
        return self.replica.room or {}

    @property
    def you(self) -> dict[str, Any]:
        """What concerns oneself. Empty before the first `welcome`."""
        return self.replica.you or {}

    @property
    def desk(self) -> dict[str, Any] | None:
        """What moderators see; None for the others."""
        return self.replica.desk

    @property
    def connected(self) -> bool:
        return self._connection is not None

    # --- coming and going ---

    async def __aenter__(self) -> Self:
        """Connect and say hello. Raises Disconnected, OSError or a websockets exception if that fails."""
        said_hello = asyncio.get_running_loop().create_future()
        self._life = asyncio.create_task(self._live(said_hello))
        try:
            await said_hello
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connection without leaving the room: what one holds is kept for some seconds."""
        self._leaving = True
        if self._connection is not None:
            await self._connection.close()
        if self._life is not None:
            self._life.cancel()
            await asyncio.gather(self._life, return_exceptions=True)
        self._end(self.ended or Disconnected(None, "closed by this side"))

    async def leave(self) -> None:
        """Leave the room for good."""
        self._leaving = True
        await self.command("leave")

    async def welcomed(self, seconds: float = 30.0) -> None:
        """Wait until one is in, through the waiting line if need be. Raises Disconnected, TimeoutError."""
        await self.until(lambda client: client.replica.room is not None, seconds)

    async def until(self, condition: Callable[[RoomClient], object], seconds: float = 10.0) -> None:
        """Wait until a condition holds, looking after each message. Raises Disconnected, TimeoutError."""
        if condition(self):
            return
        if self.ended is not None:
            raise self.ended
        met: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watchers.append((condition, met))
        await asyncio.wait_for(met, seconds)

    # --- listening ---

    def on(self, message_type: str, callback: Callable[[Message], None]) -> Callable[[], None]:
        """Call back for each message of a type ("*": all); returns what ends that."""
        listeners = self._listeners.setdefault(message_type, [])
        listeners.append(callback)
        return lambda: listeners.remove(callback)

    async def pushes(self) -> AsyncIterator[Message]:
        """Every message but replies from now on, until the connection is over for good."""
        queue: asyncio.Queue[Message | None] = asyncio.Queue(PUSHES_KEPT)
        self._iterators.append(queue)
        try:
            while self.ended is None or not queue.empty():
                message = await queue.get()
                if message is None:
                    return
                yield message
        finally:
            self._iterators.remove(queue)

    async def command(self, message_type: str, **fields: Any) -> Message:
        """Send any command and return its result. Raises CommandRefused, Disconnected."""
        connection = self._connection
        if connection is None:
            raise self.ended or Disconnected(None, "not connected just now")
        message_id, self._next_id = self._next_id, self._next_id + 1
        reply = self._replies[message_id] = asyncio.get_running_loop().create_future()
        try:
            await self._send(connection, {"type": message_type, "id": message_id, **fields})
            return _result(await reply)
        except ConnectionClosed as error:
            raise Disconnected(None, str(error)) from error
        finally:
            self._replies.pop(message_id, None)

    # --- the connection's life ---

    async def _live(self, said_hello: asyncio.Future[None]) -> None:
        try:
            await self._come_and_go(said_hello)
        except Exception as error:
            # A callback's, or `rejoin`'s. Whoever waits for something must not wait for ever.
            over = Disconnected(None, repr(error))
            over.__cause__ = error
            if not said_hello.done():
                said_hello.set_exception(over)
            self._end(over)

    async def _come_and_go(self, said_hello: asyncio.Future[None]) -> None:
        while True:
            failure: Exception | None = None
            try:
                over = await self._one_connection(said_hello)
            except (OSError, WebSocketException, TimeoutError, httpx.HTTPError) as error:
                failure, over = error, Disconnected(None, str(error))
            self._connection = self.waiting = None
            self._fail_replies(over)
            if not said_hello.done():
                said_hello.set_exception(failure or over)
                return
            if not self._comes_back(over):
                self._end(over)
                return
            self._attempts += 1
            longest = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (self._attempts - 1))
            await asyncio.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - spreads load, guards nothing

    def _comes_back(self, over: Disconnected) -> bool:
        if self._leaving or not self._reconnect:
            return False
        if over.code == CloseCode.BAD_TOKEN and self._rejoin is not None:
            self.replica.resume = self._ticket = None
            return True
        return over.may_come_back

    async def _one_connection(self, said_hello: asyncio.Future[None]) -> Disconnected:
        hello = await self._hello()
        async with connect(
            self._url,
            subprotocols=[SubprotocolName(self._subprotocol.value)],
            origin=self._origin,
            proxy=self._proxy,
            compression=None,
            ping_interval=None,  # the server pings; a second heartbeat for each of thousands of bots would be waste
            max_size=None,
        ) as connection:
            reply = self._replies[_HELLO_ID] = asyncio.get_running_loop().create_future()
            reply.add_done_callback(lambda done: self._hello_answered(done, said_hello))
            await self._send(connection, hello)
            self._connection = connection
            self.connections += 1
            with contextlib.suppress(ConnectionClosed):
                async for payload in connection:
                    self._received(decode_trusted(self._subprotocol, payload))
        return Disconnected(
            None if connection.close_code in (None, 1006) else connection.close_code, connection.close_reason or ""
        )

    async def _hello(self) -> Message:
        held = self.replica
        if held.resume is not None:
            return {
                "type": "hello",
                "id": _HELLO_ID,
                "resume": held.resume,
                **({"epoch": held.epoch, "version": held.version} if held.room is not None and not held.lost else {}),
            }
        if self._ticket is None and self._rejoin is not None:
            self._ticket = await self._rejoin()
        # A ticket is good for a minute, so for coming back to the waiting line too, where there is no resume token.
        return {"type": "hello", "id": _HELLO_ID, "ticket": self._ticket}

    @staticmethod
    def _hello_answered(reply: asyncio.Future[Message], said_hello: asyncio.Future[None]) -> None:
        if not reply.cancelled() and reply.exception() is None and not said_hello.done():
            said_hello.set_result(None)

    async def _send(self, connection: ClientConnection, message: Message) -> None:
        payload = encode(self._subprotocol, message)
        await connection.send(payload.decode() if self._subprotocol is Subprotocol.JSON else payload)

    def _received(self, message: Message) -> None:
        kind = message["type"]
        if kind == "reply":
            reply = self._replies.get(message.get("id", -1))
            if reply is not None and not reply.done():
                reply.set_result(message)
        elif self.replica.take(message) and self._connection is not None:
            self._syncing = asyncio.create_task(self._ask_for_sync())
        if kind == "waiting":
            self.waiting = message
        elif kind in ("welcome", "resumed"):
            self.waiting = None
            self._attempts = 0
        self._tell(kind, message)

    async def _ask_for_sync(self) -> None:
        with contextlib.suppress(CommandRefused, Disconnected):
            await self.sync()

    def _tell(self, kind: str, message: Message) -> None:
        for callback in [*self._listeners.get(kind, ()), *self._listeners.get("*", ())]:
            callback(message)
        if kind != "reply":
            for queue in self._iterators:
                if queue.full():
                    queue.get_nowait()
                queue.put_nowait(message)
        if self._watchers:
            self._watchers = [(condition, met) for condition, met in self._watchers if not self._met(condition, met)]

    def _met(self, condition: Callable[[RoomClient], object], met: asyncio.Future[None]) -> bool:
        if not met.done() and condition(self):
            met.set_result(None)
        return met.done()

    def _fail_replies(self, over: Disconnected) -> None:
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(over)
                reply.exception()  # the hello's is looked at by nobody
        self._replies.pop(_HELLO_ID, None)

    def _end(self, over: Disconnected) -> None:
        self.ended = over
        self._connection = None
        self._fail_replies(over)
        for condition, met in self._watchers:
            if not self._met(condition, met):
                met.set_exception(over)
        self._watchers.clear()
        for queue in self._iterators:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)


def _result(reply: Message) -> Message:
    if reply["ok"]:
        result: Message = reply.get("result", {})
        return result
    error = reply["error"]
    raise CommandRefused(error["code"], error["message"], error.get("details", {}))
