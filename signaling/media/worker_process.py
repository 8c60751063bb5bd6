"""A media worker's process as its parent holds it: start, talk, stop."""

from __future__ import annotations

import asyncio
import itertools
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping, Sequence
from typing import Any

from signaling.media.control import MAX_LINE, decode, encode
from signaling.media.port import MediaUnavailable

UNREAD_BYTES = 64 << 20
"""What may wait for a worker to read it; more means that it hangs."""

STOP_SECONDS = 3.0
"""How long a worker may take to say good-bye to its clients."""


class WorkerProcess:
    """A running worker and the control socket to it."""

    def __init__(self, process: Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Mapping[str, Any]]] = {}

    @classmethod
    async def start(cls, program: Sequence[str]) -> WorkerProcess:
        """Start a process of `program`, a module and its arguments; it waits for `configure`. Raises OSError."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            try:
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *("-m", *program, "--control", str(theirs.fileno())),
                    stdin=DEVNULL,
                    pass_fds=(theirs.fileno(),),
                )
            except BaseException:
                ours.close()
                raise
        reader, writer = await asyncio.open_connection(sock=ours, limit=MAX_LINE)
        return cls(process, reader, writer)

    @property
    def pid(self) -> int:
        return self._process.pid

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send a message; a worker that doesn't read any more is killed."""
        if self._writer.is_closing():
            return
        self._writer.write(encode(message))
        if self._writer.transport.get_write_buffer_size() > UNREAD_BYTES:
            self.kill()

    async def ask(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send a message with an id and wait for what answers it; raises MediaUnavailable if the worker ends."""
        number = next(self._numbers)
        future: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._asked[number] = future
        try:
            self.tell({**message, "id": number})
            return await future
        finally:
            del self._asked[number]

    async def read(self) -> dict[str, Any] | None:
        """The next message that answers nothing asked; None when the worker has ended."""
        while True:
            try:
                line = await self._reader.readline()
            except (ConnectionError, ValueError):
                return None
            if not line.endswith(b"\n"):
                return None
            message = decode(line)
            if "id" not in message:
                return message
            future = self._asked.get(message["id"])
            if future is not None and not future.done():
                future.set_result(message)

    def hang_up(self) -> None:
        """Close the control socket, upon which the process ends; `read` gives None."""
        self._writer.close()

    async def stop(self) -> None:
        """End the process, by closing its control socket and, if that doesn't do, by force."""
        for future in self._asked.values():
            if not future.done():
                future.set_exception(MediaUnavailable("The media worker ended."))
        self._writer.close()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()

    def kill(self) -> None:
        """End the process at once: for one that hangs."""
        if self._process.returncode is None:
            self._process.kill()
