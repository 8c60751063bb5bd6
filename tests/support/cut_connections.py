"""A TCP proxy that can cut connections, or lose a server's answers: the request arrived, and its sender never knows."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class CuttingProxy:
    """Forwards connections to `port`. While `losing_answers` is set, each answer is thrown away and its
    connection closed."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self.losing_answers = False
        self.connections = 0
        self._target = port
        self._tasks: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            answers, requests = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:  # the server is down: so is this way to it
            writer.transport.abort()
            self._tasks.discard(task)
            return
        self._ends |= {writer, requests}
        try:
            forwarding = asyncio.ensure_future(self._forward(reader, requests))
            with contextlib.suppress(OSError):
                while data := await answers.read(65536):
                    if self.losing_answers:
                        break
                    writer.write(data)
                    await writer.drain()
            forwarding.cancel()
            await asyncio.gather(forwarding, return_exceptions=True)
        finally:
            for end in (writer, requests):
                end.close()
                with contextlib.suppress(OSError):
                    await end.wait_closed()
            self._ends -= {writer, requests}
            self._tasks.discard(task)

    def sever(self) -> int:
        """Cut every connection at once and without a farewell, as a lost network does; how many ends that were."""
        cut = list(self._ends)
        for end in cut:
            end.transport.abort()
        return len(cut)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @staticmethod
    async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.close()


@contextlib.asynccontextmanager
async def cutting_proxy(port: int) -> AsyncIterator[CuttingProxy]:
    proxy = CuttingProxy(port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
        await server.wait_closed()
