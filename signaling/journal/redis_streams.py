"""The journal of several nodes: a Redis stream a room, whose entry ids are "<sequence>-0".

Keys of a session, all in one cluster slot: `<prefix>:{<session>}:head` (hash: epoch, at, snapshot),
`<prefix>:{<session>}:entries` (stream) and the channel `<prefix>:{<session>}:changes`. Whatever has to happen at
once is one Lua script (folder `lua`). Redis must not evict keys (`maxmemory-policy noeviction`).

The epoch that callers see is the stored one and the run id of the server that was asked: a Redis that was
restarted, or a replica that took over, may lack the newest entries. Every node then meets Conflict and reads
the journal anew, before a number is given out a second time.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from importlib.resources import files
from typing import Any, Final
from weakref import WeakKeyDictionary

import structlog
from redis.asyncio.connection import AbstractConnection, BlockingConnectionPool
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import NoScriptError, RedisError, ResponseError

from signaling.journal.limits import check_payload, check_session, check_snapshot
from signaling.journal.port import AppendUncertain, Conflict, Entry, JournalUnavailable, Loaded, Position
from signaling.journal.watchers import Watchers

CONNECTIONS: Final = 16
"""So many commands at once; further ones wait for their turn, at most as long as the timeout."""

ENTRIES_BEHIND_SNAPSHOT: Final = 64
"""Entries before a snapshot are kept for nodes that are a little behind: they read on instead of starting anew."""

PING_SECONDS = 5.0
"""How often the subscription is tried; after twice as long without an answer it is made anew."""

RESUBSCRIBE_SECONDS = 0.5

log = structlog.get_logger(__name__)


class _Script:
    def __init__(self, name: str) -> None:
        self.text = files("signaling.journal").joinpath("lua", name).read_text("utf-8")
        self.sha = hashlib.sha1(self.text.encode()).hexdigest()  # noqa: S324 - what EVALSHA is defined on


_LOAD = _Script("load.lua")
_APPEND = _Script("append.lua")
_READ = _Script("read.lua")
_SAVE_SNAPSHOT = _Script("save_snapshot.lua")


class _Names:
    def __init__(self, prefix: str) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_.:-]{1,64}", prefix):
            raise ValueError(f"prefix: must be 1 to 64 of the characters A-Z a-z 0-9 _ . : -, not {prefix[:80]!r}")
        self._prefix = prefix

    def keys(self, session: str) -> tuple[str, str]:
        """Head and entries."""
        return f"{self._prefix}:{{{session}}}:head", f"{self._prefix}:{{{session}}}:entries"

    def channel(self, session: str) -> str:
        return f"{self._prefix}:{{{session}}}:changes"

    def pattern_of_entries(self) -> str:
        return f"{self._prefix}:{{*}}:entries"

    def session(self, key_or_channel: bytes) -> str:
        return key_or_channel.decode("ascii").removeprefix(f"{self._prefix}:{{").partition("}")[0]


class _Server:
    """Bare connections: redis-py's client would repeat a command whose answer was lost, and apply an append twice."""

    def __init__(self, url: str, timeout: float) -> None:
        self._pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS + 1,  # and the subscription's
            timeout=timeout,
            socket_timeout=None,  # `call` has one for the whole command, which doesn't swallow a cancellation
            socket_connect_timeout=timeout,
            protocol=2,
            decode_responses=False,
            redis_connect_func=self._greet,
        )
        self._timeout = timeout
        self._lives: WeakKeyDictionary[AbstractConnection, str] = WeakKeyDictionary()
        self._closed = False

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[AbstractConnection]:
        """A connection on which the server answered. Raises JournalUnavailable."""
        if self._closed:
            raise JournalUnavailable("the journal is closed")
        try:
            async with asyncio.timeout(self._timeout):
                connection: AbstractConnection = await self._pool.get_connection()  # type: ignore[no-untyped-call] # decorated
        except TimeoutError:
            raise JournalUnavailable(f"Redis: no connection within {self._timeout:g} s") from None
        except (RedisError, OSError) as error:
            raise JournalUnavailable(f"Redis: {error}") from error
        try:
            yield connection
        finally:
            await self._pool.release(connection)

    def life(self, connection: AbstractConnection) -> str:
        """Names the server process behind a connection, between its start and its end."""
        return self._lives[connection]

    async def call(self, connection: AbstractConnection, *command: str | bytes) -> Any:
        """Send a command, return the reply. Raises RedisError, OSError: see `_is_reply`."""
        try:
            async with asyncio.timeout(self._timeout):
                await connection.send_command(*command)
                return await connection.read_response()
        except TimeoutError:
            raise LostConnection(f"no answer within {self._timeout:g} s") from None

    async def run(
        self, connection: AbstractConnection, script: _Script, keys: Sequence[str], *arguments: str | bytes
    ) -> Any:
        """`call` a script, sent whole only to a server that doesn't have it yet."""
        try:
            return await self.call(connection, "EVALSHA", script.sha, str(len(keys)), *keys, *arguments)
        except NoScriptError:
            return await self.call(connection, "EVAL", script.text, str(len(keys)), *keys, *arguments)

    async def close(self) -> None:
        self._closed = True
        await self._pool.aclose()

    async def _greet(self, connection: AbstractConnection) -> None:
        await connection.on_connect()
        facts: bytes = await self.call(connection, "INFO", "server")
        run_id = re.search(rb"^run_id:([0-9a-f]+)", facts, re.MULTILINE)
        if run_id is None:
            raise LostConnection("INFO server names no run_id")
        self._lives[connection] = run_id.group(1)[:16].decode("ascii")


class RedisJournal:
    """Journals in the Redis at `url` (redis://, rediss://, unix://), shared by all nodes with the same `prefix`.

    `timeout`: seconds for each step of a command. Raises ValueError for a bad URL or prefix; connects on the
    first call. Source: `signaling.journal.port`.
    """

    def __init__(self, url: str, prefix: str = "roomserver", timeout: float = 2.0) -> None:
        self._names = _Names(prefix)
        self._server = _Server(url, timeout)
        self._writer = secrets.token_hex(4)  # tells one's own appends from others' in `changes`
        self._subscription = _Subscription(self._server, self._names, self._writer, self._last)
        self._watchers = self._subscription.watchers

    async def load(self, session: str) -> Loaded:
        check_session(session)
        keys = self._names.keys(session)
        fresh = secrets.token_hex(8)
        async with self._server.connection() as connection:
            epoch, at, snapshot, last, raw = await _answered(self._server.run(connection, _LOAD, keys, fresh))
            position = Position(f"{epoch.decode('ascii')}.{self._server.life(connection)}", int(last))
        entries = _entries(raw)
        if len(entries) != position.sequence - int(at or 0):
            raise JournalUnavailable(f"{keys[1]}: entries after {int(at or 0)} are missing; does Redis evict keys?")
        return Loaded(position, snapshot, entries)

    async def append(self, session: str, expected: Position, payload: bytes) -> Position:
        check_session(session)
        check_payload(payload)
        reached = Position(expected.epoch, expected.sequence + 1)
        async with self._server.connection() as connection:
            epoch = self._stored_epoch(connection, expected)
            try:
                written = await self._server.run(
                    connection,
                    _APPEND,
                    self._names.keys(session),
                    epoch,
                    str(expected.sequence),
                    str(reached.sequence),
                    payload,
                    self._names.channel(session),
                    f"{self._writer} {reached.sequence}",
                )
            except (RedisError, OSError) as error:
                if _is_reply(error):
                    raise JournalUnavailable(f"Redis: {error}") from error
                raise AppendUncertain(f"Redis: {error}") from error
        if not written:
            raise Conflict(f"journal of {session} is not at {expected}")
        return reached

    async def read(self, session: str, after: Position) -> Sequence[Entry]:
        check_session(session)
        async with self._server.connection() as connection:
            epoch = self._stored_epoch(connection, after)
            answer = await _answered(
                self._server.run(connection, _READ, self._names.keys(session), epoch, str(after.sequence))
            )
        if answer is not None:
            entries = _entries(answer[1])
            if len(entries) == int(answer[0]) - after.sequence:
                return entries
        raise Conflict(f"journal of {session} does not hold what follows {after}")

    async def save_snapshot(self, session: str, at: Position, snapshot: bytes) -> None:
        check_session(session)
        check_snapshot(snapshot)
        oldest = max(1, at.sequence - ENTRIES_BEHIND_SNAPSHOT + 1)
        async with self._server.connection() as connection:
            try:
                epoch = self._stored_epoch(connection, at)
            except Conflict:
                return
            keys = self._names.keys(session)
            await _answered(
                self._server.run(connection, _SAVE_SNAPSHOT, keys, epoch, str(at.sequence), snapshot, str(oldest))
            )

    def changes(self, session: str) -> AsyncIterator[int]:
        check_session(session)
        return self._watchers.follow(session)

    async def sessions(self) -> Sequence[str]:
        found: set[str] = set()
        cursor = b"0"
        async with self._server.connection() as connection:
            while True:
                scan = self._server.call(
                    connection, "SCAN", cursor, "MATCH", self._names.pattern_of_entries(), "COUNT", "1000"
                )
                cursor, keys = await _answered(scan)
                found.update(self._names.session(key) for key in keys)
                if cursor == b"0":
                    return tuple(found)

    async def delete(self, session: str) -> None:
        check_session(session)
        async with self._server.connection() as connection:
            await _answered(self._server.call(connection, "DEL", *self._names.keys(session)))

    async def close(self) -> None:
        await self._subscription.close()
        await self._server.close()

    async def _last(self, session: str) -> int:
        async with self._server.connection() as connection:
            entries = self._names.keys(session)[1]
            newest = await _answered(self._server.call(connection, "XREVRANGE", entries, "+", "-", "COUNT", "1"))
        return _entries(newest)[0].sequence if newest else 0

    def _stored_epoch(self, connection: AbstractConnection, position: Position) -> str:
        """The part of an epoch that is in Redis. Raises Conflict if the other part names another server."""
        stored, _, life = position.epoch.partition(".")
        if life != self._server.life(connection):
            raise Conflict(f"{position} is of another life of Redis")
        return stored


class _Subscription:
    """One connection that listens for all sessions which somebody follows.

    Whenever a subscription begins (anew), the last sequence is asked for after its confirmation: what was
    published before it, or while the connection was lost, is made up for.
    """

    def __init__(self, server: _Server, names: _Names, writer: str, last: Callable[[str], Awaitable[int]]) -> None:
        self.watchers = Watchers(on_follow=self._changed, on_leave=self._changed)
        self._server = server
        self._names = names
        self._own = writer.encode("ascii")
        self._last = last
        self._changes: asyncio.Queue[str] = asyncio.Queue()
        self._running: asyncio.Task[None] | None = None

    async def close(self) -> None:
        self.watchers.close()
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running

    def _changed(self, session: str) -> None:
        self._changes.put_nowait(session)
        if self._running is None:
            self._running = asyncio.create_task(self._run(), name="journal-subscription")

    async def _run(self) -> None:
        while True:
            try:
                await self._follow()
            except* (RedisError, OSError, JournalUnavailable) as lost:
                log.warning("journal_subscription_lost", reason=str(lost.exceptions[0]))
            await asyncio.sleep(RESUBSCRIBE_SECONDS)

    async def _follow(self) -> None:
        async with self._server.connection() as connection:
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._ask(connection))
                    both.create_task(self._listen(connection))
            finally:
                await connection.disconnect(nowait=True)  # the pool must not hand out a subscribed one

    async def _ask(self, connection: AbstractConnection) -> None:
        self._changes = asyncio.Queue()
        for session in self.watchers.followed():
            self._changes.put_nowait(session)
        while True:
            try:
                async with asyncio.timeout(PING_SECONDS):
                    session = await self._changes.get()
            except TimeoutError:
                await connection.send_command("PING")
                continue
            followed = session in self.watchers.followed()
            await connection.send_command("SUBSCRIBE" if followed else "UNSUBSCRIBE", self._names.channel(session))

    async def _listen(self, connection: AbstractConnection) -> None:
        while True:
            message = await connection.read_response(timeout=2 * PING_SECONDS, disconnect_on_error=False)
            if message is None:
                raise LostConnection("the subscription is not answered")
            if message[0] == b"subscribe":
                session = self._names.session(message[1])
                last = await self._last(session)
                if last:
                    self.watchers.tell(session, last)
            elif message[0] == b"message":
                writer, _, sequence = message[2].partition(b" ")
                if writer != self._own:
                    self.watchers.tell(self._names.session(message[1]), int(sequence))


async def _answered(answer: Awaitable[Any]) -> Any:
    """For commands that may be given twice: whatever goes wrong, the caller can only try again."""
    try:
        return await answer
    except (RedisError, OSError) as error:
        raise JournalUnavailable(f"Redis: {error}") from error


def _is_reply(error: Exception) -> bool:
    """Whether the server itself refused a command, in which case it did nothing (see lua/append.lua)."""
    return isinstance(error, ResponseError) or getattr(error, "status_code", None) is not None


def _entries(raw: Sequence[Any]) -> tuple[Entry, ...]:
    return tuple(Entry(int(name.partition(b"-")[0]), fields[1]) for name, fields in raw)
