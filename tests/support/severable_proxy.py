"""A TCP proxy in front of a server whose connections can be cut at once, as a lost network cuts them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_CHUNK = 64 * 1024


class SeverableProxy:
    """Carries bytes between clients and a port of this machine."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._open: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self.port = 0

    async def connection(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            to_client.transport.abort()
            return
        for reader, writer in ((client, to_server), (server, to_client)):
            self._open.add(writer)
            task = asyncio.create_task(self._carry(reader, writer))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                writer.write(data)
                await writer.drain()
        writer.close()
        self._open.discard(writer)

    def sever(self) -> int:
        """Cut every connection without a farewell; how many."""
        cut = list(self._open)
        for writer in cut:
            writer.transport.abort()
        self._open.clear()
        return len(cut)


@asynccontextmanager
async def severable_proxy(target: int) -> AsyncIterator[SeverableProxy]:
    proxy = SeverableProxy(target)
    server = await asyncio.start_server(proxy.connection, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.sever()
        if proxy._carrying:
            await asyncio.wait(proxy._carrying)
        await server.wait_closed()
