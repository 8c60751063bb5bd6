"""The real hub on uvicorn and uvloop with a journal in memory, in a process of its own so that its CPU can be counted.

Run by `bench.fanout`: reads a secret for tickets (hexadecimal) from its input, prints its port, and serves
until its input ends.
"""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
from typing import Any

import uvicorn
import uvloop

from capacity.table import DEFAULT_TABLE
from signaling.clock import SystemClock
from signaling.directory import Rights
from signaling.hub import Hub
from signaling.journal.memory import MemoryJournal
from signaling.room.state import RoomSettings
from signaling.tickets import Tickets


class OneSession:
    """Every session id has the same settings; nobody resumes here."""

    async def settings(self, session: str) -> RoomSettings | None:
        return RoomSettings(title=session)

    async def rights(self, session: str, participant: str) -> Rights | None:  # noqa: ARG002 -- the port's signature
        return None


async def no_pages(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 -- ASGI's signature
    """The HTTP application: there is nothing but the WebSocket."""
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def serve(secret: bytes) -> None:
    clock = SystemClock()
    hub = Hub(
        journal=MemoryJournal(),
        media=None,
        directory=OneSession(),
        tickets=Tickets(secret, clock),
        clock=clock,
        node="bench",
        caps=DEFAULT_TABLE,
    )
    await hub.start()
    config = uvicorn.Config(no_pages, ws=hub.protocol_factory, lifespan="off", log_level="error", backlog=4096)
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    print(listener.getsockname()[1], flush=True)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    gc.freeze()
    await asyncio.to_thread(sys.stdin.buffer.read)
    server.should_exit = True
    server.force_exit = True
    await serving


if __name__ == "__main__":
    uvloop.run(serve(bytes.fromhex(sys.stdin.buffer.readline().decode())))
